/** Calls on their way to the radio process and back. */
import { onLimit } from '#shared/flow/in-time.ts';
import type { Clock } from '../platform/clock.ts';
import { failureAt, limitsOf } from './deadline.ts';
import { RadioError, type RadioFailure, type RadioOperation } from './port.ts';
import type { FromRadio } from './protocol.ts';

export type Done = Extract<FromRadio, { type: 'done' }>;

export interface PendingCalls {
  /** Sends what `message` makes of the call's number and waits for its answer. */
  start(operation: RadioOperation, hooks: CallHooks): Promise<Done>;
  connected(id: number): void;
  done(message: Done): void;
  failed(id: number, failure: RadioFailure): void;
  failAll(failure: RadioFailure): void;
}

export interface CallHooks {
  readonly send: (id: number) => void;
  readonly cancel: (id: number) => void;
  readonly onConnected?: (() => void) | undefined;
  /** Runs as the answer arrives, before anything that follows it is handled. */
  readonly onDone?: (done: Done) => void;
  /** The answer came after the caller had left. */
  readonly onLateAnswer?: (id: number) => void;
}

interface Call {
  readonly hooks: CallHooks;
  readonly resolve: (done: Done) => void;
  readonly reject: (failure: RadioFailure) => void;
}

/** The radio process keeps the time; this is for the day when it does not. */
const graceMs = 3_000;

export const createPendingCalls = (clock: Clock): PendingCalls => {
  const calls = new Map<number, Call>();
  const left = new Map<number, CallHooks>();
  let last = 0;

  const take = (id: number): Call | null => {
    const call = calls.get(id) ?? null;
    calls.delete(id);
    return call;
  };

  return {
    start: (operation, hooks) =>
      new Promise((resolve, reject) => {
        if (operation.signal?.aborted) {
          reject(new RadioError('cancelled'));
          return;
        }
        last += 1;
        const id = last;
        const forget = onLimit(limitsOf(clock, operation, graceMs), (limit) => {
          if (!take(id)) return;
          left.set(id, hooks);
          hooks.cancel(id);
          reject(new RadioError(failureAt[limit]));
        });
        calls.set(id, {
          hooks,
          resolve: (done) => {
            forget();
            hooks.onDone?.(done);
            resolve(done);
          },
          reject: (failure) => {
            forget();
            reject(new RadioError(failure));
          },
        });
        hooks.send(id);
      }),
    connected: (id) => calls.get(id)?.hooks.onConnected?.(),
    done: (message) => {
      take(message.id)?.resolve(message);
      left.get(message.id)?.onLateAnswer?.(message.id);
      left.delete(message.id);
    },
    failed: (id, failure) => {
      take(id)?.reject(failure);
      left.delete(id);
    },
    failAll: (failure) => {
      const all = [...calls.values()];
      calls.clear();
      left.clear();
      for (const call of all) call.reject(failure);
    },
  };
};
