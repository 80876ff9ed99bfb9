/** Being stopped from outside, by an AbortSignal. */

/** What of an AbortSignal is needed: both sides of a wire compile this without its type. */
export interface StopSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

const nothing = (): void => undefined;

/**
 * Calls `act` once the signal is aborted: at once if it is already, since such a signal fires no event any more; never without a
 * signal. The returned function takes that back; whoever has ended calls it, because a signal that outlives them holds on to
 * `act` and all that it knows.
 */
export const onAbort = (signal: StopSignal | undefined, act: () => void): (() => void) => {
  if (signal === undefined) return nothing;
  if (signal.aborted) {
    act();
    return nothing;
  }
  const listener = (): void => {
    forget();
    act();
  };
  const forget = (): void => signal.removeEventListener('abort', listener);
  signal.addEventListener('abort', listener);
  return forget;
};

/** Settles as `work` does, unless the signal is aborted first: then it resolves with what `stopped` answers. `work` itself goes on. */
export const untilAborted = <T, S>(
  signal: StopSignal | undefined,
  work: Promise<T>,
  stopped: () => S,
): Promise<T | S> =>
  new Promise((resolve, reject) => {
    const forget = onAbort(signal, () => resolve(stopped()));
    work.then(forget, forget);
    work.then(resolve, reject);
  });
