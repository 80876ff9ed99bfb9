/**
 * Object identifiers of the trust chain. Those of our own lie under 32473, the enterprise number that IANA sets aside for
 * examples (RFC 5612): a licensee with a number of their own changes `arc` and nothing else. A 2.25 (UUID) arc needs no
 * registration, but makes each identifier 11 bytes longer, and every byte of a certificate is air time.
 */
const arc = '1.3.6.1.4.1.32473.1';

export const oids = {
  /** Extended key usage of a lock's device certificate. */
  deviceUsage: `${arc}.1.1`,
  /** Extended key usage of a Key Certificate. */
  keyUsage: `${arc}.1.2`,
  /** Extended key usage of a time authority. */
  timeUsage: `${arc}.1.3`,
  /** Extension of an intermediate, INTEGER: the customer's epoch. A lock refuses one below the highest it has seen. */
  customerEpoch: `${arc}.2.1`,
  /** Extension of a Key Certificate, INTEGER: the lock's key epoch. */
  keyEpoch: `${arc}.2.2`,

  basicConstraints: '2.5.29.19',
  keyUsageExtension: '2.5.29.15',
  extendedKeyUsage: '2.5.29.37',
  subjectKeyIdentifier: '2.5.29.14',
  authorityKeyIdentifier: '2.5.29.35',
  /** Subject attribute serialNumber: a lock's serial number as PrintableString. */
  serialNumberAttribute: '2.5.4.5',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  ecPublicKey: '1.2.840.10045.2.1',
  prime256v1: '1.2.840.10045.3.1.7',
} as const;
