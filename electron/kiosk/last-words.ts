/**
 * What a revoked kiosk had not delivered. Before it erases itself, that is signed with the key that goes next and sealed to the
 * backend's, in pieces; from then on nobody but the backend can read it, and the kiosk hands it in when it can: at once, after
 * days without a network, or once it is registered anew. Handing a piece in twice changes nothing over there.
 */
import { z } from 'zod';
import { ok, type Result } from '#shared/errors/app-error.ts';
import { routes } from '#shared/http/contract.ts';
import {
  lastWordsAnswerSchema,
  lastWordsType,
  mostLastWordsBytes,
  type LastWords as Statement,
  type SignedRevocation,
} from '#shared/http/revocation.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import type { EnrolmentDocument } from '#shared/models/enrolment.ts';
import type { Clock } from './platform/clock.ts';
import { describeThrown } from './platform/describe-thrown.ts';
import { asDiskResult, onDisk } from './platform/disk-failure.ts';
import type { Fetch } from './platform/http.ts';
import type { Logger } from './platform/logger.ts';
import type { Random } from './platform/random.ts';
import { eraseFile, readIfPresent, writeDurably } from './vault/durable-file.ts';

export interface Undelivered {
  readonly events: readonly AccessEvent[];
  readonly enrolments: readonly EnrolmentDocument[];
}

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
  readonly fetch: Fetch;
  /** Without a trailing slash. */
  readonly backendUrl: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

const pieceSchema = z.strictObject({ kioskId: z.string(), sealed: z.string() });
type Piece = z.infer<typeof pieceSchema>;

const requestMs = 25_000;
const firstRetryMs = 2_000;
const longestRetryMs = 3_600_000;

export const createLastWords = (options: LastWordsOptions): LastWords => {
  const { path, fetch, backendUrl, clock, random, logger } = options;
  const stopper = new AbortController();
  let pieces: readonly Piece[] = [];
  let isOnDisk = true;
  let failures = 0;
  let running: Promise<void> | null = null;
  let cancelRetry = (): void => undefined;

  const write = async (): Promise<Result<null>> => {
    const written = await asDiskResult(async () => {
      if (pieces.length === 0) await eraseFile(path);
      else await writeDurably(path, pieces.map((piece) => `${JSON.stringify(piece)}\n`).join(''));
      return null;
    });
    isOnDisk = written.ok;
    return written;
  };

  const handIn = async ({ sealed }: Piece): Promise<'taken' | 'refused' | 'unanswered'> => {
    const late = new AbortController();
    const cancelLate = clock.after(requestMs, () => late.abort());
    try {
      const response = await fetch(backendUrl + routes.lastWords, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ sealed }),
        signal: AbortSignal.any([stopper.signal, late.signal]),
      });
      if (response.ok && lastWordsAnswerSchema.safeParse(await response.json()).success) return 'taken';
      // Unsigned, so it ends nothing: it may be a proxy's word, or that of a backend which was restored and will know more.
      return response.status === 403 ? 'refused' : 'unanswered';
    } catch {
      return 'unanswered';
    } finally {
      cancelLate();
    }
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
        const ceiling = Math.min(longestRetryMs, firstRetryMs * 2 ** failures);
        cancelRetry = clock.after(ceiling * (0.5 + random.float() / 2), run);
      });
  };

  return {
    keep: async (revocation) => {
      const { kioskId } = revocation;
      const left = await options.undelivered(revocation);
      const sealed = await sealEach(inPieces(kioskId, left), revocation, options.sign);
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
      const kept = await onDisk(() => readIfPresent(path));
      pieces = kept ? readPieces(kept.toString('utf8')) : [];
      run();
    },
    dispose: async () => {
      stopper.abort();
      cancelRetry();
      await running;
    },
  };
};

/** Statements that are small enough to be handed in, in the order of the events. */
const inPieces = (kioskId: string, { events, enrolments }: Undelivered): Statement[] => {
  const statements: Statement[] = [];
  let [accessEvents, left]: [AccessEvent[], EnrolmentDocument[]] = [[], []];
  let bytes = 0;
  const end = (): void => {
    if (accessEvents.length + left.length > 0) {
      statements.push({ purpose: 'last words', kioskId, accessEvents, enrolments: left });
    }
    [accessEvents, left, bytes] = [[], [], 0];
  };
  const makeRoom = (row: unknown): void => {
    const size = Buffer.byteLength(JSON.stringify(row)) + 1;
    if (bytes + size > mostLastWordsBytes - overhead) end();
    bytes += size;
  };
  for (const event of events) {
    makeRoom(event);
    accessEvents.push(event);
  }
  for (const enrolment of enrolments) {
    makeRoom(enrolment);
    left.push(enrolment);
  }
  end();
  return statements;
};

/** What is around the rows of a statement. */
const overhead = 200;

const sealEach = async (
  statements: readonly Statement[],
  { kioskId, sealingKey }: SignedRevocation,
  sign: LastWordsOptions['sign'],
): Promise<Piece[]> => {
  if (statements.length === 0) return [];
  const { CompactEncrypt, importJWK } = await import('jose');
  const recipient = await importJWK({ ...sealingKey }, 'ECDH-ES');
  const pieces: Piece[] = [];
  for (const statement of statements) {
    const signed = await sign(lastWordsType, JSON.stringify(statement));
    const sealed = await new CompactEncrypt(Buffer.from(signed))
      .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', cty: 'JOSE' })
      .encrypt(recipient);
    pieces.push({ kioskId, sealed });
  }
  return pieces;
};

const readPieces = (text: string): Piece[] =>
  text.split('\n').flatMap((line) => {
    const piece = pieceSchema.safeParse(parseJson(line)).data;
    return piece ? [piece] : [];
  });

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
