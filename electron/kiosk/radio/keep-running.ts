/**
 * Keeps one process running: hears its heartbeat, ends it when it hangs, starts another with growing pauses. A process that
 * has not said hello may be slow to begin, or may never: another is started beside it, and whoever says hello first is taken.
 */
import { backoffMs } from '#shared/flow/backoff.ts';
import { inTime } from '#shared/flow/in-time.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '#shared/flow/logger.ts';
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
  /** Whether a process says by this that it has begun. It says so before anything else. */
  readonly isHello: (message: unknown) => boolean;
  /** It has said hello. */
  readonly onStarted: (process: RadioProcess) => void;
  readonly onMessage: (message: unknown) => void;
  readonly onLost: (why: 'exited' | 'hung', failures: number) => void;
}

export interface KeptProcess {
  send(message: object): void;
  /** An answer to a ping. */
  beat(): void;
  /** It has loaded what it needs: from now on it has no reason to be slow. */
  loaded(): void;
  /** It has proved itself: the next restart is quick again. */
  healthy(): void;
  readonly pid: number | undefined;
  dispose(): Promise<void>;
}

const beatEveryMs = 400;
/** Pings without an answer. Counted, not timed: a machine that slept, or a busy core, is no hang. */
const missedBeats = 4;
/** A process that loads noble, all at once: a tenth of a second, on a busy machine a good one. */
const missedBeatsWhileLoading = 7;
/** A process that has not said hello for so long gets company: it may never. */
const beatsUntilCompany = 6;
/** However busy a machine is, it does not take a process this long to begin; then both are ended. */
const beatsUntilHello = 75;
const pause = { firstMs: 100, longestMs: 1_000, chance: 0.5 };
const exitWithinMs = 1_000;

export const keepRunning = (options: KeepRunningOptions): KeptProcess => {
  const { clock, logger, random } = options;
  /** Those that have not said hello: one, or two. Only while there is no current one. */
  const newcomers = new Set<RadioProcess>();
  let current: RadioProcess | null = null;
  let failures = 0;
  let silentBeats = 0;
  let isLoaded = false;
  let disposed = false;
  let cancelBeat = (): void => undefined;
  let cancelStart = (): void => undefined;
  let onGone = (): void => undefined;

  const lost = (process: RadioProcess, why: 'exited' | 'hung'): void => {
    if (process === current) current = null;
    else if (!newcomers.delete(process)) return;
    if (newcomers.size > 0) return;
    cancelBeat();
    if (disposed) {
      onGone();
      return;
    }
    logger.warn('radio process lost', { why, failures });
    options.onLost(why, failures);
    failures += 1;
    cancelStart = clock.after(backoffMs(pause, failures, random.float()), start);
  };

  const end = (process: RadioProcess): void => {
    process.kill();
    lost(process, 'hung');
  };

  const awaitHello = (): void => {
    if (silentBeats > beatsUntilHello) for (const newcomer of [...newcomers]) end(newcomer);
    else if (silentBeats % beatsUntilCompany === 0 && newcomers.size < 2) launch();
  };

  const awaitAnswer = (process: RadioProcess): void => {
    if (silentBeats > (isLoaded ? missedBeats : missedBeatsWhileLoading)) end(process);
    else options.ping(process, silentBeats);
  };

  const keepTime = (): void => {
    cancelBeat();
    cancelBeat = clock.after(beatEveryMs, () => {
      silentBeats += 1;
      keepTime();
      if (current) awaitAnswer(current);
      else awaitHello();
    });
  };

  const adopt = (process: RadioProcess): void => {
    newcomers.delete(process);
    current = process;
    silentBeats = 0;
    isLoaded = false;
    for (const other of newcomers) other.kill();
    newcomers.clear();
    options.onStarted(process);
    options.ping(process, 0);
    keepTime();
  };

  const launch = (): void => {
    const process = options.spawn();
    newcomers.add(process);
    process.onMessage((message) => {
      if (process === current) options.onMessage(message);
      else if (newcomers.has(process) && options.isHello(message)) adopt(process);
    });
    process.onExit(() => lost(process, 'exited'));
  };

  function start(): void {
    if (disposed) return;
    silentBeats = 0;
    launch();
    keepTime();
  }

  start();

  return {
    send: (message) => current?.send(message),
    beat: () => {
      silentBeats = 0;
    },
    loaded: () => {
      isLoaded = true;
    },
    healthy: () => {
      failures = 0;
    },
    get pid() {
      return (current ?? [...newcomers][0])?.pid;
    },
    dispose: async () => {
      disposed = true;
      cancelStart();
      cancelBeat();
      const living = current ? [current] : [...newcomers];
      if (living.length === 0) return;
      const { promise: gone, resolve } = Promise.withResolvers<undefined>();
      onGone = () => resolve(undefined);
      for (const process of living) process.kill();
      await inTime({ timer: clock, ms: exitWithinMs }, gone, () => undefined);
    },
  };
};
