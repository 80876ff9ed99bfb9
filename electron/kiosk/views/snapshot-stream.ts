import { defer, ReplaySubject, type Observable, type Subscription } from 'rxjs';
import type { Clock } from '../platform/clock.ts';

export interface SnapshotStream<T> {
  /** Replays the current snapshot; never errors. */
  readonly stream$: Observable<T>;
  dispose(): void;
}

/**
 * A stream for the page: the first change goes out at once, those that follow within `everyMs` together as one, and a
 * snapshot that says the same as the one before not at all. `onceAsked`: it begins with whoever first asks for it, so that a
 * start does not wait for a long list that nobody sees yet; only for a view of what is, which no past belongs to.
 */
export const createSnapshotStream = <T>(
  source$: Observable<T>,
  clock: Clock,
  everyMs: number,
  { onceAsked = false }: { readonly onceAsked?: boolean } = {},
): SnapshotStream<T> => {
  const shown$ = new ReplaySubject<T>(1);
  let subscription: Subscription | null = null;
  let shown: string | null = null;
  let next: { readonly snapshot: T } | null = null;
  let cancelTimer: (() => void) | null = null;
  let disposed = false;

  const show = (): void => {
    if (!next) return;
    const { snapshot } = next;
    next = null;
    const text = JSON.stringify(snapshot);
    if (text === shown) return;
    shown = text;
    shown$.next(snapshot);
    cancelTimer = clock.after(everyMs, () => {
      cancelTimer = null;
      show();
    });
  };

  const begin = (): void => {
    if (subscription || disposed) return;
    subscription = source$.subscribe((snapshot) => {
      next = { snapshot };
      if (!cancelTimer) show();
    });
  };

  if (!onceAsked) begin();

  return {
    stream$: defer(() => {
      begin();
      return shown$;
    }),
    dispose: () => {
      disposed = true;
      subscription?.unsubscribe();
      cancelTimer?.();
      shown$.complete();
    },
  };
};
