/** A session that begins without the kiosk's own credentials: the lock speaks first, and the key is needed for the command. */
import type { Random } from '../../../platform/random.ts';
import { createKioskSession } from '../kiosk-session.ts';
import type { KioskSession } from '../session.ts';
import type { Ready } from './lock-conversation.ts';
import type { TimeTokens } from './time-tokens.ts';
import type { UsableCredentials } from './credentials.ts';

export interface LateSession {
  readonly session: KioskSession;
  /** The lock that it is a session with: DER. */
  readonly deviceCertificate: Uint8Array;
  /** The lock has proved who it is: a time token is asked for, if it wants one. */
  proven(ready: Ready): void;
  /** What was asked for when the lock had proved who it is. Never rejects. */
  timeToken(): Promise<Uint8Array | null>;
  /** To be called before the first command. */
  lend(usable: UsableCredentials): void;
}

/** Throws LinkError `malformed` when the device certificate is none. */
export const createLateSession = (
  { random, timeTokens }: { readonly random: Random; readonly timeTokens: TimeTokens },
  deviceCertificate: Uint8Array,
  captureChallenge?: Uint8Array,
): LateSession => {
  let timeToken: Promise<Uint8Array | null> = Promise.resolve(null);
  let lent: UsableCredentials | null = null;
  const own = (): UsableCredentials => {
    if (lent === null) throw new Error('a command before its credentials');
    return lent;
  };
  return {
    deviceCertificate,
    proven: ({ timeChallenge }) => {
      timeToken = timeTokens.ask(timeChallenge);
    },
    timeToken: () => timeToken,
    lend: (usable) => {
      lent = usable;
    },
    session: createKioskSession({
      random,
      deviceCertificate,
      ...(captureChallenge === undefined ? {} : { captureChallenge }),
      get keyCertificate() {
        return own().credentials.keyCertificate;
      },
      get intermediate() {
        return own().credentials.intermediate;
      },
      get sign() {
        return own().sign;
      },
    }),
  };
};
