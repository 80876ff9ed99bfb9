/** The responder's steps of EDHOC, method 0 (RFC 9528, section 5). Pure: ephemeral keys and signers come from outside. */
import { concatBytes } from '../wire/bytes.ts';
import { decodeSequence } from '../wire/cbor/decode.ts';
import { encodeCbor, encodeSequence } from '../wire/cbor/encode.ts';
import { isBytes, itemsOf, type CborValue } from '../wire/cbor/value.ts';
import { LinkError } from '../wire/link-error.ts';
import { keyLength, nonceLength, openCcm } from '../wire/edhoc/aes-ccm.ts';
import { decodeEad, encodeEad, type EadItem } from '../wire/edhoc/ead.ts';
import {
  createExporter,
  exporterSecret,
  extract,
  kdf,
  labels,
  type Exporter,
} from '../wire/edhoc/key-schedule.ts';
import {
  associatedData3,
  method,
  nextTranscript,
  readAuthenticated,
  readByteString,
  readConnectionId,
  signedOver,
  transcript2,
  xor,
  type Authenticated,
  type ConnectionId,
  type Message1,
  type OwnCredential,
  type PeerCredential,
} from '../wire/edhoc/messages.ts';
import { ephemeralLength, type Ephemeral, type Suite } from '../wire/edhoc/suites.ts';

/** The selected suite: the last of a list of two or more, or the only one as an integer. */
const readSelectedSuite = (value: CborValue | undefined): number => {
  if (typeof value === 'number') return value;
  const list = itemsOf(value);
  const selected = list.at(-1);
  if (list.length < 2 || typeof selected !== 'number' || list.some((suite) => typeof suite !== 'number')) {
    throw new LinkError('malformed', 'cipher suites');
  }
  return selected;
};

/** Throws LinkError: `malformed`, or `unsupported` for another method or suite. */
const decodeMessage1 = (suite: Suite, bytes: Uint8Array): Message1 => {
  const [chosen, suites, ephemeral, connectionId, ...rest] = decodeSequence(bytes);
  if (typeof chosen !== 'number') throw new LinkError('malformed', 'method');
  const selected = readSelectedSuite(suites);
  if (!isBytes(ephemeral)) throw new LinkError('malformed', 'ephemeral key');
  const fields = { ephemeral, connectionId: readConnectionId(connectionId), ead: decodeEad(rest) };
  if (chosen !== method) throw new LinkError('unsupported', 'method');
  if (selected !== suite.id) throw new LinkError('unsupported', 'cipher suite');
  if (ephemeral.length !== ephemeralLength) throw new LinkError('malformed', 'ephemeral key');
  return fields;
};

export interface OpenedMessage1 extends Message1 {
  readonly suite: Suite;
  readonly message1: Uint8Array;
}

/** Throws LinkError `malformed` or `unsupported`. */
export const openMessage1 = (suite: Suite, message1: Uint8Array): OpenedMessage1 => ({
  ...decodeMessage1(suite, message1),
  suite,
  message1,
});

export interface ResponderState {
  readonly suite: Suite;
  readonly prk: Uint8Array;
  /** TH_3. */
  readonly transcript: Uint8Array;
  readonly message2: Uint8Array;
}

/** Throws LinkError `malformed` when the initiator's ephemeral key is no point. */
export const createMessage2 = (
  opened: OpenedMessage1,
  ephemeral: Ephemeral,
  connectionId: ConnectionId,
  own: OwnCredential,
  ead: readonly EadItem[] = [],
): ResponderState => {
  const transcript = transcript2(ephemeral.publicKey, opened.message1);
  const prk = extract(transcript, ephemeral.agree(opened.ephemeral));
  const { id: idMap, certificate } = own;
  const signature = own.sign(
    signedOver(prk, labels.mac2, [connectionId], { idMap, transcript, certificate, ead }),
  );
  const plaintext = encodeSequence([connectionId, idMap, signature, ...encodeEad(ead)]);
  const ciphertext = xor(plaintext, kdf(prk, labels.keystream2, transcript, plaintext.length));
  return {
    suite: opened.suite,
    prk,
    transcript: nextTranscript(transcript, plaintext, certificate),
    message2: encodeCbor(concatBytes([ephemeral.publicKey, ciphertext])),
  };
};

/** message_3 decrypted but not yet verified. */
export interface OpenedMessage3 extends Authenticated {
  readonly prk: Uint8Array;
  readonly transcript: Uint8Array;
  readonly plaintext: Uint8Array;
}

/** Throws LinkError `not_authentic`, `malformed` or `unknown_credential`. */
export const openMessage3 = (state: ResponderState, message3: Uint8Array): OpenedMessage3 => {
  const { prk, transcript, suite } = state;
  const sealed = readByteString(message3);
  const plaintext = decrypt(prk, transcript, sealed);
  return { ...readAuthenticated(suite, decodeSequence(plaintext)), prk, transcript, plaintext };
};

const decrypt = (prk: Uint8Array, transcript: Uint8Array, sealed: Uint8Array): Uint8Array => {
  const key = kdf(prk, labels.k3, transcript, keyLength);
  const nonce = kdf(prk, labels.iv3, transcript, nonceLength);
  try {
    return openCcm(key, nonce, associatedData3(transcript), sealed, 8);
  } catch (cause) {
    throw new LinkError('not_authentic', 'message_3', { cause });
  }
};

/** The keys that both ends now share. Throws LinkError `not_authentic` unless `peer` has signed this exchange. */
export const verifyMessage3 = (opened: OpenedMessage3, peer: PeerCredential): Exporter => {
  const { certificate } = peer;
  const data = signedOver(opened.prk, labels.mac3, [], { ...opened, certificate });
  if (!peer.verify(data, opened.signature)) throw new LinkError('not_authentic', 'signature of message_3');
  return createExporter(
    exporterSecret(opened.prk, nextTranscript(opened.transcript, opened.plaintext, certificate)),
  );
};
