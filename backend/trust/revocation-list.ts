/**
 * A revocation list as it goes over the wire (docs/link.md, "Signed statements"): read and judged where it arrives, so that none
 * reaches a kiosk that no lock would take. A list has one form, so this reads that form and no other CBOR.
 */
import { createHash, verify } from 'node:crypto';
import { createCborReader, NotThatCbor } from './cbor-reader.ts';
import { readCertificate, type Certificate } from './certificate.ts';

export interface RevocationList {
  readonly version: number;
  readonly minCustomerEpoch: number;
  /** Lowest key epoch by serial number. */
  readonly locks: ReadonlyMap<string, number>;
}

export type ListFault = 'malformed' | 'not_signed_by_root' | 'other_customer';

export interface ListExpectations {
  /** The vendor's root and an intermediate of the customer: X.509, DER, base64. */
  readonly root: string;
  readonly intermediate: string;
}

const mostLocks = 64;
const signatureLength = 64;
const protectedHeader = Buffer.from('43a10126', 'hex');

interface Statement extends RevocationList {
  readonly customer: Buffer;
  readonly payload: Buffer;
  readonly signature: Buffer;
}

const readStatement = (bytes: Buffer): Statement => {
  const outer = createCborReader(bytes);
  outer.array(4);
  if (!outer.bytes().equals(protectedHeader.subarray(1))) throw new NotThatCbor();
  outer.emptyMap();
  const payload = outer.bytes();
  const signature = outer.bytes(signatureLength);
  outer.end();
  const inner = createCborReader(payload);
  inner.array(4);
  const customer = inner.bytes(32);
  const [version, minCustomerEpoch] = [inner.uint(), inner.uint()];
  const locks = new Map<string, number>();
  for (let left = inner.arrayOfAtMost(mostLocks); left > 0; left -= 1) {
    inner.array(2);
    const serialNumber = inner.bytes(8).toString('hex');
    locks.set(serialNumber, Math.max(locks.get(serialNumber) ?? 0, inner.uint()));
  }
  inner.end();
  return { version, minCustomerEpoch, locks, customer, payload, signature };
};

/** What a list (base64) says; null for what is none. */
export const readList = (list: string): RevocationList | null => {
  const read = statementOf(list);
  return read && { version: read.version, minCustomerEpoch: read.minCustomerEpoch, locks: read.locks };
};

/** Judges a list (base64) that was delivered; null where a lock of the customer would take it. */
export const judgeList = (list: string, expectations: ListExpectations): ListFault | null => {
  const root = certificateOf(expectations.root);
  const intermediate = certificateOf(expectations.intermediate);
  const statement = statementOf(list);
  if (!statement || !root || !intermediate) return 'malformed';
  if (!statement.customer.equals(sha256(pointOf(intermediate)))) return 'other_customer';
  const key = { key: root.x509.publicKey, dsaEncoding: 'ieee-p1363' } as const;
  const isSigned = verify('sha256', signedBytes(statement.payload), key, statement.signature);
  return isSigned ? null : 'not_signed_by_root';
};

const statementOf = (list: string): Statement | null => {
  try {
    return readStatement(Buffer.from(list, 'base64'));
  } catch (thrown) {
    if (thrown instanceof NotThatCbor) return null;
    throw thrown;
  }
};

const certificateOf = (base64: string): Certificate | null => readCertificate(Buffer.from(base64, 'base64'));

/** The uncompressed point: the last 65 bytes of a P-256 SubjectPublicKeyInfo. */
const pointOf = ({ x509 }: Certificate): Buffer =>
  x509.publicKey.export({ format: 'der', type: 'spki' }).subarray(-65);

const sha256 = (data: Buffer): Buffer => createHash('sha256').update(data).digest();

/** The Sig_structure of RFC 9052, section 4.4; its context is ["Latchpoint revocation"]. */
const signedBytes = (payload: Buffer): Buffer => {
  const name = Buffer.from('Latchpoint revocation', 'ascii');
  const context = Buffer.concat([Buffer.of(0x81, 0x60 + name.length), name]);
  return Buffer.concat([
    Buffer.of(0x84, 0x6a),
    Buffer.from('Signature1', 'ascii'),
    protectedHeader,
    Buffer.of(0x40 + context.length),
    context,
    lengthOf(payload),
    payload,
  ]);
};

/** The head of a byte string: deterministic, so as short as it can be. */
const lengthOf = ({ length }: Buffer): Buffer => {
  if (length < 24) return Buffer.of(0x40 + length);
  return length < 256 ? Buffer.of(0x58, length) : Buffer.of(0x59, length >> 8, length & 0xff);
};
