/** Who takes part in one seed of the model. */
import type { Random } from '#kiosk/platform/random.ts';
import type { KioskChild } from './kiosk-child.ts';
import type { Ledger } from './ledger.ts';
import type { ModelWorld } from './model-world.ts';
import type { Page, Shown } from './page.ts';
import type { StoreOfLocks } from './store-of-locks.ts';

export interface Counter {
  readonly name: string;
  readonly kiosk: KioskChild;
  readonly page: Page;
  /** What its page shows of each enrolment. */
  readonly shown: Shown;
  readonly dataDir: string;
  readonly seed: number;
  openedAt: number;
  /** Kiosk time minus the right one, as it was set when the kiosk was started. */
  clockOffsetMs: number;
  /** Has been revoked at least once: what it left may be on its way still. */
  wasRevoked: boolean;
}

export interface Cast {
  readonly world: ModelWorld;
  readonly random: Random;
  readonly storeId: string;
  readonly ledger: Ledger;
  readonly store: StoreOfLocks;
  readonly counters: readonly Counter[];
  /** What should never have been, as it was found on the way. */
  readonly faults: string[];
}

export const pickOf = <T>(random: Random, items: readonly T[]): T | undefined =>
  items[Math.floor(random.float() * items.length)];

/** A kiosk's clock runs on while it is asked for something; the right time follows the one that is ahead. */
export const catchUp = ({ world, counters }: Cast): void => {
  world.now = Math.max(world.now, ...counters.map(({ openedAt, kiosk }) => openedAt + kiosk.elapsedMs));
};

export const startCounter = async (cast: Cast, counter: Counter, code: string | null): Promise<void> => {
  const { world } = cast;
  counter.openedAt = world.now;
  counter.shown.clear();
  await counter.kiosk.open({
    dataDir: counter.dataDir,
    backendUrl: world.url,
    kioskName: counter.name,
    registrationCode: code,
    manual: {
      now: world.now + counter.clockOffsetMs,
      seed: counter.seed + Math.floor(cast.random.float() * 1e9),
    },
  });
};

export const hearAll = ({ store, counters }: Cast): void => {
  for (const { kiosk } of counters) kiosk.hear(store.heard([...store.locks.keys()]));
};

/** Lets time pass for all, one after the other, so that a run can be repeated. */
export const pass = async (cast: Cast, ms: number): Promise<void> => {
  const { world, counters } = cast;
  const until = world.now + ms;
  world.now = until;
  for (const { kiosk, openedAt } of counters) {
    const behind = until - (openedAt + kiosk.elapsedMs);
    if (behind > 0) await kiosk.pass(behind);
  }
  catchUp(cast);
};

/** Answers with what it was, for the trace of a failed seed. */
export type Step = (cast: Cast, counter: Counter) => Promise<string>;
