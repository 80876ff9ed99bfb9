/** Asking the channel, and getting what is for this kiosk: by day, whoever is there. */
import { fail, ok, type AppError, type Result } from '#shared/errors/app-error.ts';
import type { Clock } from '../platform/clock.ts';
import { asDiskResult } from '../platform/disk-failure.ts';
import type { Fetch } from '../platform/http.ts';
import type { Logger } from '#shared/flow/logger.ts';
import { askChannel, type Offer } from './channel.ts';
import { choose, type ChosenPackage } from './choose.ts';
import { download, dropDownload } from './download.ts';
import type { Handing } from './handing.ts';
import type { UpdatesHost } from './host.ts';
import type { Ring } from './manifest.ts';
import type { UpdateMemory } from './memory.ts';
import type { UpdateBoard } from './update-state.ts';

export interface LookingOptions {
  readonly host: UpdatesHost;
  readonly settings: { readonly channel: string; readonly ring: Ring };
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly storeId: () => string | null;
  readonly memory: UpdateMemory;
  readonly board: UpdateBoard;
  readonly handing: Handing;
}

export interface Looking {
  /** What it found is on the board, unless it was aborted: then what is ready stays so. False: it is worth trying again soon. */
  look(signal: AbortSignal): Promise<boolean>;
}

/** So often one package is got that is not what its manifest says; then only with a new manifest. */
const mostDamaged = 3;

const isOfDownload = ({ code }: AppError): boolean =>
  ['update.no_answer', 'update.damaged', 'update.no_room'].includes(code) || code.startsWith('storage.');
const keepsWhatIsReady = (error: AppError): boolean =>
  isOfDownload(error) || ['update.not_installed', 'update.given_up'].includes(error.code);

export const createLooking = (options: LookingOptions): Looking => {
  const { host, settings, fetch, clock, logger, storeId, memory, board, handing } = options;
  const { folder } = host;

  const chosenOf = ({ manifest }: Offer): Result<ChosenPackage> => {
    const { result } = board.now;
    const wentBackFrom = result?.outcome === 'went-back' ? result.version : null;
    const { newestIssuedAt } = memory.now;
    const here = {
      version: host.version,
      platform: host.platform,
      ring: settings.ring,
      storeId: storeId(),
      newestIssuedAt,
      wentBackFrom,
    };
    return choose(manifest, here, clock.now());
  };

  const nothing = async (): Promise<void> => {
    await handing.drop();
    await dropDownload(folder);
    board.change({ stage: 'current', offered: null });
  };

  const get = async (
    offer: Offer,
    found: NonNullable<ChosenPackage>,
    signal: AbortSignal,
  ): Promise<Result<null>> => {
    const { version, words, urgent, issuedAt } = offer.manifest;
    const { sha256, bytes } = found;
    // Another package: what is ready is none any more, whether the new one comes or not.
    if (handing.ready && handing.ready.manifest.packages.get(host.platform)?.sha256 !== sha256)
      await handing.drop();
    const { damaged } = memory.now;
    const times = damaged?.sha256 === sha256 && damaged.issuedAt === issuedAt ? damaged.times : 0;
    // It lies there so: to get it again and again would only load the line.
    if (times >= mostDamaged) return fail('update.damaged', { version });
    const isReady = handing.ready?.manifest.version === version;
    if (!isReady) {
      if (board.now.offered?.version !== version) logger.info('update found', { version, bytes });
      // What kept it from coming the last time is told again where it does so again.
      board.change({ stage: 'downloading', offered: { version, words, urgent }, percent: 0, problem: null });
    }
    const url = `${settings.channel}/${found.file}`;
    const onBytes = (got: number): void => {
      const percent = Math.floor((got * 100) / bytes);
      if (board.now.stage === 'downloading' && percent !== board.now.percent) board.change({ percent });
    };
    const got = await download({ fetch, clock, folder, onBytes }, { ...found, url, version }, signal);
    if (!got.ok) {
      if (got.error.code === 'update.damaged')
        await memory.keep({ damaged: { sha256, issuedAt, times: times + 1 } });
      return got;
    }
    if (!isReady) logger.info('update downloaded', { version });
    handing.hold(offer);
    return ok(null);
  };

  /** Ok: the channel said something that holds. */
  const ask = async (signal: AbortSignal): Promise<Result<null>> => {
    const asked = await askChannel(
      { fetch, clock, channel: settings.channel, key: host.key },
      signal,
      (why) => {
        if (!signal.aborted) logger.info('update channel silent', { why });
      },
    );
    if (!asked.ok) return asked;
    const offer = asked.value;
    const chosen = chosenOf(offer);
    if (!chosen.ok) return chosen;
    // On the disk before anything follows from it: a kiosk that is started anew does not go behind it.
    const { issuedAt } = offer.manifest;
    if (issuedAt > memory.now.newestIssuedAt) await memory.keep({ newestIssuedAt: issuedAt });
    board.change({ lookedAt: clock.now() });
    if (!chosen.value) await nothing();
    else {
      const got = await get(offer, chosen.value, signal);
      if (!got.ok) return got;
    }
    // What waits to be dealt with may come to something else than the time before.
    const problem = handing.isHandedOver ? null : handing.knownAgainst(offer);
    return problem ? { ok: false, error: problem } : ok(null);
  };

  return {
    look: async (signal) => {
      const done = await asDiskResult(() => ask(signal));
      if (signal.aborted) return false;
      const looked = done.ok ? done.value : done;
      if (looked.ok) {
        board.isWell();
        return true;
      }
      const { error } = looked;
      board.refused(error);
      // A channel that says something else has the last word; while nobody answers, what was ready stays so.
      if (!keepsWhatIsReady(error)) handing.forget();
      if (!handing.ready && !isOfDownload(error)) board.change({ stage: 'current', offered: null });
      return !isOfDownload(error);
    },
  };
};
