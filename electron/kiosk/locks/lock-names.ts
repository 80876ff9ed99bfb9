/**
 * What the store's locks are called, and in which places they are. What a person makes of it is an access event, and with that event the
 * backend does the same; until that has been heard of and come back (`journal/done-here.ts`), it is laid over what the backend says.
 */
import { combineLatest, map, shareReplay, type Observable } from 'rxjs';
import { createQueue } from '#shared/flow/queue.ts';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { PlannedEvent } from '#shared/models/access-event.ts';
import { isSameName, type Naming } from '#shared/models/naming.ts';
import { createDoneHere, type TellsOfEvents } from '../journal/done-here.ts';
import type { Journal } from '../journal/journal.ts';
import type { JournalEntry } from '../journal/journal-entry.ts';
import type { Clock } from '../platform/clock.ts';
import { createLatest } from '../platform/latest.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Judge } from '../staff/judge.ts';
import type { StoreLocks } from '../visit/store-locks.ts';
import { readyReplacementOf, replacementOf, type Replacing } from './replacement.ts';
import { isOfStandings, standingsAsDone } from './standings.ts';

export interface LockNames {
  /** The store's locks as they were named and placed here. */
  readonly storeLocks$: Observable<StoreLocks>;
  /**
   * Durable when ok. `lock.other_store` where the store has no such lock; `rights.other_rule` where the lock would leave the rule that
   * holds for it; `storage.*` where the disk takes nothing.
   */
  rename(serialNumber: string, to: Naming, staffId: string): Promise<Result<null>>;
  /**
   * Another lock of the store is in the place of this one from now on, under its name and in its group; this one is a spare. Durable when
   * ok; as `rename`, and `lock.in_no_place` or `lock.in_a_place` where one of them is not where it was when the person chose.
   */
  replace(replacing: Replacing): Promise<Result<null>>;
  /** As `replace`, of a lock that has just become ready: to be recorded with that. Null where its place is not there any more. */
  planReplacement(replacing: Replacing): PlannedEvent | null;
  /** It is recorded. */
  replaced(event: PlannedEvent): void;
  /** Nothing here is of this kiosk any more. */
  forgetAll(): void;
  dispose(): void;
}

export interface LockNamesOptions {
  /** As the backend names them. */
  readonly storeLocks$: Observable<StoreLocks>;
  readonly data: TellsOfEvents;
  readonly judge: Pick<Judge, 'leavesRule'>;
  readonly journal: Pick<Journal, 'recordNow' | 'plan'>;
  readonly clock: Pick<Clock, 'after'>;
  readonly logger: Logger;
}

export const createLockNames = (options: LockNamesOptions): LockNames => {
  const { storeLocks$, data, judge, journal, clock, logger } = options;
  const here = createDoneHere({ data, isOne: isOfStandings, clock, logger });
  const named$ = combineLatest([storeLocks$, here.done$]).pipe(
    map(([locks, done]) => standingsAsDone(locks, done)),
    shareReplay({ bufferSize: 1, refCount: true }),
  );
  const named = createLatest<StoreLocks>(named$, new Map());

  // First of all, what the journal holds: a new name is given in place of the present one.
  const queue = createQueue();
  void queue.add(() => here.ready);

  /** What would have to wait for the disk is not done at all: a name must not change once nobody expects it any more. */
  const recordNow = async (
    entry: JournalEntry & { readonly serialNumber: string },
  ): Promise<Result<null>> => {
    const written = await journal.recordNow(entry);
    if (!written.ok) return written;
    // A kiosk that was revoked meanwhile has no journal, and no name to give.
    if (written.value === null) return fail('lock.other_store', { serialNumber: entry.serialNumber });
    here.add(written.value);
    return ok(null);
  };

  const rename: LockNames['rename'] = async (serialNumber, { name, group }, staffId) => {
    const lock = named.value.get(serialNumber);
    if (!lock) return fail('lock.other_store', { serialNumber });
    const from = { name: lock.name, group: lock.group };
    const to = { name, group };
    if (isSameName(from, to)) return ok(null);
    // Else whoever may name a lock could take it from under its hours, its reasons and its second person.
    if (judge.leavesRule(from.group, to.group)) return fail('rights.other_rule');
    return recordNow({ kind: 'lock_renamed', serialNumber, staffId, renaming: { from, to } });
  };

  const replace: LockNames['replace'] = async (replacing) => {
    const entry = replacementOf(replacing, named.value, judge);
    return entry.ok ? recordNow(entry.value) : entry;
  };

  return {
    storeLocks$: named$,
    // Of two at once the second begins with what the first has made of it: else it would name a lock that is not called so any more.
    rename: (serialNumber, to, staffId) => queue.add(() => rename(serialNumber, to, staffId)),
    replace: (replacing) => queue.add(() => replace(replacing)),
    planReplacement: (replacing) => {
      const entry = readyReplacementOf(replacing, named.value);
      return entry && journal.plan(entry);
    },
    replaced: (event) => here.add(event),
    forgetAll: () => here.forgetAll(),
    dispose: () => {
      here.dispose();
      named.dispose();
    },
  };
};
