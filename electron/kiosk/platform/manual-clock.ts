import type { Clock } from './clock.ts';

interface Timer {
  readonly at: number;
  readonly task: () => void;
}

/** A clock that moves only when told to: for tests. Timers run in order of their time, each at its own instant. */
export class ManualClock implements Clock {
  #wall: number;
  #elapsed = 0;
  #sinceBoot = 0;
  readonly #timers = new Set<Timer>();

  constructor(startMs = Date.UTC(2026, 0, 5, 9)) {
    this.#wall = startMs;
  }

  now(): number {
    return this.#wall;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  sinceBoot(): number {
    return this.#sinceBoot;
  }

  after(ms: number, task: () => void): () => void {
    const timer = { at: this.#elapsed + Math.max(0, ms), task };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Lets `ms` pass, running what falls due; microtasks get their turn between timers. */
  async advance(ms: number): Promise<void> {
    const end = this.#elapsed + ms;
    for (;;) {
      await settle();
      const due = [...this.#timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#timers.delete(due);
      this.#pass(due.at - this.#elapsed);
      due.task();
    }
    this.#pass(end - this.#elapsed);
    await settle();
  }

  /** Moves the wall clock alone, as a person or a dead battery does; durations and timers do not notice. */
  jump(ms: number): void {
    this.#wall += ms;
  }

  /** The computer sleeps for `ms`: the time passes, and no timer notices. */
  sleep(ms: number): void {
    this.#sinceBoot += ms;
    this.#wall += ms;
  }

  /** The computer is off for `ms` and started anew; whoever used this clock before is to be gone. */
  reboot(ms: number): void {
    this.#wall += ms;
    this.#sinceBoot = 0;
  }

  #pass(ms: number): void {
    this.#elapsed += ms;
    this.sleep(ms);
  }
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
