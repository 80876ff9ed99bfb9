/** Asks the backend for a time token on behalf of a lock. */
import { routes } from '#shared/http/routes.ts';
import type { BackendSession } from './session.ts';

/** null where none was given, for whatever reason. Never rejects. */
export const askForTimeToken = async (
  session: BackendSession,
  challenge: Uint8Array,
  signal: AbortSignal,
): Promise<Uint8Array | null> => {
  const body = { challenge: Buffer.from(challenge).toString('base64') };
  const answer = await session.call(routes.timeTokens, { body }, signal);
  return answer.ok ? new Uint8Array(Buffer.from(answer.value.token, 'base64')) : null;
};
