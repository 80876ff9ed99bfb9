/** Tells the concerns which locks the store has lost. */
import type { Observable } from 'rxjs';
import type { StoreLocks } from '../visit/store-locks.ts';
import type { LockConcerns } from './concerns.ts';

export interface ConcernWatchOptions {
  readonly concerns: Pick<LockConcerns, 'forget'>;
  readonly storeLocks$: Observable<StoreLocks>;
}

export const watchConcerns = ({ concerns, storeLocks$ }: ConcernWatchOptions): { dispose(): void } => {
  /** As of the last look; before the first, nobody knows what the store had. */
  let before: StoreLocks = new Map();
  const looking = storeLocks$.subscribe((locks) => {
    for (const serialNumber of before.keys())
      if (!locks.has(serialNumber)) void concerns.forget(serialNumber);
    before = locks;
  });
  return { dispose: () => looking.unsubscribe() };
};
