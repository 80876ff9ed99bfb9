/** Tells the concerns which locks the store has lost. */
import { withLatestFrom, type Observable } from 'rxjs';
import type { StoreLocks } from '../visit/store-locks.ts';
import type { LockConcerns } from './concerns.ts';

export interface ConcernWatchOptions {
  readonly concerns: Pick<LockConcerns, 'concerns$' | 'forget'>;
  readonly storeLocks$: Observable<StoreLocks>;
}

export const watchConcerns = ({ concerns, storeLocks$ }: ConcernWatchOptions): { dispose(): void } => {
  // Also of one that it lost while this kiosk was not there to see it.
  const looking = storeLocks$.pipe(withLatestFrom(concerns.concerns$)).subscribe(([locks, now]) => {
    for (const serialNumber of now.keys()) if (!locks.has(serialNumber)) void concerns.forget(serialNumber);
  });
  return { dispose: () => looking.unsubscribe() };
};
