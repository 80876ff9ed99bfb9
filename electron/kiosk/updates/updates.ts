/**
 * The update channel, from asking it to handing a package over: looks every hour, gets what is for this kiosk, and waits for the store's
 * night and for nobody to be there. Everything that it believes is signed, and nothing goes back.
 */
import { mkdir } from 'node:fs/promises';
import { BehaviorSubject, type Observable } from 'rxjs';
import { AppFailure, fail, type AppError, type Result } from '#shared/errors/app-error.ts';
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
import { mayTryAgain, offerProblem, type HandedOver } from './handed-over.ts';
import { requestInstall, isHandedOver, takeBack } from './hand-over.ts';
import type { UpdatesHost } from './host.ts';
import type { Ring } from './manifest.ts';
import { recall, remember } from './memory.ts';
import { digestOfKey } from './proof.ts';
import { readResult } from './result.ts';
import { unasked, type UpdateState } from './update-state.ts';
import { isInWindow, type MaintenanceWindow } from './window.ts';

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
/** So often one package is got that is not what its manifest says; then only with a new manifest. */
const mostDamaged = 3;
/** What installs takes about a minute. */
const mostInstallingMs = 30 * minuteMs;

const isOfDownload = ({ code }: AppError): boolean =>
  ['update.no_answer', 'update.damaged', 'update.no_room'].includes(code) || code.startsWith('storage.');
const keepsWhatIsReady = (error: AppError): boolean =>
  isOfDownload(error) || error.code === 'update.not_installed';

export const createUpdates = (options: UpdatesOptions): Updates => {
  const { host, settings, fetch, clock, random, logger, storeId, offsetAt, isQuiet } = options;
  const { folder } = host;
  const key = digestOfKey(host.key);
  const state$ = new BehaviorSubject(unasked);
  const stopper = new AbortController();
  const { signal } = stopper;
  let ready: Offer | null = null;
  let newestIssuedAt = 0;
  let failures = 0;
  let interruptions = 0;
  let handedOverAt: number | null = null;
  let lastHandedOver: HandedOver | null = null;
  let handedOverBefore: HandedOver | null = null;
  let damaged = { sha256: '', issuedAt: 0, times: 0 };
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

  const knownAgainst = (offer: Offer): AppError | null =>
    offerProblem(offer, state$.value.result, lastHandedOver, host.version);

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
    const noted = await asDiskResult(() => remember(folder, { newestIssuedAt: issuedAt, key }));
    if (!noted.ok) return noted;
    newestIssuedAt = issuedAt;
    return { ok: true, value: null };
  };

  const dropReady = async (): Promise<void> => {
    ready = null;
    handedOverAt = null;
    await takeBack(folder);
  };

  const nothing = async (): Promise<void> => {
    await dropReady();
    await dropDownload(folder);
    change({ stage: 'current', offered: null });
  };

  const get = async (offer: Offer, found: NonNullable<ChosenPackage>): Promise<Result<null>> => {
    const { manifest } = offer;
    const { version, words } = manifest;
    // Another package: what is ready is none any more, whether the new one comes or not.
    if (ready && ready.manifest.packages.get(host.platform)?.sha256 !== found.sha256) await dropReady();
    const { issuedAt } = manifest;
    if (damaged.sha256 !== found.sha256 || damaged.issuedAt !== issuedAt)
      damaged = { sha256: found.sha256, issuedAt, times: 0 };
    // It lies there so: to get it again and again would only load the line.
    if (damaged.times >= mostDamaged) return fail('update.damaged', { version });
    const isReady = ready?.manifest.version === version;
    if (!isReady) {
      logger.info('update found', { version, bytes: found.bytes });
      change({ stage: 'downloading', offered: { version, words } });
    }
    const url = `${settings.channel}/${found.file}`;
    const got = await download({ fetch, clock, folder }, { ...found, url, version }, signal);
    if (!got.ok) {
      if (got.error.code === 'update.damaged') damaged.times += 1;
      return got;
    }
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
    // What waits to be dealt with may come to something else than the time before.
    const problem = handedOverAt === null ? knownAgainst(offer) : null;
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
      // Taken back before anything came of it: that was no try.
      if (state$.value.result?.at === (lastHandedOver?.resultAt ?? undefined))
        lastHandedOver = handedOverBefore;
      const problem = ready && knownAgainst(ready);
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
    if (now >= expiresAt || (knownAgainst(offer) && !mayTryAgain(state$.value.result, lastHandedOver, now)))
      return;
    if (!(await isQuiet())) return;
    handedOverAt = now;
    handedOverBefore = lastHandedOver;
    lastHandedOver = { at: now, offer, resultAt: state$.value.result?.at ?? null };
    const handed = await asDiskResult(() => requestInstall(folder, version, offer.bytes));
    // Whoever came while it was written found nothing to take back yet; and what is under way may have begun by itself.
    if (interruptions !== before || !(await isQuiet())) await takeBack(folder).catch(() => undefined);
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
      ({ newestIssuedAt } = await recall(folder, key));
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
