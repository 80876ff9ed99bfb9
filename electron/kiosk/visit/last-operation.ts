/** The end of all operations on locks, for a kiosk whose keys go next. */
import type { Clock } from '../platform/clock.ts';
import type { OperationSlot } from './operation-slot.ts';

export interface LastOperation {
  /**
   * Resolves when what was under way has ended, and with that has its access event, or after the longest that it may take. None
   * begins from then on.
   */
  ended(): Promise<void>;
  /** The keys are gone: what begins now finds none. */
  over(): void;
}

/** An unlock takes ten seconds at the most. */
const longestMs = 11_000;
const lookAgainMs = 50;

export const createLastOperation = (slot: OperationSlot, clock: Clock): LastOperation => {
  let release = (): void => undefined;
  return {
    ended: async () => {
      for (let waited = 0; waited < longestMs; waited += lookAgainMs) {
        const turn = await slot.claim('person', '');
        if (turn.ok) {
          release = () => turn.value.release();
          return;
        }
        await new Promise<void>((resolve) => {
          clock.after(lookAgainMs, resolve);
        });
      }
    },
    over: () => release(),
  };
};
