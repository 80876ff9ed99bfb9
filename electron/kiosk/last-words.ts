/**
 * What a revoked kiosk had not delivered. Before it erases itself, that is signed with the key that goes next and sealed to the
 * backend's, in pieces; from then on nobody but the backend can read it, and the kiosk hands it in when it can: at once, after
 * days without a network, or once it is registered anew. Handing a piece in twice changes nothing over there; it goes from the disk
 * only for the backend's signed receipt.
 */
import { backoffMs } from '#shared/flow/backoff.ts';
import { ok, type Result } from '#shared/errors/app-error.ts';
import { describeThrown } from '#shared/errors/thrown.ts';
import type { PublicJwk } from '#shared/http/contract.ts';
import { routes } from '#shared/http/routes.ts';
import type { SignedRevocation } from '#shared/http/revocation.ts';
import { isRefusal } from './backend/answer.ts';
import type { BackendClient } from './backend/client.ts';
import { inPieces, readPieces, sealEach, type Piece, type Undelivered } from './last-words-pieces.ts';
import type { Clock } from './platform/clock.ts';
import { asDiskResult, onDisk } from './platform/disk-failure.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Random } from './platform/random.ts';
import { eraseFile, readIfPresent, writeDurably } from './vault/durable-file.ts';
import { isReceiptFor } from './vault/last-words-receipt.ts';

export interface LastWords {
  /**
   * Seals what has not been delivered, and keeps it on the disk. Fails with `storage.*` where the disk takes nothing: it is then
   * in memory only, and handed in from there as long as the kiosk runs. Repeating it for the same kiosk replaces what was kept.
   */
  keep(revocation: SignedRevocation): Promise<Result<null>>;
  /** Writes what the disk did not take before: there may be room by now. Never rejects. */
  keepAgain(): Promise<void>;
  /** Goes on with what an earlier run has left. */
  start(): Promise<void>;
  dispose(): Promise<void>;
}

export interface LastWordsOptions {
  /** Where it is kept: ciphertext for the backend alone. */
  readonly path: string;
  readonly undelivered: (revocation: SignedRevocation) => Promise<Undelivered>;
  readonly sign: (type: string, content: string) => Promise<string>;
  /** The one that the kiosk knows since its registration; asked before it is erased. */
  readonly backendKey: () => PublicJwk | null;
  readonly backend: BackendClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

const retry = { firstMs: 2_000, longestMs: 3_600_000, chance: 0.5 };

export const createLastWords = (options: LastWordsOptions): LastWords => {
  const { path, backend, clock, random, logger } = options;
  const stopper = new AbortController();
  let pieces: readonly Piece[] = [];
  let isOnDisk = true;
  let failures = 0;
  let running: Promise<void> | null = null;
  let loading: Promise<void> | null = null;
  let cancelRetry = (): void => undefined;

  /** What an earlier run has left, perhaps of another identity: read before anything is written over it. */
  const load = (): Promise<void> =>
    (loading ??= onDisk(() => readIfPresent(path)).then((kept) => {
      pieces = kept ? readPieces(kept.toString('utf8')) : [];
    }));

  const write = async (): Promise<Result<null>> => {
    const written = await asDiskResult(async () => {
      if (pieces.length === 0) await eraseFile(path);
      else await writeDurably(path, pieces.map((piece) => `${JSON.stringify(piece)}\n`).join(''));
      return null;
    });
    isOnDisk = written.ok;
    return written;
  };

  const handIn = async ({ sealed, backendKey }: Piece): Promise<'taken' | 'refused' | 'unanswered'> => {
    const answer = await backend.call(routes.lastWords, { body: { sealed } }, stopper.signal);
    if (answer.ok) {
      return (await isReceiptFor(answer.value.receipt, sealed, backendKey)) ? 'taken' : 'unanswered';
    }
    // Unsigned, so it ends nothing: it may be the word of a backend which was restored and will know more.
    return isRefusal(answer.problem) ? 'refused' : 'unanswered';
  };

  const handInAll = async (): Promise<void> => {
    const before = pieces.length;
    for (const piece of pieces) {
      if (stopper.signal.aborted) break;
      const end = await handIn(piece);
      if (end === 'taken') pieces = pieces.filter((each) => each !== piece);
      if (end === 'unanswered') break;
    }
    if (pieces.length < before) {
      logger.info('last words handed in', { pieces: before - pieces.length, left: pieces.length });
      await write();
    }
    failures = pieces.length < before ? 0 : failures + 1;
  };

  const run = (): void => {
    cancelRetry();
    if (pieces.length === 0 || stopper.signal.aborted) return;
    running ??= handInAll()
      .catch((error: unknown) => logger.error('last words', describeThrown(error)))
      .finally(() => {
        running = null;
        if (pieces.length === 0 || stopper.signal.aborted) return;
        cancelRetry = clock.after(backoffMs(retry, failures + 1, random.float()), run);
      });
  };

  return {
    keep: async (revocation) => {
      const { kioskId } = revocation;
      const backendKey = options.backendKey();
      if (!backendKey) throw new Error('last words of a kiosk that knows no backend');
      // A file that cannot be read keeps nobody from saying what there is to say now.
      await load().catch((error: unknown) => logger.error('last words of before', describeThrown(error)));
      const left = await options.undelivered(revocation);
      const texts = await sealEach(inPieces(kioskId, left), revocation, options.sign);
      const sealed = texts.map((text): Piece => ({ kioskId, sealed: text, backendKey }));
      pieces = [...pieces.filter((piece) => piece.kioskId !== kioskId), ...sealed];
      if (sealed.length === 0) return ok(null);
      logger.warn('last words sealed', { events: left.events.length, enrolments: left.enrolments.length });
      const written = await write();
      run();
      return written;
    },
    keepAgain: async () => {
      if (!isOnDisk) await write();
    },
    start: async () => {
      await load();
      run();
    },
    dispose: async () => {
      stopper.abort();
      cancelRetry();
      await running;
    },
  };
};
