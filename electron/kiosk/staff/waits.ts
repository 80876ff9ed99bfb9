/**
 * Who has asked for which lock to be opened once its delay is over. It is kept in memory alone, and told by a clock that nobody can
 * set and that goes on in sleep: neither a start of the kiosk nor a clock that is set shortens a wait.
 */
import { Subject, type Observable } from 'rxjs';
import type { Clock } from '../platform/clock.ts';

/** How long a lock can be opened once its delay is over, in ms. */
export const openableMs = 5 * 60_000;

export interface Wait {
  /** Who has asked. */
  readonly staffId: string;
  /** Since when, in ms of `Clock.sinceBoot`. */
  readonly begunAt: number;
}

export interface Waits {
  /**
   * Begins one; one that goes on goes on. It ends by itself `openableMs` after its delay. `delayMs`: the delay by what the rule says
   * whenever it is asked; null: there is none any more, and nothing to wait for.
   */
  begin(serialNumber: string, staffId: string, delayMs: () => number | null): void;
  end(serialNumber: string): void;
  of(serialNumber: string): Wait | null;
  /** Whether anybody waits for any lock. */
  any(): boolean;
  forgetAll(): void;
  /** Emits when one begins, when its delay is over, and when it ends. */
  readonly changed$: Observable<null>;
  dispose(): void;
}

/** How late after a sleep at the most. */
const lookEveryMs = 1_000;

interface Held extends Wait {
  readonly delayMs: () => number | null;
  isOver: boolean;
}

export const createWaits = (clock: Pick<Clock, 'sinceBoot' | 'after'>): Waits => {
  const held = new Map<string, Held>();
  const changed$ = new Subject<null>();
  let cancel: (() => void) | null = null;

  /** Until its delay is over; below `-openableMs` it has lapsed. */
  const leftMs = ({ begunAt, delayMs }: Held): number =>
    begunAt + (delayMs() ?? -Infinity) - clock.sinceBoot();
  const hasLapsed = (wait: Held): boolean => leftMs(wait) <= -openableMs;

  const look = (): void => {
    cancel = null;
    let isChanged = false;
    for (const [serialNumber, wait] of held) {
      const isOver = leftMs(wait) <= 0;
      if (hasLapsed(wait)) held.delete(serialNumber);
      else if (wait.isOver === isOver) continue;
      wait.isOver = isOver;
      isChanged = true;
    }
    goOn();
    if (isChanged) changed$.next(null);
  };
  const goOn = (): void => {
    if (held.size > 0) cancel ??= clock.after(lookEveryMs, look);
  };
  const stop = (): void => {
    cancel?.();
    cancel = null;
    held.clear();
  };

  return {
    changed$,
    begin: (serialNumber, staffId, delayMs) => {
      const before = held.get(serialNumber);
      if (before && !hasLapsed(before)) return;
      held.set(serialNumber, { staffId, begunAt: clock.sinceBoot(), delayMs, isOver: false });
      goOn();
      changed$.next(null);
    },
    end: (serialNumber) => {
      if (held.delete(serialNumber)) changed$.next(null);
    },
    of: (serialNumber) => {
      const wait = held.get(serialNumber);
      return wait && !hasLapsed(wait) ? wait : null;
    },
    any: () => [...held.values()].some((wait) => !hasLapsed(wait)),
    forgetAll: () => {
      stop();
      changed$.next(null);
    },
    dispose: () => {
      stop();
      changed$.complete();
    },
  };
};
