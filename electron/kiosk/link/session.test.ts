import { describe, expect, test } from 'vitest';
import {
  deviceKey,
  expectations,
  intermediate,
  intermediateRequest,
  keyCalled,
  kioskEnd,
  type KioskEnd,
  leaf,
  lockEnd,
  rootKey,
  timeCertificate,
  timeKey,
  worldNow,
  worldSerial,
  customerKey,
  day,
} from '#support/link-world.ts';
import { makeCertificate } from '#support/certificate-maker.ts';
import { seededRandom } from '../platform/seeded-random.ts';
import { createCertificateCache } from './lock/certificate-cache.ts';
import type { LockCommand } from './wire/commands.ts';
import { linkMessage, messageTypes, plainIdentify, readIdentified } from './wire/link-messages.ts';
import { createRevocationList } from '#simulators/live-lock/root-statements.ts';
import type { Revocation } from './lock/revocation-list.ts';
import type { KioskAction, SessionAttachments } from './kiosk/session.ts';
import type { LockAction, LockSession } from './lock/session.ts';
import { createTimeToken } from '#simulators/live-lock/time-token.ts';

const unlock: LockCommand = {
  type: 'unlock',
  holdOpenSeconds: 5,
  actorHash: new Uint8Array(32).fill(9),
  reasonCode: 0,
};

const sent = (action: KioskAction | LockAction): Uint8Array => {
  if (action.type !== 'send') throw new Error(`expected a message, got ${JSON.stringify(action)}`);
  return action.message;
};

/** As far as message_2 has been accepted. */
const shakeHands = (kiosk: KioskEnd, lock: LockSession): KioskAction =>
  kiosk.receive(sent(lock.receive(sent(kiosk.start()))));

/** A whole unlock; answers what each end made of it. */
const run = (kiosk: KioskEnd, lock: LockSession, attachments: SessionAttachments = {}): KioskAction => {
  const ready = shakeHands(kiosk, lock);
  if (ready.type !== 'ready') return ready;
  const taken = lock.receive(sent(kiosk.command(unlock, attachments)));
  if (taken.type === 'failed' && taken.message) return kiosk.receive(taken.message);
  if (taken.type !== 'command') throw new Error(`lock: ${JSON.stringify(taken)}`);
  return kiosk.receive(lock.answer({ type: 'unlock', holdOpenSeconds: 5 }).message);
};

const unlocked = { type: 'result', result: { type: 'unlock', holdOpenSeconds: 5 } };
const refused = (chain: string): unknown => ({
  type: 'result',
  result: { type: 'refused', refusal: { reason: 'chain', chain } },
});

describe('a session', () => {
  test('carries an unlock and its answer in two round trips', () => {
    expect(run(kioskEnd(), lockEnd())).toEqual(unlocked);
  });

  test('hands the lock the command and who the customer is', () => {
    const kiosk = kioskEnd();
    const lock = lockEnd();
    shakeHands(kiosk, lock);
    expect(lock.receive(sent(kiosk.command(unlock)))).toEqual({
      type: 'command',
      command: unlock,
      chain: { customerKey: customerKey.publicKey, customerEpoch: 1, keyEpoch: 1 },
    });
  });

  test('stays open for further commands', () => {
    const kiosk = kioskEnd();
    const lock = lockEnd();
    run(kiosk, lock);
    const taken = lock.receive(sent(kiosk.command({ type: 'identify' })));
    expect(taken).toMatchObject({ type: 'command', command: { type: 'identify' } });
    expect(kiosk.receive(lock.answer({ type: 'identify' }).message)).toEqual({
      type: 'result',
      result: { type: 'identify' },
    });
  });

  test('shrinks as the lock learns the certificates', () => {
    const cache = createCertificateCache();
    const sizes = [1, 2].map((seed) => {
      const kiosk = kioskEnd({ random: seededRandom(seed) });
      const lock = lockEnd({ cache, random: seededRandom(seed + 10) });
      shakeHands(kiosk, lock);
      const flight = sent(kiosk.command(unlock));
      expect(lock.receive(flight).type).toBe('command');
      return flight.length;
    });
    expect(sizes[1]).toBeLessThan(sizes[0]! - leaf.length - intermediate.length + 60);
  });

  test('sends the Key Certificate alone when the lock knows the intermediate only', () => {
    const full = createCertificateCache();
    run(kioskEnd(), lockEnd({ cache: full }));
    const cache = { ...full, leaf: () => null };
    const kiosk = kioskEnd();
    const lock = lockEnd({ cache });
    shakeHands(kiosk, lock);
    const flight = sent(kiosk.command(unlock));
    expect(flight.length).toBeGreaterThan(leaf.length);
    expect(flight.length).toBeLessThan(leaf.length + intermediate.length);
    expect(lock.receive(flight).type).toBe('command');
  });

  test('checks a cached intermediate again at every use', () => {
    const cache = createCertificateCache();
    run(kioskEnd(), lockEnd({ cache }));
    const lapsed = lockEnd({ cache, expectations: () => expectations({ now: worldNow + 15 * day }) });
    expect(run(kioskEnd(), lapsed)).toEqual(refused('intermediate_expired'));
    const revoked = lockEnd({ cache, expectations: () => expectations({ minCustomerEpoch: 2 }) });
    expect(run(kioskEnd(), revoked)).toEqual(refused('intermediate_epoch_revoked'));
  });

  test('checks the intermediate again at every command of a session that stays open', () => {
    let now = worldNow;
    const kiosk = kioskEnd();
    const lock = lockEnd({ expectations: () => expectations({ now }) });
    run(kiosk, lock);
    now += 15 * day;
    const action = lock.receive(sent(kiosk.command(unlock)));
    expect(action).toMatchObject({
      type: 'failed',
      failure: 'chain_refused',
      reason: 'intermediate_expired',
    });
  });
});

describe('time and revocation', () => {
  const untrusted = (now: number) => ({ expectations: () => expectations({ now }), wantsTime: () => true });

  test('a root-signed intermediate raises the floor of a lock that lost its clock', () => {
    const raised: number[] = [];
    const lock = lockEnd({ ...untrusted(0), raiseTimeFloor: (ms) => raised.push(ms) });
    expect(run(kioskEnd(), lock)).toEqual(unlocked);
    expect(raised).toEqual([worldNow - day]);
  });

  test('an intermediate of a foreign root raises nothing', () => {
    const raised: number[] = [];
    const foreign = makeCertificate(intermediateRequest(), keyCalled('foreign root'));
    const lock = lockEnd({ ...untrusted(0), raiseTimeFloor: (ms) => raised.push(ms) });
    expect(run(kioskEnd({ intermediate: foreign }), lock)).toEqual(
      refused('intermediate_not_signed_by_root'),
    );
    expect(raised).toEqual([]);
  });

  test('a token over this session sets the clock, one over another does not', () => {
    const set: number[] = [];
    const lock = (): LockSession => lockEnd({ ...untrusted(0), setTime: (ms) => set.push(ms) });
    const kiosk = kioskEnd();
    const fresh = lock();
    const ready = shakeHands(kiosk, fresh);
    if (ready.type !== 'ready' || !ready.timeChallenge) throw new Error('asks for time');
    const token = createTimeToken({
      now: worldNow,
      challenge: ready.timeChallenge,
      certificate: timeCertificate,
      sign: timeKey.sign,
    });
    fresh.receive(sent(kiosk.command(unlock, { timeToken: token })));
    expect(set).toEqual([worldNow]);
    const later = lockEnd({
      random: seededRandom(77),
      ...untrusted(0),
      setTime: (ms) => set.push(ms),
    });
    expect(run(kioskEnd(), later, { timeToken: token })).toEqual(unlocked);
    expect(set).toEqual([worldNow]);
  });

  test('a lock that trusts its clock asks for no time', () => {
    expect(shakeHands(kioskEnd(), lockEnd())).toEqual({
      type: 'ready',
      timeChallenge: null,
      earlyStart: null,
    });
  });

  test('a revocation list reaches the lock before its chain is judged', () => {
    const list = createRevocationList(
      {
        customerKey: customerKey.publicKey,
        version: 3,
        minCustomerEpoch: 1,
        locks: [{ serialNumber: worldSerial, minKeyEpoch: 2 }],
      },
      rootKey.sign,
    );
    let minKeyEpoch = 1;
    const taken: Revocation[] = [];
    const lock = lockEnd({
      expectations: () => expectations({ minKeyEpoch }),
      revoke: (revocation) => {
        taken.push(revocation);
        minKeyEpoch = revocation.minKeyEpoch ?? minKeyEpoch;
      },
    });
    expect(run(kioskEnd(), lock, { revocationList: list })).toEqual(refused('key_epoch_revoked'));
    expect(taken).toEqual([{ version: 3, minCustomerEpoch: 1, minKeyEpoch: 2 }]);
  });
});

describe('attacks', () => {
  test('a fake lock without the device key opens no session', () => {
    const fake = lockEnd({ sign: keyCalled('fake').sign });
    expect(run(kioskEnd(), fake)).toEqual({ type: 'failed', failure: 'not_genuine', committed: false });
  });

  test('another genuine lock is not taken for this one', () => {
    const other = makeCertificate({ ...intermediateRequest(), publicKey: deviceKey.publicKey }, rootKey);
    expect(run(kioskEnd(), lockEnd({ deviceCertificate: other }))).toMatchObject({ failure: 'not_genuine' });
  });

  test('a stolen Key Certificate without its private key opens nothing', () => {
    const kiosk = kioskEnd({ sign: keyCalled('thief').sign });
    const lock = lockEnd();
    shakeHands(kiosk, lock);
    const action = lock.receive(sent(kiosk.command(unlock)));
    expect(action).toMatchObject({ type: 'failed', failure: 'not_authentic' });
  });

  test('a valid intermediate without the Key Certificate opens nothing', () => {
    const kiosk = kioskEnd({ keyCertificate: intermediate, sign: customerKey.sign });
    expect(run(kiosk, lockEnd())).toEqual(refused('key_is_ca'));
  });

  test('a recording replayed to the lock opens nothing', () => {
    const kiosk = kioskEnd();
    const first = lockEnd();
    const message1 = sent(kiosk.start());
    kiosk.receive(sent(first.receive(message1)));
    const flight = sent(kiosk.command(unlock));
    expect(first.receive(flight).type).toBe('command');
    const second = lockEnd({ random: seededRandom(3) });
    second.receive(message1);
    expect(second.receive(flight)).toMatchObject({ type: 'failed', failure: 'not_authentic' });
  });

  test('a record repeated within a session opens nothing more', () => {
    const kiosk = kioskEnd();
    const lock = lockEnd();
    run(kiosk, lock);
    const record = sent(kiosk.command(unlock));
    expect(lock.receive(record).type).toBe('command');
    lock.answer({ type: 'unlock', holdOpenSeconds: 5 });
    expect(lock.receive(record)).toMatchObject({ type: 'failed', failure: 'bad_record' });
  });

  test('a man in the middle with sessions of his own to both ends gets no further than message_2', () => {
    const attacker = keyCalled('attacker');
    const towardsKiosk = lockEnd({ sign: attacker.sign, random: seededRandom(5) });
    expect(run(kioskEnd(), towardsKiosk)).toMatchObject({ failure: 'not_genuine' });
    const towardsLock = kioskEnd({ sign: attacker.sign });
    const lock = lockEnd();
    shakeHands(towardsLock, lock);
    expect(lock.receive(sent(towardsLock.command(unlock)))).toMatchObject({ failure: 'not_authentic' });
  });

  test('a plain error message after the command left is no proof that nothing happened', () => {
    const kiosk = kioskEnd();
    shakeHands(kiosk, lockEnd());
    kiosk.command(unlock);
    expect(kiosk.receive(linkMessage(messageTypes.error, Uint8Array.of(1, 0x60)))).toEqual({
      type: 'failed',
      failure: 'peer_error',
      committed: true,
    });
  });
});

describe('the next session', () => {
  test('a lock that failed takes a new message_1 at once', () => {
    const lock = lockEnd();
    lock.receive(Uint8Array.of(9, 9, 9));
    expect(run(kioskEnd(), lock)).toEqual(unlocked);
  });

  test('an unprovisioned lock is identified without a session', () => {
    const lock = lockEnd();
    expect(lock.receive(plainIdentify)).toEqual({ type: 'identify' });
    expect(readIdentified(lock.answerIdentify(true).message)).toBe(true);
    expect(run(kioskEnd(), lock)).toEqual(unlocked);
  });
});
