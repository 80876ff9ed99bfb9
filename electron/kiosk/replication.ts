/** Replication over the whole life of a kiosk: begun anew for each identity, seen from outside as one. */
import { BehaviorSubject, switchMap, type Observable } from 'rxjs';
import { createHook } from '#shared/flow/hook.ts';
import type { Result } from '#shared/errors/app-error.ts';
import type { Sync, SyncState } from './data/port.ts';
import { unregisteredSync } from './data/sync/round-end.ts';

export interface Replication {
  /** Replays. */
  readonly state$: Observable<SyncState>;
  readonly state: SyncState;
  start(): void;
  /** Ends what ran for the identity before and begins with the present one. */
  restart(): Promise<void>;
  resync(signal?: AbortSignal): Promise<Result<null>>;
  timeToken: Sync['timeToken'];
  /** Called after each check of the time; before anything is sent, it is waited for. Must not reject. */
  onTimeChecked(act: () => Promise<void>): void;
  /** The backend wants the kiosk to take new keys. */
  onRotationWanted(act: () => void): void;
  dispose(): Promise<void>;
}

/** What replication tells of while it runs. */
export interface ReplicationEvents {
  readonly timeChecked: () => Promise<void>;
  readonly rotationWanted: () => void;
}

export const createReplication = (begin: (events: ReplicationEvents) => Sync): Replication => {
  const timeChecked = createHook();
  const rotationWanted = createHook();
  const createOne = (): Sync =>
    begin({ timeChecked: () => timeChecked.run(), rotationWanted: () => void rotationWanted.run() });
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
    onTimeChecked: (act) => timeChecked.add(act),
    onRotationWanted: (act) => rotationWanted.add(act),
    dispose: async () => {
      subscription.unsubscribe();
      await current$.value.dispose();
      current$.complete();
      state$.complete();
    },
  };
};
