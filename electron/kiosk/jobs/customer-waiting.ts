/**
 * How long customers wait: somebody says that one is waiting, signed in or not, and the first lock that opens here ends it. One at a
 * time, and told by a clock that nobody can set and that goes on in sleep. Over a start of the kiosk the journal tells of it, by the
 * kiosk's time.
 */
import { BehaviorSubject, combineLatest, map, type Observable } from 'rxjs';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import type { StoreDocument } from '#shared/models/documents.ts';
import type { Journal } from '../journal/journal.ts';
import type { JournalEntry } from '../journal/journal-entry.ts';
import type { Clock } from '../platform/clock.ts';
import { createLatest } from '../platform/latest.ts';
import type { LockDirectory } from '../visit/lock-directory.ts';

/** `since`: in the clock's time; null: nobody is. */
export interface WaitingCustomer {
  readonly since: number | null;
}

export interface CustomerWaiting {
  /** Null: not at this store. Replays. */
  readonly customer$: Observable<WaitingCustomer | null>;
  /** One is; where one is already, that one goes on. Error: `rights.not_permitted` where the store has no such button. */
  begin(staffId: string | null): Promise<Result<null>>;
  /** Nobody is any more; where nobody was, ok and nothing. */
  callOff(staffId: string): Promise<Result<null>>;
  /** Told of each event that is recorded of a lock. */
  recorded(entry: JournalEntry): Promise<void>;
  forget(): void;
  dispose(): void;
}

export interface CustomerWaitingOptions {
  readonly store$: Observable<StoreDocument | null>;
  readonly directory: Pick<LockDirectory, 'lock'>;
  readonly journal: Pick<Journal, 'record'>;
  readonly clock: Clock;
  /** The newest events that the journal holds, oldest first. */
  readonly before: readonly Pick<AccessEvent, 'kind' | 'at' | 'staffId' | 'serialNumber'>[];
}

const ofCustomers: readonly AccessEvent['kind'][] = [
  'customer_waiting',
  'customer_served',
  'customer_called_off',
  'customer_lapsed',
];

/** How late after a sleep at the most it is over. */
const lookEveryMs = 5_000;

export const createCustomerWaiting = (options: CustomerWaitingOptions): CustomerWaiting => {
  const { directory, journal, clock } = options;
  const store = createLatest<StoreDocument | null>(options.store$, null);
  /** In ms of `Clock.sinceBoot`, and in the clock's time. */
  const waits$ = new BehaviorSubject<{ readonly begunAt: number; readonly since: number } | null>(null);
  let cancel = (): void => undefined;
  const minutes = (): number | undefined => store.value?.policy.customerWaitsMinutes;

  const end = (): number | null => {
    const { value } = waits$;
    if (!value) return null;
    cancel();
    waits$.next(null);
    return Math.max(0, Math.round((clock.sinceBoot() - value.begunAt) / 1_000));
  };
  const look = (): void => {
    // Whoever looks in between leaves no second round behind.
    cancel();
    const { value } = waits$;
    if (!value) return;
    const most = minutes();
    if (most === undefined || clock.sinceBoot() - value.begunAt >= most * 60_000) {
      end();
      void journal.record({ kind: 'customer_lapsed' });
    } else cancel = clock.after(lookEveryMs, look);
  };

  const serve = async (
    { staffId, serialNumber }: Pick<JournalEntry, 'staffId' | 'serialNumber'>,
    seconds: number,
  ): Promise<void> => {
    const group = directory.lock(serialNumber ?? '')?.group;
    await journal.record({
      kind: 'customer_served',
      staffId: staffId ?? null,
      serialNumber: serialNumber ?? null,
      served: { seconds },
      circumstances: group === undefined ? undefined : { group },
    });
  };

  const at = options.before.findLastIndex(({ kind }) => ofCustomers.includes(kind));
  const last = options.before[at];
  if (last?.kind === 'customer_waiting') {
    const opened = options.before.slice(at).find(({ kind }) => kind === 'unlocked');
    const waited = Math.max(0, (opened?.at ?? clock.now()) - last.at);
    if (opened && waited < (minutes() ?? 0) * 60_000) {
      // The kiosk ended between the opening and what came of it.
      void serve(opened, Math.round(waited / 1_000));
    } else {
      waits$.next({ begunAt: clock.sinceBoot() - waited, since: clock.now() - waited });
      look();
    }
  }

  return {
    customer$: combineLatest([options.store$, waits$]).pipe(
      map(([now, waits]) =>
        now?.policy.customerWaitsMinutes === undefined ? null : { since: waits?.since ?? null },
      ),
    ),
    begin: async (staffId) => {
      if (minutes() === undefined) return fail('rights.not_permitted');
      look();
      if (waits$.value) return ok(null);
      waits$.next({ begunAt: clock.sinceBoot(), since: clock.now() });
      cancel = clock.after(lookEveryMs, look);
      await journal.record({ kind: 'customer_waiting', staffId });
      return ok(null);
    },
    callOff: async (staffId) => {
      if (end() !== null) await journal.record({ kind: 'customer_called_off', staffId });
      return ok(null);
    },
    recorded: async (entry) => {
      if (entry.kind !== 'unlocked') return;
      look();
      const seconds = end();
      if (seconds !== null) await serve(entry, seconds);
    },
    forget: () => void end(),
    dispose: () => {
      cancel();
      waits$.complete();
      store.dispose();
    },
  };
};
