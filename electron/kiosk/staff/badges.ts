/**
 * Whose badge is whose. A badge that somebody gives or blocks here is an access event, and with that event the backend does the same;
 * until the backend says so itself, this kiosk holds to what was done here.
 */
import { combineLatest, map, type Observable } from 'rxjs';
import { badgeHashInput, badgeNumberOf, mostBadges } from '#shared/badges/badge-number.ts';
import { createQueue } from '#shared/flow/queue.ts';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import { describeThrown } from '#shared/errors/thrown.ts';
import type { CallOutput } from '#shared/ipc/contract.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import type { StaffDocument } from '#shared/models/documents.ts';
import type { Approver } from './opening.ts';
import type { Journal } from '../journal/journal.ts';
import { createLatest } from '../platform/latest.ts';
import type { Logger } from '../platform/logger.ts';
import { badgeIdOf, createDoneBadges, stateIn } from './done-badges.ts';

export interface KnownBadge {
  readonly staffId: string;
  readonly hash: string;
  readonly blocked: boolean;
}

export interface StaffBadges {
  /**
   * Null: nobody's. Of several who have it, of whom at most one is signed in by it: whose it is by the backend, then by what was done
   * here, then as whose it is blocked. Errors: `badge.unreadable`, `badge.no_key` where this kiosk has no key of the store's badges, or
   * can't open it.
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
   * `badge.too_many` {most}; `storage.*` where the disk takes nothing. A blocked badge of the same person is good again.
   */
  assign(staffId: string, read: string, by: Approver): Promise<Result<null>>;
  /** That badge or, where none is named, all that this person has. Errors: `staff.unknown`; `badge.unknown`: it is not theirs; `storage.*`. */
  block(staffId: string, by: Approver, badgeId?: string): Promise<Result<null>>;
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

export const createStaffBadges = (options: StaffBadgesOptions): StaffBadges => {
  const { staff$, mac, unsent, journal, logger } = options;
  const staff = createLatest(staff$, []);
  const done = createDoneBadges(staff$, () => staff.value);
  const personOf = (staffId: string): StaffDocument | undefined =>
    staff.value.find((person) => person.staffId === staffId);
  const activeHashes = (person: StaffDocument): string[] =>
    done.of(person).flatMap(({ hash, blocked }) => (blocked ? [] : [hash]));

  let forgotten = false;
  const recall = async (): Promise<void> => {
    const events = await unsent();
    if (forgotten) return;
    for (const { kind, staffId, badges = [], at } of events) {
      if (staffId === null) continue;
      const to = kind === 'badge_assigned' ? 'active' : 'blocked';
      for (const hash of badges) {
        const before = done.last(staffId, hash) ?? stateIn(personOf(staffId)?.badges, hash);
        done.done({ staffId, hash, to, since: at }, before);
      }
    }
  };
  const queue = createQueue();
  void queue
    .add(recall)
    .catch((error: unknown) => logger.error('badges not recalled', describeThrown(error)));

  /** The smaller, the more it is theirs. */
  const rankOf = (person: StaffDocument, hash: string): number =>
    done.stateOf(person, hash) === 'blocked' ? 2 : stateIn(person.badges, hash) === 'active' ? 0 : 1;

  const hashOf = async (read: string): Promise<Result<string>> => {
    const number = badgeNumberOf(read);
    if (number === null) return fail('badge.unreadable');
    const hash = await mac(badgeHashInput(number));
    return hash === null ? fail('badge.no_key') : ok(hash);
  };
  const holderOf = (hash: string): KnownBadge | null => {
    const [holder] = staff.value
      .filter((person) => done.stateOf(person, hash) !== 'none')
      .sort((a, b) => rankOf(a, hash) - rankOf(b, hash));
    if (!holder) return null;
    return { staffId: holder.staffId, hash, blocked: done.stateOf(holder, hash) === 'blocked' };
  };

  const assign: StaffBadges['assign'] = async (staffId, read, approver) => {
    const found = await hashOf(read);
    if (!found.ok) return found;
    const person = personOf(staffId);
    if (!person) return fail('staff.unknown');
    const { value: hash } = found;
    const known = holderOf(hash);
    if (known && known.staffId !== staffId)
      return fail(known.blocked ? 'badge.blocked_of_another' : 'badge.of_another');
    if (known && !known.blocked) return ok(null);
    if (activeHashes(person).length >= mostBadges) return fail('badge.too_many', { most: mostBadges });
    const circumstances = { approver };
    // What would have to wait for the disk is not done at all: nobody is to find later that a badge opens.
    const entry = { kind: 'badge_assigned', staffId, badges: [hash], circumstances } as const;
    const written = await journal.recordNow(entry);
    if (!written.ok) return written;
    done.done({ staffId, hash, to: 'active', since: written.value?.at ?? null }, done.stateOf(person, hash));
    return ok(null);
  };

  const block: StaffBadges['block'] = async (staffId, approver, one) => {
    const person = personOf(staffId);
    if (!person) return fail('staff.unknown');
    const held = done.of(person).filter(({ badgeId }) => one === undefined || badgeId === one);
    if (one !== undefined && held.length === 0) return fail('badge.unknown');
    const hashes = held.flatMap(({ hash, blocked }) => (blocked ? [] : [hash]));
    for (let at = 0; at < hashes.length; at += mostBadges) {
      const badges = hashes.slice(at, at + mostBadges);
      const written = await journal.recordNow({
        kind: 'badge_blocked',
        staffId,
        badges,
        allBadges: one === undefined ? true : undefined,
        circumstances: { approver },
      });
      if (!written.ok) return written;
      for (const hash of badges)
        done.done({ staffId, hash, to: 'blocked', since: written.value?.at ?? null }, 'active');
    }
    return ok(null);
  };

  return {
    find: (read) =>
      queue.add(async () => {
        const hash = await hashOf(read);
        return hash.ok ? ok(holderOf(hash.value)) : hash;
      }),
    read: (read) =>
      queue.add(async () => {
        const found = await hashOf(read);
        if (!found.ok) return found;
        const known = holderOf(found.value);
        const holder = known && { staffId: known.staffId, blocked: known.blocked };
        return ok({ badgeId: badgeIdOf(found.value), holder });
      }),
    isActive: (staffId, hash) => {
      const person = personOf(staffId);
      return person !== undefined && done.stateOf(person, hash) === 'active';
    },
    list: (staffId) =>
      queue.add(() => {
        const person = personOf(staffId);
        const held = person ? done.of(person) : [];
        const badges = held.map(({ badgeId, blocked, since }) => ({ badgeId, blocked, since }));
        return Promise.resolve(ok({ badges }));
      }),
    count: (staffId) => {
      const person = personOf(staffId);
      return person ? activeHashes(person).length : 0;
    },
    assign: (...given) => queue.add(() => assign(...given)),
    block: (...given) => queue.add(() => block(...given)),
    changed$: combineLatest([staff$, done.changed$]).pipe(map(() => null)),
    forgetAll: () => {
      forgotten = true;
      done.forgetAll();
    },
    dispose: () => {
      done.dispose();
      staff.dispose();
    },
  };
};
