/** Replication over the whole life of a kiosk: begun anew for each identity, seen from outside as one. */
import { BehaviorSubject, switchMap, type Observable } from 'rxjs';
import type { Result } from '#shared/errors/app-error.ts';
import type { Sync, SyncState } from './data/port.ts';

export interface Replication {
  /** Replays. */
  readonly state$: Observable<SyncState>;
  readonly state: SyncState;
  start(): void;
  /** Ends what ran for the identity before and begins with the present one. */
  restart(): Promise<void>;
  resync(signal?: AbortSignal): Promise<Result<null>>;
  timeToken: Sync['timeToken'];
  dispose(): Promise<void>;
}

export const unregisteredSync: SyncState = {
  connection: 'unregistered',
  waiting: 0,
  lastContactAt: null,
  pulling: null,
  invalidRows: 0,
  noAnswer: null,
  sendingRefused: false,
  skewMs: null,
  timeChecks: 0,
  revocation: null,
};

export const createReplication = (createOne: () => Sync): Replication => {
  const current$ = new BehaviorSubject(createOne());
  const state$ = new BehaviorSubject(unregisteredSync);
  const subscription = current$
    .pipe(switchMap((sync) => sync.state$))
    .subscribe((state) => state$.next(state));
  return {
    state$,
    get state() {
      return state$.value;
    },
    start: () => current$.value.start(),
    restart: async () => {
      await current$.value.dispose();
      const next = createOne();
      current$.next(next);
      next.start();
    },
    resync: (signal) => current$.value.resync(signal),
    timeToken: (challenge) => current$.value.timeToken(challenge),
    dispose: async () => {
      subscription.unsubscribe();
      await current$.value.dispose();
      current$.complete();
      state$.complete();
    },
  };
};
