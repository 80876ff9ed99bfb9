/** A session whose lock has proved who it is. It needs no secret until then: the lock speaks first. */
import { ok, type Result } from '#shared/errors/app-error.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Random } from '../../../platform/random.ts';
import { createKioskSession } from '../kiosk-session.ts';
import type { KioskSession } from '../session.ts';
import { authenticate, awaitAuthenticated, type Conversation } from './lock-conversation.ts';
import type { TimeTokens } from './time-tokens.ts';

export interface ProvenSession {
  readonly session: KioskSession;
  /** The lock that it is a session with: DER. */
  readonly deviceCertificate: Uint8Array;
  /** What was asked for when the lock had proved who it is; null where it wanted none. Never rejects. */
  readonly timeToken: Promise<Uint8Array | null>;
  /** The frame size of a lock that takes an early start the next time; null where it does not. */
  readonly earlyStart: number | null;
}

/**
 * Has the lock of this device certificate (DER) prove who it is. `begun`: in this session, whose first message has left. Rejects
 * with LinkError `malformed` where that is no certificate.
 */
export type Prove = (
  conversation: Conversation,
  deviceCertificate: Uint8Array,
  begun: KioskSession | null,
) => Promise<Result<ProvenSession>>;

export interface ProvePorts {
  readonly random: Random;
  readonly clock: Clock;
  readonly timeTokens: TimeTokens;
}

export const createProve =
  ({ random, clock, timeTokens }: ProvePorts): Prove =>
  async (conversation, deviceCertificate, begun) => {
    const session = begun ?? createKioskSession({ random, deviceCertificate });
    const ready = await (begun
      ? awaitAuthenticated(conversation, session, clock)
      : authenticate(conversation, session));
    if (!ready.ok) return ready;
    const { timeChallenge, earlyStart } = ready.value;
    return ok({ session, deviceCertificate, timeToken: timeTokens.ask(timeChallenge), earlyStart });
  };
