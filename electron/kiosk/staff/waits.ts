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
  /** Begins one; one that goes on goes on. It ends by itself `openableMs` after its delay, in ms. */
  begin(serialNumber: string, staffId: string, delayMs: number): void;
  end(serialNumber: string): void;
  of(serialNumber: string): Wait | null;
  forgetAll(): void;
  /** Emits when one begins, when its delay is over, and when it ends. */
  readonly changed$: Observable<null>;
  dispose(): void;
}

/** How late after a sleep at the most. */
const lookEveryMs = 1_000;

interface Held extends Wait {
  readonly overAt: number;
  readonly endsAt: number;
  told: boolean;
}

export const createWaits = (clock: Pick<Clock, 'sinceBoot' | 'after'>): Waits => {
  const held = new Map<string, Held>();
  const changed$ = new Subject<null>();
  let cancel: (() => void) | null = null;

  const look = (): void => {
    cancel = null;
    const now = clock.sinceBoot();
    let isChanged = false;
    for (const [serialNumber, wait] of held) {
      if (wait.endsAt <= now) held.delete(serialNumber);
      else if (wait.told || now < wait.overAt) continue;
      wait.told = true;
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
      const begunAt = clock.sinceBoot();
      if (held.has(serialNumber)) return;
      const overAt = begunAt + delayMs;
      held.set(serialNumber, { staffId, begunAt, overAt, endsAt: overAt + openableMs, told: false });
      goOn();
      changed$.next(null);
    },
    end: (serialNumber) => {
      if (held.delete(serialNumber)) changed$.next(null);
    },
    of: (serialNumber) => {
      const wait = held.get(serialNumber);
      return wait && clock.sinceBoot() < wait.endsAt ? wait : null;
    },
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
