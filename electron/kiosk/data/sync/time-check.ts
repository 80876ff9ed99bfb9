/** Compares the kiosk's clock with the backend's signed time. */
import { routes, signedTimeSchema, timeAnswerSchema, type PublicJwk } from '#shared/http/contract.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Fetch } from '../../platform/http.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Random } from '../../platform/random.ts';
import { request } from './request.ts';

export interface TimeCheckOptions {
  readonly backendUrl: string;
  readonly backendKey: PublicJwk;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** An answer that took longer says too little about now. */
const longestRoundTripMs = 10_000;

/**
 * Kiosk time minus backend time in ms, good to half a round trip; null where nothing trustworthy was said. The nonce makes
 * an old answer useless, the signature any other's.
 */
export const checkTime = async (options: TimeCheckOptions, signal: AbortSignal): Promise<number | null> => {
  const { backendUrl, backendKey, fetch, clock, random, logger } = options;
  const nonce = Buffer.from(random.bytes(24)).toString('base64url');
  const sentAt = clock.monotonic();
  const url = `${backendUrl}${routes.time}?nonce=${nonce}`;
  const answer = await request({ fetch, clock }, url, {}, timeAnswerSchema, signal);
  const roundTripMs = clock.monotonic() - sentAt;
  const receivedAt = clock.now();
  if (!answer.ok || roundTripMs > longestRoundTripMs) return null;
  const signed = await verify(answer.value.time, backendKey);
  if (!signed.ok || signed.nonce !== nonce) {
    logger.warn('backend time not believed', { reason: signed.ok ? 'nonce' : signed.reason });
    return null;
  }
  return Math.round(receivedAt - roundTripMs / 2 - signed.now);
};

type Verified =
  | { readonly ok: true; readonly now: number; readonly nonce: string }
  | { readonly ok: false; readonly reason: string };

const verify = async (token: string, key: PublicJwk): Promise<Verified> => {
  // Loaded on first use: the kiosk is on screen before it needs this.
  const { compactVerify, errors, importJWK } = await import('jose');
  try {
    const { payload } = await compactVerify(token, await importJWK(key, 'ES256'), { algorithms: ['ES256'] });
    const parsed = signedTimeSchema.safeParse(JSON.parse(new TextDecoder().decode(payload)));
    return parsed.success ? { ok: true, ...parsed.data } : { ok: false, reason: 'payload' };
  } catch (error) {
    if (error instanceof errors.JOSEError) return { ok: false, reason: error.code };
    if (error instanceof SyntaxError) return { ok: false, reason: 'payload' };
    throw error;
  }
};
