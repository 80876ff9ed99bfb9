/**
 * Faults that are wrapped around a lock, never built into it. Each sees the frames of one connection at a time and decides
 * what becomes of them; several may be stacked by wrapping again.
 */
import type { Clock } from '#kiosk/platform/clock.ts';
import type { LockPeripheral } from './peripheral.ts';

export type Deliver = (frame: Uint8Array) => void;
/** `index` counts the frames of that direction and connection from 0. */
export interface LinkFault {
  readonly toLock?: (frame: Uint8Array, index: number, deliver: Deliver) => void;
  readonly toKiosk?: (frame: Uint8Array, index: number, deliver: Deliver) => void;
}
export type Direction = 'toLock' | 'toKiosk';

const through = (frame: Uint8Array, _index: number, deliver: Deliver): void => deliver(frame);

/** The lock with `fault` on every connection; `makeFault` is called for each, so that its counts begin anew. */
export const withFault = (lock: LockPeripheral, makeFault: () => LinkFault): LockPeripheral => ({
  serialNumber: lock.serialNumber,
  address: lock.address,
  advertisement: () => lock.advertisement(),
  onAdvertisementChange: (listener) => lock.onAdvertisementChange(listener),
  readInfo: () => lock.readInfo(),
  readEnrolment: () => lock.readEnrolment(),
  readCertificate: () => lock.readCertificate(),
  connected: (notify, longest) => {
    const { toLock = through, toKiosk = through } = makeFault();
    let sent = 0;
    let received = 0;
    let live = true;
    const inner = lock.connected((frame) => {
      const index = sent++;
      toKiosk(frame, index, (kept) => {
        if (live) notify(kept);
      });
    }, longest);
    return {
      receive: (frame) => {
        const index = received++;
        toLock(frame, index, (kept) => {
          if (live) inner.receive(kept);
        });
      },
      disconnected: () => {
        live = false;
        inner.disconnected();
      },
    };
  },
});

const on = (direction: Direction, act: LinkFault['toLock'] & object): LinkFault => ({ [direction]: act });

/** The lock says nothing any more after `frames` frames. */
export const silentAfter = (frames: number): LinkFault =>
  on('toKiosk', (frame, index, deliver) => {
    if (index < frames) deliver(frame);
  });

export const dropFrame = (direction: Direction, dropped: number): LinkFault =>
  on(direction, (frame, index, deliver) => {
    if (index !== dropped) deliver(frame);
  });

export const duplicateFrame = (direction: Direction, doubled: number): LinkFault =>
  on(direction, (frame, index, deliver) => {
    deliver(frame);
    if (index === doubled) deliver(frame);
  });

/** Flips the lowest bit of one byte of one frame; `byte` counts from the end where it is negative. */
export const corruptFrame = (direction: Direction, corrupted: number, byte = -1): LinkFault =>
  on(direction, (frame, index, deliver) => {
    if (index !== corrupted) {
      deliver(frame);
      return;
    }
    const changed = Uint8Array.from(frame);
    const position = byte < 0 ? changed.length + byte : byte;
    changed[position] = (changed[position] ?? 0) ^ 1;
    deliver(changed);
  });

/** Cuts one frame off in the middle. */
export const truncateFrame = (direction: Direction, truncated: number): LinkFault =>
  on(direction, (frame, index, deliver) =>
    deliver(index === truncated ? frame.subarray(0, frame.length >> 1) : frame),
  );

/** A frame overtakes the one before it. */
export const swapFrames = (direction: Direction, first: number): LinkFault => {
  let held: Uint8Array | null = null;
  return on(direction, (frame, index, deliver) => {
    if (index === first) {
      held = frame;
      return;
    }
    deliver(frame);
    if (held) deliver(held);
    held = null;
  });
};

/** Everything from the lock arrives `ms` late. */
export const slowAnswer = (clock: Clock, ms: number): LinkFault =>
  on('toKiosk', (frame, _index, deliver) => {
    clock.after(ms, () => deliver(frame));
  });
