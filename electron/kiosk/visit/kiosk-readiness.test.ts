/** What may be done now is told by itself as time passes: a lease and a certificate lapse without an event. */
import { of } from 'rxjs';
import { expect, test } from 'vitest';
import { owner, storeRow, trustRow } from '#support/kiosk-rows.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import { createReadinessWatch, type KioskReadiness } from './kiosk-readiness.ts';

const hourMs = 3_600_000;

test('the end of the lease is told though nothing happens, and nothing is told twice', async () => {
  const clock = new ManualClock();
  const watch = createReadinessWatch({
    radio$: of('ready'),
    vault$: of('ready'),
    store$: of(storeRow({ offlineLeaseHours: 1 })),
    trust$: of([trustRow(clock.now())]),
    owner$: of(owner),
    lastContactAt$: of(clock.now()),
    clock,
  });
  const told: KioskReadiness[] = [];
  watch.readiness$.subscribe((readiness) => told.push(readiness));
  await clock.advance(hourMs - 10_000);
  expect(told.map(({ obstacle }) => obstacle?.code)).toEqual([undefined]);
  await clock.advance(20_000);
  expect(told.map(({ obstacle }) => obstacle?.code)).toEqual([undefined, 'vault.lease_expired']);
  watch.dispose();
  await clock.advance(hourMs);
  expect(told).toHaveLength(2);
});
