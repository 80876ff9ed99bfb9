/** One at a time, first come first served: noble mixes up the answers of two that run at once. */
import { createQueue } from '#shared/flow/queue.ts';
import type { Clock } from '../platform/clock.ts';
import { bounded } from './deadline.ts';
import type { RadioFailure, RadioOperation } from './port.ts';

export interface RadioTurns {
  /**
   * Waits for its turn and returns how to give it back; rejects with `RadioError` when the operation's time, its caller or
   * `ended` is first.
   */
  take(operation: RadioOperation, ended?: Promise<RadioFailure>): Promise<() => void>;
}

export const createRadioTurns = (clock: Clock): RadioTurns => {
  const queue = createQueue();
  return {
    take: async (operation, ended) => {
      const { promise: given, resolve: release } = Promise.withResolvers<undefined>();
      const turn = new Promise<void>((begin) => {
        void queue.add(() => {
          begin();
          return given;
        });
      });
      try {
        await bounded(clock, operation, turn, ended);
      } catch (error) {
        release(undefined);
        throw error;
      }
      return () => release(undefined);
    },
  };
};
