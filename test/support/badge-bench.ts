/** Badges of a store whose key everybody here knows. */
import { createHmac } from 'node:crypto';
import { createStaffBadges, type StaffBadges } from '#kiosk/staff/badges.ts';
import type { Journal } from '#kiosk/journal/journal.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { ManualClock } from '#kiosk/platform/manual-clock.ts';
import { badgeHashInput, badgeNumberOf } from '#shared/badges/badge-number.ts';
import type { FakeData } from './fake-data.ts';

const mac = (text: string): string => createHmac('sha256', 'a key').update(text).digest('hex');

/** What a badge of this number is known by. */
export const hashOf = (number: string): string => mac(badgeHashInput(badgeNumberOf(number) ?? ''));

export const createBadgesOnBench = (
  data: FakeData,
  journal: Pick<Journal, 'recordNow'>,
  hasKey = true,
): StaffBadges =>
  createStaffBadges({
    staff$: data.staff$,
    mac: (text) => Promise.resolve(hasKey ? mac(text) : null),
    data,
    journal,
    clock: new ManualClock(),
    logger: silentLogger,
  });
