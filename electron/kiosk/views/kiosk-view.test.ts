import { BehaviorSubject, of } from 'rxjs';
import { expect, test } from 'vitest';
import type { KioskView } from '#shared/ipc/views.ts';
import { createBadgesOnBench } from '#support/badge-bench.ts';
import { createKioskBench } from '#support/kiosk-bench.ts';
import { ids } from '#support/kiosk-rows.ts';
import type { Session } from '../staff/session.ts';
import { kioskView } from './kiosk-view.ts';

const setUp = () => {
  const { data, journal, judge, clock, readinessWatch } = createKioskBench();
  const session$ = new BehaviorSubject<Session | null>(null);
  const notTaken$ = new BehaviorSubject([{ staffId: ids.bob, by: ids.ann }]);
  data.staff$.next(data.staff$.value.map((person) => ({ ...person, roles: ['manager'] })));
  let shown: KioskView | null = null;
  kioskView({
    store$: data.store$,
    staff$: data.staff$,
    session$,
    judge,
    clock,
    notTaken$,
    phase$: of('ready' as const),
    identity$: of(null),
    idledOut$: of(null),
    lockedUntil$: of(new Map()),
    badges: createBadgesOnBench(data, journal),
    customer$: of(null),
    canLeave: false,
    notice$: of(null),
    readiness$: readinessWatch.readiness$,
    language$: of('en' as const),
    revokedFor$: of(null),
    updates: null,
    kioskName: 'Counter',
  }).subscribe((view) => (shown = view));
  const view = (): KioskView | null => shown;
  const signIn = (staffId: string) => session$.next({ staffId, name: '', method: 'pin', idleAt: 0 });
  return { data, notTaken$, view, signIn };
};

test('roles, with where they were given, are told to whoever manages badges; what the store is in by its names', () => {
  const { data, view, signIn } = setUp();
  const manager = { roleId: 'manager', name: null, at: [] };
  const told = () => view()?.staff.map(({ roles }) => roles?.[0]);
  expect(told()).toEqual([undefined, undefined]);
  expect(view()).not.toHaveProperty('district');
  signIn(ids.ann);
  expect(told()).toEqual([manager, manager]);
  const assigned = [{ roles: ['manager'], at: { district: ['manager'] } }];
  data.staff$.next(data.staff$.value.map((person) => ({ ...person, assignments: assigned })));
  const store = data.store$.value;
  if (!store) throw new Error('the bench has no store');
  data.store$.next({ ...store, district: 'North', organisation: 'Harbour Retail' });
  expect(told()?.[0]).toEqual({ ...manager, at: ['district'] });
  expect(view()).toMatchObject({ district: 'North', organisation: 'Harbour Retail' });
});

test('who gave a badge that the backend has not taken is told so, and whoever manages badges sees whose it is', () => {
  const { notTaken$, view, signIn } = setUp();
  const marked = () => view()?.staff.flatMap(({ name, badgeNotTaken }) => (badgeNotTaken ? [name] : []));
  expect([view()?.notice, marked()]).toEqual([null, []]);
  signIn(ids.ann);
  expect([view()?.notice, marked()]).toEqual([{ code: 'badge.not_taken', params: { name: 'Bob' } }, ['Bob']]);
  signIn(ids.bob);
  expect([view()?.notice, marked()]).toEqual([null, ['Bob']]);
  signIn(ids.ann);
  notTaken$.next([]);
  expect([view()?.notice, marked()]).toEqual([null, []]);
});
