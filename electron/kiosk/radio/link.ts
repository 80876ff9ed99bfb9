/** One open link: operations in turn, each with its end, and all of them ended by the end of the link. */
import type { Clock } from '../platform/clock.ts';
import { bounded, startOperation } from './deadline.ts';
import type { GattClient } from './gatt-client.ts';
import { createHeldFrames } from './held-frames.ts';
import {
  RadioError,
  type EarlyStart,
  type RadioFailure,
  type RadioLink,
  type RadioOperation,
} from './port.ts';
import { createRadioTurns } from './turns.ts';

export interface OpenLink {
  readonly link: RadioLink;
  /** The link has ended, for this reason. */
  end(reason: RadioFailure): void;
}

export interface LinkOptions {
  readonly peer: string;
  readonly gatt: GattClient;
  readonly clock: Clock;
  /** Ends the connection; resolves when it has ended or can't be waited for any longer. */
  readonly disconnect: () => Promise<void>;
  readonly early?: EarlyStart | undefined;
}

/** Of two intervals' work: who has not agreed on an MTU by then is not the lock that offered an early start (docs/link.md). */
const earlyOpenMs = 1_500;

/** Finds the service and subscribes, or starts early. Rejects with `RadioError`; the caller then ends the connection. */
export const openLink = async (
  { peer, gatt, clock, disconnect, early }: LinkOptions,
  operation: RadioOperation,
  lost: Promise<RadioFailure>,
): Promise<OpenLink> => {
  const turns = createRadioTurns(clock);
  const frames = createHeldFrames();
  const { promise: closed, resolve: resolveClosed } = Promise.withResolvers<RadioFailure>();
  let ended = false;
  let answered = false;

  const end = (reason: RadioFailure): void => {
    if (ended) return;
    ended = true;
    gatt.dispose(answered);
    resolveClosed(reason);
    frames.complete();
  };

  const close = async (reason: RadioFailure): Promise<void> => {
    if (!ended) end(reason);
    await disconnect();
  };

  const run = async <T>(operation: RadioOperation, work: () => Promise<T>): Promise<T> => {
    const time = startOperation(clock, operation);
    if (ended) throw new RadioError(await closed);
    const done = await turns.take(time.left(), closed);
    const working = work();
    // Its turn lasts as long as noble is busy with it, even when the caller has gone; a dead link is never busy.
    void Promise.race([working.catch(() => undefined), closed]).then(done);
    try {
      return await bounded(clock, time.left(), working, closed);
    } catch (error) {
      // An answer that never came leaves the bearer unusable (Vol 3 Part F, 3.3.3).
      if (error instanceof RadioError && error.failure === 'timeout') void close('timeout');
      throw error;
    }
  };

  const link: RadioLink = {
    peer,
    get maxFrame() {
      return gatt.maxFrame();
    },
    read: (characteristic, operation) =>
      run(operation, async () => {
        const bytes = await gatt.read(characteristic);
        answered = true;
        return bytes;
      }),
    send: (frame, operation) =>
      frame.length > gatt.maxFrame()
        ? Promise.reject(new RadioError('too_large'))
        : run(operation, () => gatt.send(frame)),
    get handles() {
      return gatt.handles();
    },
    frames$: frames.frames$,
    closed,
    close: () => close('cancelled'),
  };

  void lost.then(end);
  const isShortened = early !== undefined && operation.timeoutMs > earlyOpenMs;
  try {
    await bounded(
      clock,
      isShortened ? { ...operation, timeoutMs: earlyOpenMs } : operation,
      gatt.open(
        (frame) => {
          answered = true;
          frames.next(frame);
        },
        () => void close('att_error'),
        early,
      ),
      lost,
    );
  } catch (error) {
    const failure = error instanceof RadioError ? error.failure : 'link_lost';
    end(failure);
    // Time is left to open it the other way.
    if (isShortened && failure === 'timeout') throw new RadioError('link_lost', { cause: 'early start' });
    throw error;
  }
  return { link, end };
};
