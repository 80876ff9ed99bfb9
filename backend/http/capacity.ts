/** How much of everything there is, and how much of it one kiosk and one store get: chosen so that their sum fits. */
import { createFairTurns, type FairTurns } from './turns.ts';

export interface Capacity {
  /** Answers that are made or not read yet. Each is one page (`sync/page-size.ts`), so their bytes are bounded with them. */
  readonly answers: FairTurns;
  /** Pages that are being made: each holds a connection to the database. */
  readonly pulls: FairTurns;
  /** Pushed bodies that are read, waited with or carried out: each may be as large as `pushBodyBytes`. */
  readonly bodies: FairTurns;
  /** Pushes that are carried out. In the database they would wait for each other, each holding a connection. */
  readonly pushes: FairTurns;
  /** Calls to the vendor's time authority. */
  readonly timeTokens: FairTurns;
  /** What is asked by whoever has not proved to be a kiosk, by address: a chain's kiosks may all come in the same minute. */
  readonly open: FairTurns;
}

const longestWaitMs = 5_000;
const waiting = { kiosk: 24, store: 200, all: 2_000 };

/** At the same time. Of the pool's connections (`store/database.ts`) pulls, pushes and open calls take 14 at most, registrations the rest. */
export const atOnce = {
  answers: { kiosk: 2, store: 10, all: 40 },
  pulls: { kiosk: 1, store: 2, all: 5 },
  bodies: { kiosk: 2, store: 6, all: 18 },
  pushes: { kiosk: 1, store: 2, all: 5 },
  timeTokens: { kiosk: 2, store: 20, all: 200 },
  open: { kiosk: 4, store: 4, all: 4 },
} as const;

export const createCapacity = (): Capacity => ({
  answers: createFairTurns({ atOnce: atOnce.answers, waiting, longestWaitMs }),
  pulls: createFairTurns({ atOnce: atOnce.pulls, waiting, longestWaitMs }),
  bodies: createFairTurns({ atOnce: atOnce.bodies, waiting, longestWaitMs }),
  pushes: createFairTurns({ atOnce: atOnce.pushes, waiting, longestWaitMs }),
  timeTokens: createFairTurns({ atOnce: atOnce.timeTokens, waiting, longestWaitMs }),
  open: createFairTurns({
    atOnce: atOnce.open,
    waiting: { kiosk: 2_000, store: 2_000, all: 4_000 },
    longestWaitMs,
  }),
});
