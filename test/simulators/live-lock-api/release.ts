/** Giving a lock back: the root signs for it, and from then on its serial number may register once more. */
import { readCertificate } from '#kiosk/link/wire/certificates.ts';
import type { Vendor } from '../live-lock/open-vendor.ts';
import type { ReleaseAnswer } from './api-format.ts';
import type { Registration, Registry } from './registry.ts';

export const releaseLock = (
  { vendor, registry }: { readonly vendor: Vendor; readonly registry: Registry },
  { serialNumber, keyCertificate }: Registration,
): ReleaseAnswer => {
  registry.allowRelease(serialNumber);
  const token = vendor.signRelease(serialNumber, readCertificate(keyCertificate).publicKey);
  return { serial_no: serialNumber, token: Buffer.from(token).toString('base64') };
};
