/**
 * The end of a kiosk: the backend's signed word that it is revoked, and what the kiosk hands over before it erases itself.
 * Both are statements in the sense of RFC 7515 with a type of their own, so that no statement is taken for another.
 */
import { z } from 'zod';
import { epochMsSchema, uuidSchema } from '../models/primitives.ts';
import { revocationReasons } from '../models/revocation-reason.ts';
import { journalClaimSchema, pointSchema, publicJwkSchema } from './contract.ts';

/**
 * POST /v1/kiosks/revocation: a kiosk that was answered 403 `sync.revoked` asks for the backend's own word. The assertion is
 * like that for a token, but for `revocationAudience` (contract.ts); `journal` is the newest event that was stored, `seen` the
 * newest point of the store's history that was heard of. 404 where the kiosk is not revoked.
 */
export const revocationRequestSchema = z.strictObject({
  client_assertion: z.string().max(4096),
  nonce: z.string().min(16).max(64),
  journal: journalClaimSchema.optional(),
  seen: pointSchema.optional(),
});
/** A compact JWS (ES256, backendKey, `typ` below) over `signedRevocationSchema`. */
export const revocationAnswerSchema = z.object({ revocation: z.string().max(4096) });
export const revocationType = 'latchpoint-revocation';
export const signedRevocationSchema = z.object({
  purpose: z.literal('revocation'),
  kioskId: uuidSchema,
  /** The kiosk's own: an answer that was given before is worth nothing. */
  nonce: z.string().min(16).max(64),
  revokedAt: epochMsSchema,
  /** One that a later release gives is `unspecified` here. */
  reason: z.enum(revocationReasons).catch('unspecified'),
  /** Last words are sealed to it: only the backend can read them. */
  sealingKey: publicJwkSchema,
  /** The backend was restored and does not hold `journal`: all events that are still there belong to the last words. */
  journalLost: z.literal(true).optional(),
  /** The backend was restored and has never been at `seen`: what this kiosk captured belongs to the last words. */
  otherHistory: z.literal(true).optional(),
});
export type SignedRevocation = z.infer<typeof signedRevocationSchema>;

/**
 * POST /v1/kiosks/last-words: what a revoked kiosk had not delivered. A compact JWE (ECDH-ES, A256GCM, to `sealingKey`) of a
 * compact JWS (ES256, the kiosk's signing key, `typ` below) over `lastWordsSchema`. It proves itself, so it needs no token, and
 * can be handed in when the kiosk has no keys any more. Handing it in again is answered alike. 403 where it proves nothing.
 * The receipt is a compact JWS (ES256, backendKey, `typ` below) over `lastWordsReceiptSchema`.
 */
export const lastWordsType = 'latchpoint-last-words';
export const lastWordsRequestSchema = z.strictObject({ sealed: z.string().max(60_000) });
export const lastWordsAnswerSchema = z.object({ receipt: z.string().max(4096) });
export const lastWordsReceiptType = 'latchpoint-last-words-receipt';
export const lastWordsReceiptSchema = z.object({
  purpose: z.literal('last words taken'),
  /** SHA-256 of `sealed` as it was sent, in hexadecimal digits. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
});
export type LastWordsReceipt = z.infer<typeof lastWordsReceiptSchema>;
export const lastWordsSchema = z.strictObject({
  purpose: z.literal('last words'),
  kioskId: uuidSchema,
  accessEvents: z.array(z.looseObject({})).max(500),
  enrolments: z.array(z.looseObject({})).max(100),
});
export type LastWordsStatement = z.infer<typeof lastWordsSchema>;
/** Of a statement's text before it is signed and sealed, so that it fits into the request. */
export const mostLastWordsBytes = 30_000;
