/** Reads X.509 certificates of the link's profile (docs/link.md, "Certificates") into the fields that the policy needs. */
import { createBoundedMap } from '#shared/flow/bounded-map.ts';
import { copyBytes, equalBytes, toHex } from './bytes.ts';
import {
  derTags,
  readDerMembers,
  readDerNamedBits,
  readDerOid,
  readDerTime,
  readDerUint,
  readDerValue,
  type DerItem,
} from './der.ts';
import { LinkError } from './link-error.ts';
import { oids } from './oids.ts';
import { pointLength, spkiPrefix } from './signing.ts';

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

/** Bytes of the longest certificate. */
export const maxCertificate = 1024;

type Extensions = Pick<
  Certificate,
  'ca' | 'pathLength' | 'keyUsage' | 'criticalUsages' | 'customerEpoch' | 'keyEpoch' | 'unknownCritical'
>;

const malformed = (detail: string): LinkError => new LinkError('malformed', `certificate: ${detail}`);

const isAlgorithm = (item: DerItem): boolean => {
  const [algorithm, ...parameters] = readDerMembers(item.raw, derTags.sequence);
  return (
    algorithm?.tag === derTags.oid &&
    readDerOid(algorithm.value) === oids.ecdsaWithSha256 &&
    parameters.length === 0
  );
};

const readPublicKey = (item: DerItem): Uint8Array => {
  const { raw } = item;
  const fits = raw.length === spkiPrefix.length + pointLength && raw[spkiPrefix.length] === 4;
  if (!fits || !equalBytes(raw.subarray(0, spkiPrefix.length), spkiPrefix)) throw malformed('public key');
  return copyBytes(raw, spkiPrefix.length);
};

const readSubjectSerialNumber = (name: Uint8Array): string | null => {
  let found: string | null = null;
  for (const set of readDerMembers(name, derTags.sequence)) {
    for (const attribute of readDerMembers(set.raw, derTags.set)) {
      const [type, value] = readDerMembers(attribute.raw, derTags.sequence);
      if (type?.tag !== derTags.oid || value === undefined) throw malformed('name');
      if (readDerOid(type.value) !== oids.serialNumberAttribute) continue;
      if (found !== null || value.tag !== derTags.printableString) throw malformed('serialNumber attribute');
      found = Buffer.from(value.value).toString('latin1');
    }
  }
  return found;
};

interface Extension {
  readonly id: string;
  readonly critical: boolean;
  readonly value: Uint8Array;
}

const readExtension = (item: DerItem): Extension => {
  const members = readDerMembers(item.raw, derTags.sequence);
  const [id, second] = members;
  const value = members.at(-1);
  if (id?.tag !== derTags.oid || value?.tag !== derTags.octetString) throw malformed('extension');
  // DEFAULT FALSE is left out in DER, so a BOOLEAN that is there is TRUE.
  const critical = members.length === 3 && second?.tag === derTags.boolean;
  if (critical ? !equalBytes(second.value, Uint8Array.of(0xff)) : members.length !== 2)
    throw malformed('extension');
  return { id: readDerOid(id.value), critical, value: value.value };
};

const readBasicConstraints = (value: Uint8Array): Pick<Certificate, 'ca' | 'pathLength'> => {
  const [ca, length, ...others] = readDerMembers(value, derTags.sequence);
  if (ca === undefined) return { ca: false, pathLength: null };
  const isTrue = ca.tag === derTags.boolean && equalBytes(ca.value, Uint8Array.of(0xff));
  if (!isTrue || others.length > 0 || (length !== undefined && length.tag !== derTags.integer)) {
    throw malformed('basicConstraints');
  }
  return { ca: true, pathLength: length === undefined ? null : readDerUint(length.value) };
};

const readUsages = (value: Uint8Array): string[] =>
  readDerMembers(value, derTags.sequence).map((usage) => {
    if (usage.tag !== derTags.oid) throw malformed('extKeyUsage');
    return readDerOid(usage.value);
  });

const readEpoch = (value: Uint8Array): number => readDerUint(readDerValue(value, derTags.integer));

/** What one extension says; an unknown one says whether it is critical. */
const interpret = ({ id, critical, value }: Extension): Partial<Extensions> => {
  switch (id) {
    case oids.basicConstraints:
      return readBasicConstraints(value);
    case oids.keyUsageExtension:
      return { keyUsage: readDerNamedBits(readDerValue(value, derTags.bitString)) };
    case oids.extendedKeyUsage: {
      const usages = readUsages(value);
      return critical ? { criticalUsages: usages } : {};
    }
    case oids.customerEpoch:
      return { customerEpoch: readEpoch(value) };
    case oids.keyEpoch:
      return { keyEpoch: readEpoch(value) };
    default:
      return critical ? { unknownCritical: true } : {};
  }
};

const readExtensions = (item: DerItem | undefined): Extensions => {
  const read: Extensions = {
    ca: false,
    pathLength: null,
    keyUsage: null,
    criticalUsages: [],
    customerEpoch: null,
    keyEpoch: null,
    unknownCritical: false,
  };
  if (item === undefined) return read;
  if (item.tag !== 0xa3) throw malformed('unexpected field');
  const extensions = readDerMembers(item.value, derTags.sequence).map(readExtension);
  const ids = new Set(extensions.map(({ id }) => id));
  if (ids.size !== extensions.length) throw malformed('extension twice');
  return extensions.reduce<Extensions>((sum, extension) => ({ ...sum, ...interpret(extension) }), read);
};

const readSignature = (item: DerItem | undefined): Uint8Array => {
  if (item?.tag !== derTags.bitString || item.value[0] !== 0) throw malformed('signature');
  return copyBytes(item.value, 1);
};

const parse = (bytes: Uint8Array): Certificate => {
  const der = copyBytes(bytes);
  const [tbs, outerAlgorithm, signature, ...surplus] = readDerMembers(der, derTags.sequence);
  if (tbs === undefined || outerAlgorithm === undefined || surplus.length > 0) throw malformed('structure');
  const [version, serial, algorithm, issuer, validity, subject, key, extensions, ...others] = readDerMembers(
    tbs.raw,
    derTags.sequence,
  );
  if (version === undefined || key === undefined || others.length > 0) throw malformed('structure');
  if (!equalBytes(version.raw, Uint8Array.of(0xa0, 3, 2, 1, 2))) throw malformed('version');
  if (serial?.tag !== derTags.integer || serial.value.length === 0 || serial.value.length > 20) {
    throw malformed('serial number');
  }
  if (algorithm === undefined || !isAlgorithm(algorithm) || !isAlgorithm(outerAlgorithm))
    throw malformed('algorithm');
  if (issuer?.tag !== derTags.sequence || subject === undefined || validity === undefined)
    throw malformed('structure');
  const [notBefore, notAfter, ...times] = readDerMembers(validity.raw, derTags.sequence);
  if (notBefore === undefined || notAfter === undefined || times.length > 0) throw malformed('validity');
  return {
    der,
    signedPart: tbs.raw,
    signature: readSignature(signature),
    issuer: issuer.raw,
    subject: subject.raw,
    subjectSerialNumber: readSubjectSerialNumber(subject.raw),
    notBefore: readDerTime(notBefore),
    notAfter: readDerTime(notAfter),
    publicKey: readPublicKey(key),
    ...readExtensions(extensions),
  };
};

/** The same few certificates come back at every step of every session; nothing of one ever changes. */
const mostKnown = 128;
/** In order of their last use: the one that was not used for longest makes room. */
const known = createBoundedMap<string, Certificate>(mostKnown);

/** Reads one certificate; judges nothing. Throws LinkError `malformed` for what is outside of the profile's form. */
export const readCertificate = (bytes: Uint8Array): Certificate => {
  if (bytes.length > maxCertificate) throw malformed('too long');
  const name = toHex(bytes);
  const read = known.get(name) ?? parse(bytes);
  known.set(name, read);
  return read;
};
