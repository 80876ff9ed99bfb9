/**
 * The closing sweep: of each lock of the store whether it is locked, as it is heard, or as a person has seen it who walked there. Who
 * signs it, signs for what is not locked, too. One access event, and it has happened once the disk has it.
 */
import type { Observable } from 'rxjs';
import { ok, type Result } from '#shared/errors/app-error.ts';
import { mostSwept, type Sweep } from '#shared/models/sweep.ts';
import type { Journal } from '../journal/journal.ts';
import type { Nearby } from '../visit/nearby.ts';
import type { StoreLocks } from '../visit/store-locks.ts';
import type { SignedRounds } from './signed-rounds.ts';

export interface ClosingSweep {
  /** `seen`: the locks that this person has seen locked. Durable when ok. */
  sign(staffId: string, seen: readonly string[]): Promise<Result<Sweep>>;
  dispose(): void;
}

export interface ClosingSweepOptions {
  readonly storeLocks$: Observable<StoreLocks>;
  readonly nearby: Pick<Nearby, 'get'>;
  readonly journal: Pick<Journal, 'recordNow'>;
  readonly signed: Pick<SignedRounds, 'keep'>;
}

export const createClosingSweep = (options: ClosingSweepOptions): ClosingSweep => {
  const { storeLocks$, nearby, journal, signed } = options;
  let locks: StoreLocks = new Map();
  const store = storeLocks$.subscribe((now) => (locks = now));

  /**
   * What a lock says goes before what somebody has seen: it may have been opened since. One that says it is new is not the one that hangs
   * there, and says nothing of it.
   */
  const sweepOf = (seen: ReadonlySet<string>): Sweep => {
    let heardLocked = 0;
    let seenLocked = 0;
    let heardOpen = 0;
    const notLocked: string[] = [];
    for (const { serialNumber, place } of locks.values()) {
      // A spare closes nothing.
      if (place === null) continue;
      const said = nearby.get(serialNumber);
      const heard = said?.provisioned === true ? said : null;
      if (heard && !heard.boltOpen) heardLocked += 1;
      else if (!heard && seen.has(serialNumber)) seenLocked += 1;
      else {
        if (heard) heardOpen += 1;
        notLocked.push(serialNumber);
      }
    }
    return {
      heardLocked,
      seenLocked,
      notLocked: notLocked.length,
      heardOpen,
      serialNumbers: notLocked.sort().slice(0, mostSwept),
    };
  };

  const sign = async (staffId: string, seen: readonly string[]): Promise<Result<Sweep>> => {
    const sweep = sweepOf(new Set(seen));
    const recorded = await journal.recordNow({ kind: 'closing_sweep', staffId, sweep });
    if (!recorded.ok) return recorded;
    await signed.keep(recorded.value);
    return ok(sweep);
  };
  /** By who signs. Whoever asks twice at once has signed once. */
  const underWay = new Map<string, Promise<Result<Sweep>>>();

  return {
    sign: (staffId, seen) => {
      const before = underWay.get(staffId);
      if (before) return before;
      const signing = sign(staffId, seen).finally(() => underWay.delete(staffId));
      underWay.set(staffId, signing);
      return signing;
    },
    dispose: () => store.unsubscribe(),
  };
};
