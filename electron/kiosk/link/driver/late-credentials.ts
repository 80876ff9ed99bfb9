/** A session that begins without the kiosk's own credentials: the lock speaks first, and the key is needed for the command. */
import type { Random } from '../../platform/random.ts';
import { createKioskSession } from '../kiosk-session.ts';
import type { KioskSession } from '../session.ts';
import type { UsableCredentials } from './credentials.ts';

export interface LateSession {
  readonly session: KioskSession;
  /** The lock that it is a session with: DER. */
  readonly deviceCertificate: Uint8Array;
  /** To be called before the first command. */
  lend(usable: UsableCredentials): void;
}

/** Throws LinkError `malformed` when the device certificate is none. */
export const createLateSession = (random: Random, deviceCertificate: Uint8Array): LateSession => {
  let lent: UsableCredentials | null = null;
  const own = (): UsableCredentials => {
    if (lent === null) throw new Error('a command before its credentials');
    return lent;
  };
  return {
    deviceCertificate,
    lend: (usable) => {
      lent = usable;
    },
    session: createKioskSession({
      random,
      deviceCertificate,
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
