import { BehaviorSubject, of } from 'rxjs';
import { expect, test } from 'vitest';
import type { HealthView } from '#shared/ipc/health-view.ts';
import type { DataLoss } from '../data/loss-memory.ts';
import type { SyncState } from '../data/port.ts';
import { unregisteredSync } from '../data/sync/round-end.ts';
import { judgeReadiness } from '../visit/kiosk-readiness.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import { healthView } from './health-view.ts';

const hour = 3_600_000;
const offline: SyncState = { ...unregisteredSync, connection: 'offline' };

const open = (lastContactAt: (now: number) => number | null) => {
  const clock = new ManualClock();
  const sync$ = new BehaviorSubject(offline);
  const contactAt = lastContactAt(clock.now());
  const readiness = judgeReadiness({
    radio: 'ready',
    vault: 'ready',
    store: null,
    trust: [],
    owner: null,
    now: clock.now(),
    lastContactAt: contactAt,
  });
  const was = { rolledBack: false };
  const loss$ = new BehaviorSubject<DataLoss | null>(null);
  let shown: HealthView | null = null;
  healthView({
    readiness$: of(readiness),
    sync$,
    clock,
    fingerprint: () => null,
    updates: null,
    loss$,
    rolledBack: () => was.rolledBack,
    unlockMs: () => null,
  }).subscribe((view) => (shown = view));
  const view = (): HealthView | null => shown;
  return {
    clock,
    sync$,
    contactAt,
    was,
    loss$,
    connection: () => view()?.connection,
    time: () => view()?.time,
    data: () => view()?.data,
  };
};

test('a kiosk that starts offline is offline since its last contact, not since its start', async () => {
  const { clock, sync$, contactAt, connection } = open((now) => now - 70 * hour);
  expect(connection()).toMatchObject({ state: 'offline', since: contactAt });
  await clock.advance(hour);
  expect(connection()).toMatchObject({ state: 'offline', since: contactAt });
  sync$.next({ ...offline, connection: 'online' });
  await clock.advance(hour);
  sync$.next(offline);
  expect(connection()).toMatchObject({ state: 'offline', since: clock.now() });
});

test('how wrong a clock is that was turned since the last check is said as not known', async () => {
  const { clock, sync$, was, time } = open((now) => now);
  sync$.next({ ...offline, skewMs: 1, timeChecks: 1 });
  expect(time()).toMatchObject({ state: 'checked', skewMs: 1 });
  was.rolledBack = true;
  await clock.advance(10_000);
  expect(time()).toMatchObject({ state: 'wrong', skewMs: null });
});

test('without any contact ever, it is offline since its start', () => {
  const { clock, connection } = open(() => null);
  expect(connection()).toMatchObject({ state: 'offline', since: clock.now() });
});

test('what was lost is said for two weeks, since it was', async () => {
  const { clock, loss$, data } = open((now) => now);
  expect(data()).toMatchObject({ state: 'whole' });
  const at = clock.now() - hour;
  loss$.next({ kind: 'lost', at });
  expect(data()).toEqual({ state: 'lost', since: at });
  loss$.next({ kind: 'salvaged', at: clock.now() + hour });
  expect(data()).toEqual({ state: 'salvaged', since: clock.now() });
  loss$.next({ kind: 'salvaged', at: clock.now() - 14 * 24 * hour + 1 });
  expect(data()).toMatchObject({ state: 'salvaged' });
  await clock.advance(10_000);
  expect(data()).toMatchObject({ state: 'whole' });
});
