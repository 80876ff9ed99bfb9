/**
 * Who goes next, where more is asked for than can be done at once: stores take turns, and within a store its kiosks. Whoever
 * asks for much waits for itself; another kiosk waits for what is being done already, never for what stands in line.
 */
import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { StopSignal } from '#shared/flow/abort.ts';
import { onLimit } from '#shared/flow/in-time.ts';
import { appError } from '../platform/app-error.ts';
import { systemTimer } from '../platform/ports.ts';
import { HttpFailure } from './failures.ts';
import { createTally, type Caller, type Most } from './turn-tally.ts';

export interface TurnLimits {
  /** How many turns are out at the same time. */
  readonly atOnce: Most;
  /** How many wait; whoever comes on top of them is put off (429). */
  readonly waiting: Most;
  /** Whoever has waited for so long is put off: 429 where it waited for itself, else 503. */
  readonly longestWaitMs: number;
}

export interface FairTurns {
  /**
   * Resolves when it is this caller's turn, with what gives the turn back (repeating that does nothing). Rejects with an
   * `HttpFailure` (429, 503) for whoever is put off, also when `response` has closed meanwhile: nobody is there any more.
   */
  take(caller: Caller, response: ServerResponse): Promise<GiveBack>;
  /** Whether this kiosk waits for turns: it asks for more at once than it gets. */
  isWaiting(kioskId: string): boolean;
}

/** All others can have the turn at once; the kiosk that had it gets none of these turns for `restMs` (0 unless given). */
type GiveBack = (restMs?: number) => void;

interface Waiter {
  readonly kioskId: string;
  readonly go: () => void;
}

const shortWaitMs = 1_000;
const busyWaitMs = 2_000;

export const createFairTurns = ({ atOnce, waiting, longestWaitMs }: TurnLimits): FairTurns => {
  const out = createTally();
  const inLine = createTally();
  /** By store, then by kiosk; who has just been served stands last. */
  const lines = new Map<string, Map<string, Waiter[]>>();

  const giveOut = (caller: Caller): GiveBack => {
    out.add(caller, 1);
    let isOut = true;
    return (restMs = 0) => {
      if (!isOut) return;
      isOut = false;
      out.addToShared(caller.storeId, -1);
      const rested = (): void => {
        out.addToKiosk(caller.kioskId, -1);
        serve();
      };
      if (restMs > 0) {
        setTimeout(rested, restMs).unref();
        serve();
      } else rested();
    };
  };

  const nextOf = (storeId: string, kiosks: Map<string, Waiter[]>): Waiter | null => {
    for (const [kioskId, waiters] of kiosks) {
      const [first] = waiters;
      if (!first || !out.has({ storeId, kioskId }, atOnce)) continue;
      kiosks.delete(kioskId);
      kiosks.set(kioskId, waiters);
      return first;
    }
    return null;
  };

  const serve = (): void => {
    // With a long line and nothing to give out, looking through the line would cost more than the work.
    for (let served = true; served && out.isLeft(atOnce);) {
      served = false;
      for (const [storeId, kiosks] of lines) {
        const next = nextOf(storeId, kiosks);
        if (!next) continue;
        lines.delete(storeId);
        lines.set(storeId, kiosks);
        next.go();
        served = true;
        break;
      }
    }
  };

  const enter = ({ storeId, kioskId }: Caller, waiter: Waiter): void => {
    const kiosks = lines.get(storeId) ?? new Map<string, Waiter[]>();
    lines.set(storeId, kiosks);
    kiosks.set(kioskId, [...(kiosks.get(kioskId) ?? []), waiter]);
    inLine.add({ storeId, kioskId }, 1);
  };
  const leave = ({ storeId, kioskId }: Caller, waiter: Waiter): void => {
    const kiosks = lines.get(storeId);
    const rest = kiosks?.get(kioskId)?.filter((each) => each !== waiter) ?? [];
    if (rest.length > 0) kiosks?.set(kioskId, rest);
    else kiosks?.delete(kioskId);
    if (kiosks?.size === 0) lines.delete(storeId);
    inLine.add({ storeId, kioskId }, -1);
  };

  return {
    isWaiting: (kioskId) => inLine.ofKiosk(kioskId) > 0,
    take: async (caller, response) => {
      if (response.destroyed) throw gone();
      if (inLine.ofKiosk(caller.kioskId) === 0 && out.has(caller, atOnce)) return giveOut(caller);
      if (!inLine.has(caller, waiting)) throw putOff(429, shortWaitMs);
      return new Promise((resolve, reject) => {
        const waiter: Waiter = {
          kioskId: caller.kioskId,
          go: () => {
            forget();
            leave(caller, waiter);
            resolve(giveOut(caller));
          },
        };
        const limits = { timer: systemTimer, ms: longestWaitMs, signal: closeOf(response) };
        const forget = onLimit(limits, (limit) => {
          leave(caller, waiter);
          const isOwn = out.ofKiosk(caller.kioskId) >= atOnce.kiosk;
          if (limit === 'stopped') reject(gone());
          else reject(isOwn ? putOff(429, shortWaitMs) : putOff(503, busyWaitMs));
        });
        enter(caller, waiter);
      });
    },
  };
};

/** That nobody is there any more, as an AbortSignal says it. */
const closeOf = (response: ServerResponse): StopSignal => ({
  aborted: response.destroyed,
  addEventListener: (_abort, listener) => void response.once('close', listener),
  removeEventListener: (_abort, listener) => void response.off('close', listener),
});

const putOff = (status: 429 | 503, waitMs: number): HttpFailure =>
  new HttpFailure(status, appError('sync.unreachable'), waitMs);
const gone = (): HttpFailure => new HttpFailure(400, appError('ipc.bad_request'));

/** Takes a turn that ends when the answer has been read, or nobody is there to read it. */
export const untilClosed = async (turns: FairTurns, caller: Caller, reply: FastifyReply): Promise<void> => {
  const giveBack = await turns.take(caller, reply.raw);
  if (reply.raw.destroyed) giveBack();
  else reply.raw.once('close', giveBack);
};

const longestRestMs = 1_000;

/**
 * Does `work` in a turn. Where the kiosk `isHurried` when it is done, it rests for as long as that took, a second at the most,
 * before it gets another of these turns: it has half of what it would take, and its neighbours the other half.
 */
export const inTurn = async <T>(
  turns: FairTurns,
  caller: Caller,
  reply: Pick<FastifyReply, 'raw'>,
  work: () => Promise<T>,
  isHurried = (): boolean => false,
): Promise<T> => {
  const giveBack = await turns.take(caller, reply.raw);
  const from = performance.now();
  try {
    return await work();
  } finally {
    giveBack(isHurried() ? Math.min(performance.now() - from, longestRestMs) : 0);
  }
};
