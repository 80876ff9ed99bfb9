/** What kind of thing an access event says, and whether it is what somebody looks for. */
import type { ActivityFilter, ActivityOutcome } from '#shared/ipc/activity.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import { groupKey } from '#shared/rights/group-key.ts';
import type { StoreDay } from './store-day.ts';

const outcomes = {
  unlocked: 'opened',
  not_unlocked: 'not_opened',
  unlock_unknown: 'unknown',
  refused: 'refused',
  sign_in_refused: 'refused',
  signed_in: 'signing_in',
  signed_out: 'signing_in',
  pause_lifted: 'signing_in',
  badge_assigned: 'signing_in',
  badge_blocked: 'signing_in',
  opening_asked: 'locks',
  opening_called_off: 'locks',
  enrolment_captured: 'locks',
  lock_provisioned: 'locks',
  lock_released: 'locks',
  lock_renamed: 'locks',
  lock_replaced: 'locks',
  alarm_raised: 'locks',
  alarm_acknowledged: 'locks',
  alarm_ended: 'locks',
  outcome_checked: 'locks',
  closing_sweep: 'locks',
  batteries_read: 'locks',
  battery_round: 'locks',
  customer_waiting: 'customers',
  customer_served: 'customers',
  customer_called_off: 'customers',
  customer_lapsed: 'customers',
  events_lost: 'kiosk',
  clock_corrected: 'kiosk',
  activity_exported: 'kiosk',
  locks_exported: 'kiosk',
  kiosk_left: 'kiosk',
  update_chosen: 'kiosk',
  update_done: 'kiosk',
} as const satisfies Record<AccessEvent['kind'], ActivityOutcome>;

export const outcomeOf = ({ kind }: Pick<AccessEvent, 'kind'>): ActivityOutcome => outcomes[kind];

/** An event with what is not in it: its group where it names none, and when it was. */
export interface SeenEvent {
  readonly event: AccessEvent;
  readonly group: string | null;
  readonly place: string | null;
  readonly storeDay: () => StoreDay;
}

/** Cheap questions first: a journal is long. */
export const fits = ({ event, group, place, storeDay }: SeenEvent, filter: ActivityFilter): boolean => {
  const { staffId, serialNumber, outcome, method } = filter;
  if (staffId !== undefined && event.staffId !== staffId && event.approver?.staffId !== staffId) return false;
  if (serialNumber !== undefined && event.serialNumber !== serialNumber) return false;
  if (filter.place !== undefined && place !== filter.place) return false;
  if (outcome !== undefined && outcomeOf(event) !== outcome) return false;
  if (method !== undefined && event.method !== method) return false;
  if (filter.group !== undefined && (group === null || groupKey(group) !== groupKey(filter.group)))
    return false;
  if (filter.day === undefined) return true;
  const { day, hour } = storeDay();
  return day === filter.day && (filter.hour === undefined || hour === filter.hour);
};
