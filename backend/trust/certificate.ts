/** What the backend has to know of a certificate of docs/link.md: Node reads and verifies it, this adds what Node does not tell. */
import { X509Certificate } from 'node:crypto';
import { codeOf } from '#shared/errors/thrown.ts';
import { membersOf, NotDer, readInteger, readOid, readOne, tags, type Tlv } from './der.ts';

export interface Certificate {
  readonly x509: X509Certificate;
  /** Names, DER. */
  readonly issuer: Buffer;
  readonly subject: Buffer;
  /** The subject's serialNumber and common name; null where it does not have exactly one. */
  readonly serialNumber: string | null;
  readonly commonName: string | null;
  /** ms since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** By its basicConstraints alone: Node's own `ca` says no where the key usage says so. */
  readonly isAuthority: boolean;
  readonly pathLength: number | null;
  /** The first byte of the bits: digitalSignature is 0x80, keyCertSign 0x04, cRLSign 0x02. Null: absent, or more of them. */
  readonly keyUsage: number | null;
  /** Where that is critical. */
  readonly extendedKeyUsage: readonly string[];
  readonly customerEpoch: number | null;
  readonly keyEpoch: number | null;
  readonly hasUnknownCritical: boolean;
}

const longest = 1024;
const ecdsaWithSha256 = '1.2.840.10045.4.3.2';
const arc = '1.3.6.1.4.1.32473.1';
/** Extended key usage of a Key Certificate. */
export const keyCertificateUsage = `${arc}.1.2`;

const known = {
  basicConstraints: '2.5.29.19',
  keyUsage: '2.5.29.15',
  extendedKeyUsage: '2.5.29.37',
  customerEpoch: `${arc}.2.1`,
  keyEpoch: `${arc}.2.2`,
} as const;

interface Extension {
  readonly critical: boolean;
  readonly value: Buffer;
}

/** Null where it is not a certificate of that form. */
export const readCertificate = (der: Buffer): Certificate | null => {
  try {
    const x509 = new X509Certificate(der);
    // Node also takes PEM, and what follows a certificate.
    if (der.length > longest || !x509.raw.equals(der)) return null;
    const { asymmetricKeyType, asymmetricKeyDetails } = x509.publicKey;
    if (asymmetricKeyType !== 'ec' || asymmetricKeyDetails?.namedCurve !== 'prime256v1') return null;
    return { x509, ...readFields(der) };
  } catch (thrown) {
    if (thrown instanceof NotDer || isOfOpenSsl(thrown)) return null;
    throw thrown;
  }
};

export const isIssuedBy = (certificate: Certificate, issuer: Certificate): boolean =>
  certificate.issuer.equals(issuer.subject) && certificate.x509.verify(issuer.x509.publicKey);

/** Whether it is a certificate that signs itself and may sign others. */
export const isRoot = (root: Certificate | null): root is Certificate =>
  root !== null && root.isAuthority && isIssuedBy(root, root);

const isOfOpenSsl = (thrown: unknown): boolean => codeOf(thrown).startsWith('ERR_');

const readFields = (der: Buffer): Omit<Certificate, 'x509'> => {
  const [signed] = membersOf(der, tags.sequence);
  const [, , algorithm, issuer, validity, subject, , last, ...others] = membersOf(
    signed?.raw ?? der,
    tags.sequence,
  );
  if (!algorithm || !issuer || !validity || !subject || others.length > 0) throw new NotDer('fields');
  const [signature] = membersOf(algorithm.raw, tags.sequence);
  if (!signature || readOid(signature) !== ecdsaWithSha256) throw new NotDer('signature algorithm');
  const [notBefore, notAfter] = membersOf(validity.raw, tags.sequence).map(readTime);
  if (notBefore === undefined || notAfter === undefined) throw new NotDer('validity');
  const extensions = last ? readExtensions(last) : new Map<string, Extension>();
  const epoch = (oid: string): number | null => {
    const value = extensions.get(oid)?.value;
    return value ? readInteger(readOne(value, tags.integer)) : null;
  };
  const usages = extensions.get(known.extendedKeyUsage);
  const ownOids: readonly string[] = Object.values(known);
  return {
    issuer: issuer.raw,
    subject: subject.raw,
    serialNumber: readAttribute(subject.raw, '2.5.4.5', [tags.printableString]),
    commonName: readAttribute(subject.raw, '2.5.4.3', [tags.printableString, 0x0c]),
    notBefore,
    notAfter,
    ...readConstraints(extensions.get(known.basicConstraints)),
    keyUsage: readKeyUsage(extensions.get(known.keyUsage)),
    extendedKeyUsage: usages?.critical ? membersOf(usages.value, tags.sequence).map(readOid) : [],
    customerEpoch: epoch(known.customerEpoch),
    keyEpoch: epoch(known.keyEpoch),
    hasUnknownCritical: [...extensions].some(([oid, { critical }]) => critical && !ownOids.includes(oid)),
  };
};

const readExtensions = (field: Tlv): Map<string, Extension> => {
  const found = new Map<string, Extension>();
  for (const { raw } of membersOf(readOne(field.raw, tags.extensions).value, tags.sequence)) {
    const members = membersOf(raw, tags.sequence);
    const [id, second] = members;
    const value = members.at(-1);
    if (!id || value?.tag !== tags.octetString || members.length > 3) throw new NotDer('extension');
    const oid = readOid(id);
    if (found.has(oid)) throw new NotDer('extension twice');
    found.set(oid, {
      critical: second?.tag === tags.boolean && second.value[0] === 0xff,
      value: value.value,
    });
  }
  return found;
};

const readConstraints = (
  extension: Extension | undefined,
): Pick<Certificate, 'isAuthority' | 'pathLength'> => {
  const [authority, length] = extension ? membersOf(extension.value, tags.sequence) : [];
  if (!authority) return { isAuthority: false, pathLength: null };
  if (authority.tag !== tags.boolean || authority.value[0] !== 0xff) throw new NotDer('constraints');
  return { isAuthority: true, pathLength: length ? readInteger(length) : null };
};

const readKeyUsage = (extension: Extension | undefined): number | null => {
  if (!extension) return null;
  const { value } = readOne(extension.value, tags.bitString);
  return value.length === 2 ? value.readUInt8(1) : null;
};

const readAttribute = (name: Buffer, oid: string, stringTags: readonly number[]): string | null => {
  const found = membersOf(name, tags.sequence)
    .flatMap((set) => membersOf(set.raw, tags.set))
    .map((attribute) => membersOf(attribute.raw, tags.sequence))
    .filter(([type]) => type !== undefined && readOid(type) === oid);
  const [, text] = found[0] ?? [];
  return found.length === 1 && text && stringTags.includes(text.tag) ? text.value.toString('utf8') : null;
};

/** UTCTime of RFC 5280 with its two digits of a year, or GeneralizedTime. */
const readTime = ({ tag, value }: Tlv): number => {
  const text = value.toString('latin1');
  const whole = tag === 0x17 ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}` : text;
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(whole) ?? [];
  const [year, month, day, hour, minute, second] = parts;
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(ms)) throw new NotDer('time');
  return ms;
};
