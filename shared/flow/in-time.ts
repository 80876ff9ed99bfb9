/** Waiting with an end: a time, and somebody who may leave before it. */
import { onAbort, type StopSignal } from './abort.ts';

/** What sets a timer: a kiosk's clock, or what stands in for one. */
export interface Timer {
  /** Runs `task` once after `ms`; the returned function cancels it. */
  after(ms: number, task: () => void): () => void;
}

export interface Limits {
  readonly timer: Timer;
  readonly ms: number;
  /** Aborted when whoever waits has left. */
  readonly signal?: StopSignal | undefined;
}

/** Which limit came first: the time, or the signal. */
export type Limit = 'late' | 'stopped';

/**
 * Calls `act` once, with the limit that comes first: at once if the signal is aborted already. The returned function takes that
 * back; whoever has ended calls it.
 */
export const onLimit = ({ timer, ms, signal }: Limits, act: (limit: Limit) => void): (() => void) => {
  if (signal?.aborted) return onAbort(signal, () => act('stopped'));
  const end = (limit: Limit): void => {
    forget();
    act(limit);
  };
  const cancel = timer.after(ms, () => end('late'));
  const stay = onAbort(signal, () => end('stopped'));
  const forget = (): void => {
    cancel();
    stay();
  };
  return forget;
};

/** Settles as `work` does, unless a limit is first: then it resolves with what `over` makes of it. `work` itself goes on. */
export const inTime = <T, L>(limits: Limits, work: Promise<T>, over: (limit: Limit) => L): Promise<T | L> =>
  new Promise((resolve, reject) => {
    const forget = onLimit(limits, (limit) => resolve(over(limit)));
    work.then(forget, forget);
    work.then(resolve, reject);
  });
