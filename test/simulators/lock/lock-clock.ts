/**
 * The lock's clock: a floor that only root-signed data raises, plus what the real-time clock has counted since. It starts
 * at the firmware's build time and never goes back, whatever the real-time clock does. So it is a lower bound of the true
 * time, until a time token makes it exact, for as long as its crystal can be believed.
 */
import type { Clock } from '#kiosk/platform/clock.ts';
import type { LockState } from './lock-state.ts';

export interface LockClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Whether a time token has set the clock, not long ago, and neither has it stopped since nor been proved slow. */
  readonly exact: boolean;
  /** Whether the clock has stood still for an unknown time, and no time token has set it since. */
  readonly stopped: boolean;
  /**
   * Raises the clock to `time` if it is behind. Call only with times that the vendor's root has signed. That is a lower bound:
   * it proves a clock slow, but never tells one that has stopped how long it stood.
   */
  raise(time: number): void;
  /** Sets the clock to what a verified time token says. It still never goes back. */
  set(time: number): void;
  /** What a loss of power does to the real-time clock. */
  losePower(): void;
  snapshot(): LockState['clock'];
}

/** At 40 ppm a clock is off by two minutes after this. Then the lock asks for the time again. */
const exactForMs = 30 * 86_400_000;

/** `clock` plays the battery-backed real-time clock. */
export const createLockClock = (clock: Clock, stored: LockState['clock']): LockClock => {
  let { floor, rtcAtFloor, exact, setAt, stopped } = stored;
  const now = (): number => Math.max(floor, floor + (clock.now() - rtcAtFloor));
  const moveTo = (time: number): void => {
    floor = time;
    rtcAtFloor = clock.now();
  };
  return {
    now,
    get exact() {
      return exact && now() - setAt <= exactForMs;
    },
    get stopped() {
      return stopped;
    },
    raise: (time) => {
      if (time <= now()) return;
      moveTo(time);
      exact = false;
    },
    set: (time) => {
      moveTo(Math.max(time, now()));
      setAt = floor;
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
      return { floor, rtcAtFloor, exact, setAt, stopped };
    },
  };
};
