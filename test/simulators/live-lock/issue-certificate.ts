/** Issues one X.509 certificate with pkijs. What goes into which kind of certificate is in `profiles.ts`. */
import { webcrypto } from 'node:crypto';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { oids } from '#kiosk/link/wire/oids.ts';

const engine = new pkijs.CryptoEngine({ name: 'node', crypto: webcrypto });

/** Object identifier and text of one attribute of a distinguished name. */
export type NameAttribute = readonly [oid: string, text: string];

export interface CertificateRequest {
  readonly subject: readonly NameAttribute[];
  readonly issuer: readonly NameAttribute[];
  /** Subject public key, SubjectPublicKeyInfo DER. */
  readonly publicKey: Uint8Array;
  /** Wall-clock milliseconds; X.509 keeps whole seconds. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly extensions: readonly CertificateExtension[];
}

export interface CertificateExtension {
  readonly oid: string;
  readonly critical: boolean;
  /** DER of the extension's value. */
  readonly value: Uint8Array;
}

/** RFC 5280, 4.1.2.5: UTCTime through 2049, GeneralizedTime from then on. */
const time = (ms: number): pkijs.Time => {
  const value = new Date(Math.floor(ms / 1000) * 1000);
  return new pkijs.Time({
    type: value.getUTCFullYear() < 2050 ? pkijs.TimeType.UTCTime : pkijs.TimeType.GeneralizedTime,
    value,
  });
};

const name = (attributes: readonly NameAttribute[]): pkijs.RelativeDistinguishedNames =>
  new pkijs.RelativeDistinguishedNames({
    typesAndValues: attributes.map(
      ([type, value]) =>
        new pkijs.AttributeTypeAndValue({
          type,
          value:
            type === oids.serialNumberAttribute
              ? new asn1js.PrintableString({ value })
              : new asn1js.Utf8String({ value }),
        }),
    ),
  });

/** 16 random bytes, positive and without a leading zero. */
const certificateSerial = (): asn1js.Integer => {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return new asn1js.Integer({ valueHex: bytes.buffer });
};

/** The certificate (DER), signed with ECDSA P-256 and SHA-256 by `signingKey`. */
export const issueCertificate = async (
  request: CertificateRequest,
  signingKey: webcrypto.CryptoKey,
): Promise<Uint8Array> => {
  const certificate = new pkijs.Certificate();
  certificate.version = 2;
  certificate.serialNumber = certificateSerial();
  certificate.issuer = name(request.issuer);
  certificate.subject = name(request.subject);
  certificate.notBefore = time(request.notBefore);
  certificate.notAfter = time(request.notAfter);
  certificate.subjectPublicKeyInfo = pkijs.PublicKeyInfo.fromBER(Uint8Array.from(request.publicKey));
  certificate.extensions = request.extensions.map(
    ({ oid, critical, value }) =>
      new pkijs.Extension({ extnID: oid, critical, extnValue: Uint8Array.from(value).buffer }),
  );
  await certificate.sign(signingKey, 'SHA-256', engine);
  return new Uint8Array(certificate.toSchema(true).toBER(false));
};
