import { Observable } from 'rxjs';
import type { Clock } from '../platform/clock.ts';

/** Emits now and every `everyMs`: for what changes only because time passes. */
export const ticks = (clock: Clock, everyMs: number): Observable<null> =>
  new Observable((subscriber) => {
    let cancel = (): void => undefined;
    const tick = (): void => {
      cancel = clock.after(everyMs, tick);
      subscriber.next(null);
    };
    tick();
    return () => cancel();
  });
