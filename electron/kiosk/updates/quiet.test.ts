import { BehaviorSubject } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { ManualClock } from '../platform/manual-clock.ts';
import { createQuiet } from './quiet.ts';

const minute = 60_000;

const open = () => {
  const clock = new ManualClock();
  const session$ = new BehaviorSubject<object | null>(null);
  const attempt$ = new BehaviorSubject<{ end: object | null } | null>(null);
  const run$ = new BehaviorSubject<{ over: boolean } | null>(null);
  const customer$ = new BehaviorSubject<{ since: number | null } | null>(null);
  const state = { isFree: true, isStored: true, came: 0, waits: false };
  const quiet = createQuiet({
    session$,
    attempt$,
    run$,
    customer$,
    clock,
    slot: { isFree: () => state.isFree },
    waits: { any: () => state.waits },
    journal: { catchUp: () => Promise.resolve({ ok: state.isStored }) },
    onSomebody: () => (state.came += 1),
  });
  return { clock, session$, attempt$, run$, customer$, state, quiet };
};

describe('an update waits', () => {
  test('for two minutes after a start, and after whoever was signed in last, however long they were there', async () => {
    const { clock, session$, state, quiet } = open();
    expect(await quiet.now()).toBe(false);
    await clock.advance(2 * minute);
    expect(await quiet.now()).toBe(true);
    session$.next({ staffId: 'a' });
    await clock.advance(10 * minute);
    session$.next({ staffId: 'a', idleAt: 1 });
    expect([await quiet.now(), state.came]).toEqual([false, 1]);
    session$.next(null);
    await clock.advance(2 * minute - 1);
    expect(await quiet.now()).toBe(false);
    await clock.advance(1);
    expect(await quiet.now()).toBe(true);
  });

  test('for two minutes after whoever touches the screen and is not signed in: they type a PIN, or set the kiosk up', async () => {
    const { clock, state, quiet } = open();
    await clock.advance(2 * minute);
    quiet.seen();
    expect([await quiet.now(), await quiet.idle(), quiet.nobody(), state.came]).toEqual([
      false,
      true,
      true,
      0,
    ]);
    await clock.advance(2 * minute - 1);
    quiet.seen();
    await clock.advance(2 * minute - 1);
    expect(await quiet.now()).toBe(false);
    await clock.advance(1);
    expect(await quiet.now()).toBe(true);
  });

  test('for an attempt, a group and the radio to end, and for the disk', async () => {
    const { clock, attempt$, run$, state, quiet } = open();
    await clock.advance(2 * minute);
    attempt$.next({ end: null });
    expect(await quiet.now()).toBe(false);
    attempt$.next({ end: { kind: 'open' } });
    expect(await quiet.now()).toBe(true);
    run$.next({ over: false });
    expect(await quiet.now()).toBe(false);
    run$.next({ over: true });
    state.isFree = false;
    expect(await quiet.now()).toBe(false);
    state.isFree = true;
    state.isStored = false;
    expect(await quiet.now()).toBe(false);
    state.isStored = true;
    expect(await quiet.now()).toBe(true);
    // Somebody has asked for a lock with a delay.
    state.waits = true;
    expect(await quiet.now()).toBe(false);
  });

  test('for a customer to be served: somebody is about to come', async () => {
    const { clock, customer$, quiet } = open();
    await clock.advance(2 * minute);
    customer$.next({ since: null });
    expect(await quiet.now()).toBe(true);
    customer$.next({ since: clock.now() });
    // Who says now is there, and knows of the customer.
    expect([await quiet.now(), await quiet.idle()]).toEqual([false, true]);
    customer$.next({ since: null });
    expect(await quiet.now()).toBe(true);
  });

  test('and not for two minutes, nor for whoever is signed in, where a person says now', async () => {
    const { session$, attempt$, state, quiet } = open();
    expect([await quiet.idle(), quiet.nobody()]).toEqual([true, true]);
    session$.next({ staffId: 'a' });
    expect([await quiet.idle(), quiet.nobody()]).toEqual([true, false]);
    attempt$.next({ end: null });
    expect(await quiet.idle()).toBe(false);
    attempt$.next({ end: { kind: 'open' } });
    state.isStored = false;
    expect(await quiet.idle()).toBe(false);
  });

  test('for somebody who comes while the disk is asked', async () => {
    const { clock, session$, quiet } = open();
    await clock.advance(2 * minute);
    const asked = quiet.now();
    session$.next({ staffId: 'a' });
    expect(await asked).toBe(false);
    session$.next(null);
    await clock.advance(2 * minute);
    const askedAgain = quiet.now();
    quiet.seen();
    expect(await askedAgain).toBe(false);
  });
});
