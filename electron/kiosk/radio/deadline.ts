/** Waiting with an end: every wait for the radio has a deadline, can be cancelled, and ends when its link does. */
import { inTime, onLimit, type Limit, type Limits } from '#shared/flow/in-time.ts';
import type { Clock } from '../platform/clock.ts';
import { RadioError, type RadioFailure, type RadioOperation } from './port.ts';

/** What an operation fails with at its limit. */
export const failureAt = { late: 'timeout', stopped: 'cancelled' } as const satisfies Record<
  Limit,
  RadioFailure
>;

/** Its time, with `graceMs` on top, and its caller. */
export const limitsOf = (clock: Clock, { timeoutMs, signal }: RadioOperation, graceMs = 0): Limits => ({
  timer: clock,
  ms: timeoutMs + graceMs,
  signal,
});

/**
 * Settles as `work` does, unless time, the caller or `ended` is first: then it rejects with `RadioError`. `work` itself goes
 * on; noble's promises may never settle at all.
 */
export const bounded = <T>(
  clock: Clock,
  operation: RadioOperation,
  work: Promise<T>,
  ended?: Promise<RadioFailure>,
): Promise<T> =>
  new Promise((resolve, reject) => {
    const fail = (failure: RadioFailure): void => {
      forget();
      reject(new RadioError(failure));
    };
    const forget = onLimit(limitsOf(clock, operation), (limit) => reject(new RadioError(failureAt[limit])));
    void ended?.then(fail);
    work.then(
      (value) => {
        forget();
        resolve(value);
      },
      (error: unknown) => {
        forget();
        reject(error instanceof Error ? error : new RadioError('link_lost', { cause: error }));
      },
    );
  });

/** What is left of an operation's time, for its next step. */
export const startOperation = (
  clock: Clock,
  operation: RadioOperation,
): { readonly left: () => RadioOperation } => {
  const end = clock.monotonic() + operation.timeoutMs;
  return {
    left: () => ({ ...operation, timeoutMs: Math.max(0, end - clock.monotonic()) }),
  };
};

/** Resolves true when `event` came within `ms`, false when it did not. */
export const within = (clock: Clock, ms: number, event: Promise<unknown>): Promise<boolean> =>
  inTime(
    { timer: clock, ms },
    event.then(() => true),
    () => false,
  );

const lookEveryMs = 250;

/**
 * Calls `onSilence` after `ms`, unless the returned function is called before. Looks up several times in between, so that a
 * process which was kept from running for so long finds the answer that was waiting for it.
 */
export const unlessAnswered = (clock: Clock, ms: number, onSilence: () => void): (() => void) => {
  let cancel = (): void => undefined;
  const look = (leftMs: number): void => {
    cancel = clock.after(Math.min(lookEveryMs, leftMs), () => {
      if (leftMs > lookEveryMs) look(leftMs - lookEveryMs);
      else onSilence();
    });
  };
  look(ms);
  return () => cancel();
};
