/** The initiator's steps of EDHOC, method 0 (RFC 9528, section 5). Pure: ephemeral keys and signers come from outside. */
import { concatBytes } from '../wire/bytes.ts';
import { decodeSequence } from '../wire/cbor/decode.ts';
import { encodeCbor, encodeSequence } from '../wire/cbor/encode.ts';
import { LinkError } from '../wire/link-error.ts';
import { keyLength, nonceLength, sealCcm } from '../wire/edhoc/aes-ccm.ts';
import { encodeEad, type EadItem } from '../wire/edhoc/ead.ts';
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
  encodeMessage1,
  nextTranscript,
  readAuthenticated,
  readByteString,
  readConnectionId,
  signedOver,
  transcript2,
  xor,
  type Authenticated,
  type ConnectionId,
  type OwnCredential,
  type PeerCredential,
} from '../wire/edhoc/messages.ts';
import { ephemeralLength, type Ephemeral, type Suite } from '../wire/edhoc/suites.ts';

export interface InitiatorStart {
  readonly suite: Suite;
  readonly ephemeral: Ephemeral;
  readonly message1: Uint8Array;
}

export const startInitiator = (
  suite: Suite,
  ephemeral: Ephemeral,
  connectionId: ConnectionId,
  ead: readonly EadItem[] = [],
): InitiatorStart => ({
  suite,
  ephemeral,
  message1: encodeMessage1(suite, { ephemeral: ephemeral.publicKey, connectionId, ead }),
});

/** message_2 decrypted but not yet verified: whoever sent it is unknown until `verifyMessage2`. */
export interface OpenedMessage2 extends Authenticated {
  readonly suite: Suite;
  /** G_Y, 32 bytes. */
  readonly ephemeralR: Uint8Array;
  readonly connectionIdR: ConnectionId;
  readonly transcript: Uint8Array;
  readonly plaintext: Uint8Array;
  readonly prk: Uint8Array;
}

/** Throws LinkError `malformed` or `unknown_credential`. */
export const openMessage2 = (start: InitiatorStart, message2: Uint8Array): OpenedMessage2 => {
  const body = readByteString(message2);
  if (body.length <= ephemeralLength) throw new LinkError('malformed', 'message_2');
  const ephemeralR = body.slice(0, ephemeralLength);
  const ciphertext = body.subarray(ephemeralLength);
  const transcript = transcript2(ephemeralR, start.message1);
  const prk = extract(transcript, start.ephemeral.agree(ephemeralR));
  const plaintext = xor(ciphertext, kdf(prk, labels.keystream2, transcript, ciphertext.length));
  const [connectionIdR, ...rest] = decodeSequence(plaintext);
  return {
    ...readAuthenticated(start.suite, rest),
    suite: start.suite,
    ephemeralR,
    connectionIdR: readConnectionId(connectionIdR),
    transcript,
    plaintext,
    prk,
  };
};

/** What the initiator goes on with once the responder is authenticated. */
export interface VerifiedMessage2 {
  readonly prk: Uint8Array;
  /** TH_3. */
  readonly transcript: Uint8Array;
}

/** Throws LinkError `not_genuine` unless `peer` has signed this exchange. */
export const verifyMessage2 = (opened: OpenedMessage2, peer: PeerCredential): VerifiedMessage2 => {
  const data = signedOver(opened.prk, labels.mac2, [opened.connectionIdR], {
    ...opened,
    certificate: peer.certificate,
  });
  if (!peer.verify(data, opened.signature)) throw new LinkError('not_genuine', 'signature of message_2');
  return {
    prk: opened.prk,
    transcript: nextTranscript(opened.transcript, opened.plaintext, peer.certificate),
  };
};

/** message_3, and the keys that both ends now share. */
export const createMessage3 = (
  verified: VerifiedMessage2,
  own: OwnCredential,
  ead: readonly EadItem[] = [],
): { readonly message3: Uint8Array; readonly exporter: Exporter } => {
  const { prk, transcript } = verified;
  const signature = own.sign(
    signedOver(prk, labels.mac3, [], { idMap: own.id, transcript, certificate: own.certificate, ead }),
  );
  const plaintext = concatBytes([encodeCbor(own.id), encodeSequence([signature, ...encodeEad(ead)])]);
  const sealed = sealCcm(
    kdf(prk, labels.k3, transcript, keyLength),
    kdf(prk, labels.iv3, transcript, nonceLength),
    associatedData3(transcript),
    plaintext,
    8,
  );
  const exporter = createExporter(
    exporterSecret(prk, nextTranscript(transcript, plaintext, own.certificate)),
  );
  return { message3: encodeCbor(sealed), exporter };
};
