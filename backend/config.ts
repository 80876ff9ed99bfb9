/** The backend's configuration, from the environment. */
import { isIP } from 'node:net';
import { z } from 'zod';
import { AppFailure } from '#shared/errors/app-error.ts';
import { configProblem } from '#shared/errors/config-problem.ts';
import { valueProblem } from '#shared/errors/value-problem.ts';
import { labelSchema, uuidSchema } from '#shared/models/primitives.ts';
import type { Operator } from './admin/operator-journal.ts';
import { operatorsSchema, operatorTokenSchema } from './admin/operator-tokens.ts';
import type { Retention } from './retention/housekeeping.ts';
import { defaultParameters, readAddress } from './store/address.ts';
import { readPoolerAddress } from './store/pooler.ts';
import { readReplicaAddress } from './store/replica-sessions.ts';

const isLoopback = (url: string): boolean =>
  ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);

/** An address, or a network like 10.0.0.0/8. */
const isNetwork = (text: string): boolean => {
  const [address = '', bits, ...others] = text.split('/');
  const version = isIP(address);
  if (version === 0 || others.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
};

/** After so many days a kiosk is asked to take new key pairs. */
export const defaultKioskKeyDays = 90;

/** A year of who opened what; two of what operators did. */
export const defaultRetention: Retention = { eventDays: 365, actDays: 730 };

/** In a minute. A thousand kiosks behind one address come back in one minute with a time check, a token and some to spare. */
export const defaultRequests = { perAddress: 6000, perKiosk: 6000 } as const;

/** How long a caller may take to read an answer: longer than a kiosk waits for its last byte. */
export const defaultAnswerMs = 40_000;
/** Each kiosk has one or two. */
export const defaultMaxConnections = 4_000;

const environmentSchema = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  TENANT_ID: uuidSchema.default('00000000-0000-4000-8000-000000000001'),
  // Taken apart below, as libpq does.
  DATABASE_URL: z.string().optional(),
  DATABASE_POOLER_URL: z.string().optional(),
  DATABASE_REPLICA_URL: z.string().optional(),
  DATA_DIR: z.string().min(1).optional(),
  LIVE_LOCK_API_URL: z
    .url({ protocol: /^https?$/, abort: true })
    .refine((url) => url.startsWith('https:') || isLoopback(url), 'must be https, or http on loopback')
    .transform((url) => url.replace(/\/+$/, '')),
  LIVE_LOCK_API_KEY: z.string().regex(/^\S{8,4096}$/, 'must be at least 8 characters without spaces'),
  LIVE_LOCK_OWNER: labelSchema(100).min(1),
  LIVE_LOCK_TIMEOUT_MS: z.coerce.number().int().min(100).max(25_000).default(10_000),
  ADMIN_TOKEN: operatorTokenSchema,
  ADMIN_TOKEN_PREVIOUS: operatorTokenSchema.optional(),
  ADMIN_TOKENS: operatorsSchema.optional(),
  SEALING_SECRET: z.string().min(32, 'must be at least 32 characters').max(1024),
  SEALING_SECRET_PREVIOUS: z.string().min(32, 'must be at least 32 characters').max(1024).optional(),
  TRUST_POLL_MS: z.coerce.number().int().min(500).max(86_400_000).default(3_600_000),
  TRUSTED_PROXIES: z
    .string()
    .default('')
    .transform((text) => text.split(',').map((each) => each.trim()))
    .transform((all) => all.filter((each) => each !== ''))
    .refine((all) => all.every(isNetwork), 'must be addresses or networks (CIDR), separated by commas'),
  REQUESTS_PER_ADDRESS: z.coerce.number().int().min(1).max(1_000_000).default(defaultRequests.perAddress),
  REQUESTS_PER_KIOSK: z.coerce.number().int().min(1).max(1_000_000).default(defaultRequests.perKiosk),
  ANSWER_TIMEOUT_MS: z.coerce.number().int().min(1_000).max(600_000).default(defaultAnswerMs),
  MAX_CONNECTIONS: z.coerce.number().int().min(10).max(100_000).default(defaultMaxConnections),
  EVENT_RETENTION_DAYS: z.coerce.number().int().min(0).max(36_500).default(defaultRetention.eventDays),
  ACT_RETENTION_DAYS: z.coerce.number().int().min(0).max(36_500).default(defaultRetention.actDays),
  KIOSK_KEY_DAYS: z.coerce.number().int().min(1).max(3650).default(defaultKioskKeyDays),
});

export interface BackendConfig {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly tenantId: string;
  readonly database:
    | {
        readonly kind: 'server';
        readonly url: string;
        /** Parameters that hold where an address does not say them. */
        readonly defaults?: Readonly<Record<string, string>>;
        /** A pooler in front of the same server, for all but LISTEN and migrations. */
        readonly poolerUrl?: string;
        /** A standby of the same server: pages of pulls are read there when it is far enough. */
        readonly replicaUrl?: string;
      }
    /** A PostgreSQL of its own, with its data in this folder. */
    | { readonly kind: 'embedded'; readonly dataDir: string };
  readonly vendor: {
    readonly url: string;
    readonly apiKey: string;
    readonly owner: string;
    readonly timeoutMs: number;
  };
  readonly adminToken: string;
  /** Taken beside it while an operator's tools change over to the new one. */
  readonly adminTokenPrevious?: string;
  /** More operators, each by a name of its own; that of `adminToken` is `operator`. */
  readonly adminTokens?: readonly Operator[];
  /** The master secret from which the keys for data at rest and for tokens are derived. Losing it loses the keys. */
  readonly sealingSecret: string;
  /** Opens what was encrypted before `sealingSecret` took its place. */
  readonly sealingSecretPrevious?: string;
  readonly trustPollMs: number;
  /** Proxies in front of it, as addresses or networks; none where it is not given. */
  readonly trustedProxies?: readonly string[];
  /** In a minute: by one address without proof of who it is, and by one kiosk. `defaultRequests` where it is not given. */
  readonly requests?: { readonly perAddress: number; readonly perKiosk: number };
  /** Milliseconds in which an answer has to be read, or its connection is closed; `defaultAnswerMs` where it is not given. */
  readonly answerMs?: number;
  /** Connections at the same time; `defaultMaxConnections` where it is not given. */
  readonly maxConnections?: number;
  /** How long is kept what says who did what; `defaultRetention` where it is not given. */
  readonly retention?: Retention;
  /** Days after which a kiosk takes new key pairs; 90 where it is not given. */
  readonly kioskKeyDays?: number;
}

/** Throws `config.invalid` naming the variable, or all that are missing, so that nobody starts once for each; never a value. */
export const readBackendConfig = (
  environment: Readonly<Record<string, string | undefined>>,
): BackendConfig => {
  // A variable that is set to nothing is not set.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(given, { error: valueProblem });
  if (!parsed.success) {
    const { path, problem } = configProblem(parsed.error, given);
    throw invalid(path, problem);
  }
  const values = parsed.data;
  if (values.DATABASE_URL === undefined && values.DATA_DIR === undefined) {
    throw invalid('DATABASE_URL', 'is missing; without a database server, set DATA_DIR');
  }
  if (values.DATABASE_URL === undefined && values.DATABASE_POOLER_URL !== undefined) {
    throw invalid('DATABASE_POOLER_URL', 'needs DATABASE_URL beside it: the server itself, past the pooler');
  }
  if (values.DATABASE_URL === undefined && values.DATABASE_REPLICA_URL !== undefined) {
    throw invalid(
      'DATABASE_REPLICA_URL',
      'needs DATABASE_URL beside it: the server of which it is a replica',
    );
  }
  const isFirst = (token: string): boolean =>
    token === values.ADMIN_TOKEN || token === values.ADMIN_TOKEN_PREVIOUS;
  if (values.ADMIN_TOKENS?.some(({ token }) => isFirst(token))) {
    throw invalid('ADMIN_TOKENS', 'must not have the token of ADMIN_TOKEN or ADMIN_TOKEN_PREVIOUS');
  }
  if (values.SEALING_SECRET_PREVIOUS === values.SEALING_SECRET) {
    throw invalid('SEALING_SECRET_PREVIOUS', 'must be another than SEALING_SECRET');
  }
  return {
    host: values.HOST,
    port: values.PORT,
    tenantId: values.TENANT_ID,
    database:
      values.DATABASE_URL === undefined
        ? { kind: 'embedded', dataDir: values.DATA_DIR ?? '' }
        : serverOf({ ...values, DATABASE_URL: values.DATABASE_URL }, defaultParameters(environment)),
    vendor: {
      url: values.LIVE_LOCK_API_URL,
      apiKey: values.LIVE_LOCK_API_KEY,
      owner: values.LIVE_LOCK_OWNER,
      timeoutMs: values.LIVE_LOCK_TIMEOUT_MS,
    },
    adminToken: values.ADMIN_TOKEN,
    ...(values.ADMIN_TOKEN_PREVIOUS === undefined ? {} : { adminTokenPrevious: values.ADMIN_TOKEN_PREVIOUS }),
    ...(values.ADMIN_TOKENS === undefined ? {} : { adminTokens: values.ADMIN_TOKENS }),
    sealingSecret: values.SEALING_SECRET,
    ...(values.SEALING_SECRET_PREVIOUS === undefined
      ? {}
      : { sealingSecretPrevious: values.SEALING_SECRET_PREVIOUS }),
    trustPollMs: values.TRUST_POLL_MS,
    trustedProxies: values.TRUSTED_PROXIES,
    requests: { perAddress: values.REQUESTS_PER_ADDRESS, perKiosk: values.REQUESTS_PER_KIOSK },
    answerMs: values.ANSWER_TIMEOUT_MS,
    maxConnections: values.MAX_CONNECTIONS,
    retention: { eventDays: values.EVENT_RETENTION_DAYS, actDays: values.ACT_RETENTION_DAYS },
    kioskKeyDays: values.KIOSK_KEY_DAYS,
  };
};

/** Read for what is wrong with them, and again where they are used: they hold a password. */
const serverOf = (
  {
    DATABASE_URL: url,
    DATABASE_POOLER_URL: poolerUrl,
    DATABASE_REPLICA_URL: replicaUrl,
  }: {
    readonly DATABASE_URL: string;
    readonly DATABASE_POOLER_URL?: string | undefined;
    readonly DATABASE_REPLICA_URL?: string | undefined;
  },
  defaults: Record<string, string>,
): BackendConfig['database'] => {
  readAddress(url, defaults);
  if (poolerUrl !== undefined) readPoolerAddress(poolerUrl, defaults);
  if (replicaUrl !== undefined) readReplicaAddress(replicaUrl, defaults);
  return {
    kind: 'server',
    url,
    defaults,
    ...(poolerUrl === undefined ? {} : { poolerUrl }),
    ...(replicaUrl === undefined ? {} : { replicaUrl }),
  };
};

const invalid = (path: string, problem: string): AppFailure =>
  new AppFailure('config.invalid', { source: 'environment', path, problem });
