/** Handing over what is ready, and following what comes of it until what installs stops this kiosk. */
import { fail, ok, type AppError, type Result } from '#shared/errors/app-error.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Clock } from '../platform/clock.ts';
import { asDiskResult } from '../platform/disk-failure.ts';
import type { Offer } from './channel.ts';
import { isHandedOver, requestInstall, takeBack } from './hand-over.ts';
import { mayPass, mayTryAgain, offerProblem, type HandedOver } from './handed-over.ts';
import type { UpdatesHost } from './host.ts';
import type { UpdateMemory } from './memory.ts';
import type { UpdateBoard, UpdateState } from './update-state.ts';

export interface HandingOptions {
  readonly host: UpdatesHost;
  readonly memory: UpdateMemory;
  readonly board: UpdateBoard;
  readonly clock: Pick<Clock, 'now'>;
  readonly logger: Logger;
}

export interface Handing {
  /** What is downloaded and verified; null where nothing is. */
  readonly ready: Offer | null;
  readonly isHandedOver: boolean;
  knownAgainst(offer: Offer): AppError | null;
  hold(offer: Offer): void;
  /** It is ready no more; what was handed over may be under way. */
  forget(): void;
  /** It is ready no more, and is taken back. */
  drop(): Promise<void>;
  /** Whether what is ready may be handed over now by itself: the first time, or the next night where what was in its way may have passed. */
  mayBegin(): boolean;
  /** Whether a person may have it handed over now. */
  mayBeAsked(): boolean;
  /** `isFree`: whether it is in nobody's way, asked before and after. Errors: `update.kiosk_busy`; `storage.*`. */
  handOver(isFree: () => Promise<boolean>): Promise<Result<null>>;
  /** What became of it, where it was handed over. */
  follow(): Promise<void>;
  /** Somebody is there: what is not begun is taken back. */
  interrupted(): Promise<void>;
}

/** What installs takes about a minute. */
const mostInstallingMs = 30 * 60_000;

export const createHanding = ({ host, memory, board, clock, logger }: HandingOptions): Handing => {
  const { folder } = host;
  let ready: Offer | null = null;
  let interruptions = 0;
  let handedOverAt: number | null = null;
  let last: HandedOver | null = null;
  let lastBefore: HandedOver | null = null;

  const tried = () => ({ result: board.now.result, last, remembered: memory.now, installed: host.version });
  const knownAgainst = (offer: Offer): AppError | null => offerProblem(offer, tried());
  const holds = (): Offer | null => (ready && clock.now() < ready.manifest.expiresAt ? ready : null);

  const shownOf = ({ manifest }: Offer): Pick<UpdateState, 'offered' | 'tonight'> => {
    const { version, words, urgent } = manifest;
    return { offered: { version, words, urgent }, tonight: !urgent && memory.now.tonight === version };
  };
  /** Nothing installs it: what is shown follows at once, what becomes of it is looked at later. The channel may say something else by now. */
  const waits = (): void => {
    if (board.now.stage !== 'installing') return;
    board.change({ stage: 'waiting', step: 0, ...(ready ? shownOf(ready) : {}) });
  };

  return {
    get ready() {
      return ready;
    },
    get isHandedOver() {
      return handedOverAt !== null;
    },
    knownAgainst,
    hold: (offer) => {
      ready = offer;
      if (board.now.stage !== 'installing') board.change({ stage: 'waiting', ...shownOf(offer) });
    },
    forget: () => (ready = null),
    drop: async () => {
      ready = null;
      handedOverAt = null;
      await takeBack(folder);
    },
    mayBegin: () => {
      const offer = holds();
      const problem = offer && knownAgainst(offer);
      return offer !== null && (!problem || mayTryAgain(offer, tried(), problem, clock.now()));
    },
    mayBeAsked: () => {
      const offer = holds();
      const problem = offer && knownAgainst(offer);
      return offer !== null && handedOverAt === null && (!problem || mayPass(tried(), problem));
    },
    handOver: async (isFree) => {
      const before = interruptions;
      if (!ready || !(await isFree())) return fail('update.kiosk_busy');
      const offer = ready;
      const { version } = offer.manifest;
      handedOverAt = clock.now();
      lastBefore = last;
      last = { at: handedOverAt, offer, resultAt: board.now.result?.at ?? null };
      const handed = await asDiskResult(() => requestInstall(folder, version, offer.bytes));
      if (!handed.ok) {
        handedOverAt = null;
        board.refused(handed.error, version);
        return handed;
      }
      logger.info('update handed over', { version });
      // Whoever came while it was written found nothing to take back yet; and what is under way may have begun by itself.
      if (interruptions !== before || !(await isFree()) || interruptions !== before) {
        await takeBack(folder).catch(() => undefined);
        return fail('update.kiosk_busy');
      }
      board.change({ stage: 'installing', step: 0, problem: null });
      return ok(null);
    },
    follow: async () => {
      if (handedOverAt === null) return;
      const version = ready?.manifest.version ?? '';
      if (await isHandedOver(folder)) {
        if (clock.now() - handedOverAt < mostInstallingMs) return;
        await takeBack(folder);
        logger.error('update not taken by what installs', { version });
        board.refused({ code: 'update.not_installed', params: { version, why: 'other' } });
      }
      handedOverAt = null;
      // Taken back before anything came of it: that was no try.
      if (board.now.result?.at === (last?.resultAt ?? undefined)) last = lastBefore;
      const problem = ready && knownAgainst(ready);
      if (problem) board.refused(problem);
      waits();
    },
    interrupted: async () => {
      interruptions += 1;
      if (handedOverAt === null) return;
      await takeBack(folder).catch(() => undefined);
      waits();
    },
  };
};
