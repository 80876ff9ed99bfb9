/** The people of the store: who they are, what they may, and who is signed in. */
import type { StoreDocument } from '#shared/models/documents.ts';
import { createLatest } from '../platform/latest.ts';
import { createStaffBadges, type StaffBadges } from '../staff/badges.ts';
import { createBadgesNotTaken, type BadgesNotTaken } from '../staff/badges-not-taken.ts';
import { createJudge, type Judge } from '../staff/judge.ts';
import { createLeaving, type Leaving } from '../staff/leaving.ts';
import { createStaffService, type StaffService } from '../staff/staff-service.ts';
import { createWaits, type Waits } from '../staff/waits.ts';
import type { Bookkeeping } from './open-bookkeeping.ts';

export interface People {
  readonly waits: Waits;
  readonly judge: Judge;
  readonly badges: StaffBadges;
  readonly notTaken: BadgesNotTaken;
  readonly staff: StaffService;
  readonly leaving: Leaving;
}

export const openPeople = async (bookkeeping: Bookkeeping): Promise<People> => {
  const { ports, ending, data, clock, vault, journal } = bookkeeping;
  const { logger } = ports;
  const waits = ending.adopt('waits', createWaits(clock));
  const judge = createJudge({ staff$: data.staff$, store$: data.store$, waits, clock });
  ending.adopt('judge', judge);
  const storeNow = createLatest<StoreDocument | null>(data.store$, null);
  ending.adopt('store of badges', storeNow);
  const badges = createStaffBadges({
    staff$: data.staff$,
    mac: async (text) => {
      const key = storeNow.value?.badgeKey;
      const mac = key === undefined ? null : await vault.mac(key, text);
      return mac?.ok === true ? mac.value : null;
    },
    data,
    journal,
    clock,
    logger,
  });
  ending.adopt('badges', badges);
  const notTaken = await createBadgesNotTaken({
    done$: badges.done$,
    staff$: data.staff$,
    notes: data,
    clock,
    logger,
  });
  ending.adopt('badges not taken', notTaken);
  const staff = await createStaffService({
    staff$: data.staff$,
    store$: data.store$,
    notes: data,
    badges,
    journal,
    judge,
    clock,
    logger,
  });
  ending.adopt('staff', staff);
  const leaving = createLeaving({ staff, judge, journal, clock, end: ports.leave ?? null });
  return { waits, judge, badges, notTaken, staff, leaving };
};
