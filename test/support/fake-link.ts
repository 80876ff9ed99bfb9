/** One link of the fake radio. */
import { Subject } from 'rxjs';
import { RadioError, type RadioFailure, type RadioLink } from '#kiosk/radio/port.ts';
import type { LockPeripheral } from '#simulators/lock/peripheral.ts';

/** What becomes of one frame. `lose_after`: it arrives, and then the link is lost. */
export type FrameFate = 'deliver' | 'vanish' | 'lose_before' | 'lose_after';
/** `index` counts the frames of both directions, and the answers to reads, of one link together, from 0. */
export type FrameFault = (direction: 'toLock' | 'toKiosk', index: number) => FrameFate;

export interface FakeLink extends RadioLink {
  end(failure: RadioFailure): void;
}

export const createFakeLink = (
  lock: LockPeripheral,
  options: {
    readonly maxFrame: number;
    readonly fault: FrameFault;
    readonly ended: () => void;
  },
): FakeLink => {
  const { maxFrame } = options;
  const frames = new Subject<Uint8Array>();
  let ended: RadioFailure | null = null;
  let index = 0;
  let settleClosed: (failure: RadioFailure) => void = () => undefined;
  const closed = new Promise<RadioFailure>((resolve) => {
    settleClosed = resolve;
  });

  const end = (failure: RadioFailure): void => {
    if (ended !== null) return;
    ended = failure;
    connection.disconnected();
    frames.complete();
    options.ended();
    settleClosed(failure);
  };
  /** Whether it arrived. */
  const carry = (direction: 'toLock' | 'toKiosk', deliver: () => void = () => undefined): boolean => {
    if (ended !== null) return false;
    const fate = options.fault(direction, index++);
    if (fate === 'lose_before') end('link_lost');
    const arrives = fate === 'deliver' || fate === 'lose_after';
    if (arrives) deliver();
    if (fate === 'lose_after') end('link_lost');
    return arrives;
  };
  const connection = lock.connected((frame) => {
    // The air takes its time: a notification never arrives within the write that caused it.
    setImmediate(() => {
      carry('toKiosk', () => frames.next(Uint8Array.from(frame.subarray(0, maxFrame))));
    });
  });
  const alive = (signal: AbortSignal | undefined): void => {
    if (ended !== null) throw new RadioError(ended);
    if (signal?.aborted) throw new RadioError('cancelled');
  };
  const aborted = (signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
  const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  return {
    peer: lock.address,
    maxFrame,
    frames$: frames.asObservable(),
    closed,
    read: async (characteristic, { signal }) => {
      alive(signal);
      await tick();
      alive(signal);
      // As with the real thing, a read whose answer is lost only ends with its timeout or its link.
      if (!carry('toKiosk')) await Promise.race([closed, aborted(signal)]);
      alive(signal);
      const value =
        characteristic === 'info'
          ? lock.readInfo()
          : characteristic === 'enrolment'
            ? lock.readEnrolment()
            : lock.readCertificate();
      if (value === null) throw new RadioError('att_error');
      return Uint8Array.from(value);
    },
    send: async (frame, { signal }) => {
      alive(signal);
      if (frame.length > maxFrame) throw new RadioError('too_large');
      await tick();
      alive(signal);
      carry('toLock', () => connection.receive(Uint8Array.from(frame)));
    },
    close: async () => {
      await tick();
      end('cancelled');
    },
    end,
  };
};
