/** Every kind of visit, through all that can happen to one: the same word each time, the key wiped, the turn given back. */
import { describe, expect, test } from 'vitest';
import { createKioskBench, type KioskBench } from '#support/kiosk-bench.ts';
import { enrolmentRow, ids, owner, serial } from '#support/kiosk-rows.ts';
import { untilStopped } from '#support/fake-driver.ts';
import { createEnrolmentService } from '../enrolment/enrolment-service.ts';
import { createProvisioner } from '../enrolment/provisioner.ts';
import { createBoltQuestion } from '../locks/bolt-question.ts';

type Play =
  'onUnlock' | 'onStatus' | 'onEvents' | 'onIdentify' | 'onRelease' | 'onProvision' | 'onReadEnrolment';

interface Kind {
  readonly name: string;
  /** What it makes the driver do. */
  readonly plays: Play;
  readonly isBackground?: true;
  /** Says what the kiosk was told, in one word: an error's code, how it ended, or `done`. */
  readonly go: (bench: KioskBench, signal: AbortSignal) => Promise<string>;
}

const wordOf = async (answer: Promise<{ ok: true } | { ok: false; error: { code: string } }>) => {
  const result = await answer;
  return result.ok ? 'done' : result.error.code;
};
const provision = (bench: KioskBench, staffId: string | null, signal: AbortSignal) =>
  wordOf(createProvisioner(bench).provision(ids.enrolment, staffId, signal));

const kinds: readonly Kind[] = [
  {
    name: 'unlock',
    plays: 'onUnlock',
    go: async ({ unlocks }, signal) => {
      const answer = await unlocks.unlock(serial, ids.ann, signal);
      if (!answer.ok) return answer.error.code;
      return answer.value.kind === 'not_open' ? answer.value.error.code : 'done';
    },
  },
  {
    name: 'unlock of a group',
    plays: 'onUnlock',
    go: async ({ group }, signal) => {
      const answer = await group.unlock([serial], ids.ann, signal);
      if (!answer.ok) return answer.error.code;
      const end = answer.value.locks[0]?.end;
      return end?.kind === 'not_open' ? end.error.code : 'done';
    },
  },
  { name: 'ask', plays: 'onStatus', go: ({ operations }, signal) => wordOf(operations.ask(serial, signal)) },
  {
    name: 'ring',
    plays: 'onEvents',
    go: ({ operations }, signal) => wordOf(operations.ring(serial, signal)),
  },
  {
    name: 'identify',
    plays: 'onIdentify',
    go: ({ operations }, signal) => wordOf(operations.identify(serial, signal)),
  },
  {
    name: 'release',
    plays: 'onRelease',
    go: ({ releaser }, signal) => wordOf(releaser.release(serial, ids.ann, signal)),
  },
  {
    name: 'capture',
    plays: 'onReadEnrolment',
    go: (bench, signal) => {
      bench.data.enrolments$.next([]);
      const enrolments = createEnrolmentService({ ...bench, kioskId: () => ids.kiosk });
      const request = { serialNumber: serial, name: 'Case 5', group: '', staffId: ids.ann };
      return wordOf(enrolments.capture(request, signal));
    },
  },
  { name: 'provision', plays: 'onProvision', go: (bench, signal) => provision(bench, ids.ann, signal) },
  {
    name: 'provision by itself',
    plays: 'onProvision',
    isBackground: true,
    go: (bench, signal) => provision(bench, null, signal),
  },
  {
    name: 'question of the bolt',
    plays: 'onStatus',
    isBackground: true,
    go: async (bench, signal) => {
      const answer = await createBoltQuestion(bench)(serial, signal);
      return { not_now: 'lock.cancelled', not_known: 'not known', open: 'done', locked: 'done' }[answer];
    },
  },
];

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** A lock of this store that is heard, ordered back, and registered: all kinds of visits may be made. */
const createBench = ({ isHeard = true } = {}): KioskBench => {
  const bench = createKioskBench();
  const order = { trustId: 'release', kind: 'release_order', owner, serialNumber: serial } as const;
  bench.data.trust$.next([...bench.data.trust$.value, { ...order, token: base64('a token'), version: 9 }]);
  bench.data.enrolments$.next([enrolmentRow()]);
  if (isHeard) bench.driver.hear(serial);
  return bench;
};
const stay = new AbortController().signal;
/** What fits every operation, because it never answers as one of them would. */
const play = ({ driver }: KioskBench, plays: Play, ends: typeof untilStopped<never>): void => {
  Object.assign(driver, { [plays]: ends });
};

/** Nothing of the visit is left: no key, no turn. */
const expectOver = ({ driver, slot }: KioskBench): void => {
  expect(slot.isFree()).toBe(true);
  expect(driver.lent?.privateKey.every((byte) => byte === 0) ?? true).toBe(true);
};

describe.each(kinds)('$name', ({ name, plays, isBackground, go }) => {
  const isCapture = name === 'capture';
  /** Follows an opening that was allowed: it waits for nothing, asks for no right of its own, and says less. */
  const isBolt = name === 'question of the bolt';

  test('is done, and over', async () => {
    const bench = createBench();
    expect(await go(bench, stay)).toBe('done');
    expect(bench.driver.asked.length).toBeGreaterThan(0);
    if (!isCapture) expect(bench.driver.lent).not.toBeNull();
    expectOver(bench);
  });

  test('has no turn while a person is at a lock', async () => {
    const bench = createBench();
    const turn = await bench.slot.claim('person', serial);
    expect(await go(bench, stay)).toBe(isBolt ? 'lock.cancelled' : 'lock.busy');
    expect(bench.driver.asked).toEqual([]);
    expect(bench.slot.isFree()).toBe(false);
    if (turn.ok) turn.value.release();
    expectOver(bench);
  });

  if (!isBolt)
    test('waits two seconds for a lock that is not heard', async () => {
      const bench = createBench({ isHeard: false });
      const ended = go(bench, stay);
      await bench.clock.advance(1_900);
      expect(bench.slot.isFree()).toBe(false);
      await bench.clock.advance(200);
      expect(await ended).toBe('lock.not_near');
      expect(bench.driver.asked).toEqual([]);
      expectOver(bench);
    });

  if (!isBolt)
    test('is stopped while it waits', async () => {
      const bench = createBench({ isHeard: false });
      const stopper = new AbortController();
      const ended = go(bench, stopper.signal);
      await bench.clock.advance(500);
      stopper.abort();
      expect(await ended).toBe('lock.cancelled');
      expect(bench.driver.asked).toEqual([]);
      expectOver(bench);
    });

  if (!isCapture)
    test('needs a key', async () => {
      const bench = createBench();
      bench.data.keys$.next(new Map());
      expect(await go(bench, stay)).toBe(isBolt ? 'not known' : 'lock.no_key');
      expect(bench.driver.asked).toEqual([]);
      expectOver(bench);
    });

  if (!isCapture && !isBolt)
    test('is refused once the lease is over', async () => {
      const bench = createBench();
      await bench.clock.advance(169 * 3_600_000);
      bench.driver.hear(serial);
      expect(await go(bench, stay)).toBe('vault.lease_expired');
      expect(bench.driver.asked).toEqual([]);
      expectOver(bench);
    });

  if (isBackground)
    test('makes way for a person, who then has the turn', async () => {
      const bench = createBench();
      play(bench, plays, untilStopped);
      const ended = go(bench, stay);
      await bench.clock.advance(0);
      const turn = await bench.slot.claim('person', serial);
      expect(turn.ok).toBe(true);
      expect(await ended).toBe('lock.cancelled');
      if (turn.ok) turn.value.release();
      expectOver(bench);
    });

  if (!isCapture)
    test('is stopped while its key is fetched: the lock is asked nothing', async () => {
      const bench = createBench();
      const stopper = new AbortController();
      const fetched = bench.data.keyCertificate.bind(bench.data);
      bench.data.keyCertificate = (of) => {
        stopper.abort();
        return fetched(of);
      };
      expect(await go(bench, stopper.signal)).toBe(isBolt ? 'not known' : 'lock.cancelled');
      expect(bench.driver.asked).toEqual([]);
      expectOver(bench);
    });

  test('is stopped while the lock is asked', async () => {
    const bench = createBench();
    play(bench, plays, untilStopped);
    const stopper = new AbortController();
    const ended = go(bench, stopper.signal);
    await bench.clock.advance(0);
    expect(bench.driver.asked).toHaveLength(1);
    expect(bench.slot.isFree()).toBe(false);
    stopper.abort();
    expect(await ended).toBe(isBolt ? 'not known' : 'lock.cancelled');
    expectOver(bench);
  });

  test.each(['keyCertificate', 'appendAccessEvent', 'putEnrolment', 'writeNote', 'enrolment'] as const)(
    'leaves nothing behind where the data’s %s breaks',
    async (step) => {
      const bench = createBench();
      Object.assign(bench.data, { [step]: () => Promise.reject(new Error('a fault of the data')) });
      await go(bench, stay).catch(() => 'threw');
      expectOver(bench);
    },
  );

  test('leaves nothing behind where the driver breaks', async () => {
    const bench = createBench();
    play(bench, plays, () => Promise.reject(new Error('a fault of the driver')));
    const word = await go(bench, stay).catch(() => 'threw');
    expect(['threw', 'internal.unexpected', 'not known', 'done']).toContain(word);
    expectOver(bench);
  });
});
