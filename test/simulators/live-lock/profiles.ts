/** What goes into each kind of certificate: the profiles of docs/link.md, as the vendor issues them. */
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { oids } from '#kiosk/link/wire/oids.ts';
import type { CertificateExtension, NameAttribute } from './issue-certificate.ts';

/** Start of validity of what is meant to be valid from the beginning. */
export const epochStart = Date.UTC(2024, 0, 1);
/** RFC 5280, 4.1.2.5: the end of validity of a certificate that has none. */
export const noExpiry = Date.UTC(9999, 11, 31, 23, 59, 59);

const commonName = '2.5.4.3';

export const rootName: readonly NameAttribute[] = [[commonName, 'LIVE Lock Root']];
export const intermediateName = (owner: string): readonly NameAttribute[] => [[commonName, owner]];
export const keyName = (serialNumber: string): readonly NameAttribute[] => [
  [oids.serialNumberAttribute, serialNumber],
];
export const deviceName = (serialNumber: string): readonly NameAttribute[] => keyName(serialNumber);
export const timeAuthorityName: readonly NameAttribute[] = [[commonName, 'LIVE Lock Time']];

type Asn1 = { toBER(sizeOnly?: boolean): ArrayBuffer };
const der = (value: Asn1): Uint8Array => new Uint8Array(value.toBER(false));

const authority = (pathLength: number | null): CertificateExtension => ({
  oid: oids.basicConstraints,
  critical: true,
  value: der(
    new pkijs.BasicConstraints({
      cA: true,
      ...(pathLength === null ? {} : { pathLenConstraint: pathLength }),
    }).toSchema(),
  ),
});

/** Bit strings of RFC 5280, 4.2.1.3: digitalSignature is bit 0, keyCertSign bit 5. */
const keyUsage = (usage: 'digitalSignature' | 'keyCertSign'): CertificateExtension => ({
  oid: oids.keyUsageExtension,
  critical: true,
  value:
    usage === 'digitalSignature'
      ? der(new asn1js.BitString({ valueHex: Uint8Array.of(0x80).buffer, unusedBits: 7 }))
      : der(new asn1js.BitString({ valueHex: Uint8Array.of(0x04).buffer, unusedBits: 2 })),
});

const purpose = (oid: string): CertificateExtension => ({
  oid: oids.extendedKeyUsage,
  critical: true,
  value: der(new pkijs.ExtKeyUsage({ keyPurposes: [oid] }).toSchema()),
});

const counter = (oid: string, value: number): CertificateExtension => ({
  oid,
  critical: false,
  value: der(new asn1js.Integer({ value })),
});

export const rootExtensions = (): CertificateExtension[] => [authority(null), keyUsage('keyCertSign')];

export const intermediateExtensions = (epoch: number): CertificateExtension[] => [
  authority(0),
  keyUsage('keyCertSign'),
  counter(oids.customerEpoch, epoch),
];

export const keyExtensions = (epoch: number): CertificateExtension[] => [
  keyUsage('digitalSignature'),
  purpose(oids.keyUsage),
  counter(oids.keyEpoch, epoch),
];

export const deviceExtensions = (): CertificateExtension[] => [
  keyUsage('digitalSignature'),
  purpose(oids.deviceUsage),
];

export const timeExtensions = (): CertificateExtension[] => [
  keyUsage('digitalSignature'),
  purpose(oids.timeUsage),
];
