/** An X.509 certificate of the link's profile (docs/link.md, "Certificates"), read into the fields that the policy needs. */
export interface Certificate {
  readonly der: Uint8Array;
  /** The signed part: TBSCertificate, DER. */
  readonly signedPart: Uint8Array;
  /** ECDSA-Sig-Value, DER. */
  readonly signature: Uint8Array;
  /** Names, DER, to be compared byte for byte. */
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  /** The subject's serialNumber attribute, or null. */
  readonly subjectSerialNumber: string | null;
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** Uncompressed P-256 point, 65 bytes. */
  readonly publicKey: Uint8Array;
  /** basicConstraints with cA TRUE. */
  readonly ca: boolean;
  readonly pathLength: number | null;
  /** The keyUsage bits, bit 0 (digitalSignature) lowest, or null when absent. */
  readonly keyUsage: number | null;
  /** The extended key usages, only where the extension is critical; else empty. */
  readonly criticalUsages: readonly string[];
  readonly customerEpoch: number | null;
  readonly keyEpoch: number | null;
  /** A critical extension that the profile does not know. */
  readonly unknownCritical: boolean;
}
