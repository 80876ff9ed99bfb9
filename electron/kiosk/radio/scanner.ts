/**
 * Keeps the scan going: pauses it for a connect, starts it again when somebody else has stopped it, and starts it anew from
 * time to time, which also shows that the adapter still answers. Whether it listens is what the adapter says, and not noble,
 * which takes the answer to the stop that begins each of its starts for the start.
 */
import { BehaviorSubject, distinctUntilChanged, type Observable } from 'rxjs';
import { every } from '#shared/flow/every.ts';
import { serviceUuid } from './gatt-profile.ts';
import type { Clock } from '../platform/clock.ts';
import type { CommandAnswers } from './command-answers.ts';
import { unlessAnswered, within } from './deadline.ts';
import { opcode } from './hci-events.ts';
import type { Noble } from './noble-types.ts';

export interface Scanner {
  /** Replays whether advertisements can arrive now. */
  readonly listening$: Observable<boolean>;
  start(): void;
  /** Resolves when scanning has stopped, or can't be waited for. */
  pause(): Promise<void>;
  resume(): void;
  /** A link has ended: a scan that was refused beside it is tried again at once. */
  retry(): void;
  dispose(): void;
}

export interface ScannerOptions {
  readonly noble: Noble;
  readonly clock: Clock;
  /** Null where HCI can't be heard: there "started" is not told a second time, and nobody can ask. */
  readonly answers: CommandAnswers | null;
  /** Whether a link stands or is being opened: there are controllers that can't scan meanwhile. */
  readonly isBusy: () => boolean;
  /** The adapter does not answer any more, or does not scan though nothing keeps it from it. */
  readonly onStuck: () => void;
}

const stopWaitMs = 300;
const restartAfterMs = 300;
const renewEveryMs = 2_000;
const answerWithinMs = 2_000;
/** Once it may be between two things; an adapter that refuses twice in a row needs its reset. */
const refusalsUntilStuck = 2;

export const createScanner = ({ noble, clock, answers, isBusy, onStuck }: ScannerOptions): Scanner => {
  const listening = new BehaviorSubject(false);
  let wanted = false;
  let disposed = false;
  let refusals = 0;
  /** Starts and stops that the adapter has not answered yet. */
  let unanswered = 0;
  let onAllAnswered = (): void => undefined;
  let cancelRestart = (): void => undefined;
  let cancelRenewal = (): void => undefined;
  let cancelAnswer: (() => void) | null = null;

  const scan = (): void => {
    cancelRestart();
    if (!wanted || disposed || noble.state !== 'poweredOn') return;
    // noble stops before it starts.
    unanswered += 2;
    // With duplicates: without them a lost scan response means that a lock is never found.
    noble.startScanning([serviceUuid], true);
    if (!answers) {
      listening.next(true);
      return;
    }
    // A renewal does not give an adapter that owes an answer more time.
    cancelAnswer ??= unlessAnswered(clock, answerWithinMs, onStuck);
  };
  const scanAgainSoon = (): void => {
    cancelRestart();
    cancelRestart = clock.after(restartAfterMs, scan);
  };
  const answered = (): void => {
    cancelAnswer?.();
    cancelAnswer = null;
  };

  const refused = (): void => {
    listening.next(false);
    // Until the link has ended nothing can be done about it, and the link is worth more.
    if (isBusy()) return;
    refusals += 1;
    if (refusals < refusalsUntilStuck) scanAgainSoon();
    else onStuck();
  };

  const stopWatching = answers?.on(opcode.leSetScanEnable, ({ status, parameters }) => {
    unanswered = Math.max(0, unanswered - 1);
    if (unanswered === 0) onAllAnswered();
    const isStart = parameters[0] === 1;
    if (!isStart || !wanted) return;
    answered();
    if (status !== 0) {
      refused();
      return;
    }
    refusals = 0;
    listening.next(true);
  });

  const renew = (): void => {
    cancelRenewal();
    cancelRenewal = every(clock, renewEveryMs, scan);
  };

  // noble also tells of the stop that is part of its own start: only one that lasts counts.
  const stopped = (): void => scanAgainSoon();
  const started = (): void => cancelRestart();
  noble.on('scanStop', stopped);
  noble.on('scanStart', started);

  const resume = (): void => {
    if (wanted || disposed) return;
    wanted = true;
    scan();
    if (answers) renew();
  };

  const stopAndWait = async (): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const onStop = (): void => resolve(undefined);
    if (answers) onAllAnswered = onStop;
    else noble.once('scanStop', onStop);
    unanswered += 1;
    noble.stopScanning();
    await within(clock, stopWaitMs, promise);
    onAllAnswered = () => undefined;
    noble.removeListener('scanStop', onStop);
    cancelRestart();
  };

  const standStill = (): void => {
    wanted = false;
    cancelRestart();
    cancelRenewal();
    answered();
    listening.next(false);
  };

  return {
    listening$: listening.pipe(distinctUntilChanged()),
    start: resume,
    pause: async () => {
      if (!wanted) return;
      standStill();
      if (noble.state === 'poweredOn') await stopAndWait();
    },
    resume,
    retry: () => {
      if (answers && !listening.value) scan();
    },
    dispose: () => {
      disposed = true;
      standStill();
      listening.complete();
      stopWatching?.();
      noble.removeListener('scanStop', stopped);
      noble.removeListener('scanStart', started);
    },
  };
};
