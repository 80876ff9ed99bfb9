/** Notices that the wall clock has moved on its own: the machine slept, or someone set the time. */
import { every } from '#shared/flow/every.ts';
import type { Clock } from '../../platform/clock.ts';

const everyMs = 5_000;
/** Time servers slew a clock by less. */
const jumpMs = 2_000;

/** Calls back within 5 s of a jump. Returns how to stop. */
export const watchClock = (clock: Clock, onJump: (ms: number) => void): (() => void) => {
  const offset = (): number => clock.now() - clock.monotonic();
  let last = offset();
  return every(clock, everyMs, () => {
    const now = offset();
    const moved = now - last;
    last = now;
    if (Math.abs(moved) > jumpMs) onJump(moved);
  });
};
