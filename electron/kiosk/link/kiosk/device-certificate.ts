/** How the kiosk tells a genuine lock: its device certificate, signed by the vendor's root, names this serial number. */
import { readCertificate, type Certificate } from '../wire/certificates.ts';
import { isEndEntity, isSignedBy } from '../wire/chain-policy.ts';
import { LinkError } from '../wire/link-error.ts';
import { oids } from '../wire/oids.ts';

export type DeviceReason =
  | 'certificate_malformed'
  /** A CA, another usage, or an unknown critical extension. */
  | 'not_a_device_certificate'
  | 'not_signed_by_root'
  | 'expired'
  | 'other_serial';

export interface DeviceExpectations {
  /** Public keys of the vendor's roots: uncompressed P-256 points, 65 bytes. */
  readonly roots: readonly Uint8Array[];
  readonly serialNumber: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export type DeviceVerdict =
  | { readonly ok: true; readonly certificate: Certificate }
  | { readonly ok: false; readonly reason: DeviceReason };

const judge = (certificate: Certificate, expectations: DeviceExpectations): DeviceReason | null => {
  if (isEndEntity(certificate, oids.deviceUsage) !== null) return 'not_a_device_certificate';
  if (!isSignedBy(certificate, expectations.roots)) return 'not_signed_by_root';
  if (certificate.notAfter < expectations.now) return 'expired';
  return certificate.subjectSerialNumber === expectations.serialNumber ? null : 'other_serial';
};

/** Judges a device certificate (DER). Never throws on what it is given. */
export const checkDeviceCertificate = (der: Uint8Array, expectations: DeviceExpectations): DeviceVerdict => {
  try {
    const certificate = readCertificate(der);
    const reason = judge(certificate, expectations);
    return reason === null ? { ok: true, certificate } : { ok: false, reason };
  } catch (error) {
    if (error instanceof LinkError) return { ok: false, reason: 'certificate_malformed' };
    throw error;
  }
};

/** The public key (65 bytes) of a root certificate (DER), as the expectations above want it. Throws LinkError `malformed`. */
export const rootKeyOf = (rootCertificate: Uint8Array): Uint8Array =>
  readCertificate(rootCertificate).publicKey;
