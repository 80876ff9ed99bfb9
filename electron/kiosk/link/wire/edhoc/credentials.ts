/** How EDHOC names a credential: COSE header maps with x5t or x5chain (RFC 9360), and nothing else. */
import { isArray, isBytes, isMap, type CborMap, type CborValue } from '../cbor/value.ts';
import { LinkError } from '../link-error.ts';
import { sha256 } from './key-schedule.ts';

/** COSE header labels and the hash algorithm SHA-256/64 of RFC 9054. */
const x5chain = 33;
const x5t = 34;
const sha256First64 = -15;

/** Bytes of a certificate's hash in an x5t. */
export const certificateHashLength = 8;

export const certificateHash = (der: Uint8Array): Uint8Array => sha256(der).slice(0, certificateHashLength);

/** What a header map says: certificates themselves, end entity first, or the hash of the end entity. */
export type CredentialId =
  | { readonly type: 'x5chain'; readonly certificates: readonly Uint8Array[] }
  | { readonly type: 'x5t'; readonly hash: Uint8Array };

/** One certificate is a byte string, several are an array (RFC 9360, section 2). */
export const encodeCredentialId = (id: CredentialId): CborMap => {
  if (id.type === 'x5t') return new Map([[x5t, [sha256First64, id.hash]]]);
  const [only, ...others] = id.certificates;
  if (only === undefined) throw new RangeError('an empty chain');
  return new Map<number, CborValue>([[x5chain, others.length === 0 ? only : id.certificates]]);
};

const readX5t = (value: CborValue): CredentialId | null => {
  if (!isArray(value) || value.length !== 2 || value[0] !== sha256First64) return null;
  const hash = value[1];
  return isBytes(hash) && hash.length === certificateHashLength ? { type: 'x5t', hash } : null;
};

const readX5chain = (value: CborValue): CredentialId | null => {
  if (isBytes(value)) return { type: 'x5chain', certificates: [value] };
  if (!isArray(value) || value.length < 2) return null;
  return value.every(isBytes) ? { type: 'x5chain', certificates: value } : null;
};

/**
 * Throws LinkError: `unknown_credential` for a key identifier in its short form, `malformed` for what is no header map of
 * these two kinds (a key identifier written as a map among them: RFC 9528 has one form for it).
 */
export const decodeCredentialId = (value: CborValue): { id: CredentialId; map: CborMap } => {
  if (isBytes(value) || typeof value === 'number') throw new LinkError('unknown_credential', 'kid');
  if (!isMap(value) || value.size !== 1) throw new LinkError('malformed', 'credential identifier');
  const hash = value.get(x5t);
  const chain = value.get(x5chain);
  const id = hash !== undefined ? readX5t(hash) : chain !== undefined ? readX5chain(chain) : null;
  if (id === null) throw new LinkError('malformed', 'credential identifier');
  return { id, map: value };
};
