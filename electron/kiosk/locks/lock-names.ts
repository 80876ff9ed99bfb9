/**
 * What the store's locks are called. A person's renaming is an access event, and with that event the backend gives the lock its name;
 * until the backend says so itself, this kiosk shows what was made of it here.
 */
import { BehaviorSubject, combineLatest, map, shareReplay, type Observable } from 'rxjs';
import { createQueue } from '#shared/flow/queue.ts';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import { describeThrown } from '#shared/errors/thrown.ts';
import type { AccessEvent, Naming } from '#shared/models/access-event.ts';
import type { Journal } from '../journal/journal.ts';
import { createLatest } from '../platform/latest.ts';
import type { Logger } from '../platform/logger.ts';
import type { Judge } from '../staff/judge.ts';
import type { StoreLock, StoreLocks } from '../visit/store-locks.ts';

export interface LockNames {
  /** The store's locks under the names that were given here. */
  readonly storeLocks$: Observable<StoreLocks>;
  /**
   * Durable when ok. `lock.other_store` where the store has no such lock; `rights.other_rule` where the lock would leave the rule that
   * holds for it; `storage.*` where the disk takes nothing.
   */
  rename(serialNumber: string, to: Naming, staffId: string): Promise<Result<null>>;
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
  readonly journal: Pick<Journal, 'recordNow'>;
  readonly logger: Logger;
}

/** `over`: what the backend may still say while it has not heard of all of it. */
interface Given {
  readonly to: Naming;
  readonly over: readonly Naming[];
}
type Names = ReadonlyMap<string, Given>;

export const createLockNames = (options: LockNamesOptions): LockNames => {
  const { storeLocks$, unsent, judge, journal, logger } = options;
  const given$ = new BehaviorSubject<Names>(new Map());
  const named$ = combineLatest([storeLocks$, given$]).pipe(
    map(([locks, given]) => withNames(locks, given)),
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
  const give = (serialNumber: string, from: Naming, to: Naming): void => {
    const over = [...(given$.value.get(serialNumber)?.over ?? []), from];
    given$.next(new Map(given$.value).set(serialNumber, { to, over }));
  };

  let forgotten = false;
  const recall = async (): Promise<void> => {
    const events = await unsent();
    if (forgotten) return;
    const since = given$.value;
    given$.next(new Map());
    for (const { serialNumber, renaming } of events)
      if (serialNumber !== null && renaming) give(serialNumber, renaming.from, renaming.to);
    for (const [serial, { to, over }] of since)
      for (const [at, from] of over.entries()) give(serial, from, over[at + 1] ?? to);
  };
  // First of all: a new name is given in place of the present one, and the backend's may be older than what was given here.
  const queue = createQueue();
  void queue.add(recall).catch((error: unknown) => logger.error('names not recalled', describeThrown(error)));

  const rename: LockNames['rename'] = async (serialNumber, to, staffId) => {
    const lock = named.value.get(serialNumber);
    if (!lock) return fail('lock.other_store', { serialNumber });
    const from = namingOf(lock);
    if (isSame(from, to)) return ok(null);
    // Else whoever may name a lock could take it from under its hours, its reasons and its second person.
    if (judge.leavesRule(from.group, to.group)) return fail('rights.other_rule');
    const entry = { kind: 'lock_renamed', serialNumber, staffId, renaming: { from, to } } as const;
    // What would have to wait for the disk is not done at all: a name must not change once nobody expects it any more.
    const written = await journal.recordNow(entry);
    if (!written.ok) return written;
    // A kiosk that was revoked meanwhile has no journal, and no name to give.
    if (written.value === null) return fail('lock.other_store', { serialNumber });
    give(serialNumber, from, to);
    return ok(null);
  };

  return {
    storeLocks$: named$,
    // Of two at once the second begins with what the first has made of it: else it would name a lock that is not called so any more.
    rename: (serialNumber, to, staffId) => queue.add(() => rename(serialNumber, to, staffId)),
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

const namingOf = ({ name, group }: StoreLock): Naming => ({ name, group });
const isSame = (a: Naming, b: Naming): boolean => a.name === b.name && a.group === b.group;
const isShown = (lock: StoreLock, { to, over }: Given): boolean =>
  !isSame(lock, to) && over.some((naming) => isSame(lock, naming));

const withNames = (locks: StoreLocks, given: Names): StoreLocks => {
  if (given.size === 0) return locks;
  const all = new Map(locks);
  for (const [serial, one] of given) {
    const lock = locks.get(serial);
    if (lock && isShown(lock, one)) all.set(serial, { ...lock, ...one.to });
  }
  return all;
};
