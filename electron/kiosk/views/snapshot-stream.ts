import { ReplaySubject, type Observable } from 'rxjs';
import type { Clock } from '../platform/clock.ts';

export interface SnapshotStream<T> {
  /** Replays the current snapshot; never errors. */
  readonly stream$: Observable<T>;
  dispose(): void;
}

/**
 * A stream for the page: the first change goes out at once, those that follow within `everyMs` together as one, and a
 * snapshot that says the same as the one before not at all.
 */
export const createSnapshotStream = <T>(
  source$: Observable<T>,
  clock: Clock,
  everyMs: number,
): SnapshotStream<T> => {
  const stream$ = new ReplaySubject<T>(1);
  let shown: string | null = null;
  let next: { readonly snapshot: T } | null = null;
  let cancelTimer: (() => void) | null = null;

  const show = (): void => {
    if (!next) return;
    const { snapshot } = next;
    next = null;
    const text = JSON.stringify(snapshot);
    if (text === shown) return;
    shown = text;
    stream$.next(snapshot);
    cancelTimer = clock.after(everyMs, () => {
      cancelTimer = null;
      show();
    });
  };

  const subscription = source$.subscribe((snapshot) => {
    next = { snapshot };
    if (!cancelTimer) show();
  });

  return {
    stream$,
    dispose: () => {
      subscription.unsubscribe();
      cancelTimer?.();
      stream$.complete();
    },
  };
};
