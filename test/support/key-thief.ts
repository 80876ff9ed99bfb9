/** Someone who has a Key Certificate with its private key and no intermediate: takes EDHOC's steps one by one. */
import { createFragmenter, createReassembler } from '#kiosk/link/wire/frames.ts';
import { readCertificate } from '#kiosk/link/wire/certificates.ts';
import { encodeCommand, type LockCommand } from '#kiosk/link/wire/commands.ts';
import { encodeCredentialId, type CredentialId } from '#kiosk/link/wire/edhoc/credentials.ts';
import type { EadItem } from '#kiosk/link/wire/edhoc/ead.ts';
import { createMessage3, openMessage2, startInitiator, verifyMessage2 } from '#kiosk/link/kiosk/initiator.ts';
import { drawEphemeral, suite2 } from '#kiosk/link/wire/edhoc/suites.ts';
import {
  encodeMessage3Flight,
  linkMessage,
  messageTypes,
  readLinkMessage,
} from '#kiosk/link/wire/link-messages.ts';
import type { LockCredentials } from '#kiosk/link/lock-driver.ts';
import { createRecords } from '#kiosk/link/wire/records.ts';
import { decodeResult, type CommandResult } from '#kiosk/link/wire/results.ts';
import { createSigner } from '#kiosk/link/lock/signer.ts';
import { verifySignature } from '#kiosk/link/wire/signing.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import type { LockPeripheral } from '#simulators/lock/peripheral.ts';

const unlock: LockCommand = {
  type: 'unlock',
  holdOpenSeconds: 5,
  actorHash: new Uint8Array(32),
  reasonCode: 0,
};

export type Loot = Omit<LockCredentials, 'intermediate'>;

/** How the thief names what he has; `told` is what the lock says to anyone in EAD_2. */
export type Naming = (told: readonly EadItem[]) => {
  readonly id: CredentialId;
  readonly ead?: readonly EadItem[];
};

/** What the lock answers to his unlock. Throws where it does not answer in the session at all. */
export const tellAsThief = (lock: LockPeripheral, loot: Loot, naming: Naming): CommandResult => {
  const fragmenter = createFragmenter(244);
  const reassembler = createReassembler();
  const heard: Uint8Array[] = [];
  const connection = lock.connected((frame) => {
    const message = reassembler.push(frame);
    if (message) heard.push(message);
  });
  const ask = (message: Uint8Array): Uint8Array => {
    for (const frame of fragmenter.fragment(message)) connection.receive(frame);
    return readLinkMessage(heard.shift() ?? new Uint8Array()).body;
  };
  const start = startInitiator(suite2, drawEphemeral(suite2, systemRandom), 0);
  const opened = openMessage2(start, ask(linkMessage(messageTypes.message1, start.message1)));
  const { publicKey } = readCertificate(loot.deviceCertificate);
  const verified = verifyMessage2(opened, {
    certificate: loot.deviceCertificate,
    verify: (data, signature) => verifySignature(publicKey, data, signature, 'ieee-p1363'),
  });
  const { id, ead } = naming(opened.ead);
  const own = {
    id: encodeCredentialId(id),
    certificate: loot.keyCertificate,
    sign: createSigner(loot.privateKey),
  };
  const { message3, exporter } = createMessage3(verified, own, ead);
  const records = createRecords(exporter, 'kiosk');
  const answer = ask(encodeMessage3Flight(message3, records.seal(encodeCommand(unlock))));
  connection.disconnected();
  return decodeResult(records.open(answer));
};
