/**
 * The update channel, from asking it to handing a package over: looks every hour, gets what is for this kiosk, and waits for the store's
 * night and for nobody to be there. Everything that it believes is signed, and nothing goes back.
 */
import { mkdir } from 'node:fs/promises';
import { BehaviorSubject, type Observable } from 'rxjs';
import { AppFailure, type AppError, type Result } from '#shared/errors/app-error.ts';
import { backoffMs } from '#shared/flow/backoff.ts';
import { createQueue } from '#shared/flow/queue.ts';
import type { Clock } from '../platform/clock.ts';
import { asDiskResult } from '../platform/disk-failure.ts';
import type { Fetch } from '../platform/http.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Random } from '../platform/random.ts';
import { askChannel, type Offer } from './channel.ts';
import { choose, type ChosenPackage } from './choose.ts';
import { download, dropDownload } from './download.ts';
import { requestInstall, isHandedOver, takeBack } from './hand-over.ts';
import type { UpdatesHost } from './host.ts';
import type { Ring } from './manifest.ts';
import { recall, remember } from './memory.ts';
import { readResult, type InstallResult } from './result.ts';
import { isInWindow, type MaintenanceWindow } from './window.ts';

export interface UpdateState {
  /** `current`: nothing newer for this kiosk. */
  readonly stage: 'unasked' | 'current' | 'downloading' | 'waiting' | 'installing';
  /** Of what is downloaded, waits or is installed. */
  readonly offered: Pick<Offer['manifest'], 'version' | 'words'> | null;
  /** When the channel last answered with something that holds; null before. */
  readonly lookedAt: number | null;
  readonly problem: AppError | null;
  /** What became of the last that was handed over. */
  readonly result: InstallResult | null;
}

export interface Updates {
  readonly state$: Observable<UpdateState>;
  /** Begins to look, after a while. */
  start(): Promise<void>;
  /** Somebody is there: what was handed over and is not begun is taken back. */
  interrupted(): Promise<void>;
  /** Resolves when what was begun by now has ended. */
  settled(): Promise<void>;
  dispose(): Promise<void>;
}

export interface UpdatesOptions {
  readonly host: UpdatesHost;
  readonly settings: { readonly channel: string; readonly ring: Ring; readonly window: MaintenanceWindow };
  readonly fetch: Fetch;
  /** Trusted time. */
  readonly clock: Clock;
  readonly random: Pick<Random, 'float'>;
  readonly logger: Logger;
  readonly storeId: () => string | null;
  /** Wall time less time at the store, in ms. */
  readonly offsetAt: (at: number) => number;
  /** Whether nobody is there, nothing is under way, and all is saved. */
  readonly isQuiet: () => Promise<boolean>;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** So that the kiosks of a chain that come up at once do not all ask at once. */
const firstLook = { shortestMs: minuteMs, spreadMs: 4 * minuteMs };
const retries = { firstMs: minuteMs, longestMs: hourMs, chance: 0.4 };
const lookEveryMs = 50 * minuteMs;
const lookSpreadMs = 20 * minuteMs;
/** What installs takes about a minute. */
const mostInstallingMs = 30 * minuteMs;

const isOfDownload = ({ code }: AppError): boolean =>
  ['update.no_answer', 'update.damaged', 'update.no_room'].includes(code) || code.startsWith('storage.');
const keepsWhatIsReady = (error: AppError): boolean =>
  isOfDownload(error) || error.code === 'update.not_installed';

const unasked: UpdateState = { stage: 'unasked', offered: null, lookedAt: null, problem: null, result: null };

export const createUpdates = (options: UpdatesOptions): Updates => {
  const { host, settings, fetch, clock, random, logger, storeId, offsetAt, isQuiet } = options;
  const { folder } = host;
  const state$ = new BehaviorSubject(unasked);
  const stopper = new AbortController();
  const { signal } = stopper;
  let ready: Offer | null = null;
  let newestIssuedAt = 0;
  let failures = 0;
  let interruptions = 0;
  let handedOverAt: number | null = null;
  let cancelLook = (): void => undefined;
  let cancelTick = (): void => undefined;
  const queue = createQueue();

  const change = (next: Partial<UpdateState>): void => state$.next({ ...state$.value, ...next });

  const refused = ({ code, params }: AppError, version: string | null = null): void => {
    const { problem } = state$.value;
    // Said once for as long as it lasts.
    if (problem?.code !== code) logger.warn('update refused', { code, version, ...params });
    change({ problem: { code, params } });
  };

  /** What became of the last one that was handed over: the file is written by what installs. */
  const readOutcome = async (): Promise<void> => {
    const result = await readResult(host.resultFile);
    if (result?.at === state$.value.result?.at) return;
    change({ result });
    if (result) logger.info('update dealt with', { ...result });
  };

  /** What was dealt with already is not handed over again. */
  const problemOf = ({ manifest }: Offer): AppError | null => {
    const { result } = state$.value;
    if (result?.version !== manifest.version) return null;
    const params = { version: manifest.version };
    if (result.outcome === 'went-back')
      return { code: 'update.went_back', params: { ...params, installed: host.version } };
    if (result.outcome === 'refused' && result.issuedAt === manifest.issuedAt)
      return { code: 'update.not_installed', params: { ...params, why: result.why } };
    return null;
  };

  const chosenOf = ({ manifest }: Offer): Result<ChosenPackage> => {
    const { result } = state$.value;
    const wentBackFrom = result?.outcome === 'went-back' ? result.version : null;
    const here = {
      ...{ version: host.version, platform: host.platform, ring: settings.ring },
      ...{ storeId: storeId(), newestIssuedAt, wentBackFrom },
    };
    return choose(manifest, here, clock.now());
  };

  /** On the disk before anything follows from it: a kiosk that is started anew does not go behind it. */
  const noteSeen = async (issuedAt: number): Promise<Result<null>> => {
    if (issuedAt <= newestIssuedAt) return { ok: true, value: null };
    const noted = await asDiskResult(() => remember(folder, { newestIssuedAt: issuedAt }));
    if (!noted.ok) return noted;
    newestIssuedAt = issuedAt;
    return { ok: true, value: null };
  };

  const nothing = async (): Promise<void> => {
    ready = null;
    handedOverAt = null;
    await takeBack(folder);
    await dropDownload(folder);
    change({ stage: 'current', offered: null });
  };

  const get = async (offer: Offer, found: NonNullable<ChosenPackage>): Promise<Result<null>> => {
    const { manifest } = offer;
    const { version, words } = manifest;
    const isReady = ready?.manifest.version === version;
    if (!isReady) {
      logger.info('update found', { version, bytes: found.bytes });
      change({ stage: 'downloading', offered: { version, words } });
    }
    const url = `${settings.channel}/${found.file}`;
    const got = await download({ fetch, clock, folder }, { ...found, url, version }, signal);
    if (!got.ok) return got;
    if (!isReady) logger.info('update downloaded', { version });
    ready = offer;
    if (state$.value.stage !== 'installing') change({ stage: 'waiting', offered: { version, words } });
    return { ok: true, value: null };
  };

  /** Ok: the channel said something that holds. */
  const look = async (): Promise<Result<null>> => {
    const asked = await askChannel(
      { fetch, clock, channel: settings.channel, key: host.key },
      signal,
      (why) => logger.info('update channel silent', { why }),
    );
    if (!asked.ok) return asked;
    const offer = asked.value;
    const chosen = chosenOf(offer);
    if (!chosen.ok) return chosen;
    const noted = await noteSeen(offer.manifest.issuedAt);
    if (!noted.ok) return noted;
    change({ lookedAt: clock.now() });
    if (!chosen.value) await nothing();
    else {
      const got = await get(offer, chosen.value);
      if (!got.ok) return got;
    }
    const problem = problemOf(offer);
    return problem ? { ok: false, error: problem } : { ok: true, value: null };
  };

  const lookAndGoOn = async (): Promise<void> => {
    await readOutcome();
    const done = await asDiskResult(look);
    if (signal.aborted) return;
    const looked = done.ok ? done.value : done;
    if (looked.ok) change({ problem: null });
    else {
      refused(looked.error);
      // A channel that says something else has the last word; while nobody answers, what was ready stays so.
      if (!keepsWhatIsReady(looked.error)) ready = null;
      if (!ready && !isOfDownload(looked.error)) change({ stage: 'current', offered: null });
    }
    failures = !looked.ok && isOfDownload(looked.error) ? failures + 1 : 0;
    const next =
      failures > 0
        ? backoffMs(retries, failures, random.float())
        : lookEveryMs + lookSpreadMs * random.float();
    cancelLook = clock.after(next, () => work(lookAndGoOn));
  };

  const tick = async (): Promise<void> => {
    cancelTick = clock.after(minuteMs, () => work(tick));
    await readOutcome();
    const now = clock.now();
    if (handedOverAt !== null) {
      if (await isHandedOver(folder)) {
        if (now - handedOverAt < mostInstallingMs) return;
        await takeBack(folder);
        logger.error('update not taken by what installs', { version: ready?.manifest.version });
        refused({
          code: 'update.not_installed',
          params: { version: ready?.manifest.version ?? '', why: 'other' },
        });
      }
      handedOverAt = null;
      const problem = ready && problemOf(ready);
      if (problem) refused(problem);
      if (state$.value.stage === 'installing') change({ stage: 'waiting' });
      return;
    }
    await handOverIfItIsTime(now);
  };

  const handOverIfItIsTime = async (now: number): Promise<void> => {
    const offer = ready;
    if (!offer || !isInWindow(now, offsetAt(now), settings.window)) return;
    const { version, expiresAt } = offer.manifest;
    const before = interruptions;
    if (now >= expiresAt || problemOf(offer) || !(await isQuiet())) return;
    handedOverAt = now;
    const handed = await asDiskResult(() => requestInstall(folder, version, offer.bytes));
    // Whoever came while it was written found nothing to take back yet.
    if (interruptions !== before) await takeBack(folder).catch(() => undefined);
    if (!handed.ok) {
      handedOverAt = null;
      refused(handed.error, version);
      return;
    }
    logger.info('update handed over', { version });
    change({ stage: 'installing', problem: null });
  };

  /** One after the other, and nothing of it ends the kiosk. */
  const work = (task: () => Promise<void>): void => {
    void queue.add(async () => {
      if (signal.aborted) return;
      try {
        await task();
      } catch (error) {
        refused(error instanceof AppFailure ? error.error : { code: 'internal.unexpected', params: {} });
      }
    });
  };

  return {
    state$,
    start: async () => {
      const made = await asDiskResult(() => mkdir(folder, { recursive: true, mode: 0o700 }));
      if (!made.ok) refused(made.error);
      // Of the start before: what was handed over then is looked at anew, by the channel's word of today.
      await takeBack(folder).catch(() => undefined);
      ({ newestIssuedAt } = await recall(folder));
      await readOutcome();
      const { shortestMs, spreadMs } = firstLook;
      cancelLook = clock.after(shortestMs + spreadMs * random.float(), () => work(lookAndGoOn));
      cancelTick = clock.after(minuteMs, () => work(tick));
    },
    interrupted: async () => {
      interruptions += 1;
      if (handedOverAt !== null) await takeBack(folder).catch(() => undefined);
    },
    settled: () => queue.idle(),
    dispose: async () => {
      stopper.abort();
      cancelLook();
      cancelTick();
      await queue.idle();
      state$.complete();
    },
  };
};
