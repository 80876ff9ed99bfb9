/**
 * Locks that advertise that they are open and should not be: left open, because somebody of the store opened them longer ago than
 * they are held open, or opened by nobody of the store. Durations are of time that passes, so that no clock's jump ends one.
 */
import type { Observable } from 'rxjs';
import { every } from '#shared/flow/every.ts';
import type { UnlockEnd } from '#shared/ipc/views.ts';
import type { Clock } from '../platform/clock.ts';
import type { NearbyLocks } from '../visit/nearby.ts';
import type { StoreLocks } from '../visit/store-locks.ts';
import type { Alarms } from './alarms.ts';
import type { OpenedByQuestion } from './opened-by.ts';

/** After the end of its hold-open time. */
export const leftOpenAfterMs = 30_000;
/** As long as the longest rule holds one open: of an opening of which no more is known. */
const longestHoldMs = 60_000;
/** An attempt that has just told the lock to open may not have its answer. */
const suspectAfterMs = 2_000;
const askAgainMs = 5_000;
/** So often a lock is asked that does not answer; then somebody has to look. */
const mostAsks = 3;
const lookEveryMs = 1_000;

export interface OpenAlarms {
  /** This kiosk's attempt to open the lock has ended so. */
  ended(serialNumber: string, end: UnlockEnd): void;
  dispose(): void;
}

export interface OpenAlarmsOptions {
  readonly alarms: Pick<Alarms, 'find' | 'raise' | 'causeOver'>;
  readonly storeLocks$: Observable<StoreLocks>;
  readonly nearby$: Observable<NearbyLocks>;
  readonly openedBy: OpenedByQuestion;
  /** What this kiosk opened not long before it was started. */
  readonly openedBefore: readonly string[];
  readonly clock: Clock;
}

interface Suspect {
  readonly since: number;
  askAt: number;
  asked: number;
}

export const watchOpen = (options: OpenAlarmsOptions): OpenAlarms => {
  const { alarms, storeLocks$, nearby$, openedBy, openedBefore, clock } = options;
  let locks: StoreLocks = new Map();
  let nearby: NearbyLocks = new Map();
  /** Until when somebody's opening holds a lock open; monotonic. */
  const heldUntil = new Map(openedBefore.map((serialNumber) => [serialNumber, clock.monotonic()]));
  const suspects = new Map<string, Suspect>();
  const asking = new Set<string>();
  const stopper = new AbortController();

  const opened = (serialNumber: string, ms: number): void => {
    heldUntil.set(serialNumber, clock.monotonic() + ms);
    suspects.delete(serialNumber);
  };

  const ask = async (serialNumber: string, suspect: Suspect): Promise<void> => {
    asking.add(serialNumber);
    const by = await openedBy.ask(serialNumber, stopper.signal);
    asking.delete(serialNumber);
    // It has closed meanwhile, or this kiosk has opened it.
    if (stopper.signal.aborted || suspects.get(serialNumber) !== suspect) return;
    suspect.askAt = clock.monotonic() + askAgainMs;
    if (by === 'not_now') return;
    suspect.asked += 1;
    if (by === 'staff') opened(serialNumber, longestHoldMs);
    else if (by === 'nobody' || suspect.asked >= mostAsks) await alarms.raise('opened_unasked', serialNumber);
  };

  const lookAtOpen = (serialNumber: string): void => {
    const now = clock.monotonic();
    const until = heldUntil.get(serialNumber);
    if (until !== undefined) {
      if (now >= until + leftOpenAfterMs) void alarms.raise('left_open', serialNumber);
      return;
    }
    if (alarms.find('opened_unasked', serialNumber)) {
      void alarms.raise('opened_unasked', serialNumber);
      return;
    }
    const suspect = suspects.get(serialNumber) ?? { since: now, askAt: now + suspectAfterMs, asked: 0 };
    suspects.set(serialNumber, suspect);
    if (now >= suspect.askAt && !asking.has(serialNumber)) void ask(serialNumber, suspect);
  };
  const lookAtClosed = (serialNumber: string): void => {
    suspects.delete(serialNumber);
    // What was advertised before the opening may come after it.
    if (clock.monotonic() >= (heldUntil.get(serialNumber) ?? Infinity)) heldUntil.delete(serialNumber);
    for (const kind of ['left_open', 'opened_unasked'] as const)
      if (alarms.find(kind, serialNumber)) void alarms.causeOver(kind, serialNumber);
  };

  const look = (): void => {
    for (const { serialNumber, provisioned, boltOpen } of nearby.values()) {
      if (!provisioned || !locks.has(serialNumber)) continue;
      if (boltOpen) lookAtOpen(serialNumber);
      else lookAtClosed(serialNumber);
    }
    for (const serialNumber of suspects.keys()) if (!nearby.has(serialNumber)) suspects.delete(serialNumber);
  };

  const stopLooking = every(clock, lookEveryMs, look);
  const store = storeLocks$.subscribe((now) => (locks = now));
  const hearing = nearby$.subscribe((now) => (nearby = now));
  return {
    ended: (serialNumber, end) => {
      if (end.kind === 'open') {
        openedBy.openedHere(serialNumber, clock.now());
        opened(serialNumber, Math.max(0, end.until - clock.now()));
      }
      // It may have opened: that is said where its outcome is.
      else if (end.kind === 'unknown') opened(serialNumber, longestHoldMs);
    },
    dispose: () => {
      stopper.abort();
      stopLooking();
      store.unsubscribe();
      hearing.unsubscribe();
    },
  };
};
