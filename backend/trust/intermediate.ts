import { createHash, X509Certificate } from 'node:crypto';
import type { VendorCertificates } from '../vendor/live-lock-api.ts';
import type { Intermediate } from '../store/tables.ts';

/** Reads what the vendor delivered. Null unless the root signs itself and the intermediate, and both are authorities. */
export const readIntermediate = (delivered: VendorCertificates): Intermediate | null => {
  try {
    const der = Buffer.from(delivered.certificate, 'base64');
    const intermediate = new X509Certificate(der);
    const root = new X509Certificate(Buffer.from(delivered.root, 'base64'));
    const chained =
      root.ca &&
      intermediate.ca &&
      root.verify(root.publicKey) &&
      intermediate.checkIssued(root) &&
      intermediate.verify(root.publicKey);
    if (!chained) return null;
    return {
      trust_id: createHash('sha256').update(der).digest('hex'),
      owner: delivered.owner,
      certificate: delivered.certificate,
      not_before: intermediate.validFromDate.getTime(),
      not_after: intermediate.validToDate.getTime(),
    };
  } catch {
    return null; // Not a certificate at all.
  }
};

/** When a renewed intermediate is due: half of its life. */
export const halfLife = (intermediate: Intermediate): number =>
  (intermediate.not_before + intermediate.not_after) / 2;
