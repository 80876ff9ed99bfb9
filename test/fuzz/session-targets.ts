/** Both ends of a session, at each of their steps; and what is inside of the encryption, properly encrypted. */
import { concatBytes, equalBytes } from '#kiosk/link/wire/bytes.ts';
import { encodeCbor, encodeSequence } from '#kiosk/link/wire/cbor/encode.ts';
import { encodeCommand } from '#kiosk/link/wire/commands.ts';
import { keyLength, nonceLength, sealCcm } from '#kiosk/link/wire/edhoc/aes-ccm.ts';
import { certificateHash, encodeCredentialId } from '#kiosk/link/wire/edhoc/credentials.ts';
import { eadItem, eadLabels, encodeEad } from '#kiosk/link/wire/edhoc/ead.ts';
import { openMessage2, startInitiator } from '#kiosk/link/kiosk/initiator.ts';
import { extract, kdf, labels } from '#kiosk/link/wire/edhoc/key-schedule.ts';
import { associatedData3, transcript2, xor } from '#kiosk/link/wire/edhoc/messages.ts';
import { createMessage2, openMessage1, openMessage3 } from '#kiosk/link/lock/responder.ts';
import { drawEphemeral, suite2 } from '#kiosk/link/wire/edhoc/suites.ts';
import { plainIdentify, readIdentified } from '#kiosk/link/wire/link-messages.ts';
import type { KioskAction } from '#kiosk/link/kiosk/session.ts';
import type { LockAction, LockSession } from '#kiosk/link/lock/session.ts';
import { createSigner } from '#kiosk/link/lock/signer.ts';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import {
  deviceCertificate,
  deviceKey,
  intermediate,
  kioskEnd,
  type KioskEnd,
  leaf,
  lockEnd,
  privateKeyCalled,
} from '#support/link-world.ts';
import { sampleCommands } from './codec-targets.ts';
import { expectThat, type FuzzTarget } from './target.ts';

const [unlock, , status] = sampleCommands;
const opened = { type: 'unlock', holdOpenSeconds: 5 } as const;

const sent = (action: KioskAction | LockAction): Uint8Array => {
  if (action.type !== 'send') throw new Error(`expected a message: ${action.type}`);
  return action.message;
};
const tell = (kiosk: KioskEnd, command = unlock): Uint8Array => {
  if (!command) throw new Error('no sample command');
  return sent(kiosk.command(command));
};

const startedKiosk = (): KioskEnd => {
  const kiosk = kioskEnd();
  kiosk.start();
  return kiosk;
};
const message1 = sent(kioskEnd().start());
const lockAfter1 = (): LockSession => {
  const lock = lockEnd();
  lock.receive(message1);
  return lock;
};
const message2 = sent(lockEnd().receive(message1));
const kioskAfterCommand = (): KioskEnd => {
  const kiosk = startedKiosk();
  kiosk.receive(message2);
  tell(kiosk);
  return kiosk;
};
const flight = ((): Uint8Array => {
  const kiosk = startedKiosk();
  kiosk.receive(message2);
  return tell(kiosk);
})();
const lockAfterUnlock = (): { lock: LockSession; result: Uint8Array } => {
  const lock = lockAfter1();
  lock.receive(flight);
  return { lock, result: lock.answer(opened).message };
};
const { result } = lockAfterUnlock();
const secondCommand = ((): Uint8Array => {
  const kiosk = kioskAfterCommand();
  kiosk.receive(result);
  return tell(kiosk, status);
})();

const wayOf = (action: KioskAction | LockAction): string =>
  action.type === 'failed' ? action.failure : action.type;

/** The kiosk's end is handed something instead of `genuine`. */
const toKiosk = (name: string, genuine: Uint8Array, kioskThere: () => KioskEnd): FuzzTarget => ({
  name,
  costly: true,
  corpus: [genuine],
  read: (bytes) => {
    const action = kioskThere().receive(bytes);
    expectThat(action.type === 'failed' || equalBytes(bytes, genuine), 'the kiosk believes the lock alone');
    return wayOf(action);
  },
});

/** The lock's end likewise; afterwards it still takes a new session. */
const toLock = (
  name: string,
  corpus: readonly Uint8Array[],
  genuine: Uint8Array | null,
  lockThere: () => LockSession,
): FuzzTarget => ({
  name,
  costly: true,
  corpus,
  read: (bytes) => {
    const lock = lockThere();
    const action = lock.receive(bytes);
    const isGenuine = genuine !== null && equalBytes(bytes, genuine);
    expectThat(action.type !== 'command' || isGenuine, 'the lock obeys the kiosk alone');
    if (action.type === 'command') lock.answer(opened);
    if (action.type === 'identify') lock.answerIdentify(false);
    expectThat(lock.receive(message1).type === 'send', 'the lock takes a new session');
    return wayOf(action);
  },
});

// The same session by single steps, to know its keys.
const start = startInitiator(suite2, drawEphemeral(suite2, seededRandom(1)), 0);
const lockEphemeral = drawEphemeral(suite2, seededRandom(2));
const idR = encodeCredentialId({ type: 'x5t', hash: certificateHash(deviceCertificate) });
const responder = createMessage2(openMessage1(suite2, start.message1), lockEphemeral, 1, {
  id: idR,
  certificate: deviceCertificate,
  sign: deviceKey.sign,
});
const signature = new Uint8Array(64).fill(7);
const hash = certificateHash(leaf);

const plaintext2: FuzzTarget = {
  name: 'plaintext of message 2',
  corpus: [
    encodeSequence([1, idR, signature]),
    encodeSequence([1, idR, signature, ...encodeEad([eadItem(eadLabels.cachedCertificates, hash)])]),
  ],
  read: (bytes) => {
    const transcript = transcript2(lockEphemeral.publicKey, start.message1);
    const prk = extract(transcript, start.ephemeral.agree(lockEphemeral.publicKey));
    const cipher = xor(bytes, kdf(prk, labels.keystream2, transcript, bytes.length));
    const { id, ead } = openMessage2(start, encodeCbor(concatBytes([lockEphemeral.publicKey, cipher])));
    return `${id.type}, ${Math.min(3, ead.length)}`;
  },
};
const plaintext3: FuzzTarget = {
  name: 'plaintext of message 3',
  corpus: [
    encodeSequence([encodeCredentialId({ type: 'x5t', hash }), signature]),
    encodeSequence([
      encodeCredentialId({ type: 'x5chain', certificates: [leaf, intermediate] }),
      signature,
      ...encodeEad([eadItem(eadLabels.timeToken, hash)]),
    ]),
  ],
  read: (bytes) => {
    const { prk, transcript } = responder;
    const key = kdf(prk, labels.k3, transcript, keyLength);
    const nonce = kdf(prk, labels.iv3, transcript, nonceLength);
    const sealed = sealCcm(key, nonce, associatedData3(transcript), bytes, 8);
    const { id, ead } = openMessage3(responder, encodeCbor(sealed));
    return `${id.type}, ${Math.min(3, ead.length)}`;
  },
};

const quickSigner = createSigner(privateKeyCalled('device'));

export const sessionTargets: readonly FuzzTarget[] = [
  // Every message 1 of its own makes the lock sign something new.
  toLock('message 1, to the lock', [message1, plainIdentify], null, () => lockEnd({ sign: quickSigner })),
  toKiosk('message 2, to the kiosk', message2, startedKiosk),
  toLock('message 3 and command, to the lock', [flight], flight, lockAfter1),
  toKiosk('result, to the kiosk', result, kioskAfterCommand),
  toLock('later command, to the lock', [secondCommand], secondCommand, () => lockAfterUnlock().lock),
  plaintext2,
  plaintext3,
  {
    name: 'identified',
    corpus: [Uint8Array.of(0x11, 1), encodeCommand({ type: 'status' })],
    read: (bytes) => String(readIdentified(bytes)),
  },
];
