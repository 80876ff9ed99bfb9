/** Compares the kiosk's clock with the backend's signed time. */
import { signedTimeSchema, timeType, type PublicJwk } from '#shared/http/contract.ts';
import { routes } from '#shared/http/routes.ts';
import type { BackendClient } from '../../backend/client.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Random } from '../../platform/random.ts';
import { verifyStatement } from './statement.ts';

export interface TimeCheckOptions {
  readonly backend: BackendClient;
  readonly backendKey: PublicJwk;
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
  const { backend, backendKey, clock, random, logger } = options;
  const nonce = Buffer.from(random.bytes(24)).toString('base64url');
  const sentAt = clock.monotonic();
  const answer = await backend.call(routes.time, { query: { nonce } }, signal);
  const roundTripMs = clock.monotonic() - sentAt;
  const receivedAt = clock.now();
  if (!answer.ok || roundTripMs > longestRoundTripMs) return null;
  // A backend of an earlier release gives it no type.
  const signed = await verifyStatement(
    answer.value.time,
    backendKey,
    [timeType, undefined],
    signedTimeSchema,
  );
  if (!signed.ok || signed.value.nonce !== nonce) {
    logger.warn('backend time not believed', { reason: signed.ok ? 'nonce' : signed.reason });
    return null;
  }
  return Math.round(receivedAt - roundTripMs / 2 - signed.value.now);
};
