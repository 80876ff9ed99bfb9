import { Observable } from 'rxjs';
import { every } from '#shared/flow/every.ts';
import type { Clock } from '../platform/clock.ts';

/** Emits now and every `everyMs`: for what changes only because time passes. */
export const ticks = (clock: Clock, everyMs: number): Observable<null> =>
  new Observable((subscriber) => {
    const stop = every(clock, everyMs, () => subscriber.next(null));
    subscriber.next(null);
    return stop;
  });
