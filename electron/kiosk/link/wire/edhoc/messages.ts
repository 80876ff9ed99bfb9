/** The fields of EDHOC's messages (RFC 9528, section 5) and what is hashed, authenticated and signed over them. */
import { isBytes, type CborMap, type CborValue } from '../cbor/value.ts';
import { decodeCbor } from '../cbor/decode.ts';
import { encodeCbor, encodeSequence } from '../cbor/encode.ts';
import { LinkError } from '../link-error.ts';
import { decodeEad, encodeEad, type EadItem } from './ead.ts';
import { decodeCredentialId, type CredentialId } from './credentials.ts';
import { hashLength, kdf, sha256 } from './key-schedule.ts';
import type { Suite } from './suites.ts';

/** A connection identifier: a small integer stands for the one byte that encodes it (RFC 9528, section 3.3.2). */
export type ConnectionId = number | Uint8Array;

/** Signature keys at both ends: the one authentication method that the link has. */
export const method = 0;

const empty = new Uint8Array();

/** A credential of this end: how it is named, what it is, and who signs with it. */
export interface OwnCredential {
  readonly id: CborMap;
  /** The end-entity certificate, DER. */
  readonly certificate: Uint8Array;
  readonly sign: (data: Uint8Array) => Uint8Array;
}

/** The other end's credential once found: its certificate and its public key's check. */
export interface PeerCredential {
  readonly certificate: Uint8Array;
  readonly verify: (data: Uint8Array, signature: Uint8Array) => boolean;
}

const isOneByteInteger = (bytes: Uint8Array): boolean => {
  const [only] = bytes;
  return bytes.length === 1 && only !== undefined && (only <= 0x17 || (only >= 0x20 && only <= 0x37));
};

export const readConnectionId = (value: CborValue | undefined): ConnectionId => {
  if (typeof value === 'number' && value >= -24 && value <= 23) return value;
  if (isBytes(value) && value.length <= 16 && !isOneByteInteger(value)) return value;
  throw new LinkError('malformed', 'connection identifier');
};

export interface Message1 {
  readonly ephemeral: Uint8Array;
  readonly connectionId: ConnectionId;
  readonly ead: readonly EadItem[];
}

export const encodeMessage1 = (suite: Suite, fields: Message1): Uint8Array =>
  encodeSequence([method, suite.id, fields.ephemeral, fields.connectionId, ...encodeEad(fields.ead)]);

/** A message that is one byte string: message_2 and message_3. Throws LinkError `malformed`. */
export const readByteString = (bytes: Uint8Array): Uint8Array => {
  const value = decodeCbor(bytes);
  if (!isBytes(value)) throw new LinkError('malformed', 'message');
  return value;
};

/** The authenticated part that PLAINTEXT_2 and PLAINTEXT_3 have in common. */
export interface Authenticated {
  readonly id: CredentialId;
  readonly idMap: CborMap;
  readonly signature: Uint8Array;
  readonly ead: readonly EadItem[];
}

export const readAuthenticated = (suite: Suite, values: readonly CborValue[]): Authenticated => {
  const [credential, signature, ...rest] = values;
  if (credential === undefined) throw new LinkError('malformed', 'plaintext');
  const { id, map } = decodeCredentialId(credential);
  if (!isBytes(signature) || signature.length !== suite.signatureLength) {
    throw new LinkError('malformed', 'signature');
  }
  return { id, idMap: map, signature, ead: decodeEad(rest) };
};

/** MAC_2 or MAC_3 and the COSE Sig_structure that is signed over it. `lead`: C_R in message_2, nothing in message_3. */
export const signedOver = (
  key: Uint8Array,
  label: number,
  lead: readonly ConnectionId[],
  fields: {
    readonly idMap: CborMap;
    readonly transcript: Uint8Array;
    readonly certificate: Uint8Array;
    readonly ead: readonly EadItem[];
  },
): Uint8Array => {
  const external = [fields.transcript, fields.certificate, ...encodeEad(fields.ead)];
  const mac = kdf(key, label, encodeSequence([...lead, fields.idMap, ...external]), hashLength);
  return encodeCbor(['Signature1', encodeCbor(fields.idMap), encodeSequence(external), mac]);
};

/** TH_2 = H(G_Y, H(message_1)). */
export const transcript2 = (ephemeralR: Uint8Array, message1: Uint8Array): Uint8Array =>
  sha256(encodeSequence([ephemeralR, sha256(message1)]));

/** TH_3 and TH_4: H(the one before, plaintext, credential). */
export const nextTranscript = (
  before: Uint8Array,
  plaintext: Uint8Array,
  certificate: Uint8Array,
): Uint8Array => sha256(encodeCbor(before), plaintext, encodeCbor(certificate));

/** The associated data of message_3's encryption. */
export const associatedData3 = (transcript: Uint8Array): Uint8Array =>
  encodeCbor(['Encrypt0', empty, transcript]);

/** `a` XOR `b`, of equal length. */
export const xor = (a: Uint8Array, b: Uint8Array): Uint8Array => {
  const mixed = new Uint8Array(a.length);
  for (let index = 0; index < a.length; index += 1) mixed[index] = (a[index] ?? 0) ^ (b[index] ?? 0);
  return mixed;
};
