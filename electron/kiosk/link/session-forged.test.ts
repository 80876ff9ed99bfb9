/** Messages as no kiosk and no lock of ours builds them, by an end that has every key: docs/link.md, "EDHOC". */
import { expect, test } from 'vitest';
import {
  deviceCertificate,
  deviceKey,
  intermediate,
  kioskEnd,
  leaf,
  lockEnd,
  lockKey,
} from '#support/link-world.ts';
import { seededRandom } from '../platform/seeded-random.ts';
import { createCertificateCache } from './lock/certificate-cache.ts';
import { encodeCommand } from './wire/commands.ts';
import { certificateHash, encodeCredentialId, type CredentialId } from './wire/edhoc/credentials.ts';
import { eadItem, eadLabels, type EadItem } from './wire/edhoc/ead.ts';
import { createMessage3, openMessage2, startInitiator, verifyMessage2 } from './kiosk/initiator.ts';
import { sha256 } from './wire/edhoc/key-schedule.ts';
import { createMessage2, openMessage1 } from './lock/responder.ts';
import { drawEphemeral, suite2 } from './wire/edhoc/suites.ts';
import { encodeMessage3Flight, linkMessage, messageTypes } from './wire/link-messages.ts';
import { createRecords } from './wire/records.ts';
import type { KioskAction } from './kiosk/session.ts';
import type { LockAction, LockSession } from './lock/session.ts';

const sent = (action: KioskAction | LockAction): Uint8Array => {
  if (action.type !== 'send') throw new Error(`expected a message, got ${action.type}`);
  return action.message;
};
const unknownLabel = (critical: boolean): EadItem => ({ label: 40_000, critical, value: Uint8Array.of(1) });
const wholeChain: CredentialId = { type: 'x5chain', certificates: [leaf, intermediate] };

/** A session up to message 3, which names its end by `id` and carries `ead`; C_R, and what the lock makes of it. */
const tell = (lock: LockSession, id: CredentialId, ead: readonly EadItem[] = []) => {
  const start = startInitiator(suite2, drawEphemeral(suite2, seededRandom(1)), 0);
  const message2 = sent(lock.receive(linkMessage(messageTypes.message1, start.message1)));
  const opened = openMessage2(start, message2.subarray(1));
  const verified = verifyMessage2(opened, { certificate: deviceCertificate, verify: () => true });
  const own = { id: encodeCredentialId(id), certificate: leaf, sign: lockKey.sign };
  const { message3, exporter } = createMessage3(verified, own, ead);
  const record = createRecords(exporter, 'kiosk').seal(encodeCommand({ type: 'status' }));
  return {
    connectionIdR: opened.connectionIdR,
    action: lock.receive(encodeMessage3Flight(message3, record)),
  };
};

/** A genuine lock's message 2 with `ead`, and what the kiosk makes of it. */
const answer = (ead: readonly EadItem[], sign = deviceKey.sign): KioskAction => {
  const kiosk = kioskEnd();
  const own = {
    id: encodeCredentialId({ type: 'x5t', hash: certificateHash(deviceCertificate) }),
    certificate: deviceCertificate,
    sign,
  };
  const opened = openMessage1(suite2, sent(kiosk.start()).subarray(1));
  const { message2 } = createMessage2(opened, drawEphemeral(suite2, seededRandom(2)), 1, own, ead);
  return kiosk.receive(linkMessage(messageTypes.message2, message2));
};

test('a critical item in message 2 ends the session at the kiosk, any other is left aside', () => {
  expect(answer([unknownLabel(true)])).toEqual({ type: 'failed', failure: 'unsupported', committed: false });
  expect(answer([unknownLabel(false)])).toEqual({ type: 'ready', timeChallenge: null, earlyStart: null });
});

test('an item that the kiosk knows is refused as well when it is critical', () => {
  const wantsTime = { ...eadItem(eadLabels.timeUntrusted), critical: true };
  expect(answer([wantsTime])).toMatchObject({ type: 'failed', failure: 'unsupported' });
});

test('hashes of cached certificates that are no whole ones end the session', () => {
  const hashes = (length: number): EadItem => eadItem(eadLabels.cachedCertificates, new Uint8Array(length));
  expect(answer([hashes(16)])).toMatchObject({ type: 'ready' });
  expect(answer([hashes(15)])).toMatchObject({ type: 'failed', failure: 'malformed' });
});

test('a critical item in message 3 ends the session at the lock, any other is left aside', () => {
  const command = { type: 'command', command: { type: 'status' } };
  const cache = createCertificateCache();
  const critical = tell(lockEnd({ cache }), wholeChain, [unknownLabel(true)]);
  expect(critical.action).toMatchObject({ type: 'failed', failure: 'unsupported', reason: null });
  expect(cache.leaf()).toBeNull();
  expect(tell(lockEnd(), wholeChain, [unknownLabel(false)]).action).toMatchObject(command);
});

test('an item that the lock knows is refused as well when it is critical', () => {
  const token = { ...eadItem(eadLabels.timeToken, Uint8Array.of(1)), critical: true };
  expect(tell(lockEnd(), wholeChain, [token]).action).toMatchObject({ failure: 'unsupported' });
});

test('a cached Key Certificate is taken by its own hash only', () => {
  const cache = createCertificateCache();
  const proof = [eadItem(eadLabels.intermediateHash, sha256(intermediate))];
  const byHash = (hash: Uint8Array) => tell(lockEnd({ cache }), { type: 'x5t', hash }, proof).action;
  const hash = certificateHash(leaf);
  expect(byHash(hash)).toMatchObject({ type: 'failed', failure: 'unknown_credential' });
  expect(tell(lockEnd({ cache }), wholeChain).action).toMatchObject({ type: 'command' });
  expect(byHash(hash)).toMatchObject({ type: 'command' });
  for (const at of [0, 7]) {
    const other = hash.with(at, (hash[at] ?? 0) ^ 1);
    expect(byHash(other)).toMatchObject({ type: 'failed', failure: 'unknown_credential' });
  }
  // An intermediate's hash names no leaf, although the lock tells everyone that it has it.
  expect(byHash(certificateHash(intermediate))).toMatchObject({ failure: 'unknown_credential' });
});

test('the lock’s connection identifier is 1, the kiosk’s is 0', () => {
  expect(tell(lockEnd(), wholeChain).connectionIdR).toBe(1);
  expect(openMessage1(suite2, sent(kioskEnd().start()).subarray(1)).connectionId).toBe(0);
});
