import { combineLatest, map, type Observable } from 'rxjs';
import type { AttemptView, GroupRun, GroupView } from '#shared/ipc/views.ts';
import type { AttemptState } from '../locks/attempt.ts';
import type { Session } from '../staff/session.ts';

interface Shown<T> {
  readonly idOf: (one: T) => string;
  readonly isOver: (one: T) => boolean;
}

/**
 * What one person did is not shown to the next: once whoever did it is signed out, or another is signed in, it is shown no
 * longer than it goes on. For one subscriber.
 */
const toWhoeverDidIt = <T>(
  done$: Observable<T | null>,
  session$: Observable<Session | null>,
  { idOf, isOver }: Shown<T>,
): Observable<T | null> => {
  let person: string | null = null;
  let another: string | null = null;
  return combineLatest([done$, session$]).pipe(
    map(([done, session]) => {
      const staffId = session?.staffId ?? null;
      if (staffId !== person) another = done && idOf(done);
      person = staffId;
      return done !== null && (!isOver(done) || (session !== null && idOf(done) !== another)) ? done : null;
    }),
  );
};

export interface AttemptViewSources {
  readonly attempt$: Observable<AttemptState | null>;
  readonly session$: Observable<Session | null>;
}

export const attemptView = ({ attempt$, session$ }: AttemptViewSources): Observable<AttemptView> =>
  toWhoeverDidIt(attempt$, session$, {
    idOf: ({ attemptId }) => attemptId,
    isOver: ({ end }) => end !== null,
  }).pipe(map((attempt) => ({ attempt })));

export interface GroupViewSources {
  readonly run$: Observable<GroupRun | null>;
  readonly session$: Observable<Session | null>;
}

export const groupView = ({ run$, session$ }: GroupViewSources): Observable<GroupView> =>
  toWhoeverDidIt(run$, session$, { idOf: ({ runId }) => runId, isOver: ({ over }) => over }).pipe(
    map((run) => ({ run })),
  );
