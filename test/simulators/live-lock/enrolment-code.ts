/** How the vendor opens an enrolment code, which a lock has sealed for it. */
import { privateDecrypt, type KeyObject } from 'node:crypto';
import { lockSecretLength } from '#kiosk/link/lock/derive-key.ts';
import { enrolmentCodeVersion, oaep, type EnrolmentSecret } from '#kiosk/link/lock/enrolment-code.ts';
import { copyBytes, toHex } from '#kiosk/link/wire/bytes.ts';
import { LinkError } from '#kiosk/link/wire/link-error.ts';

/** Throws LinkError `malformed`, whatever is wrong with the code. */
export const openEnrolmentCode = (code: Uint8Array, vendorKey: KeyObject): EnrolmentSecret => {
  let plain: Uint8Array;
  try {
    plain = new Uint8Array(privateDecrypt(oaep(vendorKey), code));
  } catch (cause) {
    throw new LinkError('malformed', 'enrolment code', { cause });
  }
  if (plain.length !== 9 + lockSecretLength || plain[0] !== enrolmentCodeVersion)
    throw new LinkError('malformed', 'enrolment code');
  return { serialNumber: toHex(plain.subarray(1, 9)), secret: copyBytes(plain, 9) };
};
