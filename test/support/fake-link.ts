/** One link of the fake radio. */
import type { Clock } from '#kiosk/platform/clock.ts';
import {
  RadioError,
  type EarlyStart,
  type GattHandles,
  type RadioFailure,
  type RadioLink,
} from '#kiosk/radio/port.ts';
import { createHeldFrames } from '#kiosk/radio/held-frames.ts';
import type { LockPeripheral } from '#simulators/lock/peripheral.ts';

/**
 * What becomes of one frame. `lose_after`: it arrives, and then the link is lost. `double`: it arrives twice. `overtaken`: it
 * arrives after the next of its direction. `flip`, `flip_header`: a bit of its last or first byte is wrong. `cut`: its second
 * half is missing. `lateMs`: it arrives as much later. The answer to a read knows only the first four and `lateMs`.
 */
export type FrameFate =
  | 'deliver'
  | 'vanish'
  | 'lose_before'
  | 'lose_after'
  | 'double'
  | 'overtaken'
  | 'flip'
  | 'flip_header'
  | 'cut'
  | { readonly lateMs: number };
/** `index` counts the frames of both directions, and the answers to reads, of one link together, from 0. */
export type FrameFault = (direction: 'toLock' | 'toKiosk', index: number) => FrameFate;

export interface FakeLink extends RadioLink {
  end(failure: RadioFailure): void;
}

/** All locks of the fake radio are of one make. */
const handles: GattHandles = {
  range: { start: 8, end: 20 },
  values: { info: 10, enrolment: 12, certificate: 14, tx: 16, rx: 18 },
  rxConfiguration: 19,
};

export const createFakeLink = (
  lock: LockPeripheral,
  options: {
    readonly clock: Clock;
    readonly maxFrame: number;
    readonly fault: FrameFault;
    readonly ended: () => void;
    readonly early?: EarlyStart | undefined;
  },
): FakeLink => {
  const { maxFrame } = options;
  const frames = createHeldFrames();
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
  const nextFate = (direction: 'toLock' | 'toKiosk'): FrameFate => {
    const fate = options.fault(direction, index++);
    if (fate === 'lose_before') end('link_lost');
    return fate;
  };
  const overtaken = { toLock: [] as Uint8Array[], toKiosk: [] as Uint8Array[] };
  const carry = (
    direction: 'toLock' | 'toKiosk',
    frame: Uint8Array,
    deliver: (frame: Uint8Array) => void,
  ): void => {
    if (ended !== null) return;
    const fate = nextFate(direction);
    if (fate === 'vanish' || fate === 'lose_before') return;
    if (fate === 'overtaken') {
      overtaken[direction].push(frame);
      return;
    }
    const arrive = (arriving: Uint8Array): void => {
      if (ended === null) deliver(arriving);
    };
    if (typeof fate === 'object') options.clock.after(fate.lateMs, () => arrive(frame));
    else for (const arriving of framesThatArrive(frame, fate)) arrive(arriving);
    for (const held of overtaken[direction].splice(0)) arrive(held);
    if (fate === 'lose_after') end('link_lost');
  };
  const connection = lock.connected((frame) => {
    // The air takes its time: a notification never arrives within the write that caused it.
    setImmediate(() => {
      carry('toKiosk', Uint8Array.from(frame.subarray(0, maxFrame)), (arrived) => frames.next(arrived));
    });
  }, maxFrame);
  const alive = (signal: AbortSignal | undefined): void => {
    if (ended !== null) throw new RadioError(ended);
    if (signal?.aborted) throw new RadioError('cancelled');
  };
  const aborted = (signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
  const answerArrives = async (fate: FrameFate, signal: AbortSignal | undefined): Promise<void> => {
    // As with the real thing, a read whose answer is lost only ends with its timeout or its link.
    const given = Promise.race([closed, aborted(signal)]);
    if (fate === 'vanish' || fate === 'lose_before') await given;
    if (fate === 'lose_after') end('link_lost');
    if (typeof fate !== 'object') return;
    const { lateMs } = fate;
    await Promise.race([given, new Promise<void>((resolve) => options.clock.after(lateMs, resolve))]);
  };
  const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  // With the connection's first meeting, once the link is whoever's who asked for it.
  setImmediate(() => {
    for (const frame of options.early?.frames ?? []) {
      carry('toLock', Uint8Array.from(frame), (arrived) => connection.receive(arrived));
    }
  });

  return {
    peer: lock.address,
    maxFrame,
    handles,
    frames$: frames.frames$,
    closed,
    read: async (characteristic, { signal }) => {
      alive(signal);
      await tick();
      alive(signal);
      await answerArrives(nextFate('toKiosk'), signal);
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
      carry('toLock', Uint8Array.from(frame), (arrived) => connection.receive(arrived));
    },
    close: async () => {
      await tick();
      end('cancelled');
    },
    end,
  };
};

const flipped = (frame: Uint8Array, position: number): Uint8Array =>
  frame.map((byte, index) => (index === position ? byte ^ 1 : byte));

const framesThatArrive = (frame: Uint8Array, fate: FrameFate): readonly Uint8Array[] => {
  switch (fate) {
    case 'double':
      return [frame, frame];
    case 'flip':
      return [flipped(frame, frame.length - 1)];
    case 'flip_header':
      return [flipped(frame, 0)];
    case 'cut':
      return [frame.subarray(0, frame.length >> 1)];
    default:
      return [frame];
  }
};
