/** What the vendor's root signs besides certificates: release tokens and revocation lists. Forms in docs/link.md. */
import { releaseContext } from '#kiosk/link/lock/release-token.ts';
import { revocationContext } from '#kiosk/link/lock/revocation-list.ts';
import { signCose } from '#kiosk/link/lock/sign-statement.ts';
import { fromHex } from '#kiosk/link/wire/bytes.ts';
import { sha256 } from '#kiosk/link/wire/edhoc/key-schedule.ts';
import { maxRevocations } from '#kiosk/link/wire/revocation-list.ts';
import type { Signer } from '#kiosk/link/wire/signing.ts';

/** A release token binds to the lock's derived key, which the lock gives up with its release: it works once. */
export const createReleaseToken = (serialNumber: string, keyPublic: Uint8Array, sign: Signer): Uint8Array =>
  signCose(releaseContext, [fromHex(serialNumber), sha256(keyPublic)], sign);

/** Throws RangeError for more locks than one list, or one part of it, may name. */
export const createRevocationList = (
  list: {
    readonly customerKey: Uint8Array;
    readonly version: number;
    readonly minCustomerEpoch: number;
    readonly locks: readonly { readonly serialNumber: string; readonly minKeyEpoch: number }[];
  },
  sign: Signer,
): Uint8Array => {
  if (list.locks.length > maxRevocations) throw new RangeError('too many locks for one list');
  const locks = list.locks.map(({ serialNumber, minKeyEpoch }) => [fromHex(serialNumber), minKeyEpoch]);
  return signCose(
    revocationContext,
    [sha256(list.customerKey), list.version, list.minCustomerEpoch, locks],
    sign,
  );
};
