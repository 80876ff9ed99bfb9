import { combineLatest, map, type Observable } from 'rxjs';
import type { AttemptView, GroupView } from '#shared/ipc/views.ts';
import type { AttemptState } from '../locks/attempt.ts';
import type { GroupRun } from '../locks/group-unlock.ts';
import type { Session } from '../staff/session.ts';

export interface AttemptViewSources {
  readonly attempt$: Observable<AttemptState | null>;
  readonly session$: Observable<Session | null>;
}

/** What one person did is not shown to the next: an ended attempt goes when whoever made it is signed out. */
export const attemptView = ({ attempt$, session$ }: AttemptViewSources): Observable<AttemptView> =>
  combineLatest([attempt$, session$]).pipe(
    map(([attempt, session]) => ({
      attempt: attempt !== null && (session !== null || attempt.end === null) ? attempt : null,
    })),
  );

export interface GroupViewSources {
  readonly run$: Observable<GroupRun | null>;
  readonly session$: Observable<Session | null>;
}

/** As with a single attempt: a run that is over is shown to whoever made it, and to nobody after. */
export const groupView = ({ run$, session$ }: GroupViewSources): Observable<GroupView> =>
  combineLatest([run$, session$]).pipe(
    map(([run, session]) => ({ run: run !== null && (session !== null || !run.over) ? run : null })),
  );
