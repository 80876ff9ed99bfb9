/**
 * The HTTP contract between a kiosk and the backend. All bodies are JSON; every failed answer is
 * `{ "error": AppError }` with status 400 (bad request), 401 (no or lapsed token), 403 (revoked or refused), 404, 429, 503.
 *
 * A backend takes nothing that it does not know (requests are strict), and a kiosk passes over it (answers are not): the
 * backend is updated before the kiosks are, so an answer may hold what a later release has added.
 */
import { z } from 'zod';
import { saidErrorSchema } from '../errors/app-error.ts';
import { epochMsSchema, labelSchema, nameSchema, uuidSchema, versionSchema } from '../models/primitives.ts';
import { registrationCodeSchema } from './registration-code.ts';

/** Public P-256 JWK (RFC 7517). */
export const publicJwkSchema = z.strictObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string().length(43),
  y: z.string().length(43),
});
export type PublicJwk = z.infer<typeof publicJwkSchema>;

/** POST /v1/kiosks */
export const registerRequestSchema = z.strictObject({
  code: registrationCodeSchema,
  name: nameSchema,
  /** Verifies the kiosk's client assertions (ES256). */
  signingKey: publicJwkSchema,
  /** Key Certificates are sealed to this key (ECDH-ES, A256GCM). */
  sealingKey: publicJwkSchema,
});
export type RegisterRequest = z.infer<typeof registerRequestSchema>;

export const registerAnswerSchema = z.object({
  kioskId: uuidSchema,
  storeId: uuidSchema,
  storeName: nameSchema,
  /** The backend's public key: signs backend time (ES256). */
  backendKey: publicJwkSchema,
  /** The vendor's root certificate (DER, base64): what the kiosk checks lock and intermediate certificates against. */
  vendorRoot: z.base64().max(8192),
  /** The owner value of the customer's intermediate certificate. */
  owner: labelSchema(100),
});
export type RegisterAnswer = z.infer<typeof registerAnswerSchema>;

/** POST /v1/kiosks/revocation (revocation.ts): the assertion is like that for a token, but for this audience. */
export const revocationAudience = 'latchpoint-revocation';

/**
 * POST /v1/token: client assertion (RFC 7523), a JWT signed ES256 with iss = sub = kioskId, aud = `tokenAudience`,
 * exp at most 5 minutes ahead, a jti that is never used twice.
 */
export const tokenAudience = 'latchpoint-backend';
/** What a client assertion can be for. */
export type AssertionAudience = typeof tokenAudience | typeof revocationAudience;
export const tokenRequestSchema = z.strictObject({
  grant_type: z.literal('client_credentials'),
  client_assertion_type: z.literal('urn:ietf:params:oauth:client-assertion-type:jwt-bearer'),
  client_assertion: z.string().max(4096),
});
export const tokenAnswerSchema = z.object({
  access_token: z.string().max(4096),
  token_type: z.literal('Bearer'),
  /** Seconds. */
  expires_in: z.int().min(1),
  /** The backend wants the kiosk to take new key pairs: they are old, or an operator asked for it. */
  rotate_keys: z.boolean().optional(),
});

/**
 * POST /v1/kiosks/keys: the kiosk takes new key pairs. `request` is signed with the key that it has, names both new public
 * keys (`keyRotationClaimsSchema`) and is otherwise a client assertion for `keyRotationAudience`; `proof` is signed with the
 * new signing key, for the same audience and with the same jti. Repeating it with the same keys is answered alike. The old
 * signing key stays good until the new one has been used.
 */
export const keyRotationAudience = 'latchpoint-key-rotation';
export const keyRotationClaimsSchema = z.object({ signingKey: publicJwkSchema, sealingKey: publicJwkSchema });
export const rotateKeysRequestSchema = z.strictObject({
  request: z.string().max(4096),
  proof: z.string().max(4096),
});
export type RotateKeysRequest = z.infer<typeof rotateKeysRequestSchema>;
export const rotateKeysAnswerSchema = z.object({ registered: z.literal(true) });

/**
 * GET /v1/time?nonce=…: a compact JWS (ES256, backendKey) over `signedTimeSchema`. Needs no token: it is how a kiosk
 * with a wrong clock finds out.
 */
/** Says that a statement is time and nothing else; backends of earlier releases leave it out. */
export const timeType = 'latchpoint-time';
export const timeAnswerSchema = z.object({ time: z.string().max(2048) });
export const signedTimeSchema = z.object({ now: epochMsSchema, nonce: z.string().min(16).max(64) });

/**
 * POST /v1/time-tokens: a time token for one lock and one session, signed by the vendor's time authority over `challenge`,
 * the lock's ephemeral key (docs/link.md). 503 `sync.unreachable` where the vendor gives none.
 */
export const timeTokenRequestSchema = z.strictObject({ challenge: z.base64().length(44) });
export const timeTokenAnswerSchema = z.object({ token: z.base64().max(2048) });

/**
 * A point of a store's history, `version.tag`: the newest that an answer speaks of. A kiosk keeps the one with the highest
 * version, and says it as `seen`. A backend that has never been there came back from a backup (or is a standby that had not
 * heard everything): it answers `otherHistory` and does nothing else, and the kiosk takes everything anew.
 */
export const pointSchema = z.string().regex(/^\d{1,16}\.[0-9a-f]{1,64}$/);

/**
 * The newest access event of this kiosk that the backend has stored, `sequence.hash`. A backend that does not hold it answers
 * `journalLost` and stores nothing; the kiosk delivers again all that it still has.
 */
export const journalClaimSchema = z.string().regex(/^\d{1,16}\.[0-9a-f]{64}$/);

/** What a kiosk says with a request of what it knows of the backend. Kiosks of earlier releases say nothing. */
const claimFields = { seen: pointSchema.optional(), journal: journalClaimSchema.optional() };
/** Backends of earlier releases answer none of these. */
const standingFields = {
  point: pointSchema.optional(),
  otherHistory: z.literal(true).optional(),
  journalLost: z.literal(true).optional(),
};

/** GET /v1/sync/:collection?after=N&limit=N. Documents are of that collection's schema, plus `deleted`, ordered by version. */
export const pullQuerySchema = z.strictObject({
  after: z.coerce.number().int().min(0),
  limit: z.coerce.number().int().min(1).max(1000),
  /** Of people: their PIN verifiers come sealed to this kiosk (`sealedPin`), in the place of `pin`. Asked of a backend that `sealsPins`. */
  sealedPins: z.literal('yes').optional(),
  ...claimFields,
});
/** Rows are parsed one by one by the kiosk, so that one invalid row does not hold up the others. */
export const pullAnswerSchema = z.object({
  documents: z.array(z.looseObject({ version: versionSchema, deleted: z.boolean() })).max(1000),
  /**
   * The version up to which this answer is complete; pass it as `after` next. Less than the `after` that was asked with
   * means that the backend has gone back (restored from a backup): the kiosk takes everything from 0 again. Backends of
   * earlier releases have no other word for it.
   */
  checkpoint: versionSchema,
  /** How many documents are still to come after this page; 0 ends the pull. */
  remaining: z.int().min(0),
  /** With the store: this backend seals PIN verifiers to who asks for that. Those of earlier releases refuse the question. */
  sealsPins: z.literal(true).optional(),
  ...standingFields,
});
export type PullAnswer = z.infer<typeof pullAnswerSchema>;

/** POST /v1/sync/:collection (enrolments, accessEvents). Rows are judged one by one; the batch never fails for one row. */
export const pushRequestSchema = z.strictObject({
  rows: z.array(z.looseObject({})).min(1).max(500),
  ...claimFields,
});
export const pushResultSchema = z.discriminatedUnion('status', [
  /** Stored, or stored before by the same operation. `master` is the row as the backend now holds it. */
  z.object({ status: z.literal('accepted'), master: z.looseObject({}) }),
  /** The backend holds something else; the kiosk takes `master` as current and applies its rule. */
  z.object({ status: z.literal('conflict'), master: z.looseObject({}) }),
  /** This row can never be stored. It is kept aside and shown; the others go on. */
  z.object({ status: z.literal('invalid'), error: saidErrorSchema }),
]);
export type PushResult = z.infer<typeof pushResultSchema>;
/** One result per row, in the order of the rows; none with `otherHistory` and `journalLost`. */
export const pushAnswerSchema = z.object({
  results: z.array(pushResultSchema).max(500),
  /**
   * What this backend can read (`modelsRevision`). What one turns away that can read less than the kiosk can, a later one may take: it
   * waits. Those of earlier releases say nothing.
   */
  modelsRevision: z.int().min(0).optional(),
  ...standingFields,
});
export type PushAnswer = z.infer<typeof pushAnswerSchema>;

/**
 * GET /v1/sync/stream: server-sent events. The only event is `resync` (data: `{}`): something of this store has changed,
 * pull. A comment line every 15 s keeps the connection; after 45 s of silence the kiosk connects anew.
 */
export const streamEvent = 'resync';
export const streamKeepAliveMs = 15_000;
export const streamSilenceMs = 45_000;

export const errorAnswerSchema = z.object({ error: saidErrorSchema });

/** Why a backend cannot do its work; for people and their monitoring. */
const unreadiness = [
  'starting',
  'database_unreachable',
  'database_refuses_login',
  'database_refuses',
  'database_read_only',
  'database_full',
  'database_does_not_confirm',
] as const;
export type Unreadiness = (typeof unreadiness)[number];
export const readyAnswerSchema = z.object({ status: z.literal('ok') });
export const unreadyAnswerSchema = z.object({ status: z.literal('unready'), reason: z.enum(unreadiness) });
export type UnreadyAnswer = z.infer<typeof unreadyAnswerSchema>;

/** How far ahead of `exp` a client assertion may be issued, in seconds. */
export const assertionLifetimeSeconds = 300;
