/** The intermediate that the vendor delivered, as the backend keeps it. */
import { createHash } from 'node:crypto';
import type { VendorCertificates } from '../live-lock/live-lock-api.ts';
import type { Intermediate } from '../store/trust-tables.ts';
import { readCertificate } from './certificate.ts';

/** Null where it is no certificate; whether it is a good one, `judge.ts` says. */
export const readIntermediate = ({ owner, certificate }: VendorCertificates): Intermediate | null => {
  const der = Buffer.from(certificate, 'base64');
  const read = readCertificate(der);
  if (!read) return null;
  return {
    trust_id: createHash('sha256').update(der).digest('hex'),
    owner,
    certificate,
    not_before: read.notBefore,
    not_after: read.notAfter,
  };
};

/** When a renewed intermediate is due: half of its life. */
export const halfLife = (intermediate: Intermediate): number =>
  (intermediate.not_before + intermediate.not_after) / 2;
