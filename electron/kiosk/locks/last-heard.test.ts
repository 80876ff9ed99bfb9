import { BehaviorSubject, Subject } from 'rxjs';
import { expect, test } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import { serial } from '#support/kiosk-rows.ts';
import type { LockSighting } from '../link/lock-driver.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import type { StoreLock, StoreLocks } from '../visit/store-locks.ts';
import { createLastHeard, type LastHeard } from './last-heard.ts';

const hour = 60 * 60_000;
const other = '0000051a000000ee';

const setUp = () => {
  const clock = new ManualClock();
  const notes = new Map<string, string>();
  const disk = { writes: 0, full: false };
  const sightings$ = new Subject<LockSighting>();
  const inStore = (...serials: string[]): StoreLocks =>
    new Map(serials.map((serialNumber) => [serialNumber, { serialNumber } as StoreLock]));
  const storeLocks$ = new BehaviorSubject<StoreLocks>(inStore(serial));
  const start = (): Promise<LastHeard> =>
    createLastHeard({
      sightings$,
      storeLocks$,
      notes: {
        readNote: (key) => Promise.resolve(notes.get(key) ?? null),
        writeNote: (key, value) => {
          disk.writes += 1;
          if (disk.full) return Promise.resolve(fail('storage.disk_full'));
          notes.set(key, value);
          return Promise.resolve(ok(null));
        },
      },
      clock,
      logger: silentLogger,
    });
  const hear = (rest: Partial<LockSighting> = {}): void =>
    sightings$.next({
      serialNumber: serial,
      rssi: -60,
      provisioned: true,
      boltOpen: false,
      tamper: false,
      batteryLow: false,
      battery: 84,
      ...rest,
    });
  return { clock, notes, disk, storeLocks$, inStore, start, hear };
};

test('a lock that was heard is known by when and by its battery, also after the kiosk was started again', async () => {
  const { clock, start, hear } = setUp();
  const first = await start();
  expect(first.of(serial)).toBeNull();
  hear();
  await clock.advance(1_000);
  hear({ battery: 83 });
  const at = clock.now();
  expect(first.of(serial)).toEqual({ at, battery: 83 });
  await first.dispose();
  await clock.advance(5 * hour);
  expect((await start()).of(serial)).toEqual({ at, battery: 83 });
});

test('what is only repeated is not heard, and neither is a lock of another store', async () => {
  const { start, hear } = setUp();
  const lastHeard = await start();
  hear({ repeated: true });
  hear({ serialNumber: other });
  expect(lastHeard.of(serial)).toBeNull();
  expect(lastHeard.of(other)).toBeNull();
});

test('thousands of advertisements are one write an hour, and none where nothing was heard', async () => {
  const { clock, disk, start, hear } = setUp();
  const lastHeard = await start();
  for (let minute = 0; minute < 120; minute += 1) {
    for (let n = 0; n < 50; n += 1) hear();
    await clock.advance(60_000);
  }
  expect(disk.writes).toBe(2);
  await clock.advance(10 * hour);
  expect(disk.writes).toBe(2);
  await lastHeard.dispose();
  expect(disk.writes).toBe(2);
});

test('a kiosk that is killed forgets an hour of it at the most', async () => {
  const { clock, start, hear } = setUp();
  await start();
  hear();
  const at = clock.now();
  await clock.advance(hour);
  hear({ battery: 10 });
  expect((await start()).of(serial)).toEqual({ at, battery: 84 });
});

test('what a full disk did not take is written an hour later', async () => {
  const { clock, disk, start, hear } = setUp();
  await start();
  disk.full = true;
  hear();
  await clock.advance(hour);
  disk.full = false;
  await clock.advance(hour);
  expect((await start()).of(serial)?.battery).toBe(84);
});

test('a lock that the store loses is forgotten, and all of them with the kiosk’s identity', async () => {
  const { notes, storeLocks$, inStore, start, hear } = setUp();
  storeLocks$.next(inStore(serial, other));
  const lastHeard = await start();
  hear();
  hear({ serialNumber: other });
  storeLocks$.next(inStore(serial));
  expect(lastHeard.of(other)).toBeNull();
  await lastHeard.forgetAll();
  expect(lastHeard.of(serial)).toBeNull();
  await lastHeard.dispose();
  expect([...notes.values()].join('')).toBe('');
});
