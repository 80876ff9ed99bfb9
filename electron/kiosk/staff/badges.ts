/**
 * Whose badge is whose. A badge that somebody gives or blocks here is an access event, and with that event the backend does the same;
 * until the backend says so itself, this kiosk holds to what was done here.
 */
import { BehaviorSubject, combineLatest, map, type Observable } from 'rxjs';
import { badgeHashInput, badgeNumberOf, type Badges as Held } from '#shared/badges/badge-number.ts';
import { createQueue } from '#shared/flow/queue.ts';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import { describeThrown } from '#shared/errors/thrown.ts';
import type { AccessEvent, Circumstances } from '#shared/models/access-event.ts';
import type { StaffDocument } from '#shared/models/documents.ts';
import type { Journal } from '../journal/journal.ts';
import { createLatest } from '../platform/latest.ts';
import type { Logger } from '../platform/logger.ts';

type Approver = NonNullable<Circumstances['approver']>;
type State = 'none' | 'active' | 'blocked';
/** `over`: what the backend may still say while it has not heard of all of it. */
interface Given {
  readonly staffId: string;
  readonly hash: string;
  readonly to: Exclude<State, 'none'>;
  readonly over: readonly State[];
}

export interface KnownBadge {
  readonly staffId: string;
  readonly hash: string;
  readonly blocked: boolean;
}

export interface StaffBadges {
  /** Null: nobody's. Errors: `badge.unreadable`, `badge.no_key` where this kiosk has no key of the store's badges, or can't open it. */
  find(read: string): Promise<Result<KnownBadge | null>>;
  /** Whether that badge is still this person's, and not blocked. */
  isActive(staffId: string, hash: string): boolean;
  /** How many of this person's badges sign them in. */
  count(staffId: string): number;
  /**
   * Durable when ok. Errors: those of `find`; `staff.unknown`; `badge.of_another`; `storage.*` where the disk takes nothing. A blocked
   * badge of the same person is good again.
   */
  assign(staffId: string, read: string, by: Approver): Promise<Result<null>>;
  /** All that this person has, at once. Errors: `staff.unknown`; `storage.*`. */
  block(staffId: string, by: Approver): Promise<Result<null>>;
  /** Replays. */
  readonly changed$: Observable<null>;
  /** Nothing here is of this kiosk any more. */
  forgetAll(): void;
  dispose(): void;
}

export interface StaffBadgesOptions {
  readonly staff$: Observable<readonly StaffDocument[]>;
  /** HMAC-SHA-256 in hex under the key of the store's badges; null where there is none here. */
  readonly mac: (text: string) => Promise<string | null>;
  /** The events that the backend has not acknowledged. */
  readonly unsent: () => Promise<readonly AccessEvent[]>;
  readonly journal: Pick<Journal, 'recordNow'>;
  readonly logger: Logger;
}

const stateIn = (badges: Held | undefined, hash: string): State => {
  const badge = badges?.find((one) => one.hash === hash);
  return badge ? (badge.blocked === true ? 'blocked' : 'active') : 'none';
};

const isShown = (person: StaffDocument | undefined, { hash, to, over }: Given): boolean => {
  const said = stateIn(person?.badges, hash);
  return person !== undefined && said !== to && over.includes(said);
};

export const createStaffBadges = (options: StaffBadgesOptions): StaffBadges => {
  const { staff$, mac, unsent, journal, logger } = options;
  const staff = createLatest(staff$, []);
  const given$ = new BehaviorSubject<ReadonlyMap<string, Given>>(new Map());
  const personOf = (staffId: string): StaffDocument | undefined =>
    staff.value.find((person) => person.staffId === staffId);
  const settled = staff$.subscribe((people) => {
    const left = [...given$.value].filter(([, given]) =>
      isShown(
        people.find(({ staffId }) => staffId === given.staffId),
        given,
      ),
    );
    if (left.length < given$.value.size) given$.next(new Map(left));
  });

  const stateOf = (person: StaffDocument, hash: string): State => {
    const given = given$.value.get(`${person.staffId} ${hash}`);
    return given && isShown(person, given) ? given.to : stateIn(person.badges, hash);
  };
  const give = (staffId: string, hash: string, from: State, to: Given['to']): void => {
    const key = `${staffId} ${hash}`;
    const over = [...(given$.value.get(key)?.over ?? []), from];
    given$.next(new Map(given$.value).set(key, { staffId, hash, to, over }));
  };
  const activeHashes = (person: StaffDocument): string[] => {
    const here = [...given$.value.values()].filter(({ staffId }) => staffId === person.staffId);
    const all = new Set([...(person.badges ?? []), ...here].map(({ hash }) => hash));
    return [...all].filter((hash) => stateOf(person, hash) === 'active');
  };

  let forgotten = false;
  const recall = async (): Promise<void> => {
    const events = await unsent();
    if (forgotten) return;
    for (const { kind, staffId, badges = [] } of events) {
      if (staffId === null) continue;
      const to = kind === 'badge_assigned' ? 'active' : 'blocked';
      for (const hash of badges) {
        const before = given$.value.get(`${staffId} ${hash}`)?.to ?? stateIn(personOf(staffId)?.badges, hash);
        give(staffId, hash, before, to);
      }
    }
  };
  const queue = createQueue();
  void queue
    .add(recall)
    .catch((error: unknown) => logger.error('badges not recalled', describeThrown(error)));

  const find: StaffBadges['find'] = async (read) => {
    const number = badgeNumberOf(read);
    if (number === null) return fail('badge.unreadable');
    const hash = await mac(badgeHashInput(number));
    if (hash === null) return fail('badge.no_key');
    const holders = staff.value.filter((person) => stateOf(person, hash) !== 'none');
    // The backend's word goes before what was done here: it may have given it to somebody else meanwhile.
    const holder = holders.find(({ badges }) => stateIn(badges, hash) !== 'none') ?? holders[0];
    if (!holder) return ok(null);
    return ok({ staffId: holder.staffId, hash, blocked: stateOf(holder, hash) === 'blocked' });
  };

  return {
    find: (read) => queue.add(() => find(read)),
    isActive: (staffId, hash) => {
      const person = personOf(staffId);
      return person !== undefined && stateOf(person, hash) === 'active';
    },
    count: (staffId) => {
      const person = personOf(staffId);
      return person ? activeHashes(person).length : 0;
    },
    assign: (staffId, read, approver) =>
      queue.add(async () => {
        const found = await find(read);
        if (!found.ok) return found;
        const person = personOf(staffId);
        if (!person) return fail('staff.unknown');
        if (found.value && found.value.staffId !== staffId) return fail('badge.of_another');
        if (found.value && !found.value.blocked) return ok(null);
        const number = badgeNumberOf(read);
        const hash = number === null ? null : await mac(badgeHashInput(number));
        if (hash === null) return fail('badge.no_key');
        const circumstances = { approver };
        // What would have to wait for the disk is not done at all: nobody is to find later that a badge opens.
        const entry = { kind: 'badge_assigned', staffId, badges: [hash], circumstances } as const;
        const written = await journal.recordNow(entry);
        if (!written.ok) return written;
        give(staffId, hash, stateOf(person, hash), 'active');
        return ok(null);
      }),
    block: (staffId, approver) =>
      queue.add(async () => {
        const person = personOf(staffId);
        if (!person) return fail('staff.unknown');
        const badges = activeHashes(person);
        if (badges.length === 0) return ok(null);
        const circumstances = { approver };
        const written = await journal.recordNow({ kind: 'badge_blocked', staffId, badges, circumstances });
        if (!written.ok) return written;
        for (const hash of badges) give(staffId, hash, 'active', 'blocked');
        return ok(null);
      }),
    changed$: combineLatest([staff$, given$]).pipe(map(() => null)),
    forgetAll: () => {
      forgotten = true;
      given$.next(new Map());
    },
    dispose: () => {
      settled.unsubscribe();
      staff.dispose();
      given$.complete();
    },
  };
};
