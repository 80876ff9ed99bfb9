/** What a lock takes of the time tokens, lists and dates that a session brings, and when it takes none of them. */
import { describe, expect, test } from 'vitest';
import {
  customerKey,
  day,
  expectations,
  kioskEnd,
  lockEnd,
  lockKey,
  rootKey,
  timeCertificate,
  timeKey,
  worldNow,
  worldSerial,
} from '#support/link-world.ts';
import { fromHex } from './wire/bytes.ts';
import type { ChainExpectations } from './wire/chain-policy.ts';
import { signCose } from './lock/sign-statement.ts';
import { sha256 } from './wire/edhoc/key-schedule.ts';
import { maxMessage } from './wire/frames.ts';
import { createReleaseToken, createRevocationList } from '#simulators/live-lock/root-statements.ts';
import { isReleaseToken } from './lock/release-token.ts';
import { readRevocationList, type Revocation } from './lock/revocation-list.ts';
import type { KioskAction, SessionAttachments } from './kiosk/session.ts';
import type { LockAction, LockSession } from './lock/session.ts';
import { createTimeToken } from '#simulators/live-lock/time-token.ts';

const sent = (action: KioskAction | LockAction): Uint8Array => {
  if (action.type !== 'send') throw new Error(`expected a message, got ${action.type}`);
  return action.message;
};

/** A status command; `attach` makes what goes with it from what the lock has drawn and asked for. */
const tell = (
  lock: LockSession,
  attach: (challenge: Uint8Array | null) => SessionAttachments,
): LockAction => {
  const kiosk = kioskEnd();
  const ready = kiosk.receive(sent(lock.receive(sent(kiosk.start()))));
  if (ready.type !== 'ready') throw new Error(`not ready: ${ready.type}`);
  return lock.receive(sent(kiosk.command({ type: 'status' }, attach(ready.timeChallenge))));
};
const taken = { type: 'command' };

test('an attachment that does not fit is left out rather than the command', () => {
  const kiosk = kioskEnd();
  kiosk.receive(sent(lockEnd().receive(sent(kiosk.start()))));
  const flight = sent(kiosk.command({ type: 'status' }, { revocationList: new Uint8Array(1900) }));
  expect(flight.length).toBeLessThanOrEqual(maxMessage);
});

test('a lock whose clock has become exact in the meantime takes no time token, however good', () => {
  const tokenTaken = (exactBefore3: boolean): number[] => {
    let isExact = false;
    const set: number[] = [];
    const lock = lockEnd({
      expectations: () => expectations({ now: worldNow - day }),
      wantsTime: () => !isExact,
      setTime: (ms) => set.push(ms),
    });
    const action = tell(lock, (challenge) => {
      isExact = exactBefore3;
      if (challenge === null) throw new Error('asked for no time');
      const certificate = timeCertificate;
      return { timeToken: createTimeToken({ now: worldNow, challenge, certificate, sign: timeKey.sign }) };
    });
    expect(action).toMatchObject(taken);
    return set;
  };
  expect(tokenTaken(false)).toEqual([worldNow]);
  expect(tokenTaken(true)).toEqual([]);
});

test('a lock that runs ahead of the time takes a token all the same, up to a day, so that it need not ask for ever', () => {
  const taken = (aheadMs: number): number[] => {
    const set: number[] = [];
    const lock = lockEnd({
      expectations: () => expectations({ now: worldNow + aheadMs }),
      wantsTime: () => true,
      setTime: (ms) => set.push(ms),
    });
    tell(lock, (challenge) => {
      if (challenge === null) throw new Error('asked for no time');
      const certificate = timeCertificate;
      return { timeToken: createTimeToken({ now: worldNow, challenge, certificate, sign: timeKey.sign }) };
    });
    return set;
  };
  expect([taken(0), taken(day), taken(day + 1000)]).toEqual([[worldNow], [worldNow], []]);
});

test('a lock that is bound to nobody takes no revocation list, not even its next owner’s', () => {
  const revocationList = createRevocationList(
    { customerKey: customerKey.publicKey, version: 3, minCustomerEpoch: 1, locks: [] },
    rootKey.sign,
  );
  const listTaken = (change: Partial<ChainExpectations>): Revocation[] => {
    const lists: Revocation[] = [];
    const lock = lockEnd({ expectations: () => expectations(change), revoke: (list) => lists.push(list) });
    expect(tell(lock, () => ({ revocationList }))).toMatchObject(taken);
    return lists;
  };
  expect(listTaken({})).toHaveLength(1);
  expect(listTaken({ customerKey: null })).toEqual([]);
});

test.each([
  ['before', worldNow - day - 1, [worldNow - day]],
  ['at', worldNow - day, []],
  ['after', worldNow, []],
])(
  'an intermediate raises the floor only of a lock whose time is %s its notBefore',
  (_name, now, expected) => {
    const raised: number[] = [];
    const lock = lockEnd({
      expectations: () => expectations({ now }),
      raiseTimeFloor: (ms) => raised.push(ms),
    });
    expect(tell(lock, () => ({}))).toMatchObject(taken);
    expect(raised).toEqual(expected);
  },
);

describe('what the root signs for one thing is good for no other', () => {
  const roots = [rootKey.publicKey];
  const release = [fromHex(worldSerial), sha256(lockKey.publicKey)];
  const list = [sha256(customerKey.publicKey), 3, 2, []];
  const contexts = { release: ['Latchpoint release'], list: ['Latchpoint revocation'] };
  const releases = (token: Uint8Array): boolean =>
    isReleaseToken(token, { serialNumber: worldSerial, keyPublic: lockKey.publicKey, roots });
  const says = (bytes: Uint8Array): Revocation | null =>
    readRevocationList(bytes, { serialNumber: worldSerial, customerKey: customerKey.publicKey, roots });

  test('a release token', () => {
    expect(releases(createReleaseToken(worldSerial, lockKey.publicKey, rootKey.sign))).toBe(true);
    expect(releases(signCose(contexts.release, release, rootKey.sign))).toBe(true);
    expect(releases(signCose(contexts.list, release, rootKey.sign))).toBe(false);
  });

  test('a revocation list', () => {
    expect(says(signCose(contexts.list, list, rootKey.sign))).toMatchObject({ version: 3 });
    expect(says(signCose(contexts.release, list, rootKey.sign))).toBeNull();
  });

  test('a time token’s context is neither’s', () => {
    const time = ['Latchpoint time', new Uint8Array(32)];
    expect(releases(signCose(time, release, rootKey.sign))).toBe(false);
    expect(says(signCose(time, list, rootKey.sign))).toBeNull();
  });
});
