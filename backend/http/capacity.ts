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
  /**
   * Assertions that are exchanged for tokens, by address. They hold no session of the database each: what they read and write is
   * gathered (`store/gathering.ts`).
   */
  readonly tokens: FairTurns;
  /** What else is asked by whoever has not proved to be a kiosk, by address: a chain's kiosks may all come in the same minute. */
  readonly open: FairTurns;
}

/** Twice this, for two turns, leaves room in the 30 s that a kiosk waits. Put off, it would come back later than its turn comes. */
const longestWaitMs = 10_000;
const waitingByAddress = { kiosk: 2_000, store: 2_000, all: 10_000 };
/** One of each kiosk that an instance may have: a request that waits holds its connection, which is there in any case, and no body. */
const waiting = { kiosk: 24, store: 200, all: 10_000 };

/** At the same time. Of the pool's connections (`store/database.ts`) pulls, pushes, open calls and what is gathered take 16 at most, registrations the rest. */
export const atOnce = {
  answers: { kiosk: 2, store: 10, all: 40 },
  pulls: { kiosk: 1, store: 2, all: 5 },
  bodies: { kiosk: 2, store: 6, all: 18 },
  pushes: { kiosk: 1, store: 2, all: 5 },
  timeTokens: { kiosk: 2, store: 20, all: 200 },
  tokens: { kiosk: 100, store: 100, all: 100 },
  open: { kiosk: 3, store: 3, all: 3 },
} as const;

export const createCapacity = (): Capacity => ({
  answers: createFairTurns({ atOnce: atOnce.answers, waiting, longestWaitMs }),
  pulls: createFairTurns({ atOnce: atOnce.pulls, waiting, longestWaitMs }),
  bodies: createFairTurns({ atOnce: atOnce.bodies, waiting, longestWaitMs }),
  pushes: createFairTurns({ atOnce: atOnce.pushes, waiting, longestWaitMs }),
  timeTokens: createFairTurns({ atOnce: atOnce.timeTokens, waiting, longestWaitMs }),
  tokens: createFairTurns({ atOnce: atOnce.tokens, waiting: waitingByAddress, longestWaitMs }),
  open: createFairTurns({ atOnce: atOnce.open, waiting: waitingByAddress, longestWaitMs }),
});
