/**
 * What the store's locks are called, and in which places they are. What a person makes of it is an access event, and with that event the
 * backend does the same; until the backend says so itself, this kiosk shows what was made of it here.
 */
import { BehaviorSubject, combineLatest, map, shareReplay, type Observable } from 'rxjs';
import { createQueue } from '#shared/flow/queue.ts';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import { describeThrown } from '#shared/errors/thrown.ts';
import type { AccessEvent, Naming, PlannedEvent } from '#shared/models/access-event.ts';
import type { Journal, JournalEntry } from '../journal/journal.ts';
import { createLatest } from '../platform/latest.ts';
import type { Logger } from '../platform/logger.ts';
import type { Judge } from '../staff/judge.ts';
import type { StoreLocks } from '../visit/store-locks.ts';
import { readyReplacementOf, replacementOf, type Replacing } from './replacement.ts';
import { changesOf, isSame, isShown, standingOf, withStandings, type Change } from './standings.ts';
import type { Standings } from './standings.ts';

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
  /** The events that the backend has not acknowledged. */
  readonly unsent: () => Promise<readonly AccessEvent[]>;
  readonly judge: Pick<Judge, 'leavesRule'>;
  readonly journal: Pick<Journal, 'recordNow' | 'plan'>;
  readonly logger: Logger;
}

export const createLockNames = (options: LockNamesOptions): LockNames => {
  const { storeLocks$, unsent, judge, journal, logger } = options;
  const given$ = new BehaviorSubject<Standings>(new Map());
  const named$ = combineLatest([storeLocks$, given$]).pipe(
    map(([locks, given]) => withStandings(locks, given)),
    shareReplay({ bufferSize: 1, refCount: true }),
  );
  const named = createLatest<StoreLocks>(named$, new Map());
  // What the backend has heard of, or has another word for by now, is no business of this kiosk's any more.
  const settled = storeLocks$.subscribe((locks) => {
    const left = [...given$.value].filter(([serial, given]) => {
      const lock = locks.get(serial);
      return !lock || isShown(lock, given);
    });
    if (left.length < given$.value.size) given$.next(new Map(left));
  });
  const give = ({ serialNumber, from, to }: Change): void => {
    const over = [...(given$.value.get(serialNumber)?.over ?? []), from];
    given$.next(new Map(given$.value).set(serialNumber, { to, over }));
  };

  let forgotten = false;
  const recall = async (): Promise<void> => {
    const events = await unsent();
    if (forgotten) return;
    const since = given$.value;
    given$.next(new Map());
    for (const event of events) for (const change of changesOf(event)) give(change);
    for (const [serialNumber, { to, over }] of since)
      for (const [at, from] of over.entries()) give({ serialNumber, from, to: over[at + 1] ?? to });
  };
  // First of all: a new name is given in place of the present one, and the backend's may be older than what was given here.
  const queue = createQueue();
  void queue.add(recall).catch((error: unknown) => logger.error('names not recalled', describeThrown(error)));

  /** What would have to wait for the disk is not done at all: a name must not change once nobody expects it any more. */
  const recordNow = async (
    entry: JournalEntry & { readonly serialNumber: string },
    changes: readonly Change[],
  ): Promise<Result<null>> => {
    const written = await journal.recordNow(entry);
    if (!written.ok) return written;
    // A kiosk that was revoked meanwhile has no journal, and no name to give.
    if (written.value === null) return fail('lock.other_store', { serialNumber: entry.serialNumber });
    for (const change of changes) give(change);
    return ok(null);
  };

  const rename: LockNames['rename'] = async (serialNumber, { name, group }, staffId) => {
    const lock = named.value.get(serialNumber);
    if (!lock) return fail('lock.other_store', { serialNumber });
    const from = standingOf(lock);
    // A spare that is named is in a place again; in which, the backend says.
    const to = { name, group, place: lock.place ?? undefined };
    if (isSame(from, to)) return ok(null);
    // Else whoever may name a lock could take it from under its hours, its reasons and its second person.
    if (judge.leavesRule(from.group, to.group)) return fail('rights.other_rule');
    const renaming = { from: { name: lock.name, group: lock.group }, to: { name, group } };
    const entry = { kind: 'lock_renamed', serialNumber, staffId, renaming } as const;
    return recordNow(entry, [{ serialNumber, from, to }]);
  };

  const replace: LockNames['replace'] = async (replacing) => {
    const entry = replacementOf(replacing, named.value, judge);
    return entry.ok ? recordNow(entry.value, changesOf(entry.value)) : entry;
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
    replaced: (event) => {
      for (const change of changesOf(event)) give(change);
    },
    forgetAll: () => {
      forgotten = true;
      given$.next(new Map());
    },
    dispose: () => {
      settled.unsubscribe();
      named.dispose();
      given$.complete();
    },
  };
};
