/** When replication runs: now, again after what came in between, later by backoff or timer. One round at a time. */
import type { Clock } from '../../platform/clock.ts';

export interface RoundsOptions<T> {
  readonly clock: Clock;
  /** One round; must not reject. */
  readonly run: () => Promise<T>;
  /** ms until the next round by itself; null for none. */
  readonly waitAfter: (end: T) => number | null;
}

export interface Rounds<T> {
  /** Resolves with a round that begins after this call; calls that wait for the same round share it. */
  request(): Promise<T>;
  /** A round in `ms`, unless one is due earlier. */
  soon(ms: number): void;
  /** From now on rounds follow each other by themselves. */
  start(): void;
  /** No more rounds; resolves when the running one has ended. */
  stop(): Promise<void>;
}

export const createRounds = <T>({ clock, run, waitAfter }: RoundsOptions<T>): Rounds<T> => {
  let running: Promise<T> | null = null;
  let following: Promise<T> | null = null;
  let cancelTimer = (): void => undefined;
  let dueAt = Infinity;
  let isStarted = false;
  let isStopped = false;

  const schedule = (ms: number): void => {
    cancelTimer();
    dueAt = clock.monotonic() + ms;
    cancelTimer = clock.after(ms, () => void request());
  };

  const begin = (): Promise<T> => {
    following = null;
    cancelTimer();
    dueAt = Infinity;
    const round = run().then((end) => {
      if (running === round) running = null;
      const wait = waitAfter(end);
      if (isStarted && !isStopped && !following && wait !== null) schedule(wait);
      return end;
    });
    running = round;
    return round;
  };

  const request = (): Promise<T> => {
    if (!running) return begin();
    following ??= running.then(() => begin());
    return following;
  };

  return {
    request,
    soon: (ms) => {
      if (!isStarted || isStopped || following || dueAt <= clock.monotonic() + ms) return;
      if (running) void request();
      else schedule(ms);
    },
    start: () => {
      if (isStarted) return;
      isStarted = true;
      void request();
    },
    stop: async () => {
      isStopped = true;
      cancelTimer();
      await running;
    },
  };
};
