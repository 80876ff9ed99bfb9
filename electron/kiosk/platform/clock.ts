/** Time as a port. Nothing in the kiosk reads the system's clock or sets a timer of its own, so no test has to wait. */
import { uptime } from 'node:os';

export interface Clock {
  /** Milliseconds since the epoch: the wall clock, which a person or a fault can move. */
  now(): number;
  /** Milliseconds that only ever grow: for durations and deadlines. Stands still while the computer sleeps. */
  monotonic(): number;
  /**
   * Milliseconds since the computer was started, its sleep included, in steps of 10 ms on Linux and 16 ms on Windows: for
   * time that passes whether anything runs or not. The same for all processes until the computer is started anew.
   */
  sinceBoot(): number;
  /** Runs `task` once after `ms`; the returned function cancels it. */
  after(ms: number, task: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  // CLOCK_BOOTTIME or /proc/uptime on Linux, GetTickCount64 on Windows: both go on in sleep.
  sinceBoot: () => uptime() * 1000,
  after: (ms, task) => {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
};
