/** Links that are open in the radio process, as the core holds them. */
import type { CallHooks, PendingCalls } from './pending-calls.ts';
import { createHeldFrames, type HeldFrames } from './held-frames.ts';
import { RadioError, type RadioFailure, type RadioLink, type RadioOperation } from './port.ts';
import type { ToRadio } from './protocol.ts';

export interface RemoteLinks {
  open(number: number, opened: Pick<RadioLink, 'peer' | 'maxFrame' | 'handles'>): RadioLink;
  frame(number: number, frame: Uint8Array): void;
  ended(number: number, failure: RadioFailure): void;
  endAll(failure: RadioFailure): void;
}

interface RemoteLink {
  readonly frames: HeldFrames;
  readonly end: (failure: RadioFailure) => void;
}

const closeWithinMs = 2_000;

export const createRemoteLinks = (calls: PendingCalls, send: (message: ToRadio) => void): RemoteLinks => {
  const links = new Map<number, RemoteLink>();

  const hooksFor = (message: (id: number) => ToRadio): CallHooks => ({
    send: (id) => send(message(id)),
    cancel: (id) => send({ type: 'cancel', id }),
  });

  const ended = (number: number, failure: RadioFailure): void => {
    const link = links.get(number);
    links.delete(number);
    link?.end(failure);
  };

  const open: RemoteLinks['open'] = (number, { peer, maxFrame, handles }) => {
    const frames = createHeldFrames();
    const closed = Promise.withResolvers<RadioFailure>();
    let reason: RadioFailure | null = null;
    links.set(number, {
      frames,
      end: (failure) => {
        reason = failure;
        closed.resolve(failure);
        frames.complete();
      },
    });

    const call = async (
      operation: RadioOperation,
      message: (id: number) => ToRadio,
    ): Promise<Uint8Array | undefined> => {
      if (reason !== null) throw new RadioError(reason);
      return (await calls.start(operation, hooksFor(message))).value;
    };

    return {
      peer,
      maxFrame,
      handles,
      frames$: frames.frames$,
      closed: closed.promise,
      read: async (characteristic, operation) => {
        const { timeoutMs } = operation;
        const value = await call(operation, (id) => ({
          type: 'read',
          id,
          link: number,
          characteristic,
          timeoutMs,
        }));
        if (!value) throw new RadioError('att_error');
        return value;
      },
      send: async (frame, operation) => {
        if (frame.length > maxFrame) throw new RadioError('too_large');
        const { timeoutMs } = operation;
        await call(operation, (id) => ({ type: 'send', id, link: number, frame, timeoutMs }));
      },
      close: async () => {
        if (reason !== null) return;
        const over = calls
          .start(
            { timeoutMs: closeWithinMs },
            hooksFor((id) => ({ type: 'close', id, link: number })),
          )
          .catch(() => undefined);
        ended(number, 'cancelled');
        await over;
      },
    };
  };

  return {
    open,
    frame: (number, frame) => links.get(number)?.frames.next(frame),
    ended,
    endAll: (failure) => {
      for (const number of [...links.keys()]) ended(number, failure);
    },
  };
};
