/**
 * The LIVE Lock API as this backend calls it.
 *
 * Published by the vendor: `POST /v1/dlock`, its bearer key, its request body, and that a serial number registers only
 * once. NOT published, and assumed in this file and nowhere else: the shape of the answers, the error codes and their
 * statuses, a call that reads a registration again (`GET /v1/dlock/:serial`), how the intermediate and the root are delivered
 * (`GET /v1/certificates/:owner`), that there is a time authority (`POST /v1/time`), how revocation lists are delivered
 * (`GET /v1/revocations/:owner`, 404 `nothing_revoked` where there is none), and that a lock is given back with a token of the root (`POST /v1/dlock/:serial/release`),
 * after which its serial number registers once more, and that a Key Certificate's notBefore is the time of its registration. A
 * licensee who knows better changes this file.
 */
import { z } from 'zod';
import { base64Schema, labelSchema, serialNumberSchema } from '#shared/models/primitives.ts';
import { releaseTokenSchema, revocationListTextSchema, type KeyMaterial } from '#shared/models/documents.ts';
import { readBody } from '#shared/http/read-body.ts';
import type { BackendPorts } from '../platform/ports.ts';

export interface LockRegistration {
  readonly serialNumber: string;
  readonly type: string;
  readonly enrolmentCode: string;
}

export type RegisterOutcome =
  | { readonly kind: 'registered'; readonly material: KeyMaterial }
  /** It is registered, by this call's lost predecessor or by someone else. */
  | { readonly kind: 'already_registered' }
  /** Registered, but what came with that is not the answer to this call. */
  | { readonly kind: 'unreadable' }
  /** The vendor will say the same every time. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** No answer, an overload, or a fault on either side. Try again later. */
  | {
      readonly kind: 'unknown';
      readonly reason: string;
      readonly retryAfterMs: number | null;
      /** False where the request was turned away unseen. */
      readonly mayHaveRegistered: boolean;
    };

export type RecoverOutcome =
  | { readonly kind: 'registered'; readonly material: KeyMaterial }
  | { readonly kind: 'not_available' }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'unknown'; readonly reason: string };

export type ReleaseOutcome =
  /** A release token, base64. */
  | { readonly kind: 'token'; readonly token: string }
  /** The vendor will say the same every time. */
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string };

export interface VendorCertificates {
  readonly owner: string;
  /** X.509, DER, base64: the current intermediate and the vendor's root. */
  readonly certificate: string;
  readonly root: string;
}

export interface RevocationPart {
  /** A part that has changed, or is new, has one above all that were ever issued, and above those of the parts before it. */
  readonly version: number;
  /** A revocation list, signed by the vendor's root, base64. */
  readonly list: string;
}

export type RevocationsOutcome =
  /** In their order, at least one. */
  | { readonly kind: 'lists'; readonly parts: readonly RevocationPart[] }
  /** The vendor's own word that nothing was ever revoked. */
  | { readonly kind: 'none' }
  /** Nothing can be said of what is revoked: no answer, a failure by its code, or an answer that is `malformed`. */
  | { readonly kind: 'failed'; readonly reason: string };

export interface LiveLockApi {
  register(lock: LockRegistration): Promise<RegisterOutcome>;
  /** Reads the key of a lock that is registered for this customer. */
  recover(serialNumber: string): Promise<RecoverOutcome>;
  /** Asks for what releases a lock of this customer; repeating it is harmless. */
  release(serialNumber: string): Promise<ReleaseOutcome>;
  /** Null when there was no usable answer. */
  certificates(): Promise<VendorCertificates | null>;
  revocations(): Promise<RevocationsOutcome>;
  /** A time token (base64) over `challenge` (base64); null when there was no usable answer. */
  timeToken(challenge: string): Promise<string | null>;
}

export interface VendorConfig {
  readonly url: string;
  readonly apiKey: string;
  readonly owner: string;
  readonly timeoutMs: number;
}

const registrationSchema = z.object({
  serial_no: serialNumberSchema,
  key_certificate: base64Schema,
  private_key: base64Schema,
});
const releaseSchema = z.object({ serial_no: serialNumberSchema, token: releaseTokenSchema });
const certificatesSchema = z.object({
  owner: labelSchema(100),
  certificate: base64Schema,
  root: base64Schema,
});
/** 64,000 locks. */
const mostParts = 1000;
const partSchema = z.object({ version: z.int().min(1), list: revocationListTextSchema });
/** A vendor that knows of no parts delivers the first, and it is the only one. */
const revocationsSchema = partSchema.extend({
  owner: labelSchema(100),
  parts: z.array(partSchema).min(1).max(mostParts).optional(),
});

const partsOf = (body: unknown, owner: string): readonly RevocationPart[] | null => {
  const answer = revocationsSchema.safeParse(body).data;
  if (answer?.owner !== owner) return null;
  const { version, list, parts = [{ version, list }] } = answer;
  const isFirst = parts[0]?.version === version;
  const areInOrder = parts.every((part, at) => at === 0 || part.version > (parts[at - 1]?.version ?? 0));
  return isFirst && areInOrder ? parts : null;
};
const timeSchema = z.object({ token: z.base64().max(2048) });
const errorSchema = z.object({ error: z.object({ code: z.string().regex(/^[a-z_]{1,40}$/) }) });

/** Statuses after which nothing has happened. What a gateway says for a server behind it (5xx, 408) is no such word. */
const turnedAway: ReadonlySet<number> = new Set([401, 403, 404, 405, 413, 415, 429]);
const maxRetryAfterMs = 600_000;
/** Twice what the longest answer has, a revocation list of 1,000 parts. */
const mostBytes = 8 * 1024 * 1024;

type Answer = { readonly status: number; readonly body: unknown; readonly retryAfterMs: number | null };

export const createLiveLockApi = (config: VendorConfig, ports: Pick<BackendPorts, 'fetch'>): LiveLockApi => {
  /** Null: no answer within the deadline, or a good one that is not JSON or endless. Why is not kept: it could hold what was sent. */
  const call = async (method: string, path: string, body?: unknown): Promise<Answer | null> => {
    try {
      const response = await ports.fetch(config.url + path, {
        method,
        headers: { authorization: `Bearer ${config.apiKey}`, 'content-type': 'application/json' },
        signal: AbortSignal.timeout(config.timeoutMs),
        redirect: 'error',
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const said = response.headers.get('retry-after') ?? '';
      const retryAfterMs = /^\d+$/.test(said) ? Math.min(Number(said) * 1000, maxRetryAfterMs) : null;
      return { status: response.status, body: await bodyOf(response), retryAfterMs };
    } catch {
      return null;
    }
  };

  /** A refusal's status says enough, whatever comes with it; an answer that grants something has to be read. */
  const bodyOf = async (response: Response): Promise<unknown> => {
    const pieces = await readBody(response.body, mostBytes);
    try {
      return JSON.parse(new TextDecoder().decode(Buffer.concat(pieces ?? [])));
    } catch (failure) {
      if (response.ok) throw failure;
      return null;
    }
  };

  const toMaterial = (body: unknown, serialNumber: string): KeyMaterial | null => {
    const parsed = registrationSchema.safeParse(body).data;
    if (parsed?.serial_no !== serialNumber) return null;
    return { serialNumber, keyCertificate: parsed.key_certificate, privateKey: parsed.private_key };
  };

  /** Null: what refused may be a gateway before the vendor. */
  const vendorsWord = (answer: Answer): string | null =>
    errorSchema.safeParse(answer.body).data?.error.code ?? null;
  const codeOf = (answer: Answer): string => vendorsWord(answer) ?? `http_${answer.status}`;

  return {
    register: async ({ serialNumber, type, enrolmentCode }) => {
      const answer = await call('POST', '/v1/dlock', {
        serial_no: serialNumber,
        type,
        certificate: config.owner,
        enrolment_code: enrolmentCode,
        base64: true,
      });
      if (!answer) {
        return { kind: 'unknown', reason: 'no_answer', retryAfterMs: null, mayHaveRegistered: true };
      }
      if (answer.status === 200 || answer.status === 201) {
        const material = toMaterial(answer.body, serialNumber);
        return material ? { kind: 'registered', material } : { kind: 'unreadable' };
      }
      if (answer.status === 409) return { kind: 'already_registered' };
      const word = vendorsWord(answer);
      if ((answer.status === 400 || answer.status === 422) && word !== null)
        return { kind: 'refused', reason: word };
      // 401, 403 and 404 are our configuration's fault, not the lock's: an operator mends it, then it goes on by itself.
      const mayHaveRegistered = !turnedAway.has(answer.status);
      return {
        kind: 'unknown',
        reason: codeOf(answer),
        retryAfterMs: answer.retryAfterMs,
        mayHaveRegistered,
      };
    },

    recover: async (serialNumber) => {
      const answer = await call('GET', `/v1/dlock/${encodeURIComponent(serialNumber)}`);
      if (!answer) return { kind: 'unknown', reason: 'no_answer' };
      if (answer.status === 200) {
        const material = toMaterial(answer.body, serialNumber);
        return material ? { kind: 'registered', material } : { kind: 'unreadable' };
      }
      if (answer.status === 404 || answer.status === 403 || answer.status === 405)
        return { kind: 'not_available' };
      return { kind: 'unknown', reason: codeOf(answer) };
    },

    release: async (serialNumber) => {
      const answer = await call('POST', `/v1/dlock/${encodeURIComponent(serialNumber)}/release`, {});
      if (!answer) return { kind: 'unknown', reason: 'no_answer' };
      if (answer.status === 200) {
        const parsed = releaseSchema.safeParse(answer.body).data;
        return parsed?.serial_no === serialNumber
          ? { kind: 'token', token: parsed.token }
          : { kind: 'unknown', reason: 'unreadable' };
      }
      const isFinal = [400, 404, 409, 422].includes(answer.status) && vendorsWord(answer) !== null;
      return { kind: isFinal ? 'refused' : 'unknown', reason: codeOf(answer) };
    },

    certificates: async () => {
      const answer = await call('GET', `/v1/certificates/${encodeURIComponent(config.owner)}`);
      if (answer?.status !== 200) return null;
      const parsed = certificatesSchema.safeParse(answer.body).data;
      return parsed?.owner === config.owner ? parsed : null;
    },

    revocations: async () => {
      const answer = await call('GET', `/v1/revocations/${encodeURIComponent(config.owner)}`);
      if (!answer) return { kind: 'failed', reason: 'no_answer' };
      if (answer.status === 404 && codeOf(answer) === 'nothing_revoked') return { kind: 'none' };
      if (answer.status !== 200) return { kind: 'failed', reason: codeOf(answer) };
      const parts = partsOf(answer.body, config.owner);
      return parts ? { kind: 'lists', parts } : { kind: 'failed', reason: 'malformed' };
    },

    timeToken: async (challenge) => {
      const answer = await call('POST', '/v1/time', { challenge });
      return answer?.status === 200 ? (timeSchema.safeParse(answer.body).data?.token ?? null) : null;
    },
  };
};
