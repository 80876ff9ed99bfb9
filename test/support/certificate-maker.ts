/**
 * Makes certificates of the link's profile, and every wrong kind of them, from a deterministic key. Written apart from the
 * reader in the product, so that one does not hide the other's mistake.
 */
import { oids } from '#kiosk/link/wire/oids.ts';
import type { DeterministicKey } from './deterministic-signer.ts';

export const der = (tag: number, ...parts: Uint8Array[]): Uint8Array => {
  const value = Buffer.concat(parts);
  const length =
    value.length < 0x80
      ? [value.length]
      : value.length < 0x100
        ? [0x81, value.length]
        : [0x82, value.length >> 8, value.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), value]);
};

export const oid = (dotted: string): Uint8Array => {
  const [first = 0, second = 0, ...others] = dotted.split('.').map(Number);
  const octets = [first * 40 + second, ...others].flatMap((arc) => {
    const groups = [arc & 0x7f];
    for (let rest = arc >>> 7; rest > 0; rest >>>= 7) groups.unshift(0x80 | (rest & 0x7f));
    return groups;
  });
  return der(0x06, Uint8Array.from(octets));
};

export const integer = (value: number): Uint8Array => {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return der(0x02, (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
};

const text = (tag: number, value: string): Uint8Array => der(tag, Buffer.from(value, 'latin1'));

const attribute = (type: string, tag: number, value: string): Uint8Array =>
  der(0x31, der(0x30, oid(type), text(tag, value)));

export const commonName = (name: string): Uint8Array => der(0x30, attribute('2.5.4.3', 0x0c, name));
export const serialName = (serialNumber: string): Uint8Array =>
  der(0x30, attribute(oids.serialNumberAttribute, 0x13, serialNumber));

/** Milliseconds since 1970 as RFC 5280 wants them. */
const time = (ms: number): Uint8Array => {
  const stamp = new Date(ms).toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  return stamp < '2050' ? text(0x17, stamp.slice(2)) : text(0x18, stamp);
};

export const noEnd = Date.UTC(9999, 11, 31, 23, 59, 59);

export const extension = (id: string, value: Uint8Array, critical = false): Uint8Array =>
  der(0x30, oid(id), ...(critical ? [der(0x01, Uint8Array.of(0xff))] : []), der(0x04, value));

const namedBits = (...bits: number[]): Uint8Array => {
  const value = bits.reduce((sum, bit) => sum | (0x80 >> bit), 0);
  return der(0x03, Uint8Array.of(7 - Math.max(...bits), value));
};

export const extensions = {
  ca: (pathLength: number | null): Uint8Array =>
    extension(
      oids.basicConstraints,
      der(0x30, der(0x01, Uint8Array.of(0xff)), ...(pathLength === null ? [] : [integer(pathLength)])),
      true,
    ),
  keyUsage: (...bits: number[]): Uint8Array => extension(oids.keyUsageExtension, namedBits(...bits), true),
  usage: (id: string, critical = true): Uint8Array =>
    extension(oids.extendedKeyUsage, der(0x30, oid(id)), critical),
  customerEpoch: (epoch: number): Uint8Array => extension(oids.customerEpoch, integer(epoch)),
  keyEpoch: (epoch: number): Uint8Array => extension(oids.keyEpoch, integer(epoch)),
};

export interface CertificateRequest {
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  readonly publicKey: Uint8Array;
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly extensions: readonly Uint8Array[];
}

const algorithm = der(0x30, oid(oids.ecdsaWithSha256));

const publicKeyInfo = (point: Uint8Array): Uint8Array =>
  der(0x30, der(0x30, oid(oids.ecPublicKey), oid(oids.prime256v1)), der(0x03, Uint8Array.of(0), point));

/** ECDSA-Sig-Value from r ‖ s. */
const signatureValue = (raw: Uint8Array): Uint8Array => {
  const number = (half: Uint8Array): Uint8Array => {
    const start = half.findIndex((byte) => byte !== 0);
    const bytes = half.subarray(start);
    return der(0x02, (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
  };
  return der(0x30, number(raw.subarray(0, 32)), number(raw.subarray(32)));
};

/** A certificate, DER. */
export const makeCertificate = (request: CertificateRequest, signer: DeterministicKey): Uint8Array => {
  const tbs = der(
    0x30,
    Uint8Array.of(0xa0, 3, 2, 1, 2),
    integer(1),
    algorithm,
    request.issuer,
    der(0x30, time(request.notBefore), time(request.notAfter)),
    request.subject,
    publicKeyInfo(request.publicKey),
    ...(request.extensions.length === 0 ? [] : [der(0xa3, der(0x30, ...request.extensions))]),
  );
  const signature = der(0x03, Uint8Array.of(0), signatureValue(signer.sign(tbs)));
  return new Uint8Array(der(0x30, tbs, algorithm, signature));
};
