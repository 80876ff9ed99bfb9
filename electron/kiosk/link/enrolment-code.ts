/**
 * The enrolment code: RSA-OAEP (SHA-256, 2048 bits, no label) ciphertext under the vendor's enrolment key of
 * version (1 byte, 1) ‖ serial number (8 bytes) ‖ lock secret (32 bytes). 256 bytes, as in the vendor's example.
 */
import { constants, privateDecrypt, publicEncrypt, type KeyObject } from 'node:crypto';
import { concatBytes, copyBytes, fromHex, toHex } from './bytes.ts';
import { lockSecretLength } from './derive-key.ts';
import { LinkError } from './link-error.ts';

export const enrolmentCodeLength = 256;
const version = 1;

export interface EnrolmentSecret {
  readonly serialNumber: string;
  /** 32 bytes. */
  readonly secret: Uint8Array;
}

const oaep = (key: KeyObject): { key: KeyObject; padding: number; oaepHash: string } => ({
  key,
  padding: constants.RSA_PKCS1_OAEP_PADDING,
  oaepHash: 'sha256',
});

/** What the lock does, with the vendor's public enrolment key. */
export const sealEnrolmentCode = (offer: EnrolmentSecret, vendorKey: KeyObject): Uint8Array => {
  const plain = concatBytes([Uint8Array.of(version), fromHex(offer.serialNumber), offer.secret]);
  return new Uint8Array(publicEncrypt(oaep(vendorKey), plain));
};

/** What the vendor does. Throws LinkError `malformed`, whatever is wrong with the code. */
export const openEnrolmentCode = (code: Uint8Array, vendorKey: KeyObject): EnrolmentSecret => {
  let plain: Uint8Array;
  try {
    plain = new Uint8Array(privateDecrypt(oaep(vendorKey), code));
  } catch (cause) {
    throw new LinkError('malformed', 'enrolment code', { cause });
  }
  if (plain.length !== 9 + lockSecretLength || plain[0] !== version)
    throw new LinkError('malformed', 'enrolment code');
  return { serialNumber: toHex(plain.subarray(1, 9)), secret: copyBytes(plain, 9) };
};
