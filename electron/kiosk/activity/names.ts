/** What people, locks, groups and reasons are called now. The journal itself holds ids: whoever was erased is erased from it, too. */
import { mostSweptShown, type ActivityRow, type Delivery } from '#shared/ipc/activity.ts';
import type { BatteryRound } from '#shared/models/battery.ts';
import type { Sweep } from '#shared/models/sweep.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import type { EventTime } from '#shared/models/event-time.ts';
import type { Reasons } from '#shared/rights/model.ts';
import type { StoreLock } from '../visit/store-locks.ts';
import { outcomeOf } from './outcomes.ts';

export interface Names {
  /** null: nobody of that id is known any more. */
  person(staffId: string): string | null;
  lock(serialNumber: string): Pick<StoreLock, 'name' | 'group' | 'place'> | null;
  /** The name of a place; null where no lock is in it. */
  place(placeId: string): string | null;
  /** What a group's rule asks for now. */
  reasons(group: string): Reasons | null;
}

/** The group that the event names, else that of the lock as it is now. */
export const groupOf = (event: AccessEvent, names: Pick<Names, 'lock'>): string | null => {
  if (event.group !== undefined) return event.group;
  return event.serialNumber === null ? null : (names.lock(event.serialNumber)?.group ?? null);
};

/** The place that the event names, else that of the lock as it is now. */
export const placeOf = (event: AccessEvent, names: Pick<Names, 'lock'>): string | null => {
  if (event.place !== undefined) return event.place;
  return event.serialNumber === null ? null : (names.lock(event.serialNumber)?.place ?? null);
};

const personOf = (staffId: string, names: Names) => ({ staffId, name: names.person(staffId) });

const tookMs = ({ stageMs }: AccessEvent): number | null => {
  const stages = Object.values(stageMs);
  return stages.length === 0 ? null : stages.reduce((sum, ms) => sum + ms, 0);
};

const reasonOf = ({ reason }: AccessEvent, group: string | null, names: Names): ActivityRow['reason'] => {
  if (!reason) return null;
  const reasons = group === null ? null : names.reasons(group);
  return {
    ...reason,
    name: reasons?.choices.find(({ code }) => code === reason.code)?.name ?? null,
    numberName: reasons?.number?.name ?? null,
  };
};

const lockOf = (serialNumber: string, names: Names) => ({
  serialNumber,
  name: names.lock(serialNumber)?.name ?? null,
});
const firstOf = (serialNumbers: readonly string[], names: Names) =>
  serialNumbers.slice(0, mostSweptShown).map((serialNumber) => lockOf(serialNumber, names));
const sweepOf = ({ serialNumbers, ...counts }: Sweep, names: Names): ActivityRow['sweep'] => ({
  ...counts,
  locks: firstOf(serialNumbers, names),
});
const roundOf = ({ changed, left, serialNumbers }: BatteryRound, names: Names): ActivityRow['round'] => ({
  changed: changed.length,
  left,
  changedLocks: firstOf(changed, names),
  leftLocks: firstOf(serialNumbers, names),
});
/** What its place is called, whichever lock is in it now; else what the lock is. */
const nameOf = (serialNumber: string, { place }: AccessEvent, names: Names): string | null => {
  const named = place === undefined ? null : names.place(place);
  return named ?? names.lock(serialNumber)?.name ?? null;
};

/** An event as the page shows it. */
export const rowOf = (
  event: AccessEvent,
  { at, basis }: EventTime,
  day: string,
  names: Names,
  delivery: Delivery,
): ActivityRow => {
  const { eventId, sequence, kind, staffId, serialNumber, approver, errorCode, offline } = event;
  const group = groupOf(event, names);
  const place = placeOf(event, names);
  return {
    eventId,
    sequence,
    at: Math.max(0, Math.round(at)),
    basis,
    day,
    kind,
    outcome: outcomeOf(event),
    person: staffId === null ? null : personOf(staffId, names),
    lock: serialNumber === null ? null : { serialNumber, name: nameOf(serialNumber, event, names) },
    group: group === '' ? null : group,
    method: event.method ?? null,
    approver: approver ? { ...personOf(approver.staffId, names), method: approver.method } : null,
    reason: reasonOf(event, group, names),
    errorCode,
    offline,
    waited: event.waited
      ? { person: personOf(event.waited.staffId, names), seconds: event.waited.seconds }
      : null,
    tookMs: tookMs(event),
    alarm: event.alarm ?? null,
    renaming: event.renaming ?? null,
    ...(place === null ? {} : { place: { place, name: names.place(place) } }),
    ...(event.replacement && {
      replacement: { by: event.replacement.by, naming: event.replacement.naming },
    }),
    clockSetByMs: event.correction?.byMs ?? null,
    exported: event.exported ?? null,
    ...(event.lockList && { lockList: event.lockList }),
    ...(event.update && { update: event.update }),
    ...(event.purpose ? { purpose: event.purpose } : {}),
    servedSeconds: event.served?.seconds ?? null,
    sweep: event.sweep ? sweepOf(event.sweep, names) : null,
    ...(event.batteries && { batteries: event.batteries.length }),
    ...(event.round && { round: roundOf(event.round, names) }),
    delivery,
  };
};
