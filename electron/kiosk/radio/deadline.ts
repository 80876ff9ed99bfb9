/** Waiting with an end: every wait for the radio has a deadline, can be cancelled, and ends when its link does. */
import { onAbort } from '#shared/flow/abort.ts';
import type { Clock } from '../platform/clock.ts';
import { RadioError, type RadioFailure, type RadioOperation } from './port.ts';

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
    const { signal } = operation;
    if (signal?.aborted) {
      reject(new RadioError('cancelled'));
      return;
    }
    const fail = (failure: RadioFailure): void => {
      finish();
      reject(new RadioError(failure));
    };
    const finish = (): void => {
      cancel();
      forget();
    };
    const cancel = clock.after(operation.timeoutMs, () => fail('timeout'));
    const forget = onAbort(signal, () => fail('cancelled'));
    void ended?.then(fail);
    work.then(
      (value) => {
        finish();
        resolve(value);
      },
      (error: unknown) => {
        finish();
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
  new Promise((resolve) => {
    const cancel = clock.after(ms, () => resolve(false));
    void event.then(() => {
      cancel();
      resolve(true);
    });
  });

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
