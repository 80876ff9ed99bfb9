/** How a lock seals its secret for the vendor: wire/enrolment-code.ts has the form. */
import { constants, publicEncrypt, type KeyObject } from 'node:crypto';
import { concatBytes, fromHex } from '../wire/bytes.ts';

/** Of what a code holds. */
export const enrolmentCodeVersion = 1;

export interface EnrolmentSecret {
  readonly serialNumber: string;
  /** 32 bytes. */
  readonly secret: Uint8Array;
}

/** How a code is padded, at both of its ends. */
export const oaep = (key: KeyObject): { key: KeyObject; padding: number; oaepHash: string } => ({
  key,
  padding: constants.RSA_PKCS1_OAEP_PADDING,
  oaepHash: 'sha256',
});

/** With the vendor's public enrolment key. */
export const sealEnrolmentCode = (offer: EnrolmentSecret, vendorKey: KeyObject): Uint8Array => {
  const plain = concatBytes([Uint8Array.of(enrolmentCodeVersion), fromHex(offer.serialNumber), offer.secret]);
  return new Uint8Array(publicEncrypt(oaep(vendorKey), plain));
};
