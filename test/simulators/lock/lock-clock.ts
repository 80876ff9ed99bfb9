/**
 * The lock's clock: a floor that only root-signed data raises, plus what the real-time clock has counted since. It starts
 * at the firmware's build time and never goes back, whatever the real-time clock does. So it is a lower bound of the true
 * time, until a time token makes it exact.
 */
import type { Clock } from '#kiosk/platform/clock.ts';
import type { LockState } from './lock-state.ts';

export interface LockClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Whether a time token has set the clock and it has not stopped since. */
  readonly exact: boolean;
  /** Whether the clock has stood still for an unknown time, and nothing root-signed has moved it since. */
  readonly stopped: boolean;
  /** Raises the clock to `time` if it is behind. Call only with times that the vendor's root has signed. */
  raise(time: number): void;
  /** Sets the clock to what a verified time token says. It still never goes back. */
  set(time: number): void;
  /** What a loss of power does to the real-time clock. */
  losePower(): void;
  snapshot(): LockState['clock'];
}

/** `clock` plays the battery-backed real-time clock. */
export const createLockClock = (clock: Clock, stored: LockState['clock']): LockClock => {
  let { floor, rtcAtFloor, exact, stopped } = stored;
  const now = (): number => Math.max(floor, floor + (clock.now() - rtcAtFloor));
  const moveTo = (time: number): void => {
    floor = time;
    rtcAtFloor = clock.now();
  };
  return {
    now,
    get exact() {
      return exact;
    },
    get stopped() {
      return stopped;
    },
    raise: (time) => {
      if (time <= now()) return;
      moveTo(time);
      stopped = false;
    },
    set: (time) => {
      moveTo(Math.max(time, now()));
      exact = true;
      stopped = false;
    },
    losePower: () => {
      rtcAtFloor = clock.now();
      exact = false;
      stopped = true;
    },
    snapshot: () => {
      // What has elapsed is kept with the floor, so that a real-time clock set back later loses nothing of it.
      moveTo(now());
      return { floor, rtcAtFloor, exact, stopped };
    },
  };
};
