/**
 * `DATABASE_URL` as libpq reads it (PostgreSQL's documentation, "Connection URIs" and "Parameter Key Words"). node-postgres
 * reads it otherwise: it knows one host, passes over `target_session_attrs`, and gives `sslmode` meanings of its own. So it is
 * taken apart here, and a parameter that is not carried out is refused in words.
 */
import { userInfo } from 'node:os';
import { readTls, refuse, type DatabaseTls } from './address-tls.ts';

export interface DatabaseAddress {
  /** In the order in which they are tried; a name that begins with a slash is the folder of a Unix socket. */
  readonly hosts: readonly { readonly host: string; readonly port: number }[];
  readonly user: string;
  readonly password?: string;
  readonly database: string;
  readonly options?: string;
  readonly applicationName: string;
  readonly connectTimeoutMs: number;
  readonly tls: DatabaseTls;
}

const shape = /^postgres(?:ql)?:\/\/(?:([^@/]*)@)?([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/;

/** Parameters that do something here. Those of libpq that are missing are refused by name. */
const known = new Set(
  (
    'host port user password dbname application_name options connect_timeout target_session_attrs load_balance_hosts ' +
    'sslmode ssl sslnegotiation sslrootcert sslcert sslkey gssencmode channel_binding client_encoding uselibpqcompat'
  ).split(' '),
);
/** What libpq takes from the environment where the address does not say it. */
const fromEnvironment = {
  PGSSLMODE: 'sslmode',
  PGSSLROOTCERT: 'sslrootcert',
  PGSSLCERT: 'sslcert',
  PGSSLKEY: 'sslkey',
  PGSSLNEGOTIATION: 'sslnegotiation',
  PGTARGETSESSIONATTRS: 'target_session_attrs',
  PGCONNECT_TIMEOUT: 'connect_timeout',
  PGGSSENCMODE: 'gssencmode',
  PGCHANNELBINDING: 'channel_binding',
  PGLOADBALANCEHOSTS: 'load_balance_hosts',
} as const;

/** The parameters that libpq would take from these variables. */
export const defaultParameters = (
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fromEnvironment).flatMap(([variable, name]) => {
      const value = environment[variable] ?? '';
      return value === '' ? [] : [[name, value]];
    }),
  );

const decode = (text: string, part: string): string => {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw refuse(`has a percent sign in its ${part} that begins no character`, cause);
  }
};

const readParameters = (query: string, defaults: Readonly<Record<string, string>>): Map<string, string> => {
  const parameters = new Map(Object.entries(defaults));
  for (const pair of query.split('&').filter((each) => each !== '')) {
    const [name = '', ...value] = pair.split('=');
    const key = decode(name, 'parameters');
    if (!known.has(key)) {
      // A name that is none may be a part of a password with an unescaped character before it.
      const said = /^[a-z_]{1,40}$/.test(key) ? `parameter ${key}, which` : 'a parameter that';
      throw refuse(`has ${said} this backend does not carry out`);
    }
    if (value.length !== 1) throw refuse(`has the parameter ${key} without one value`);
    parameters.set(key, decode(value[0] ?? '', 'parameters'));
  }
  // As for JDBC: libpq takes this one word for `sslmode=require`.
  const ssl = parameters.get('ssl');
  if (ssl !== undefined && ssl !== 'true') throw refuse('ssl must be true; say sslmode instead');
  if (ssl === 'true' && !parameters.has('sslmode')) parameters.set('sslmode', 'require');
  return parameters;
};

/** Those with one allowed word, or with words of which a backend that writes can take some only. */
const requireWord = (
  parameters: ReadonlyMap<string, string>,
  name: string,
  words: readonly string[],
  why: string,
): void => {
  const value = parameters.get(name);
  if (value !== undefined && !words.includes(value))
    throw refuse(`${name} must be ${words.join(' or ')}${why}`);
};

const readHosts = (authority: string, parameters: ReadonlyMap<string, string>): DatabaseAddress['hosts'] => {
  const named = authority === '' ? [] : authority.split(',');
  const pairs = named.map((each) => {
    const [, v6, name = '', port = ''] = /^(?:\[([\da-fA-F:.%]+)\]|([^:[\]]*))(?::(\d*))?$/.exec(each) ?? [];
    if (v6 === undefined && name === '') throw refuse('has a host that cannot be read');
    return { host: v6 ?? decode(name, 'hosts'), port };
  });
  const hosts = parameters.get('host')?.split(',') ?? pairs.map(({ host }) => host);
  const ports = parameters.get('port')?.split(',') ?? pairs.map(({ port }) => port);
  if (hosts.length === 0 || hosts.includes('')) throw refuse('names no host');
  if (ports.length > 1 && ports.length !== hosts.length)
    throw refuse('must name one port, or one for each host');
  return hosts.map((host, index) => {
    const text = (ports.length > 1 ? ports[index] : ports[0]) ?? '';
    const port = text === '' ? 5432 : Number(text);
    if (!Number.isInteger(port) || port < 1 || port > 65_535) throw refuse('port must be from 1 to 65535');
    return { host, port };
  });
};

const defaultConnectSeconds = 10;
const longestConnectSeconds = 60;

/** Which servers may be meant. */
const sessionAttributes = {
  primary: { words: ['read-write', 'primary'], why: ': the backend writes' },
  replica: { words: ['standby'], why: ': nothing else is read there' },
} as const;

/**
 * Throws `config.invalid` with what is wrong, never with a value. Reads the files of certificates that it names. `kind`: which servers
 * the address is to lead to.
 */
export const readAddress = (
  url: string,
  defaults: Readonly<Record<string, string>> = {},
  kind: keyof typeof sessionAttributes = 'primary',
): DatabaseAddress => {
  const parts = shape.exec(url);
  if (!parts) throw refuse('must begin with postgres:// or postgresql:// and be percent-encoded');
  const [, credentials = '', authority = '', path = '', query = ''] = parts;
  const parameters = readParameters(query, defaults);
  const { words, why } = sessionAttributes[kind];
  requireWord(parameters, 'target_session_attrs', words, why);
  requireWord(parameters, 'load_balance_hosts', ['disable'], '');
  requireWord(parameters, 'gssencmode', ['disable', 'prefer'], '');
  requireWord(parameters, 'channel_binding', ['disable'], '');
  requireWord(parameters, 'client_encoding', ['UTF8', 'utf8', 'auto'], '');
  requireWord(parameters, 'uselibpqcompat', ['true'], '');
  const seconds = Number(parameters.get('connect_timeout') ?? defaultConnectSeconds);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > longestConnectSeconds) {
    throw refuse(`connect_timeout must be from 1 to ${longestConnectSeconds} seconds`);
  }
  const colon = credentials.indexOf(':');
  const name = decode(colon < 0 ? credentials : credentials.slice(0, colon), 'user');
  const secret = colon < 0 ? '' : decode(credentials.slice(colon + 1), 'password');
  const user = parameters.get('user') ?? (name === '' ? userInfo().username : name);
  const password = parameters.get('password') ?? secret;
  const database = parameters.get('dbname') ?? decode(path, 'database');
  const options = parameters.get('options');
  return {
    hosts: readHosts(authority, parameters),
    user,
    ...(password === '' ? {} : { password }),
    database: database === '' ? user : database,
    ...(options === undefined ? {} : { options }),
    applicationName: parameters.get('application_name') ?? 'latchpoint',
    connectTimeoutMs: seconds * 1000,
    tls: readTls(parameters),
  };
};
