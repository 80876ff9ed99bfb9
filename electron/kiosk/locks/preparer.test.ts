import { expect, test as base } from 'vitest';
import { ok } from '#shared/errors/app-error.ts';
import { createKioskBench } from '#support/kiosk-bench.ts';
import { createOperationSlot } from '../visit/operation-slot.ts';
import { createPreparer } from './preparer.ts';

const serialNumber = '0000051a00000005';
const another = '0000051a00000006';
const test = base
  .extend('kioskBench', () => createKioskBench())
  .extend('clock', ({ kioskBench }) => kioskBench.clock)
  .extend('prepared', (): string[] => [])
  .extend('preparerOf', ({ kioskBench, clock, prepared }) => {
    kioskBench.driver.hear(serialNumber);
    const nearby = kioskBench.nearby.get(serialNumber);
    return (openable = true, slot = createOperationSlot()) =>
      createPreparer({
        driver: {
          prepare: (serial, deviceCertificate) => {
            prepared.push(`${serial} ${deviceCertificate.join()}`);
            return Promise.resolve(ok(null));
          },
        },
        directory: {
          situation: (serial) => ({
            ...kioskBench.directory.situation(serial),
            storeLock: {
              serialNumber: serial,
              name: 'Case',
              group: '',
              deviceCertificate: 'AQI=',
              release: null,
            },
            hasKey: openable,
            nearby,
          }),
        },
        slot,
        clock,
      });
  });

test('a lock that would be opened is connected to, with its public certificate alone', ({
  prepared,
  preparerOf,
}) => {
  preparerOf().prepare(serialNumber);
  expect(prepared).toEqual([`${serialNumber} 1,2`]);
});

test('a lock that would not be opened is left alone', ({ prepared, preparerOf }) => {
  preparerOf(false).prepare(serialNumber);
  expect(prepared).toEqual([]);
});

test('while the kiosk talks to a lock there is no guessing', async ({ prepared, preparerOf }) => {
  const slot = createOperationSlot();
  const preparer = preparerOf(true, slot);
  const turn = await slot.claim('background', serialNumber);
  preparer.prepare(serialNumber);
  expect(prepared).toEqual([]);
  if (turn.ok) turn.value.release();
  preparer.prepare(serialNumber);
  expect(prepared).toHaveLength(1);
});

test('a finger that wanders costs a lock four connections a minute and no more', async ({
  clock,
  prepared,
  preparerOf,
}) => {
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

test('a driver that can’t prepare is not asked to', ({ clock, prepared }) => {
  const slot = createOperationSlot();
  const directory = {
    situation: () => {
      throw new Error('not asked for');
    },
  };
  createPreparer({ driver: {}, directory, slot, clock }).prepare(serialNumber);
  expect(prepared).toEqual([]);
});
