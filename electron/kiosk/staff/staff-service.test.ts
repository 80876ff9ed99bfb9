import { combineLatestWith, firstValueFrom } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { createBadgesOnBench } from '#support/badge-bench.ts';
import { FakeData } from '#support/fake-data.ts';
import { ids, staffRow, storeRow } from '#support/kiosk-rows.ts';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import { calls } from '#shared/ipc/contract.ts';
import { createJournal } from '../journal/journal.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import { seededRandom } from '../platform/seeded-random.ts';
import { createWaits } from './waits.ts';
import { createJudge } from './judge.ts';
import { createStaffService, type StaffService } from './staff-service.ts';
import { verifyPin } from './pin.ts';

const logger = silentLogger;

const bench = (data = new FakeData(), clock = new ManualClock()) => {
  data.store$.next(storeRow());
  data.staff$.next([staffRow(ids.ann, 'Ann', '4711'), staffRow(ids.bob, 'Bob', '0815')]);
  const journal = createJournal({
    data,
    clock,
    machineClock: clock,
    random: seededRandom(3),
    logger,
    kioskId: () => ids.kiosk,
    offline: () => false,
  });
  const open = (): Promise<StaffService> =>
    createStaffService({
      staff$: data.staff$,
      store$: data.store$,
      badges: createBadgesOnBench(data, journal),
      judge: createJudge({ staff$: data.staff$, store$: data.store$, waits: createWaits(clock), clock }),
      notes: data,
      journal,
      clock,
      logger,
    });
  return { data, clock, open };
};

const wrongPins = async (staff: StaffService, count: number): Promise<void> => {
  for (let tries = 0; tries < count; tries += 1) await staff.signIn(ids.ann, '0000');
};

describe('sign-in', () => {
  test('with the right PIN, and out again, both in the journal', async () => {
    const { data, open, clock } = bench();
    const staff = await open();
    expect(staff.requireSession()).toEqual(fail('staff.not_signed_in'));
    expect(await staff.signIn(ids.ann, '4711')).toEqual(ok(null));
    expect(await firstValueFrom(staff.session$)).toEqual({
      staffId: ids.ann,
      name: 'Ann',
      method: 'pin',
      idleAt: clock.now() + 60_000,
    });
    await staff.signOut();
    expect(staff.requireSession().ok).toBe(false);
    expect(data.events.map(({ kind }) => kind)).toEqual(['signed_in', 'signed_out']);
  });

  test('counts down to a lockout, which is the same for the right PIN', async () => {
    const { open, clock, data } = bench();
    const staff = await open();
    expect(await staff.signIn(ids.ann, '0000')).toEqual(fail('staff.wrong_pin', { attemptsLeft: 4 }));
    await wrongPins(staff, 3);
    const locked = fail('staff.locked_out', { until: clock.now() + 30_000 });
    expect(await staff.signIn(ids.ann, '0000')).toEqual(locked);
    expect(await staff.signIn(ids.ann, '4711')).toEqual(locked);
    expect(await firstValueFrom(staff.lockedUntil$)).toEqual(new Map([[ids.ann, clock.now() + 30_000]]));
    expect(await staff.signIn(ids.bob, '0815')).toEqual(ok(null));
    expect(data.events.filter(({ kind }) => kind === 'sign_in_refused')).toHaveLength(5);
    await clock.advance(30_000);
    expect(await firstValueFrom(staff.lockedUntil$)).toEqual(new Map());
    expect(await staff.signIn(ids.ann, '4711')).toEqual(ok(null));
    expect(await staff.signIn(ids.ann, '0000')).toEqual(fail('staff.wrong_pin', { attemptsLeft: 4 }));
  });

  test('a restart does not lift a lockout, and a clock turned back does not make it endless', async () => {
    const { data, clock, open } = bench();
    const first = await open();
    await wrongPins(first, 5);
    await clock.advance(10_000);
    await first.dispose();
    const second = await open();
    expect(await second.signIn(ids.ann, '4711')).toEqual(
      fail('staff.locked_out', { until: clock.now() + 20_000 }),
    );
    await second.dispose();
    clock.jump(-86_400_000);
    const third = await bench(data, clock).open();
    expect((await third.signIn(ids.ann, '4711')).ok).toBe(false);
    await clock.advance(30_000);
    expect(await third.signIn(ids.ann, '4711')).toEqual(ok(null));
  });

  test('a try is counted before it is judged, so that pulling the plug gives no free guess', async () => {
    const { data, open } = bench();
    const staff = await open();
    const judged = staff.signIn(ids.ann, '0000');
    await new Promise((resolve) => setImmediate(resolve));
    expect(data.notes.get('lockouts')).toContain('"wrong":1');
    await judged;
  });

  test('on a full disk no PIN is judged, so that restarts give no free guesses', async () => {
    // The page is told what is declared, and of anything else that something unexpected happened.
    expect(calls.signIn.errors).toEqual(expect.arrayContaining(['storage.disk_full', 'storage.read_only']));
    const { data, open } = bench();
    data.diskFull = true;
    for (let restart = 0; restart < 3; restart += 1) {
      const staff = await open();
      for (const pin of ['0000', '4711']) {
        expect(await staff.signIn(ids.ann, pin)).toEqual(fail('storage.disk_full'));
      }
      expect(staff.requireSession()).toEqual(fail('staff.not_signed_in'));
      await staff.dispose();
    }
    data.diskFull = false;
    const staff = await open();
    expect(await staff.signIn(ids.ann, '0000')).toEqual(fail('staff.wrong_pin', { attemptsLeft: 4 }));
    expect(await staff.signIn(ids.ann, '4711')).toEqual(ok(null));
  });

  test('what was counted before the disk was full is still counted, and nothing is added', async () => {
    const { data, open } = bench();
    const staff = await open();
    await wrongPins(staff, 3);
    data.diskFull = true;
    await wrongPins(staff, 5);
    data.diskFull = false;
    expect(await staff.signIn(ids.ann, '0000')).toEqual(fail('staff.wrong_pin', { attemptsLeft: 1 }));
  });

  test('tries at the same time share one count', async () => {
    const { open } = bench();
    const staff = await open();
    const answers = await Promise.all(Array.from({ length: 8 }, () => staff.signIn(ids.ann, '0000')));
    const codes = answers.map((answer) => (answer.ok ? 'ok' : answer.error.code));
    expect(codes.filter((code) => code === 'staff.wrong_pin')).toHaveLength(4);
    expect(codes.filter((code) => code === 'staff.locked_out')).toHaveLength(4);
  });

  test('someone who is not on the list is unknown, and is signed out when taken off it', async () => {
    const { data, open } = bench();
    const staff = await open();
    expect(await staff.signIn(ids.store, '4711')).toEqual(fail('staff.unknown'));
    await staff.signIn(ids.ann, '4711');
    data.staff$.next([staffRow(ids.bob, 'Bob', '0815')]);
    expect(staff.requireSession().ok).toBe(false);
  });
});

describe('idle', () => {
  test('nobody stays signed in without a touch, and each touch gives the whole time again', async () => {
    const { open, clock, data } = bench();
    const staff = await open();
    await staff.signIn(ids.ann, '4711');
    await clock.advance(59_000);
    staff.touch();
    await clock.advance(59_000);
    expect(staff.requireSession().ok).toBe(true);
    await clock.advance(60_000);
    expect(staff.requireSession().ok).toBe(false);
    expect(data.events.at(-1)?.kind).toBe('signed_out');
    staff.touch();
    expect(await firstValueFrom(staff.session$)).toBeNull();
  });

  test('is told as the reason, until somebody signs in; whoever signs out by themselves is not told so', async () => {
    const { open, clock } = bench();
    const staff = await open();
    const idledOut = () => firstValueFrom(staff.idledOut$);
    /** What stood there at each end of a session. */
    const seen: (string | null)[] = [];
    staff.idledOut$.pipe(combineLatestWith(staff.session$)).subscribe(([who, session]) => {
      if (session === null) seen.push(who);
    });
    await staff.signIn(ids.ann, '4711');
    await clock.advance(60_000);
    expect(await idledOut()).toBe(ids.ann);
    await staff.signIn(ids.ann, '4711');
    expect(await idledOut()).toBeNull();
    await clock.advance(59_999);
    await staff.signOut();
    expect(await idledOut()).toBeNull();
    // Nobody sees that a session has ended before they see why.
    expect(seen).toEqual([null, ids.ann, null, null]);
  });
});

describe('a session ends', () => {
  test.each([
    ['is taken off the list', [staffRow(ids.bob, 'Bob', '0815')]],
    ['is given another PIN', [staffRow(ids.ann, 'Ann', '1234'), staffRow(ids.bob, 'Bob', '0815')]],
  ])('when its person %s, and the journal says so', async (_what, next) => {
    const { open, data } = bench();
    const staff = await open();
    await staff.signIn(ids.ann, '4711');
    data.staff$.next(next);
    expect(await firstValueFrom(staff.session$)).toBeNull();
    expect(data.events.at(-1)).toMatchObject({ kind: 'signed_out', staffId: ids.ann });
  });

  test('after a sleep that was longer than the idle time, whoever comes first', async () => {
    const { open, clock, data } = bench();
    const staff = await open();
    await staff.signIn(ids.ann, '4711');
    clock.sleep(60_000);
    staff.touch();
    expect(staff.requireSession()).toEqual(fail('staff.not_signed_in'));
    await clock.advance(0);
    expect(data.events.at(-1)?.kind).toBe('signed_out');
  });

  test('within five seconds after such a sleep, when nobody comes', async () => {
    const { open, clock } = bench();
    const staff = await open();
    await staff.signIn(ids.ann, '4711');
    clock.sleep(58_000);
    await clock.advance(5_000);
    expect(await firstValueFrom(staff.session$)).toBeNull();
  });
});

describe('what is done while somebody is signed in', () => {
  /** Begins something that only ends when it is stopped. */
  const begun = async () => {
    const { open } = bench();
    const staff = await open();
    await staff.signIn(ids.ann, '4711');
    const caller = new AbortController();
    const done = staff.whileSignedIn(
      caller.signal,
      ({ staffId }, there) =>
        new Promise<Result<string>>((resolve) => there.addEventListener('abort', () => resolve(ok(staffId)))),
    );
    return { staff, caller, done };
  };

  test('is stopped when they are signed out, also where the same person comes back at once', async () => {
    const { staff, done } = await begun();
    await staff.signOut();
    await staff.signIn(ids.ann, '4711');
    expect(await done).toEqual(ok(ids.ann));
  });

  test('is stopped when whoever asked has left, and they stay signed in', async () => {
    const { staff, caller, done } = await begun();
    caller.abort();
    expect(await done).toEqual(ok(ids.ann));
    expect(staff.requireSession().ok).toBe(true);
  });

  test('is not begun for nobody', async () => {
    const staff = await bench().open();
    const { signal } = new AbortController();
    const answer = await staff.whileSignedIn(signal, () => expect.unreachable());
    expect(answer).toEqual(fail('staff.not_signed_in'));
  });
});

describe('stored PINs', () => {
  test('parameters that would exhaust the machine are no match', async () => {
    const { pin } = staffRow(ids.ann, 'Ann', '4711');
    expect(await verifyPin(pin, '4711')).toBe(true);
    for (const odd of [{ n: 2 ** 30 }, { n: 1000 }, { n: 1 }, { r: 0 }, { p: 1000 }, { hash: 'AAAA' }]) {
      expect(await verifyPin({ ...pin, ...odd }, '4711')).toBe(false);
    }
  });
});

test.each([
  ['taken off the list', [staffRow(ids.bob, 'Bob', '0815')]],
  ['given another PIN', [staffRow(ids.ann, 'Ann', '1234'), staffRow(ids.bob, 'Bob', '0815')]],
])('who is %s while the PIN is being judged is not signed in', async (_what, next) => {
  const { data, open } = bench();
  const staff = await open();
  const judged = staff.signIn(ids.ann, '4711');
  await new Promise((resolve) => setImmediate(resolve));
  data.staff$.next(next);
  expect(await judged).toEqual(fail('staff.unknown'));
  expect(staff.requireSession().ok).toBe(false);
});

test('the stream of lockouts starts with nobody', async () => {
  const { data, open } = bench();
  data.staff$.next([]);
  const staff = await open();
  expect(await firstValueFrom(staff.lockedUntil$)).toEqual(new Map());
});
