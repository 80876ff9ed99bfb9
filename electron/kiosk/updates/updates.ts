/**
 * The update channel, from asking it to handing a package over: looks every hour, gets what is for this kiosk, and waits for the store's
 * night and for nobody to be there, where it is urgent for the latter alone, or for a person who says now. Everything that it believes is
 * signed, and nothing goes back.
 */
import { mkdir } from 'node:fs/promises';
import type { Observable } from 'rxjs';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import { backoffMs } from '#shared/flow/backoff.ts';
import { createQueue } from '#shared/flow/queue.ts';
import { asDiskResult } from '../platform/disk-failure.ts';
import type { Random } from '../platform/random.ts';
import { createHanding } from './handing.ts';
import { takeBack } from './hand-over.ts';
import { createLooking, type LookingOptions } from './looking.ts';
import { createMemory } from './memory.ts';
import { createOutcomes, type UpdateJournal } from './outcomes.ts';
import { digestOfKey } from './proof.ts';
import { readStep } from './result.ts';
import { createUpdateBoard, type UpdateState } from './update-state.ts';
import { isInWindow, type MaintenanceWindow } from './window.ts';

export interface Updates {
  readonly state$: Observable<UpdateState>;
  /** Begins to look, after a while. */
  start(): Promise<void>;
  /** Somebody is there: what was handed over and is not begun is taken back. */
  interrupted(): Promise<void>;
  /**
   * A person says that this version, which waits, is to be installed now. `prepare`: what has to be done before, and may be refused.
   * Errors: `update.not_waiting`; `update.kiosk_busy`; those of `prepare`; `storage.*`.
   */
  installNow(version: string, prepare: () => Promise<Result<null>>): Promise<Result<null>>;
  /** That it may wait for the night. Errors: `update.urgent`, and as above. */
  installTonight(version: string, prepare: () => Promise<Result<null>>): Promise<Result<null>>;
  /** Resolves when what was begun by now has ended. */
  settled(): Promise<void>;
  dispose(): Promise<void>;
}

export interface UpdatesOptions extends Omit<LookingOptions, 'memory' | 'board' | 'handing'> {
  readonly settings: LookingOptions['settings'] & { readonly window: MaintenanceWindow };
  readonly random: Pick<Random, 'float'>;
  readonly journal: UpdateJournal;
  /** Wall time less time at the store, in ms. */
  readonly offsetAt: (at: number) => number;
  /** Whether nobody is there, nothing is under way, and all is saved. */
  readonly isQuiet: () => Promise<boolean>;
  /** The same, where it does not matter who was there a moment ago. */
  readonly isFree: () => Promise<boolean>;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** So that the kiosks of a chain that come up at once do not all ask at once. */
const firstLook = { shortestMs: minuteMs, spreadMs: 4 * minuteMs };
const retries = { firstMs: minuteMs, longestMs: hourMs, chance: 0.4 };
const lookEveryMs = 50 * minuteMs;
const lookSpreadMs = 20 * minuteMs;
const stepEveryMs = 1_000;

export const createUpdates = (options: UpdatesOptions): Updates => {
  const { host, settings, clock, random, logger, journal, offsetAt, isQuiet, isFree } = options;
  const { folder } = host;
  const memory = createMemory(folder, digestOfKey(host.key));
  const board = createUpdateBoard(logger);
  const stopper = new AbortController();
  const { signal } = stopper;
  const handing = createHanding({ host, memory, board, clock, logger });
  const looking = createLooking({ ...options, memory, board, handing });
  const { resultFile, stepFile } = host;
  const outcomes = createOutcomes({ resultFile, memory, board, journal, clock, logger });
  let failures = 0;
  /** Aborted while a person waits behind a look. */
  let hurry = new AbortController();
  let cancelLook = (): void => undefined;
  let cancelTick = (): void => undefined;
  let cancelStep = (): void => undefined;
  const queue = createQueue();

  /** A disk that takes nothing keeps nobody from knowing what became of it. */
  const readOutcome = async (): Promise<void> => {
    const read = await asDiskResult(() => outcomes.read());
    if (!read.ok) board.refused(read.error);
  };

  const look = async (): Promise<void> => {
    let isDone = false;
    try {
      await readOutcome();
      isDone = await looking.look(AbortSignal.any([signal, hurry.signal]));
    } finally {
      failures = isDone ? 0 : failures + 1;
      const next =
        failures > 0
          ? backoffMs(retries, failures, random.float())
          : lookEveryMs + lookSpreadMs * random.float();
      if (!signal.aborted) cancelLook = clock.after(next, () => work(look));
    }
  };

  /** How far what installs has come, for whoever looks at the screen meanwhile. */
  const followSteps = (): void => {
    cancelStep();
    cancelStep = clock.after(stepEveryMs, () => {
      if (board.now.stage !== 'installing') return;
      void readStep(stepFile).then((step) => {
        if (signal.aborted || board.now.stage !== 'installing') return;
        if (step > board.now.step) board.change({ step });
        followSteps();
      });
    });
  };

  const handOver = async (free: () => Promise<boolean>): Promise<Result<null>> => {
    const handed = await handing.handOver(free);
    if (handed.ok) followSteps();
    return handed;
  };

  const isTime = (now: number): boolean =>
    handing.ready?.manifest.urgent === true || isInWindow(now, offsetAt(now), settings.window);

  const tick = async (): Promise<void> => {
    cancelTick = clock.after(minuteMs, () => work(tick));
    await readOutcome();
    const now = clock.now();
    if (handing.isHandedOver) await handing.follow();
    else if (isTime(now) && handing.mayBegin()) await handOver(isQuiet);
  };

  /** One after the other, and nothing of it ends the kiosk. */
  const work = (task: () => Promise<void>): void => {
    void queue.add(async () => {
      if (signal.aborted) return;
      try {
        const done = await asDiskResult(task);
        if (!done.ok) board.refused(done.error);
      } catch {
        board.refused({ code: 'internal.unexpected', params: {} });
      }
    });
  };

  /** For a person who has chosen what becomes of what waits: they do not wait for the channel, which is asked again soon. */
  const chosen = async (version: string, act: () => Promise<Result<null>>): Promise<Result<null>> => {
    if (handing.ready?.manifest.version !== version) return fail('update.not_waiting', { version });
    hurry.abort();
    return queue.add(async () => {
      hurry = new AbortController();
      // What somebody has put off a moment ago waits again; what was refused meanwhile does not.
      await readOutcome();
      await handing.follow();
      if (handing.ready?.manifest.version !== version || !handing.mayBeAsked())
        return fail('update.not_waiting', { version });
      return act();
    });
  };

  return {
    state$: board.state$,
    start: async () => {
      const made = await asDiskResult(() => mkdir(folder, { recursive: true, mode: 0o700 }));
      if (!made.ok) board.refused(made.error);
      // Of the start before: what was handed over then is looked at anew, by the channel's word of today.
      await takeBack(folder).catch(() => undefined);
      await memory.load();
      await readOutcome();
      const { shortestMs, spreadMs } = firstLook;
      cancelLook = clock.after(shortestMs + spreadMs * random.float(), () => work(look));
      cancelTick = clock.after(minuteMs, () => work(tick));
    },
    interrupted: () => handing.interrupted(),
    installNow: (version, prepare) =>
      chosen(version, async () => {
        const prepared = await prepare();
        return prepared.ok ? handOver(isFree) : prepared;
      }),
    installTonight: (version, prepare) =>
      chosen(version, async () => {
        if (handing.ready?.manifest.urgent === true) return fail('update.urgent', { version });
        const prepared = await prepare();
        if (!prepared.ok) return prepared;
        const kept = await asDiskResult(() => memory.keep({ tonight: version }));
        if (!kept.ok) return kept;
        board.change({ tonight: true });
        return ok(null);
      }),
    settled: () => queue.idle(),
    dispose: async () => {
      stopper.abort();
      cancelLook();
      cancelTick();
      cancelStep();
      await queue.idle();
      board.dispose();
    },
  };
};
