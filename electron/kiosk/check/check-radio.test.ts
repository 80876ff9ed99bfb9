import { BehaviorSubject, Subject } from 'rxjs';
import { expect, test } from 'vitest';
import { ManualClock } from '../platform/manual-clock.ts';
import type { Advertisement, RadioState } from '../radio/port.ts';
import { checkRadio } from './check-radio.ts';

const lock: Advertisement = { peer: 'a', rssi: -50, manufacturerData: new Uint8Array(), serviceData: null };

const setUp = () => {
  const clock = new ManualClock();
  const state$ = new BehaviorSubject<RadioState>('starting');
  const advertisements$ = new Subject<Advertisement>();
  let disposed = 0;
  const dispose = () => {
    disposed += 1;
    state$.complete();
    advertisements$.complete();
    return Promise.resolve();
  };
  const checked = checkRadio({ clock, radio: () => ({ state$, advertisements$, dispose }) });
  return { clock, state$, advertisements$, checked, disposed: () => disposed };
};

test('tells how long it took until a first lock was heard, and lets the adapter go', async () => {
  const { clock, state$, advertisements$, checked, disposed } = setUp();
  await clock.advance(900);
  state$.next('ready');
  await clock.advance(330);
  advertisements$.next(lock);
  expect(await checked).toEqual([
    { part: 'dongle', ok: true, seen: 'ready' },
    { part: 'first lock', ok: true, seen: 'heard after 1.3 s' },
  ]);
  expect(disposed()).toBe(1);
});

test('a lock that is heard before the adapter says that it is ready counts', async () => {
  const { clock, state$, advertisements$, checked } = setUp();
  await clock.advance(200);
  advertisements$.next(lock);
  state$.next('ready');
  expect((await checked)[1]).toMatchObject({ seen: 'heard after 0.2 s' });
});

test('that no lock is near is no fault of the machine', async () => {
  const { clock, state$, checked } = setUp();
  state$.next('ready');
  await clock.advance(20_000);
  expect(await checked).toEqual([
    { part: 'dongle', ok: true, seen: 'ready' },
    { part: 'first lock', ok: null, seen: 'none was heard in 20 s: is one near?' },
  ]);
});

test('without an adapter, or where it does not come up, no lock is waited for', async () => {
  const without = setUp();
  without.state$.next('no_dongle');
  expect(await without.checked).toEqual([
    { part: 'dongle', ok: false, seen: 'none, or it is not up (docs/radio.md, "For IT")' },
  ]);
  const silent = setUp();
  await silent.clock.advance(20_000);
  expect(await silent.checked).toMatchObject([{ part: 'dongle', ok: false }]);
  expect(await checkRadio({ clock: silent.clock, radio: null })).toMatchObject([
    { part: 'dongle', ok: null },
  ]);
});
