/** The worked example of docs/link.md: every value of one unlock with fixed keys, in the order of the document. */
import { createHash } from 'node:crypto';
import { fromHex } from '#kiosk/link/wire/bytes.ts';
import { encodeCbor } from '#kiosk/link/wire/cbor/encode.ts';
import { encodeCommand, type LockCommand } from '#kiosk/link/wire/commands.ts';
import { deriveLockKey } from '#kiosk/link/lock/derive-key.ts';
import { certificateHash, encodeCredentialId } from '#kiosk/link/wire/edhoc/credentials.ts';
import { createMessage3, openMessage2, startInitiator, verifyMessage2 } from '#kiosk/link/kiosk/initiator.ts';
import { createMessage2, openMessage1, openMessage3 } from '#kiosk/link/lock/responder.ts';
import { suite2, type Ephemeral } from '#kiosk/link/wire/edhoc/suites.ts';
import { exporterLabels } from '#kiosk/link/wire/records.ts';
import { encodeResult } from '#kiosk/link/lock/results.ts';
import { createTimeToken } from '#simulators/live-lock/time-token.ts';
import type { Random } from '#kiosk/platform/random.ts';
import {
  customerKey,
  deviceCertificate,
  deviceKey,
  intermediate,
  kioskEnd,
  leaf,
  lockEnd,
  lockKey,
  rootKey,
  timeCertificate,
  timeKey,
  worldNow,
  worldSerial,
} from './link-world.ts';

const secretCalled = (name: string): Uint8Array => new Uint8Array(createHash('sha256').update(name).digest());

const always = (bytes: Uint8Array): Random => ({
  bytes: () => bytes,
  uuid: () => '00000000-0000-4000-8000-000000000000',
  float: () => 0,
});

const ephemeralCalled = (name: string): Ephemeral => {
  const ephemeral = suite2.ephemeralFrom(secretCalled(name));
  if (!ephemeral) throw new Error(`${name} is no private key`);
  return ephemeral;
};

const command: LockCommand = {
  type: 'unlock',
  holdOpenSeconds: 5,
  actorHash: secretCalled('staff member'),
  reasonCode: 0,
};
const result = { type: 'unlock', holdOpenSeconds: 5 } as const;

/** The four messages as the sessions themselves send them. */
const messagesOfSession = (): Uint8Array[] => {
  const kiosk = kioskEnd({ random: always(secretCalled('kiosk ephemeral')) });
  const lock = lockEnd({ random: always(secretCalled('lock ephemeral')) });
  const messages: Uint8Array[] = [];
  const sent = (action: { type: string; message?: Uint8Array | null }): Uint8Array => {
    if (action.type !== 'send' || !action.message) throw new Error(`the example fails: ${action.type}`);
    messages.push(action.message);
    return action.message;
  };
  kiosk.receive(sent(lock.receive(sent(kiosk.start()))));
  lock.receive(sent(kiosk.command(command)));
  kiosk.receive(sent(lock.answer(result)));
  return messages;
};

/** The same session by EDHOC's single steps, for the values in between. */
const valuesBetween = (): [string, Uint8Array][] => {
  const kiosk = ephemeralCalled('kiosk ephemeral');
  const lock = ephemeralCalled('lock ephemeral');
  const start = startInitiator(suite2, kiosk, 0);
  const id = encodeCredentialId({ type: 'x5t', hash: certificateHash(deviceCertificate) });
  const own = { id, certificate: deviceCertificate, sign: deviceKey.sign };
  const state = createMessage2(openMessage1(suite2, start.message1), lock, 1, own);
  const opened = openMessage2(start, state.message2);
  const verified = verifyMessage2(opened, { certificate: deviceCertificate, verify: () => true });
  const chain = encodeCredentialId({ type: 'x5chain', certificates: [leaf, intermediate] });
  const third = createMessage3(verified, { id: chain, certificate: leaf, sign: lockKey.sign });
  const { plaintext } = openMessage3(state, third.message3);
  return [
    ['G_X', kiosk.publicKey],
    ['G_Y', lock.publicKey],
    ['G_XY', kiosk.agree(lock.publicKey)],
    ['TH_2', opened.transcript],
    ['PRK_2e', opened.prk],
    ['ID_CRED_R', encodeCbor(opened.idMap)],
    ['PLAINTEXT_2', opened.plaintext],
    ['TH_3', verified.transcript],
    ['PLAINTEXT_3', plaintext],
    ['kiosk key', third.exporter(exporterLabels.kioskKey, 16)],
    ['kiosk IV', third.exporter(exporterLabels.kioskIv, 13)],
    ['lock key', third.exporter(exporterLabels.lockKey, 16)],
    ['lock IV', third.exporter(exporterLabels.lockIv, 13)],
  ];
};

export const workedExample = (): [string, Uint8Array][] => {
  const [message1, message2, flight, answer] = messagesOfSession();
  if (!message1 || !message2 || !flight || !answer) throw new Error('four messages');
  const challenge = ephemeralCalled('lock ephemeral').publicKey;
  return [
    ['serial number', fromHex(worldSerial)],
    ['derived public key', deriveLockKey(secretCalled('lock secret'), worldSerial).publicKey],
    ['root public key', rootKey.publicKey],
    ['customer public key', customerKey.publicKey],
    ['intermediate', intermediate],
    ['Key Certificate', leaf],
    ['device certificate', deviceCertificate],
    ...valuesBetween(),
    ['command', encodeCommand(command)],
    ['result', encodeResult(result)],
    ['link message 1', message1],
    ['link message 2', message2],
    ['link message 3', flight],
    ['link message 4', answer],
    [
      'time token',
      createTimeToken({ now: worldNow, challenge, certificate: timeCertificate, sign: timeKey.sign }),
    ],
  ];
};
