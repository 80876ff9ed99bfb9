/** A session whose lock has proved who it is. It needs no secret until then: the lock speaks first. */
import { ok, type Result } from '#shared/errors/app-error.ts';
import type { Random } from '../../../platform/random.ts';
import { createKioskSession } from '../kiosk-session.ts';
import type { KioskSession } from '../session.ts';
import { authenticate, type Conversation } from './lock-conversation.ts';
import type { TimeTokens } from './time-tokens.ts';

export interface ProvenSession {
  readonly session: KioskSession;
  /** The lock that it is a session with: DER. */
  readonly deviceCertificate: Uint8Array;
  /** What was asked for when the lock had proved who it is; null where it wanted none. Never rejects. */
  readonly timeToken: Promise<Uint8Array | null>;
}

/** Has the lock of this device certificate (DER) prove who it is. Rejects with LinkError `malformed` where that is no certificate. */
export type Prove = (
  conversation: Conversation,
  deviceCertificate: Uint8Array,
) => Promise<Result<ProvenSession>>;

export const createProve =
  ({ random, timeTokens }: { readonly random: Random; readonly timeTokens: TimeTokens }): Prove =>
  async (conversation, deviceCertificate) => {
    const session = createKioskSession({ random, deviceCertificate });
    const ready = await authenticate(conversation, session);
    if (!ready.ok) return ready;
    return ok({ session, deviceCertificate, timeToken: timeTokens.ask(ready.value.timeChallenge) });
  };
