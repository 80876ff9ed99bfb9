/** EDHOC against RFC 9529: section 2 end to end, section 3 for suite 2's primitives, section 4 for what is refused. */
import { createPrivateKey, sign, verify, X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { traceRows, traceValue } from '#support/rfc9529.ts';
import { concatBytes, equalBytes, fromHex, toHex } from './wire/bytes.ts';
import { decodeCbor, decodeSequence } from './wire/cbor/decode.ts';
import { encodeCbor } from './wire/cbor/encode.ts';
import { sealCcm } from './wire/edhoc/aes-ccm.ts';
import { decodeCredentialId } from './wire/edhoc/credentials.ts';
import { createMessage3, openMessage2, startInitiator, verifyMessage2 } from './kiosk/initiator.ts';
import { createExporter, exporterSecret, extract, kdf, labels, sha256 } from './wire/edhoc/key-schedule.ts';
import {
  nextTranscript,
  readAuthenticated,
  transcript2,
  type OwnCredential,
  type PeerCredential,
} from './wire/edhoc/messages.ts';
import { createMessage2, openMessage1, openMessage3, verifyMessage3 } from './lock/responder.ts';
import { suite0 } from '#support/suite-0.ts';
import { suite2, type Suite } from './wire/edhoc/suites.ts';

const of = (what: string, part = ''): Uint8Array => traceValue('2', what, part);
const of3 = (what: string, part = ''): Uint8Array => traceValue('3', what, part);

const idMap = (name: string): OwnCredential['id'] => decodeCredentialId(decodeCbor(of(name))).map;

const own = (end: 'I' | 'R', signed: Uint8Array[]): OwnCredential => {
  const prefix = fromHex('302e020100300506032b657004220420');
  const key = createPrivateKey({
    key: Buffer.from(concatBytes([prefix, of(`SK_${end}`)])),
    format: 'der',
    type: 'pkcs8',
  });
  return {
    id: idMap(`ID_CRED_${end}`),
    certificate: of(`CRED_${end}`),
    sign: (data) => {
      signed.push(data);
      return new Uint8Array(sign(null, data, key));
    },
  };
};

const peer = (end: 'I' | 'R'): PeerCredential => {
  const certificate = of(`CRED_${end}`);
  const { publicKey } = new X509Certificate(certificate);
  return { certificate, verify: (data, signature) => verify(null, data, publicKey, signature) };
};

describe('section 2: method 0, suite 0', () => {
  const ephemeralI = suite0.ephemeralFrom(of('X'));
  const ephemeralR = suite0.ephemeralFrom(of('Y'));
  const signedI: Uint8Array[] = [];
  const signedR: Uint8Array[] = [];
  const start = startInitiator(suite0, ephemeralI, -14);
  const opened1 = openMessage1(suite0, of('message_1', 'message_1'));
  const state = createMessage2(opened1, ephemeralR, fromHex('18'), own('R', signedR));
  const opened2 = openMessage2(start, of('message_2', 'message_2'));
  const verified2 = verifyMessage2(opened2, peer('R'));
  const { message3, exporter } = createMessage3(verified2, own('I', signedI));
  const opened3 = openMessage3(state, of('message_3', 'message_3'));
  const exporterR = verifyMessage3(opened3, peer('I'));
  const th4 = nextTranscript(verified2.transcript, opened3.plaintext, of('CRED_I'));

  test.each<[string, Uint8Array, Uint8Array]>([
    ['G_X', ephemeralI.publicKey, of('G_X')],
    ['message_1', start.message1, of('message_1', 'message_1')],
    ['G_Y', ephemeralR.publicKey, of('G_Y')],
    ['G_XY at the initiator', ephemeralI.agree(of('G_Y')), of('G_XY (Raw Value)')],
    ['G_XY at the responder', ephemeralR.agree(of('G_X')), of('G_XY (Raw Value)')],
    ['H(message_1)', sha256(start.message1), of('H(message_1)')],
    ['TH_2', opened2.transcript, of('TH_2')],
    ['PRK_2e', opened2.prk, of('PRK_2e')],
    ['PRK_3e2m is PRK_2e', opened2.prk, of('PRK_3e2m')],
    ['PRK_4e3m is PRK_2e', opened2.prk, of('PRK_4e3m')],
    ['ID_CRED_R', encodeCbor(opened2.idMap), of('ID_CRED_R')],
    ['MAC_2', signedR[0]!.slice(-32), of('MAC_2')],
    ['message to be signed 2', signedR[0]!, of('Message to be signed 2')],
    ['signature 2', opened2.signature, of('Signature_or_MAC_2')],
    ['PLAINTEXT_2', opened2.plaintext, of('PLAINTEXT_2')],
    ['KEYSTREAM_2', kdf(opened2.prk, labels.keystream2, opened2.transcript, 82), of('KEYSTREAM_2')],
    ['message_2', state.message2, of('message_2', 'message_2')],
    ['TH_3 at the initiator', verified2.transcript, of('TH_3')],
    ['TH_3 at the responder', state.transcript, of('TH_3')],
    ['MAC_3', signedI[0]!.slice(-32), of('MAC_3')],
    ['message to be signed 3', signedI[0]!, of('Message to be signed 3')],
    ['signature 3', opened3.signature, of('Signature_or_MAC_3')],
    ['ID_CRED_I', encodeCbor(opened3.idMap), of('ID_CRED_I')],
    ['PLAINTEXT_3', opened3.plaintext, of('PLAINTEXT_3')],
    ['K_3', kdf(state.prk, labels.k3, state.transcript, 16), of('K_3')],
    ['IV_3', kdf(state.prk, labels.iv3, state.transcript, 13), of('IV_3')],
    ['message_3', message3, of('message_3', 'message_3')],
    ['TH_4', th4, of('TH_4')],
    ['PRK_out', kdf(state.prk, labels.prkOut, th4, 32), of('PRK_out', 'PRK_out')],
    ['PRK_exporter', exporterSecret(state.prk, th4), of('PRK_exporter', 'PRK_out')],
    ['exporter at the initiator, label 0', exporter(0, 16), of('OSCORE Master Secret')],
    ['exporter at the responder, label 1', exporterR(1, 8), of('OSCORE Master Salt')],
  ])('%s', (_name, actual, expected) => {
    expect(toHex(actual)).toBe(toHex(expected));
  });
});

describe("section 3: suite 2's primitives and the key schedule", () => {
  const x = suite2.ephemeralFrom(of3('X', 'message_1 (second'))!;
  const y = suite2.ephemeralFrom(of3('Y'))!;
  const shared = x.agree(y.publicKey);
  const th2 = transcript2(y.publicKey, of3('message_1', 'message_1 (second'));
  const prk2e = extract(th2, shared);
  const keyR = suite2.ephemeralFrom(of3('SK_R'))!;
  const keyI = suite2.ephemeralFrom(of3('SK_I'))!;
  const prk3e2m = extract(kdf(prk2e, 1, th2, 32), keyR.agree(x.publicKey));
  // A credential in section 3 is a CBOR item itself, so the transcript is hashed over it as it is.
  const th3 = sha256(encodeCbor(th2), of3('PLAINTEXT_2'), of3('CRED_R'));
  const prk4e3m = extract(kdf(prk3e2m, 5, th3, 32), keyI.agree(y.publicKey));
  const th4 = sha256(encodeCbor(th3), of3('PLAINTEXT_3'), of3('CRED_I'));
  const k3 = kdf(prk3e2m, labels.k3, th3, 16);
  const iv3 = kdf(prk3e2m, labels.iv3, th3, 13);

  test.each<[string, Uint8Array, Uint8Array]>([
    ['G_X', x.publicKey, of3('G_X', 'message_1 (second')],
    ['G_Y', y.publicKey, of3('G_Y')],
    ['G_XY', shared, of3('G_XY (Raw Value)')],
    ['G_XY from the other end', y.agree(x.publicKey), of3('G_XY (Raw Value)')],
    ['TH_2', th2, of3('TH_2')],
    ['PRK_2e', prk2e, of3('PRK_2e')],
    ['KEYSTREAM_2', kdf(prk2e, labels.keystream2, th2, 11), of3('KEYSTREAM_2')],
    ['G_RX', keyR.agree(x.publicKey), of3('G_RX (Raw Value)')],
    ['SALT_3e2m', kdf(prk2e, 1, th2, 32), of3('SALT_3e2m')],
    ['PRK_3e2m', prk3e2m, of3('PRK_3e2m')],
    ['MAC_2', kdf(prk3e2m, labels.mac2, of3('context_2'), 8), of3('MAC_2')],
    ['TH_3', th3, of3('TH_3')],
    ['SALT_4e3m', kdf(prk3e2m, 5, th3, 32), of3('SALT_4e3m')],
    ['G_IY', keyI.agree(y.publicKey), of3('G_IY (Raw Value)')],
    ['PRK_4e3m', prk4e3m, of3('PRK_4e3m')],
    ['MAC_3', kdf(prk4e3m, labels.mac3, of3('context_3'), 8), of3('MAC_3')],
    ['K_3', k3, of3('K_3')],
    ['IV_3', iv3, of3('IV_3')],
    ['CIPHERTEXT_3', sealCcm(k3, iv3, of3('A_3'), of3('PLAINTEXT_3'), 8), of3('CIPHERTEXT_3')],
    ['TH_4', th4, of3('TH_4')],
    ['PRK_out', kdf(prk4e3m, labels.prkOut, th4, 32), of3('PRK_out', 'PRK_out')],
    ['PRK_exporter', exporterSecret(prk4e3m, th4), of3('PRK_exporter', 'PRK_out')],
    [
      'OSCORE Master Secret',
      createExporter(exporterSecret(prk4e3m, th4))(0, 16),
      of3('OSCORE Master Secret'),
    ],
  ])('%s', (_name, actual, expected) => {
    expect(toHex(actual)).toBe(toHex(expected));
  });
});

describe('section 4: what must be refused', () => {
  const respond = (suite: Suite, message1: Uint8Array): void => {
    const signer = {
      id: new Map([[34, [-15, new Uint8Array(8)]]]),
      certificate: new Uint8Array(),
      sign: () => new Uint8Array(64),
    };
    const ephemeral = suite.ephemeralFrom(new Uint8Array(32).fill(7))!;
    createMessage2(openMessage1(suite, message1), ephemeral, 0, signer);
  };
  /** The traces are of method 3; as method 0 they have to fail for what is wrong with them. */
  const asMethod0 = (bytes: Uint8Array): Uint8Array =>
    bytes[0] === 3 ? Uint8Array.of(0, ...bytes.subarray(1)) : bytes;

  test.each(traceRows('4').map((row) => [row.part, row] as const))('%s', (_part, { what, bytes }) => {
    if (what === 'Invalid message_1') {
      const suite = equalBytes(bytes.slice(1, 2), fromHex('00')) ? suite0 : suite2;
      expect(() => respond(suite, bytes)).toThrow(/^(malformed|unsupported)/);
      expect(() => respond(suite, asMethod0(bytes))).toThrow(/^(malformed|unsupported)/);
    } else if (what === 'Invalid message_2') {
      const start = startInitiator(suite2, suite2.ephemeralFrom(new Uint8Array(32).fill(7))!, 0);
      expect(() => openMessage2(start, bytes)).toThrow(/^malformed/);
    } else {
      expect(() => {
        const [, ...rest] = decodeSequence(bytes);
        readAuthenticated(suite2, rest);
      }).toThrow(/^(malformed|unknown_credential)/);
    }
  });
});
