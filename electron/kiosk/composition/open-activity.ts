/** Reading the journal, and taking a copy of it away. */
import { createActivity, type Activity } from '../activity/activity.ts';
import { createDeliveries } from '../activity/deliveries.ts';
import { createExports, type Exports } from '../activity/exports.ts';
import type { Names } from '../activity/names.ts';
import { createSignJournal } from '../activity/sign-journal.ts';
import { createChainCheck, type ChainCheck } from '../journal/check-chain.ts';
import type { LifeCycle } from '../life-cycle.ts';
import type { Judge } from '../staff/judge.ts';
import type { StaffService } from '../staff/staff-service.ts';
import type { LockDirectory } from '../visit/lock-directory.ts';
import type { Bookkeeping } from './open-bookkeeping.ts';

export interface ActivityServices {
  readonly activity: Activity;
  readonly exports: Exports;
  readonly chain: ChainCheck;
}

interface ActivityParts {
  readonly bookkeeping: Bookkeeping;
  readonly staff: StaffService;
  readonly judge: Judge;
  readonly directory: Pick<LockDirectory, 'lock' | 'inPlace'>;
  readonly lifeCycle: Pick<LifeCycle, 'onErase' | 'onRevoked'>;
}

export const openActivity = async (parts: ActivityParts): Promise<ActivityServices> => {
  const { bookkeeping, staff, judge, directory, lifeCycle } = parts;
  const { ports, ending, data, clock, vault, journal, concerns } = bookkeeping;
  const timeZone = (): string | undefined => judge.timeZone();
  const deliveries = await createDeliveries({ data, notes: data, clock });
  ending.adopt('deliveries', deliveries);
  const names: Names = {
    person: (staffId) => staff.members().find((one) => one.staffId === staffId)?.name ?? null,
    lock: (serialNumber) => directory.lock(serialNumber),
    place: (placeId) => directory.inPlace(placeId)?.name ?? null,
    reasons: (group) => judge.reasons(group),
  };
  const { concerns$ } = concerns;
  const activity = createActivity({ data, deliveries, names, concerns$, timeZone, clock });
  ending.adopt('activity', activity);
  const sign = createSignJournal({ vault, timeZone, clock });
  const { random } = ports;
  const exports = createExports({ activity, data, staff, journal, sign, clock, random });
  // What one person has begun is not for the next.
  const session = staff.session$.subscribe((now) => {
    if (!now) exports.forget();
  });
  ending.defer('exports', () => session.unsubscribe());
  lifeCycle.onRevoked(() => exports.forget());
  lifeCycle.onErase(() => deliveries.forget());
  return { activity, exports, chain: createChainCheck(data) };
};
