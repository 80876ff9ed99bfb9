/**
 * A clock that runs as fast as a test says, from now on: slowly while real work has to be done within somebody's deadline,
 * so that a busy machine has the time for it, and quickly once nothing is left but to wait for deadlines to pass.
 */
import type { Clock } from '#kiosk/platform/clock.ts';

interface Timer {
  readonly at: number;
  readonly task: () => void;
  handle: ReturnType<typeof setTimeout>;
}

export class ChangeableClock implements Clock {
  readonly #wall = Date.UTC(2026, 0, 5, 9);
  readonly #timers = new Set<Timer>();
  #factor: number;
  #passed = 0;
  #since = performance.now();

  constructor(factor: number) {
    this.#factor = factor;
  }

  now(): number {
    return this.#wall + this.monotonic();
  }

  monotonic(): number {
    return this.#passed + (performance.now() - this.#since) * this.#factor;
  }

  sinceBoot(): number {
    return this.monotonic();
  }

  after(ms: number, task: () => void): () => void {
    const at = this.monotonic() + ms;
    const timer: Timer = { at, task, handle: setTimeout(() => this.#run(timer), ms / this.#factor) };
    this.#timers.add(timer);
    return () => this.#cancel(timer);
  }

  run(factor: number): void {
    this.#passed = this.monotonic();
    this.#since = performance.now();
    this.#factor = factor;
    for (const timer of this.#timers) {
      clearTimeout(timer.handle);
      timer.handle = setTimeout(() => this.#run(timer), Math.max(0, timer.at - this.#passed) / factor);
    }
  }

  #run(timer: Timer): void {
    this.#timers.delete(timer);
    timer.task();
  }

  #cancel(timer: Timer): void {
    this.#timers.delete(timer);
    clearTimeout(timer.handle);
  }
}
