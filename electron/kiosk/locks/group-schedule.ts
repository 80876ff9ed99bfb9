/**
 * In which order several locks are tried, so that one that is dead costs its own time and nobody else's. The radio makes one
 * connection at a time: locks that are heard go first, and who does not connect soon makes way and is tried again at the end.
 * What follows a connection (the lock proves who it is, is told, answers) goes on beside the next one's connecting.
 */
import type { Observable } from 'rxjs';
import { onAbort } from '#shared/flow/abort.ts';
import type { Clock } from '../platform/clock.ts';

/** Where a try is: looking for the lock and connecting to it, or talking to it over a link. */
export type Whereabouts = 'connecting' | 'linked';

export interface TaskTry {
  /** On the clock's monotonic time. */
  readonly dueAt: number;
  /** Aborted when the try has to make way. */
  readonly makeWay: AbortSignal;
  readonly moved: (to: Whereabouts) => void;
}

export interface GroupTask {
  /** Whether the lock is heard now. */
  isHeard(): boolean;
  /** Whether the command may have left: such a try is never ended from here. */
  isCommitted(): boolean;
  /** Never rejects. `put_back`: it made way, and no command has left. */
  tryOnce(one: TaskTry): Promise<'over' | 'put_back'>;
  /** Ends it without another try. Never rejects. */
  end(why: 'stopped' | 'out_of_time'): Promise<void>;
}

export interface ScheduleOptions {
  readonly tasks: readonly GroupTask[];
  readonly clock: Clock;
  /** Milliseconds that each lock is given from its first try on, not counting the time for which it makes way. */
  readonly eachMs: number;
  /** A lock that is not heard gets this long to be heard. */
  readonly hearMs: number;
  /** Emits when `isHeard` may have changed. */
  readonly heard$: Observable<unknown>;
  /** Once it is aborted, no other try begins. */
  readonly signal: AbortSignal;
}

/** A live lock connects in a tenth of a second; one that takes this long makes way if others wait. */
export const connectWindowMs = 1_000;
/** A live lock answers within a tenth of a second; one that takes this long gives up its place if others need it. */
export const answerWindowMs = 2_000;
/** So many locks at once, one of them connecting. */
export const mostAtWork = 3;
/** With those that have their command and do not answer. An adapter holds some seven links. */
export const mostInAir = 7;
/** The radio does not listen while it connects: as long as a lock is not heard yet, it listens so long in between. */
const listenMs = 300;
/** With less left of its time than this, a lock is not tried once more. */
const leastTryMs = 500;

interface Entry {
  readonly task: GroupTask;
  /** `late`: in the air, and its place is not kept for it. */
  at: 'waiting' | Whereabouts | 'late' | 'ending' | 'over';
  tries: number;
  /** What its first try left of its time; it runs on once every lock has had a first try. */
  restMs: number;
  dueAt: number | null;
  makeWay: AbortController;
  cancelTimer: () => void;
}

/** Resolves when every task is over. */
export const runSchedule = (options: ScheduleOptions): Promise<void> => {
  const { tasks, clock, eachMs, hearMs, heard$, signal } = options;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  let cancelWake = (): void => undefined;
  /** Until when locks that are not heard are waited for; null while there are others to try. */
  let heardBy: number | null = null;
  let listensSince = clock.monotonic();
  const order: Entry[] = tasks.map((task) => ({
    task,
    at: 'waiting' as const,
    tries: 0,
    restMs: eachMs,
    dueAt: null,
    makeWay: new AbortController(),
    cancelTimer: () => undefined,
  }));

  const waiting = (): Entry[] => order.filter(({ at }) => at === 'waiting');
  const atWork = (): number => order.filter(({ at }) => at === 'connecting' || at === 'linked').length;
  const inAir = (): number => atWork() + order.filter(({ at }) => at === 'late').length;
  const isPlaceFree = (): boolean => atWork() < mostAtWork && inAir() < mostInAir;
  const wakeAt = (time: number): void => {
    cancelWake();
    cancelWake = clock.after(Math.max(0, time - clock.monotonic()), next);
  };

  /** Who is tried now; null if nobody can be, and then when to ask again is set. */
  const choose = (): Entry | null => {
    const now = clock.monotonic();
    const fresh = waiting().filter(({ tries }) => tries === 0);
    const heard = fresh.find(({ task }) => task.isHeard());
    if (heard) return heard;
    const again = waiting().find(({ tries }) => tries > 0) ?? null;
    const [unheard] = fresh;
    if (unheard === undefined) return again;
    heardBy ??= now + hearMs;
    if (now >= heardBy) return unheard;
    if (again && now >= listensSince + listenMs) return again;
    wakeAt(again ? Math.min(heardBy, listensSince + listenMs) : heardBy);
    return null;
  };

  const arm = (entry: Entry, ms: number): void => {
    entry.cancelTimer();
    entry.cancelTimer = clock.after(ms, () => tookLong(entry));
  };
  const leave = (entry: Entry): void => {
    if (entry.at === 'connecting') listensSince = clock.monotonic();
    entry.at = 'late';
  };
  const tookLong = (entry: Entry): void => {
    const { at, task, tries } = entry;
    const connects = at === 'connecting';
    const others = order.filter((other) => other !== entry);
    const isWanted = connects
      ? others.some((other) => other.at === 'waiting' || other.at === 'connecting')
      : waiting().length > 0 && !isPlaceFree();
    if (!isWanted) {
      arm(entry, connects ? connectWindowMs : answerWindowMs);
      return;
    }
    leave(entry);
    // Slow once may be chance. Slow twice is how this lock is: it is left to finish, without a place.
    if (!task.isCommitted() && (connects || tries === 1)) entry.makeWay.abort();
    next();
  };

  const begin = (entry: Entry): void => {
    const now = clock.monotonic();
    entry.at = 'connecting';
    entry.tries += 1;
    entry.makeWay = new AbortController();
    if (entry.tries === 2) entry.dueAt = Math.max(entry.dueAt ?? now + entry.restMs, now + connectWindowMs);
    const dueAt = entry.dueAt ?? now + eachMs;
    arm(entry, connectWindowMs);
    const moved = (to: Whereabouts): void => {
      if (entry.at === to || entry.at === 'late') return;
      leave(entry);
      entry.at = to;
      arm(entry, to === 'connecting' ? connectWindowMs : answerWindowMs);
      next();
    };
    void entry.task.tryOnce({ dueAt, makeWay: entry.makeWay.signal, moved }).then((outcome) => {
      entry.cancelTimer();
      leave(entry);
      entry.restMs = dueAt - clock.monotonic();
      entry.at = outcome === 'over' ? 'over' : 'waiting';
      order.push(...order.splice(order.indexOf(entry), 1));
      next();
    });
  };

  const end = (entry: Entry, why: 'stopped' | 'out_of_time'): void => {
    entry.at = 'ending';
    void entry.task.end(why).then(() => {
      entry.at = 'over';
      next();
    });
  };

  function next(): void {
    const now = clock.monotonic();
    if (signal.aborted) for (const entry of waiting()) end(entry, 'stopped');
    const isFirstRoundOver = !waiting().some(({ tries }) => tries === 0);
    for (const entry of waiting()) {
      if (isFirstRoundOver) entry.dueAt ??= now + entry.restMs;
      const isOutOfTime = entry.dueAt !== null && entry.dueAt - now < leastTryMs;
      if (entry.tries > 1 && isOutOfTime) end(entry, 'out_of_time');
    }
    while (isPlaceFree() && order.every(({ at }) => at !== 'connecting')) {
      const entry = choose();
      if (entry === null) break;
      begin(entry);
    }
    if (order.every(({ at }) => at === 'over')) resolve(undefined);
  }

  const hearing = heard$.subscribe(next);
  const forget = onAbort(signal, next);
  next();
  return promise.finally(() => {
    hearing.unsubscribe();
    forget();
    cancelWake();
  });
};
