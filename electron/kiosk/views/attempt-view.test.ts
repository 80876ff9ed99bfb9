import { BehaviorSubject } from 'rxjs';
import { expect, test } from 'vitest';
import { ids, serial } from '#support/kiosk-rows.ts';
import type { GroupRun } from '#shared/ipc/views.ts';
import type { AttemptState } from '../locks/attempt.ts';
import type { Session } from '../staff/session.ts';
import { attemptView, groupView } from './attempt-view.ts';

const ann: Session = { staffId: ids.ann, name: 'Ann', method: 'pin', idleAt: 1 };
const bob: Session = { staffId: ids.bob, name: 'Bob', method: 'pin', idleAt: 1 };
const opening: AttemptState = {
  attemptId: ids.store,
  serialNumber: serial,
  lockName: 'Case 5',
  startedAt: 1,
  stage: 'actuate',
  stageMs: {},
  canStop: false,
  end: null,
  bolt: null,
};
const open: AttemptState = { ...opening, end: { kind: 'open', until: 6 }, bolt: 'open' };

test.each([
  ['the next one', [null, bob]],
  ['one who signs in over them', [bob]],
  ['the same person who was away', [null, ann]],
])('an ended attempt is shown to whoever made it, and not to %s', (_who, sessions) => {
  const attempt$ = new BehaviorSubject<AttemptState | null>(null);
  const session$ = new BehaviorSubject<Session | null>(ann);
  const shown: (string | null)[] = [];
  attemptView({ attempt$, session$ }).subscribe(({ attempt }) => shown.push(attempt?.lockName ?? null));
  attempt$.next(open);
  expect(shown).toEqual([null, 'Case 5']);
  // Touching the page is no change of person.
  session$.next({ ...ann, idleAt: 2 });
  expect(shown.at(-1)).toBe('Case 5');
  for (const session of sessions) session$.next(session);
  expect(shown.slice(3)).toEqual(sessions.map(() => null));
  attempt$.next({ ...open, attemptId: ids.enrolment });
  expect(shown.at(-1)).toBe('Case 5');
});

test('an attempt that goes on is shown to everyone: the lock is being opened', () => {
  const attempt$ = new BehaviorSubject<AttemptState | null>(opening);
  const session$ = new BehaviorSubject<Session | null>(ann);
  let shown: AttemptState | null = null;
  attemptView({ attempt$, session$ }).subscribe(({ attempt }) => (shown = attempt));
  for (const session of [null, bob]) {
    session$.next(session);
    expect(shown).toBe(opening);
  }
  attempt$.next(open);
  expect(shown).toBeNull();
});

test('a run over a group goes the same way', () => {
  const run: GroupRun = { runId: ids.store, locks: [], over: true };
  const run$ = new BehaviorSubject<GroupRun | null>(run);
  const session$ = new BehaviorSubject<Session | null>(null);
  let shown: GroupRun | null = null;
  groupView({ run$, session$ }).subscribe(({ run: now }) => (shown = now));
  session$.next(ann);
  expect(shown).toBeNull();
  run$.next({ ...run, runId: ids.enrolment });
  expect(shown).toMatchObject({ runId: ids.enrolment });
  session$.next(bob);
  expect(shown).toBeNull();
});
