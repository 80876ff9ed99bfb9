/** The `ssl…` parameters of `DATABASE_URL`, with libpq's meanings (its documentation, "SSL Support"). */
import { readFileSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { getCACertificates, type ConnectionOptions } from 'node:tls';
import { AppFailure } from '#shared/errors/app-error.ts';

export interface DatabaseTls {
  /** With TLS or without, in the order in which they are tried. A Unix socket is always spoken to without. */
  readonly attempts: readonly ('tls' | 'plain')[];
  /** TLS from the first byte (PostgreSQL 17), without asking for it first. */
  readonly direct: boolean;
  /** What is asked of the server called `host`. */
  optionsFor(host: string): ConnectionOptions;
}

const modes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
type Mode = (typeof modes)[number];
const isMode = (text: string): text is Mode => modes.some((mode) => mode === text);

const attemptsOf = (mode: Mode): DatabaseTls['attempts'] => {
  switch (mode) {
    case 'disable':
      return ['plain'];
    case 'allow':
      return ['plain', 'tls'];
    case 'prefer':
      return ['tls', 'plain'];
    default:
      return ['tls'];
  }
};

/** `problem` names the parameter and never says a value. */
export const refuse = (problem: string, cause?: unknown): AppFailure =>
  new AppFailure('config.invalid', { source: 'environment', path: 'DATABASE_URL', problem }, { cause });

const readNamed = (name: string, path: string | undefined): string | null => {
  if (path === undefined) return null;
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw refuse(`${name} names a file that cannot be read`, cause);
  }
};

/** A key that others can read is none; one that belongs to root may be read by root's group. */
const requirePrivate = (path: string): void => {
  const { mode, uid } = statSync(path);
  if ((mode & (uid === 0 ? 0o027 : 0o077)) !== 0) {
    throw refuse('sslkey names a file that others may read; set its mode to 0600');
  }
};

/** Throws `config.invalid`. */
export const readTls = (parameters: ReadonlyMap<string, string>): DatabaseTls => {
  const root = parameters.get('sslrootcert');
  const mode = parameters.get('sslmode') ?? (root === 'system' ? 'verify-full' : 'prefer');
  if (!isMode(mode)) throw refuse(`sslmode must be one of ${modes.join(', ')}`);
  if (root === 'system' && mode !== 'verify-full') {
    throw refuse('sslmode must be verify-full with sslrootcert=system');
  }
  if (mode.startsWith('verify') && root === undefined) {
    throw refuse(`sslmode ${mode} needs sslrootcert: a file of certificates, or system`);
  }
  const negotiation = parameters.get('sslnegotiation') ?? 'postgres';
  if (negotiation !== 'postgres' && negotiation !== 'direct') {
    throw refuse('sslnegotiation must be postgres or direct');
  }
  const attempts = attemptsOf(mode);
  if (negotiation === 'direct' && attempts.includes('plain')) {
    throw refuse('sslmode must be require or stronger with sslnegotiation=direct');
  }
  const keyFile = parameters.get('sslkey');
  const cert = readNamed('sslcert', parameters.get('sslcert'));
  const key = readNamed('sslkey', keyFile);
  if ((cert === null) !== (key === null)) throw refuse('must have sslcert and sslkey, or neither');
  if (keyFile !== undefined) requirePrivate(keyFile);
  const ca = root === 'system' ? getCACertificates('system') : readNamed('sslrootcert', root);
  return {
    attempts,
    direct: negotiation === 'direct',
    optionsFor: (host) => ({
      host,
      // An address is not a name that a server could be asked for (RFC 6066).
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(cert === null || key === null ? {} : { cert, key }),
      // With roots at hand libpq always looks at the chain, and at the name only where it is told to.
      ...(ca === null ? { rejectUnauthorized: false } : { ca }),
      ...(mode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
    }),
  };
};
