/**
 * The kiosk talks to one lock at a time. A person goes before the kiosk's own work: work in the background is asked to
 * stop and the person waits for it to have stopped; another person's operation is "busy".
 */
import { fail, ok, type Result } from '#shared/errors/app-error.ts';

/** `person`: someone waits in front of the screen. `background`: the kiosk's own doing. */
export type Claim = 'person' | 'background';

export interface SlotTurn {
  /** Aborted when a person's operation needs the slot; only background turns are. */
  readonly yielded: AbortSignal;
  /** Gives the slot back. Repeating it does nothing. */
  release(): void;
}

export interface OperationSlot {
  /** `lock.busy` when a person's operation holds it, or when any does and the claim is `background`. */
  claim(claim: Claim, serialNumber: string): Promise<Result<SlotTurn>>;
  isFree(): boolean;
}

interface Holder {
  readonly claim: Claim;
  readonly controller: AbortController;
  readonly released: Promise<void>;
}

export const createOperationSlot = (): OperationSlot => {
  let holder: Holder | null = null;
  let awaited = false;

  const take = (claim: Claim): SlotTurn => {
    const controller = new AbortController();
    let finish = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const mine: Holder = { claim, controller, released };
    holder = mine;
    return {
      yielded: controller.signal,
      release: () => {
        if (holder === mine) holder = null;
        finish();
      },
    };
  };

  return {
    isFree: () => holder === null && !awaited,
    claim: async (claim, serialNumber) => {
      if (awaited || (holder && (claim === 'background' || holder.claim === 'person'))) {
        return fail('lock.busy', { serialNumber });
      }
      if (holder) {
        // From here until it is released no one else may slip in.
        awaited = true;
        holder.controller.abort();
        await holder.released;
        awaited = false;
      }
      return ok(take(claim));
    },
  };
};
