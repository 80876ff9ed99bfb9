/**
 * Whether a replica is asked at all: while it fails or stays behind it is left alone for pauses that grow, and then tried by one.
 * How far it is behind goes by the places in the server's log that were seen at the primary, and by this instance's own clock:
 * two servers' clocks are not compared.
 */
import { z } from 'zod';
import { backoffMs } from '#shared/flow/backoff.ts';
import type { Logger } from '#shared/flow/logger.ts';

export const replicaTroubles = [
  'behind',
  'cancels',
  'is_primary',
  'other_database',
  'refuses_login',
  'unreachable',
] as const;
export type ReplicaTrouble = (typeof replicaTroubles)[number];

export const replicaStateSchema = z.strictObject({
  /** `untried`: nothing was asked of it yet. */
  state: z.enum(['none', 'untried', 'serves', ...replicaTroubles]),
  /** Milliseconds since the epoch; null where there is none. */
  since: z.int().nullable(),
  /** For so long it has not reached what the primary had: at the least, as this instance saw it. 0 where it has. */
  behindMs: z.int(),
  /** Pages of pulls that each has given since this instance started. */
  pages: z.strictObject({ replica: z.int(), primary: z.int() }),
});
export type ReplicaState = Readonly<z.infer<typeof replicaStateSchema>>;

export const noReplica: ReplicaState = {
  state: 'none',
  since: null,
  behindMs: 0,
  pages: { replica: 0, primary: 0 },
};

/** Places in the servers' logs, in bytes. */
export interface LogPlaces {
  /** Written at the primary when the pull began. */
  readonly written: number;
  /** Replayed at the replica when it was asked. */
  readonly replayed: number;
}

/** One who asks; says once what came of it. */
export interface ReplicaTurn {
  served(places: LogPlaces): void;
  /** The store stands elsewhere there than at the primary. Where that was only just written, nothing is wrong with it. */
  stoodElsewhere(places: LogPlaces): void;
  failed(trouble: ReplicaTrouble, details?: Readonly<Record<string, string>>): void;
}

export interface ReplicaGate {
  /** Null: not now. */
  ask(): ReplicaTurn | null;
  readonly state: Pick<ReplicaState, 'state' | 'behindMs'> & { readonly since: number };
}

/** A healthy replica is milliseconds behind. One that is behind for longer is asked in vain by whoever comes for what is new. */
export const toleratedMs = 1_000;
const pauses = { firstMs: 1_000, longestMs: 60_000, chance: 0.5 };

export const createReplicaGate = (ports: {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds, monotonic. */
  steadyNow(): number;
  jitter(): number;
  readonly logger: Logger;
}): ReplicaGate => {
  const { logger } = ports;
  let state: 'untried' | 'serves' | ReplicaTrouble = 'untried';
  let since = ports.now();
  let failures = 0;
  let pausedUntil = 0;
  let isTried = false;
  /** Who asked before the last pause began has nothing new to say. */
  let generation = 0;
  let behindMs = 0;
  /** The oldest place that it was not seen to have reached, and when the primary was seen there. */
  let owed: { readonly place: number; readonly at: number } | null = null;

  const become = (next: typeof state, details: Readonly<Record<string, string | number>> = {}): void => {
    if (next !== state) {
      if (next === 'serves') logger.info('pulls are read at the replica');
      else logger.warn('pulls are read at the primary alone', { replica: next, ...details });
      state = next;
      since = ports.now();
    }
  };
  const note = ({ written, replayed }: LogPlaces): void => {
    // A primary that has taken over, or was restored, goes on from an earlier place: what lay beyond is owed by nobody.
    const place = owed && Math.min(owed.place, written);
    if (owed === null || place === null || replayed >= place)
      owed = replayed >= written ? null : { place: written, at: ports.steadyNow() };
    else owed = { ...owed, place };
    behindMs = owed === null ? 0 : Math.round(ports.steadyNow() - owed.at);
  };
  const recover = (): void => {
    failures = 0;
    become('serves');
  };
  const pause = (trouble: ReplicaTrouble, details: Readonly<Record<string, string>>): void => {
    failures += 1;
    generation += 1;
    const waitMs = Math.round(backoffMs(pauses, failures, ports.jitter()));
    pausedUntil = ports.steadyNow() + waitMs;
    become(trouble, { ...details, waitMs });
  };

  return {
    ask: () => {
      if (failures > 0 && (isTried || ports.steadyNow() < pausedUntil)) return null;
      const isTrial = failures > 0;
      isTried = isTrial;
      const began = generation;
      let isSaid = false;
      const say = (act: () => void): void => {
        if (isSaid) return;
        isSaid = true;
        if (isTrial) isTried = false;
        if (began === generation) act();
      };
      return {
        served: (places) =>
          say(() => {
            note(places);
            // What has not changed for long is good there too; that alone does not make it well.
            if (behindMs <= toleratedMs) recover();
            else if (isTrial) become('behind');
          }),
        stoodElsewhere: (places) =>
          say(() => {
            note(places);
            if (behindMs > toleratedMs) pause('behind', {});
            else recover();
          }),
        failed: (trouble, details = {}) => say(() => pause(trouble, details)),
      };
    },
    get state() {
      return { state, since, behindMs };
    },
  };
};
