/** Tells the concerns what the store's locks advertise, and which locks the store has lost. */
import { combineLatest, type Observable } from 'rxjs';
import type { Concerns, LockConcerns } from './concerns.ts';
import type { NearbyLocks } from '../visit/nearby.ts';
import type { StoreLocks } from '../visit/store-locks.ts';

export interface ConcernWatchOptions {
  readonly concerns: Pick<LockConcerns, 'advertised' | 'forget'> & {
    readonly concerns$: Observable<Concerns>;
  };
  readonly storeLocks$: Observable<StoreLocks>;
  readonly nearby$: Observable<NearbyLocks>;
}

export const watchConcerns = (options: ConcernWatchOptions): { dispose(): void } => {
  const { concerns, storeLocks$, nearby$ } = options;
  /** As of the last look; before the first, nobody knows what the store had. */
  let before: StoreLocks = new Map();
  let known: Concerns = new Map();
  const follow = concerns.concerns$.subscribe((now) => (known = now));
  const look = combineLatest([storeLocks$, nearby$]).subscribe(([locks, nearby]) => {
    for (const serialNumber of before.keys())
      if (!locks.has(serialNumber)) void concerns.forget(serialNumber);
    before = locks;
    for (const { serialNumber, tamper, provisioned } of nearby.values()) {
      // A lock that says it is new is not the one that hangs there, or says nothing that is worth an alarm.
      if (!provisioned || !locks.has(serialNumber)) continue;
      if (tamper || known.get(serialNumber)?.tamper) void concerns.advertised(serialNumber, tamper);
    }
  });
  return {
    dispose: () => {
      follow.unsubscribe();
      look.unsubscribe();
    },
  };
};
