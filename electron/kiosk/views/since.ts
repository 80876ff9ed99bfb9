import { map, type Observable } from 'rxjs';
import type { Clock } from '../platform/clock.ts';

/** Adds to each state when it began; the same state again keeps its beginning. For one subscriber. */
export const withSince = <T extends { readonly state: string }>(
  source$: Observable<T>,
  clock: Clock,
): Observable<T & { readonly since: number }> => {
  let current: { readonly state: string; readonly since: number } | null = null;
  return source$.pipe(
    map((part) => {
      if (current?.state !== part.state) current = { state: part.state, since: clock.now() };
      return { ...part, since: current.since };
    }),
  );
};
