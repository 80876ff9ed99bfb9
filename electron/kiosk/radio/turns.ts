/** One at a time, first come first served: noble mixes up the answers of two that run at once. */
import type { Clock } from '../platform/clock.ts';
import { bounded } from './deadline.ts';
import type { RadioFailure, RadioOperation } from './port.ts';

export interface Turns {
  /**
   * Waits for its turn and returns how to give it back; rejects with `RadioError` when the operation's time, its caller or
   * `ended` is first.
   */
  take(operation: RadioOperation, ended?: Promise<RadioFailure>): Promise<() => void>;
}

export const createTurns = (clock: Clock): Turns => {
  let last: Promise<void> = Promise.resolve();
  return {
    take: async (operation, ended) => {
      const before = last;
      const { promise, resolve: release } = Promise.withResolvers<undefined>();
      last = before.then(() => promise);
      try {
        await bounded(clock, operation, before, ended);
      } catch (error) {
        release(undefined);
        throw error;
      }
      return () => release(undefined);
    },
  };
};
