/** A tile says what the attempt would: for whoever is signed in, and by the clock. */
import { BehaviorSubject, of, type Subscription } from 'rxjs';
import { afterEach, expect, test } from 'vitest';
import { ids, serial } from '#support/kiosk-rows.ts';
import { createRightsBench, pins, rightsOf, type RightsBench } from '#support/rights-bench.ts';
import type { LockTile } from '#shared/ipc/views.ts';
import type { Rule } from '#shared/rights/model.ts';
import type { Concerns } from '../locks/concerns.ts';
import { locksView } from './locks-view.ts';

let watching: Subscription | undefined;
afterEach(() => watching?.unsubscribe());

interface Watched {
  readonly tile: () => LockTile | undefined;
  readonly seen: () => number;
}

/** Once the locks that are near are shown as that. */
const watch = async (on: RightsBench): Promise<Watched> => {
  let tile: LockTile | undefined;
  let seen = 0;
  watching = locksView({
    storeLocks$: on.storeLocks$,
    nearby$: on.nearby.nearby$,
    concerns$: new BehaviorSubject<Concerns>(new Map()),
    alarms$: of([]),
    keySerials$: on.data.keySerials$,
    readiness$: on.readinessWatch.readiness$,
    session$: on.staff.session$,
    judge: on.judge,
    language$: of('en'),
    lastHeard: { of: () => null },
  }).subscribe(({ locks }) => {
    tile = locks.find(({ serialNumber }) => serialNumber === serial);
    seen += 1;
  });
  await on.clock.advance(100);
  return { tile: () => tile, seen: () => seen };
};

const at = (hour: number, minute = 0): number => Date.UTC(2026, 0, 5, hour, minute);
const until0901: Rule = {
  group: 'Perfume',
  twoPeople: true,
  reasons: { choices: [{ code: 'sale', name: 'Sale' }] },
  schedule: { weekly: [{ days: [1, 2], from: '08:00', until: '09:01' }], exceptions: [] },
};

test('the tile says what opening takes, and closes at the end of the hours, to the second', async () => {
  const on = await createRightsBench({ rights: rightsOf([until0901]) });
  const { tile } = await watch(on);
  await on.staff.signIn(ids.ann, pins.ann);
  expect(tile()).toMatchObject({
    obstacle: null,
    needs: { secondPerson: true, reasons: until0901.reasons },
  });
  await on.clock.advance(at(9, 1) - 1 - on.clock.now());
  on.driver.hear(serial);
  expect(tile()?.needs).not.toBeNull();
  await on.clock.advance(1);
  const closed = { code: 'rights.outside_hours', params: { fromAt: at(8) + 24 * 3_600_000 } };
  expect(tile()).toMatchObject({ obstacle: closed, needs: null });
});

test('and opens at their beginning, also where the kiosk has slept meanwhile', async () => {
  const on = await createRightsBench({ rights: rightsOf([until0901]) });
  const { tile } = await watch(on);
  on.clock.sleep(3_600_000);
  await on.staff.signIn(ids.ann, pins.ann);
  await on.clock.advance(5_000);
  expect(tile()?.obstacle).toMatchObject({ code: 'rights.outside_hours' });
  on.clock.sleep(22 * 3_600_000);
  on.driver.hear(serial);
  await on.clock.advance(5_000);
  await on.staff.signIn(ids.ann, pins.ann);
  expect(tile()?.obstacle).toBeNull();
});

test('for nobody it says nothing of anybody’s rights; for each person their own', async () => {
  const on = await createRightsBench({ rights: rightsOf([{ group: 'Perfume', roles: ['lead'] }]) });
  const { tile } = await watch(on);
  expect(tile()).toMatchObject({ obstacle: null, needs: null });
  await on.staff.signIn(ids.ann, pins.ann);
  expect(tile()?.obstacle).toEqual({ code: 'rights.not_permitted', params: {} });
  await on.staff.signIn(ids.bob, pins.bob);
  expect(tile()?.obstacle).toBeNull();
});

test('a touch of the screen draws no tile anew, nor do the seconds of a minute', async () => {
  const on = await createRightsBench({ rights: rightsOf([until0901]) });
  const { seen } = await watch(on);
  await on.staff.signIn(ids.ann, pins.ann);
  await on.clock.advance(1_000);
  const before = seen();
  for (let touches = 0; touches < 20; touches += 1) on.staff.touch();
  await on.clock.advance(3_000);
  expect(seen()).toBe(before);
});
