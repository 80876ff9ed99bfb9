/**
 * Asks whether it is the backend itself that says "revoked". Anyone on the way can answer a request with 403; what erases a
 * kiosk is the backend's signature over this kiosk's id and a nonce that it has just drawn.
 */
import { revocationAudience } from '#shared/http/contract.ts';
import { routes } from '#shared/http/routes.ts';
import { revocationType, signedRevocationSchema, type SignedRevocation } from '#shared/http/revocation.ts';
import type { BackendClient } from '../../backend/client.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Random } from '../../platform/random.ts';
import type { SyncAuth } from './session.ts';
import { verifyStatement } from './statement.ts';

export interface RevocationCheckOptions {
  readonly backend: BackendClient;
  readonly auth: SyncAuth;
  /** The newest event that the backend has stored, `sequence.hash`; null for none. */
  readonly journal: string | null;
  /** The newest point of the backend's history that was seen; null for none. */
  readonly seen: string | null;
  readonly random: Random;
  readonly logger: Logger;
}

/** null where nothing was said that the backend has signed for this kiosk and this question. */
export const askForRevocation = async (
  { backend, auth, journal, seen, random, logger }: RevocationCheckOptions,
  signal: AbortSignal,
): Promise<SignedRevocation | null> => {
  const nonce = Buffer.from(random.bytes(24)).toString('base64url');
  const body = {
    client_assertion: await auth.clientAssertion(revocationAudience),
    nonce,
    ...(journal === null ? {} : { journal }),
    ...(seen === null ? {} : { seen }),
  };
  const answer = await backend.call(routes.revocation, { body }, signal);
  if (!answer.ok) {
    logger.warn('said to be revoked, unsigned', { problem: answer.problem.kind });
    return null;
  }
  const { revocation } = answer.value;
  const word = await verifyStatement(revocation, auth.backendKey, [revocationType], signedRevocationSchema);
  if (word.ok && word.value.nonce === nonce && word.value.kioskId === auth.kioskId) return word.value;
  logger.warn('revocation not believed', { reason: word.ok ? 'of another kiosk or question' : word.reason });
  return null;
};
