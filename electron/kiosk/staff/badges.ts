/**
 * Whose badge is whose. A badge that somebody gives or blocks here is an access event, and with that event the backend does the same;
 * until that has been heard of and come back (`journal/done-here.ts`), it is laid over what the backend says.
 */
import { BehaviorSubject, combineLatest, map, type Observable } from 'rxjs';
import { badgeHashInput, badgeNumberOf, mostBadges } from '#shared/badges/badge-number.ts';
import { createQueue } from '#shared/flow/queue.ts';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { Badges } from '#shared/badges/badge-number.ts';
import { activeOf } from '#shared/badges/change-badges.ts';
import type { CallOutput } from '#shared/ipc/contract.ts';
import type { PlannedEvent } from '#shared/models/access-event.ts';
import type { StaffDocument } from '#shared/models/documents.ts';
import type { Approver } from './opening.ts';
import { createDoneHere, type TellsOfEvents } from '../journal/done-here.ts';
import type { Journal } from '../journal/journal.ts';
import type { Clock } from '../platform/clock.ts';
import { createLatest } from '../platform/latest.ts';
import type { Logger } from '#shared/flow/logger.ts';
import { badgesAsDone, isOfBadges, type BadgesOf } from './badges-as-done.ts';

/** What the page knows a badge by. */
const badgeIdOf = (hash: string): string => hash.slice(0, 16);

export interface KnownBadge {
  readonly staffId: string;
  readonly hash: string;
  readonly blocked: boolean;
}

export interface StaffBadges {
  /**
   * Null: nobody's. Of several who have it: the one whose it is, then as whose it is blocked. Errors: `badge.unreadable`; `badge.no_key`
   * where this kiosk has no key of the store's badges, or can't open it; `badge.of_two` where it is not blocked of two people or more:
   * nobody can tell who holds it, so it is nobody's.
   */
  find(read: string): Promise<Result<KnownBadge | null>>;
  /** As `find`, for who is told of badges. */
  read(read: string): Promise<Result<CallOutput<'readBadge'>>>;
  /** Whether that badge is still this person's, and not blocked. */
  isActive(staffId: string, hash: string): boolean;
  /** This person's, the newest first, those that are blocked among them. */
  list(staffId: string): Promise<Result<CallOutput<'personBadges'>>>;
  /** How many of this person's badges sign them in. */
  count(staffId: string): number;
  /**
   * Durable when ok. Errors: those of `find`; `staff.unknown`; `badge.of_another`; `badge.blocked_of_another`: it stays theirs;
   * `badge.too_many` {most}; `badge.blocked` where it was blocked at a time that is still to come here; `storage.*` where the disk
   * takes nothing. A blocked badge of the same person is good again.
   */
  assign(staffId: string, read: string, by: Approver): Promise<Result<null>>;
  /** That badge or, where none is named, all that this person has. Errors: `staff.unknown`; `badge.unknown`: it is not theirs; `storage.*`. */
  block(staffId: string, by: Approver, badgeId?: string): Promise<Result<null>>;
  /** What was given and blocked here, until the backend's word on it is here. Replays. */
  readonly done$: Observable<readonly PlannedEvent[]>;
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
  readonly data: TellsOfEvents;
  readonly journal: Pick<Journal, 'recordNow'>;
  readonly clock: Pick<Clock, 'after'>;
  readonly logger: Logger;
}

export const createStaffBadges = (options: StaffBadgesOptions): StaffBadges => {
  const { staff$, mac, data, journal, clock, logger } = options;
  const staff = createLatest(staff$, []);
  const here = createDoneHere({ data, isOne: isOfBadges, clock, logger });
  const badges$ = new BehaviorSubject<BadgesOf>(new Map());
  const laying = combineLatest([staff$, here.done$])
    .pipe(map(([people, done]) => badgesAsDone(people, done)))
    .subscribe(badges$);
  const personOf = (staffId: string): StaffDocument | undefined =>
    staff.value.find((person) => person.staffId === staffId);
  const badgesOf = (staffId: string): Badges => badges$.value.get(staffId) ?? [];
  const stateOf = (staffId: string, hash: string): 'none' | 'active' | 'blocked' => {
    const badge = badgesOf(staffId).find((one) => one.hash === hash);
    return badge ? (badge.blocked === true ? 'blocked' : 'active') : 'none';
  };

  // First of all, what the journal holds: what is given now goes on from there.
  const queue = createQueue();
  void queue.add(() => here.ready);

  const hashOf = async (read: string): Promise<Result<string>> => {
    const number = badgeNumberOf(read);
    if (number === null) return fail('badge.unreadable');
    const hash = await mac(badgeHashInput(number));
    return hash === null ? fail('badge.no_key') : ok(hash);
  };
  const holderOf = (hash: string): Result<KnownBadge | null> => {
    const holders = staff.value.flatMap(({ staffId }): KnownBadge[] => {
      const state = stateOf(staffId, hash);
      return state === 'none' ? [] : [{ staffId, hash, blocked: state === 'blocked' }];
    });
    const [active, another] = holders.filter(({ blocked }) => !blocked);
    return another ? fail('badge.of_two') : ok(active ?? holders[0] ?? null);
  };

  const assign: StaffBadges['assign'] = async (staffId, read, approver) => {
    const found = await hashOf(read);
    if (!found.ok) return found;
    if (!personOf(staffId)) return fail('staff.unknown');
    const { value: hash } = found;
    const holder = holderOf(hash);
    if (!holder.ok) return holder;
    const { value: known } = holder;
    if (known && known.staffId !== staffId)
      return fail(known.blocked ? 'badge.blocked_of_another' : 'badge.of_another');
    if (known && !known.blocked) return ok(null);
    if (activeOf(badgesOf(staffId)).length >= mostBadges) return fail('badge.too_many', { most: mostBadges });
    const circumstances = { approver };
    // What would have to wait for the disk is not done at all: nobody is to find later that a badge opens.
    const entry = { kind: 'badge_assigned', staffId, badges: [hash], circumstances } as const;
    const written = await journal.recordNow(entry);
    if (!written.ok) return written;
    // A kiosk that was revoked meanwhile knows nobody any more.
    if (written.value === null) return fail('staff.unknown');
    here.add(written.value);
    return stateOf(staffId, hash) === 'active' ? ok(null) : fail('badge.blocked');
  };

  const block: StaffBadges['block'] = async (staffId, approver, one) => {
    if (!personOf(staffId)) return fail('staff.unknown');
    const held = badgesOf(staffId).filter(({ hash }) => one === undefined || badgeIdOf(hash) === one);
    if (one !== undefined && held.length === 0) return fail('badge.unknown');
    const hashes = activeOf(held);
    if (hashes.length === 0) return ok(null);
    const written = await journal.recordNow({
      kind: 'badge_blocked',
      staffId,
      badges: hashes,
      allBadges: one === undefined ? true : undefined,
      circumstances: { approver },
    });
    if (!written.ok) return written;
    if (written.value !== null) here.add(written.value);
    return ok(null);
  };

  return {
    find: (read) =>
      queue.add(async () => {
        const hash = await hashOf(read);
        return hash.ok ? holderOf(hash.value) : hash;
      }),
    read: (read) =>
      queue.add(async () => {
        const found = await hashOf(read);
        if (!found.ok) return found;
        const held = holderOf(found.value);
        if (!held.ok) return held;
        const { value: known } = held;
        const holder = known && { staffId: known.staffId, blocked: known.blocked };
        return ok({ badgeId: badgeIdOf(found.value), holder });
      }),
    isActive: (staffId, hash) => stateOf(staffId, hash) === 'active',
    list: (staffId) =>
      queue.add(() => {
        const badges = badgesOf(staffId).map(({ hash, blocked = false, since = null }) => ({
          badgeId: badgeIdOf(hash),
          blocked,
          since,
        }));
        return Promise.resolve(ok({ badges: badges.sort((a, b) => (b.since ?? 0) - (a.since ?? 0)) }));
      }),
    count: (staffId) => activeOf(badgesOf(staffId)).length,
    assign: (...given) => queue.add(() => assign(...given)),
    block: (...given) => queue.add(() => block(...given)),
    done$: here.done$,
    changed$: badges$.pipe(map(() => null)),
    forgetAll: () => here.forgetAll(),
    dispose: () => {
      here.dispose();
      laying.unsubscribe();
      staff.dispose();
      badges$.complete();
    },
  };
};
