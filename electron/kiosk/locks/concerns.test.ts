import { BehaviorSubject, firstValueFrom, Subject } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import { createKioskBench } from '#support/kiosk-bench.ts';
import { ids, serial } from '#support/kiosk-rows.ts';
import type { JournalEntry } from '../journal/journal-entry.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import { watchConcerns } from './concern-watch.ts';
import { createLockConcerns, type Concern, type LockConcerns } from './concerns.ts';
import type { StoreLocks } from '../visit/store-locks.ts';

const setUp = async () => {
  const notes = new Map<string, string>();
  const recorded: JournalEntry[] = [];
  const clock = new ManualClock();
  const disk = { full: false };
  const start = (): Promise<LockConcerns> =>
    createLockConcerns({
      notes: {
        readNote: (key) => Promise.resolve(notes.get(key) ?? null),
        writeNote: (key, value) => {
          notes.set(key, value);
          return Promise.resolve(ok(null));
        },
      },
      journal: {
        recordNow: (entry) => {
          if (disk.full) return Promise.resolve(fail('storage.disk_full'));
          recorded.push(entry);
          return Promise.resolve(ok(null));
        },
      },
      clock,
      logger: silentLogger,
    });
  return { notes, recorded, clock, disk, start, concerns: await start() };
};
const about = async (concerns: LockConcerns): Promise<Concern | undefined> =>
  (await firstValueFrom(concerns.concerns$)).get(serial);
const refusal = fail('lock.chain_refused', { serialNumber: serial, reason: 'key_epoch_revoked' });

describe('an outcome that is not known', () => {
  test('is there after the kiosk was killed, since when it was, and goes when the lock opens', async () => {
    const { clock, start, concerns } = await setUp();
    const since = clock.now();
    await concerns.ended(serial, { kind: 'unknown' });
    await clock.advance(60_000);
    const again = await start();
    expect(await about(again)).toEqual({ unknownSince: since, refused: null });
    await again.ended(serial, { kind: 'unknown' });
    expect((await about(again))?.unknownSince).toBe(since);
    await again.ended(serial, { kind: 'open', until: clock.now() });
    expect(await about(again)).toBeUndefined();
    expect(await about(await start())).toBeUndefined();
  });

  test('is known again once the lock says, or somebody says that they looked, which is an event', async () => {
    const { recorded, start, concerns } = await setUp();
    await concerns.ended(serial, { kind: 'unknown' });
    await concerns.told(serial);
    expect(await about(concerns)).toBeUndefined();
    expect(recorded).toEqual([]);
    await concerns.ended(serial, { kind: 'unknown' });
    expect(await concerns.looked(serial, ids.ann)).toEqual(ok(null));
    expect(recorded).toEqual([{ kind: 'outcome_checked', serialNumber: serial, staffId: ids.ann }]);
    expect(await about(await start())).toBeUndefined();
    // There is nothing to look at twice.
    await concerns.looked(serial, ids.ann);
    expect(recorded).toHaveLength(1);
  });

  test('stays where it cannot be recorded that somebody has looked', async () => {
    const { recorded, disk, start, concerns } = await setUp();
    await concerns.ended(serial, { kind: 'unknown' });
    disk.full = true;
    expect(await concerns.looked(serial, ids.ann)).toEqual(fail('storage.disk_full'));
    expect(await about(concerns)).toBeDefined();
    expect(await about(await start())).toBeDefined();
    disk.full = false;
    expect(await concerns.looked(serial, ids.ann)).toEqual(ok(null));
    expect([recorded.length, await about(await start())]).toEqual([1, undefined]);
  });

  test('comes of an unlock that a person asked for, and is told by the lock when it is asked', async () => {
    const { concerns } = await setUp();
    const bench = createKioskBench(concerns);
    bench.driver.hear(serial);
    bench.driver.onUnlock = (serialNumber, operation) => {
      operation.onCommitted?.();
      return Promise.resolve(fail('lock.link_lost', { serialNumber }));
    };
    await bench.unlocks.unlock(serial, ids.ann, new AbortController().signal);
    expect((await about(concerns))?.unknownSince).toBe(bench.clock.now());
    await bench.operations.ask(serial, new AbortController().signal);
    expect(await about(concerns)).toBeUndefined();
  });
});

describe('a refusal', () => {
  test('of the lock itself is kept until it opens; one of the kiosk or the air is not', async () => {
    const { clock, concerns } = await setUp();
    await concerns.ended(serial, { kind: 'not_open', error: { code: 'radio.no_dongle', params: {} } });
    expect(await about(concerns)).toBeUndefined();
    if (refusal.ok) throw new Error('a failure is no success');
    await concerns.ended(serial, { kind: 'not_open', error: refusal.error });
    expect((await about(concerns))?.refused).toEqual({ at: clock.now(), error: refusal.error });
    await concerns.ended(serial, { kind: 'open', until: clock.now() });
    expect(await about(concerns)).toBeUndefined();
  });
});

test('a lock that the store gives back is nobody’s concern', async () => {
  const { concerns } = await setUp();
  const storeLocks$ = new Subject<StoreLocks>();
  const watch = watchConcerns({ concerns, storeLocks$ });
  const lock = { serialNumber: serial, name: 'Case 5', group: '', deviceCertificate: '', release: null };
  storeLocks$.next(new Map([[serial, lock]]));
  await concerns.ended(serial, { kind: 'unknown' });
  expect(await about(concerns)).toBeDefined();
  storeLocks$.next(new Map());
  expect(await about(concerns)).toBeUndefined();
  watch.dispose();
});

test('nor is one that it gave back while the kiosk was not there to see it', async () => {
  const { start, concerns } = await setUp();
  await concerns.ended(serial, { kind: 'unknown' });
  const again = await start();
  watchConcerns({ concerns: again, storeLocks$: new BehaviorSubject<StoreLocks>(new Map()) }).dispose();
  expect(await about(again)).toBeUndefined();
  expect(await about(await start())).toBeUndefined();
});

test('a note that cannot be read is nobody’s concern', async () => {
  const { notes, start } = await setUp();
  notes.set('lock-concerns', '{"0000051a');
  expect(await about(await start())).toBeUndefined();
});
