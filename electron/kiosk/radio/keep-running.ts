/** Keeps one process running: hears its heartbeat, ends it when it hangs, starts another with growing pauses. */
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { Random } from '../platform/random.ts';

/** A process that carries messages; who makes it is the host's business. */
export interface RadioProcess {
  readonly pid: number | undefined;
  send(message: object): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once when it has ended, or could not be started. */
  onExit(listener: () => void): void;
  /** At once, and even when it hangs. */
  kill(): void;
}

export interface KeepRunningOptions {
  readonly spawn: () => RadioProcess;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly ping: (process: RadioProcess, beat: number) => void;
  readonly onStarted: (process: RadioProcess) => void;
  readonly onMessage: (message: unknown) => void;
  readonly onLost: (why: 'exited' | 'hung', failures: number) => void;
}

export interface KeptProcess {
  send(message: object): void;
  /** An answer to a ping. */
  beat(): void;
  /** It has proved itself: the next restart is quick again. */
  healthy(): void;
  readonly pid: number | undefined;
  dispose(): Promise<void>;
}

const pingEveryMs = 400;
/** Pings without an answer. Counted, not timed: a machine that slept, or a busy core, is no hang. */
const missedBeats = 4;
/** A process that is starting on a busy machine is given this many. */
const missedBeatsAtStart = 30;
const firstPauseMs = 100;
const longestPauseMs = 1_500;
const exitWithinMs = 1_000;

export const keepRunning = (options: KeepRunningOptions): KeptProcess => {
  const { clock, logger, random } = options;
  let current: RadioProcess | null = null;
  let failures = 0;
  let unanswered = 0;
  let answeredOnce = false;
  let disposed = false;
  let cancelPing = (): void => undefined;
  let cancelStart = (): void => undefined;
  let onGone = (): void => undefined;

  const lost = (process: RadioProcess, why: 'exited' | 'hung'): void => {
    if (current !== process) return;
    current = null;
    cancelPing();
    if (disposed) {
      onGone();
      return;
    }
    logger.warn('radio process lost', { why, failures });
    const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(failures, 5));
    options.onLost(why, failures);
    failures += 1;
    cancelStart = clock.after(pause * (0.5 + 0.5 * random.float()), start);
  };

  const ping = (process: RadioProcess): void => {
    cancelPing = clock.after(pingEveryMs, () => {
      if (current !== process) return;
      unanswered += 1;
      if (unanswered > (answeredOnce ? missedBeats : missedBeatsAtStart)) {
        process.kill();
        lost(process, 'hung');
        return;
      }
      options.ping(process, unanswered);
      ping(process);
    });
  };

  const start = (): void => {
    if (disposed) return;
    unanswered = 0;
    answeredOnce = false;
    const process = options.spawn();
    current = process;
    process.onMessage((message) => {
      if (current === process) options.onMessage(message);
    });
    process.onExit(() => lost(process, 'exited'));
    options.onStarted(process);
    options.ping(process, 0);
    ping(process);
  };

  start();

  return {
    send: (message) => current?.send(message),
    beat: () => {
      unanswered = 0;
      answeredOnce = true;
    },
    healthy: () => {
      failures = 0;
    },
    get pid() {
      return current?.pid;
    },
    dispose: () =>
      new Promise((resolve) => {
        disposed = true;
        cancelStart();
        cancelPing();
        if (!current) {
          resolve();
          return;
        }
        const cancel = clock.after(exitWithinMs, resolve);
        onGone = () => {
          cancel();
          resolve();
        };
        current.kill();
      }),
  };
};
