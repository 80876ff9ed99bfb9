import { beforeEach, expect, test } from 'vitest';
import { ok } from '#shared/errors/app-error.ts';
import { createKioskBench, type KioskBench } from '#support/kiosk-bench.ts';
import type { ManualClock } from '../platform/manual-clock.ts';
import type { NearbyLock } from '../visit/nearby.ts';
import { createOperationSlot } from '../visit/operation-slot.ts';
import { createPreparer } from './preparer.ts';

const serialNumber = '0000051a00000005';
const another = '0000051a00000006';
let bench: KioskBench;
let clock: ManualClock;
let heard: NearbyLock | null;
let prepared: string[];
beforeEach(() => {
  bench = createKioskBench();
  ({ clock } = bench);
  bench.driver.hear(serialNumber);
  heard = bench.nearby.get(serialNumber);
  prepared = [];
});

const preparerOf = (openable = true, slot = createOperationSlot()) =>
  createPreparer({
    driver: {
      prepare: (serial, deviceCertificate) => {
        prepared.push(`${serial} ${deviceCertificate.join()}`);
        return Promise.resolve(ok(null));
      },
    },
    directory: {
      situation: (serial) => ({
        ...bench.directory.situation(serial),
        storeLock: {
          serialNumber: serial,
          name: 'Case',
          group: '',
          deviceCertificate: 'AQI=',
          release: null,
        },
        hasKey: openable,
        nearby: heard,
      }),
    },
    slot,
    clock,
  });

test('a lock that would be opened is connected to, with its public certificate alone', () => {
  preparerOf().prepare(serialNumber);
  expect(prepared).toEqual([`${serialNumber} 1,2`]);
});

test('a lock that would not be opened is left alone', () => {
  preparerOf(false).prepare(serialNumber);
  expect(prepared).toEqual([]);
});

test('while the kiosk talks to a lock there is no guessing', async () => {
  const slot = createOperationSlot();
  const preparer = preparerOf(true, slot);
  const turn = await slot.claim('background', serialNumber);
  preparer.prepare(serialNumber);
  expect(prepared).toEqual([]);
  if (turn.ok) turn.value.release();
  preparer.prepare(serialNumber);
  expect(prepared).toHaveLength(1);
});

test('a finger that wanders costs a lock four connections a minute and no more', async () => {
  const preparer = preparerOf();
  for (let second = 0; second < 59; second += 1) {
    preparer.prepare(serialNumber);
    await clock.advance(1_000);
  }
  expect(prepared).toHaveLength(4);
  preparer.prepare(another);
  expect(prepared).toHaveLength(5);
  await clock.advance(2_000);
  preparer.prepare(serialNumber);
  expect(prepared).toHaveLength(6);
});

test('a driver that can’t prepare is not asked to', () => {
  const slot = createOperationSlot();
  const directory = {
    situation: () => {
      throw new Error('not asked for');
    },
  };
  createPreparer({ driver: {}, directory, slot, clock }).prepare(serialNumber);
  expect(prepared).toEqual([]);
});
