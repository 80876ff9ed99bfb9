/** What a time authority signs: what time it is, for one session of one lock. The form is in docs/link.md. */
import { signCose } from '#kiosk/link/lock/sign-statement.ts';
import { timeContext } from '#kiosk/link/lock/time-token.ts';
import type { Signer } from '#kiosk/link/wire/signing.ts';

/** `challenge`: the lock's ephemeral key, 32 bytes. `now`: milliseconds since 1970. */
export const createTimeToken = (options: {
  readonly now: number;
  readonly challenge: Uint8Array;
  readonly certificate: Uint8Array;
  readonly sign: Signer;
}): Uint8Array =>
  signCose(
    timeContext(options.challenge),
    [Math.floor(options.now / 1000)],
    options.sign,
    options.certificate,
  );
