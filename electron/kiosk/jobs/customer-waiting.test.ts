import { firstValueFrom } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import { createKioskBench } from '#support/kiosk-bench.ts';
import { ids, serial, storeRow } from '#support/kiosk-rows.ts';
import { createCustomerWaiting } from './customer-waiting.ts';

const open = (policy: { customerWaitsMinutes?: number } = { customerWaitsMinutes: 15 }) => {
  const on = createKioskBench();
  on.data.store$.next(storeRow(policy));
  const start = () => createCustomerWaiting({ ...on, store$: on.data.store$, before: [...on.data.events] });
  const customers = start();
  const kinds = (): string[] => on.data.events.map(({ kind }) => kind);
  const since = async (): Promise<number | null | undefined> =>
    (await firstValueFrom(customers.customer$))?.since;
  return { ...on, start, customers, kinds, since };
};
const unlocked = { kind: 'unlocked', staffId: ids.bob, serialNumber: serial } as const;

describe('a customer who waits', () => {
  test('is served by the first lock that opens: who, which group, after how long; the next one opens for nobody', async () => {
    const { customers, data, clock, since } = open();
    await customers.begin(null);
    expect(await since()).toBe(clock.now());
    await clock.advance(74_000);
    await customers.recorded({ ...unlocked, kind: 'not_unlocked' });
    await customers.recorded(unlocked);
    await customers.recorded(unlocked);
    expect(data.events).toMatchObject([
      { kind: 'customer_waiting', staffId: null },
      {
        kind: 'customer_served',
        staffId: ids.bob,
        serialNumber: serial,
        group: 'Perfume',
        served: { seconds: 74 },
      },
    ]);
    expect(await since()).toBeNull();
  });

  test('is one, however often somebody says so, and waits from the first time on', async () => {
    const { customers, kinds, clock, since } = open();
    await customers.begin(null);
    const first = await since();
    await clock.advance(60_000);
    await customers.begin(ids.ann);
    expect(await since()).toBe(first);
    expect(kinds()).toEqual(['customer_waiting']);
  });

  test('pressed often, leaves nothing behind that goes on after the kiosk has ended', async () => {
    const { customers, kinds, clock } = open();
    for (let presses = 0; presses < 3; presses += 1) await customers.begin(null);
    customers.dispose();
    await clock.advance(16 * 60_000);
    expect(kinds()).toEqual(['customer_waiting']);
  });

  test('has left after as long as the store says, by no clock that is set, and also in sleep', async () => {
    const { customers, kinds, clock, since } = open();
    await customers.begin(null);
    clock.jump(86_400_000);
    await clock.advance(14 * 60_000);
    expect(kinds()).toEqual(['customer_waiting']);
    clock.sleep(2 * 60_000);
    await customers.recorded(unlocked);
    expect(kinds()).toEqual(['customer_waiting', 'customer_lapsed']);
    expect(await since()).toBeNull();
    await customers.begin(null);
    await clock.advance(16 * 60_000);
    expect(kinds().slice(2)).toEqual(['customer_waiting', 'customer_lapsed']);
  });

  test('is called off by name, once', async () => {
    const { customers, data } = open();
    await customers.begin(null);
    await customers.callOff(ids.ann);
    expect(await customers.callOff(ids.ann)).toEqual(ok(null));
    expect(data.events.slice(1)).toMatchObject([{ kind: 'customer_called_off', staffId: ids.ann }]);
    await customers.recorded(unlocked);
    expect(data.events).toHaveLength(2);
  });

  test('is nobody where the store does not go by it, and from when on it does not', async () => {
    const { customers, kinds, since } = open({});
    expect(await since()).toBeUndefined();
    expect(await customers.begin(null)).toEqual(fail('rights.not_permitted'));
    expect(kinds()).toEqual([]);
    const other = open();
    await other.customers.begin(null);
    other.data.store$.next(storeRow());
    await other.clock.advance(10_000);
    await other.customers.recorded(unlocked);
    expect(other.kinds()).toEqual(['customer_waiting', 'customer_lapsed']);
  });

  test('goes on waiting over a start of the kiosk, for as long as without it', async () => {
    const { customers, start, clock, data, kinds } = open();
    await customers.begin(null);
    customers.dispose();
    await clock.advance(60_000);
    const again = start();
    expect(await firstValueFrom(again.customer$)).toEqual({ since: clock.now() - 60_000 });
    await again.recorded(unlocked);
    expect(data.events.at(-1)).toMatchObject({ kind: 'customer_served', served: { seconds: 60 } });
    again.dispose();
    expect(await firstValueFrom(start().customer$)).toEqual({ since: null });
    const left = start();
    await left.begin(null);
    left.dispose();
    await clock.advance(16 * 60_000);
    expect(await firstValueFrom(start().customer$)).toEqual({ since: null });
    expect(kinds().slice(-2)).toEqual(['customer_waiting', 'customer_lapsed']);
  });

  test('is served where the kiosk ended just after the lock had opened, and waits where it had not', async () => {
    const { customers, start, data, journal, clock, kinds } = open();
    await customers.begin(null);
    customers.dispose();
    await clock.advance(74_000);
    await journal.record({ ...unlocked, kind: 'not_unlocked' });
    start().dispose();
    expect(kinds()).toEqual(['customer_waiting', 'not_unlocked']);
    await journal.record(unlocked);
    await clock.advance(60_000);
    const again = start();
    expect(await firstValueFrom(again.customer$)).toEqual({ since: null });
    await clock.advance(0);
    expect(data.events.slice(3)).toMatchObject([
      {
        kind: 'customer_served',
        staffId: ids.bob,
        serialNumber: serial,
        group: 'Perfume',
        served: { seconds: 74 },
      },
    ]);
    again.dispose();
    // Once.
    start().dispose();
    await clock.advance(16 * 60_000);
    expect(kinds()).toEqual(['customer_waiting', 'not_unlocked', 'unlocked', 'customer_served']);
  });
});
