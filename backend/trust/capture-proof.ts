/**
 * Whether a lock itself has said that an enrolment code is its own (docs/link.md, "Capture proof"): the pinned root has signed
 * its device certificate, and its device key the code. A proof has one form, with nothing in it that can be longer or shorter,
 * so it is compared with the bytes that it has to be and not read.
 */
import { createHash, verify } from 'node:crypto';
import { isIssuedBy, isRoot, readCertificate, type Certificate } from './certificate.ts';

export interface CapturedLock {
  readonly kioskId: string;
  readonly enrolmentId: string;
  readonly serialNumber: string;
  /** All base64. */
  readonly enrolmentCode: string;
  readonly deviceCertificate: string;
  readonly proof?: string | null | undefined;
}

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');
const algorithm = bytes('43a10126');
const serialLength = 8;
const signatureLength = 64;
const digitalSignature = 0x80;
/** Extended key usage of a device certificate. */
const deviceUsage = '1.3.6.1.4.1.32473.1.1.1';

/** `root`: the vendor's, DER, base64. Never throws on what it is given. */
export const isProven = (lock: CapturedLock, root: string, now: number): boolean => {
  if (!lock.proof) return false;
  const device = readCertificate(Buffer.from(lock.deviceCertificate, 'base64'));
  const authority = readCertificate(Buffer.from(root, 'base64'));
  if (!device || !authority || !isDeviceOf(device, authority, lock.serialNumber, now)) return false;
  const payload = payloadOf(lock);
  const proof = Buffer.from(lock.proof, 'base64');
  const head = Buffer.concat([bytes('84'), algorithm, bytes('a0'), byteString(payload), bytes('5840')]);
  if (proof.length !== head.length + signatureLength) return false;
  if (!proof.subarray(0, head.length).equals(head)) return false;
  const key = { key: device.x509.publicKey, dsaEncoding: 'ieee-p1363' } as const;
  return verify('sha256', signedBytes(payload, challengeOf(lock)), key, proof.subarray(head.length));
};

const isDeviceOf = (device: Certificate, root: Certificate, serialNumber: string, now: number): boolean =>
  !device.hasUnknownCritical &&
  !device.isAuthority &&
  device.keyUsage === digitalSignature &&
  device.extendedKeyUsage.length === 1 &&
  device.extendedKeyUsage[0] === deviceUsage &&
  device.notAfter >= now &&
  device.serialNumber === serialNumber &&
  isRoot(root) &&
  isIssuedBy(device, root);

/** [1, serial number, SHA-256 of the enrolment code] */
const payloadOf = ({ serialNumber, enrolmentCode }: CapturedLock): Buffer =>
  Buffer.concat([
    bytes('830148'),
    bytes(serialNumber).subarray(0, serialLength),
    byteString(sha256(Buffer.from(enrolmentCode, 'base64'))),
  ]);

/** SHA-256 of ["Latchpoint capture", kiosk, enrolment]: what was said to another kiosk, or for another capture, is another. */
const challengeOf = ({ kioskId, enrolmentId }: CapturedLock): Buffer =>
  sha256(Buffer.concat([bytes('83'), ...['Latchpoint capture', kioskId, enrolmentId].map(text)]));

/** The Sig_structure of RFC 9052, section 4.4. */
const signedBytes = (payload: Buffer, challenge: Buffer): Buffer => {
  const context = Buffer.concat([bytes('82'), text('Latchpoint capture'), byteString(challenge)]);
  return Buffer.concat([
    bytes('84'),
    text('Signature1'),
    algorithm,
    byteString(context),
    byteString(payload),
  ]);
};

const sha256 = (data: Buffer): Buffer => createHash('sha256').update(data).digest();

/** CBOR of 24 to 255 bytes. */
const byteString = (data: Buffer): Buffer => Buffer.concat([Buffer.of(0x58, data.length), data]);

/** CBOR of up to 255 bytes of text. */
const text = (value: string): Buffer => {
  const utf8 = Buffer.from(value, 'utf8');
  const head = utf8.length < 24 ? Buffer.of(0x60 + utf8.length) : Buffer.of(0x78, utf8.length);
  return Buffer.concat([head, utf8]);
};
