/** An operator gives a person a badge, or blocks what they have. */
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import { badgeNumberOf } from '#shared/badges/badge-number.ts';
import { hashBadge, type BadgeKeys } from '../badges/badge-key.ts';
import { blockBadges, giveBadge } from '../badges/person-badges.ts';
import { refuseShared } from '../badges/shared-badge.ts';
import type { Settling } from '../people/settling.ts';
import type { Db } from '../store/database.ts';
import { changeStore } from '../store/store-write.ts';
import { badValue } from './bad-value.ts';
import type { NoteAct } from './operator-journal.ts';

export interface BadgeAdmin {
  /**
   * Errors: `enrolment.not_found` when there is no such person; `badge.of_another`; `badge.blocked_of_another`;
   * `operator.badge_shared` where somebody has it at another store that they reach; `operator.bad_value` where `number` is none, or they have as many as a person can. Repeating it changes nothing. The number is kept nowhere.
   */
  give(storeId: string, staffId: string, number: string, note: NoteAct): Promise<Result<null>>;
  /** All that the person has, or was given before now by whom the backend has not heard of yet. Who is assigned need not be at the store: a badge can keep them from it. False when there is no such person. */
  block(storeId: string, staffId: string, note: NoteAct): Promise<boolean>;
}

export const createBadgeAdmin = (ports: {
  readonly db: Db;
  readonly tenantId: string;
  readonly settling: Pick<Settling, 'follow'>;
  readonly badgeKeys: BadgeKeys;
  now(): number;
}): BadgeAdmin => {
  const { db, tenantId, badgeKeys } = ports;
  return {
    give: async (storeId, staffId, read, note) => {
      const number = badgeNumberOf(read);
      if (number === null) return badValue('number', 'is no number of a badge');
      await badgeKeys.ensure(storeId);
      const done = await changeStore(db, tenantId, storeId, async (write): Promise<Result<null>> => {
        const key = await badgeKeys.read(write.tx, storeId);
        if (!key) return fail('enrolment.not_found');
        const hash = hashBadge(key, number);
        const { given, elsewhere } = await giveBadge(
          write,
          { tenantId, storeId },
          staffId,
          hash,
          ports.now(),
        );
        if (given === 'nobody') return fail('enrolment.not_found');
        if (elsewhere) return refuseShared(elsewhere);
        if (given === 'of_another' || given === 'blocked_of_another') return fail(`badge.${given}`);
        if (given === 'too_many') return badValue('number', 'is one more than a person can have');
        await note(write.tx);
        return ok(null);
      });
      await ports.settling.follow(staffId);
      return done ?? fail('enrolment.not_found');
    },
    block: async (storeId, staffId, note) => {
      const done = await changeStore(db, tenantId, storeId, async (write) => {
        const block = { at: ports.now(), hashes: [], all: true };
        const found = await blockBadges(write, { tenantId, storeId }, staffId, block);
        if (found) await note(write.tx);
        return found;
      });
      await ports.settling.follow(staffId);
      return done ?? false;
    },
  };
};
