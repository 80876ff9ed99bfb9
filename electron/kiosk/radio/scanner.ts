/**
 * Keeps the scan going: pauses it for a connect, starts it again when somebody else has stopped it, and starts it anew from
 * time to time, which also shows that the adapter still answers.
 */
import { serviceUuid } from '../link/gatt.ts';
import type { Clock } from '../platform/clock.ts';
import { unlessAnswered, within } from './deadline.ts';
import { hciBindingsOf, type Noble } from './noble-types.ts';

export interface Scanner {
  start(): void;
  /** Resolves when scanning has stopped, or can't be waited for. */
  pause(): Promise<void>;
  resume(): void;
  dispose(): void;
}

export interface ScannerOptions {
  readonly noble: Noble;
  readonly clock: Clock;
  /** The adapter does not answer any more. */
  readonly onStuck: () => void;
}

const stopWaitMs = 300;
const restartAfterMs = 300;
const renewEveryMs = 2_000;
const answerWithinMs = 2_000;

export const createScanner = ({ noble, clock, onStuck }: ScannerOptions): Scanner => {
  let wanted = false;
  let disposed = false;
  let cancelRestart = (): void => undefined;
  let cancelRenewal = (): void => undefined;
  let cancelAnswer: (() => void) | null = null;
  // Elsewhere "started" is not told a second time.
  const answers = hciBindingsOf(noble) !== null;

  const scan = (): void => {
    if (!wanted || disposed || noble.state !== 'poweredOn') return;
    // With duplicates: without them a lost scan response means that a lock is never found.
    noble.startScanning([serviceUuid], true);
    if (!answers) return;
    // A renewal does not give an adapter that owes an answer more time.
    cancelAnswer ??= unlessAnswered(clock, answerWithinMs, onStuck);
  };
  const answered = (): void => {
    cancelAnswer?.();
    cancelAnswer = null;
  };

  const renew = (): void => {
    cancelRenewal();
    cancelRenewal = clock.after(renewEveryMs, () => {
      scan();
      renew();
    });
  };

  // noble also tells of the stop that is part of its own start: only one that lasts counts.
  const stopped = (): void => {
    cancelRestart();
    cancelRestart = clock.after(restartAfterMs, scan);
  };
  const started = (): void => {
    cancelRestart();
    answered();
  };
  noble.on('scanStop', stopped);
  noble.on('scanStart', started);

  const resume = (): void => {
    if (wanted || disposed) return;
    wanted = true;
    scan();
    if (answers) renew();
  };

  return {
    start: resume,
    pause: async () => {
      if (!wanted) return;
      wanted = false;
      cancelRestart();
      cancelRenewal();
      answered();
      if (noble.state !== 'poweredOn') return;
      const { promise, resolve } = Promise.withResolvers<undefined>();
      const onStop = (): void => resolve(undefined);
      noble.once('scanStop', onStop);
      noble.stopScanning();
      await within(clock, stopWaitMs, promise);
      noble.removeListener('scanStop', onStop);
      cancelRestart();
    },
    resume,
    dispose: () => {
      disposed = true;
      wanted = false;
      cancelRestart();
      cancelRenewal();
      answered();
      noble.removeListener('scanStop', stopped);
      noble.removeListener('scanStart', started);
    },
  };
};
