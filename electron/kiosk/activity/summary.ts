/** A day of the journal by hour, and what there is to choose from when one looks for something. */
import type { ActivityFilter, ActivitySummary } from '#shared/ipc/activity.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import { compareNames, languageOf } from '#shared/models/language.ts';
import type { Names } from './names.ts';
import { fits, type SeenEvent } from './outcomes.ts';
import { createServing } from './serving.ts';
import type { StoreDay } from './store-day.ts';

const mostDays = 400;
const mostGroups = 500;
const mostPeople = 1_000;

/** `today` stands where the filter names no day. */
export const createDaySummary = (filter: ActivityFilter, today: string, names: Names) => {
  const day = filter.day ?? today;
  // The chart shows the whole day, opened and refused, whatever of it the list shows.
  const wanted = { ...filter, outcome: undefined, hour: undefined, day };
  const hours = Array.from({ length: 24 }, () => ({ opened: 0, refused: 0 }));
  const serving = createServing();
  const days = new Set<string>();
  const groups = new Set<string>();
  const people = new Set<string>();

  const count = (event: AccessEvent, { hour }: StoreDay): void => {
    const bar = hours[hour];
    if (bar && event.kind === 'unlocked') bar.opened += 1;
    // Whoever was not signed in asked for no lock yet.
    if (bar && event.kind === 'refused') bar.refused += 1;
  };

  return {
    see: (seen: SeenEvent): void => {
      const { event, group } = seen;
      const when = seen.storeDay();
      days.add(when.day);
      if (group) groups.add(group);
      for (const staffId of [event.staffId, event.approver?.staffId]) if (staffId) people.add(staffId);
      if (when.day !== day || !fits(seen, wanted)) return;
      count(event, when);
      serving.see(event, group, when.hour);
    },
    result: (): Omit<ActivitySummary, 'attention'> => ({
      today,
      day,
      hours,
      serving: serving.result(),
      days: [...days].sort().reverse().slice(0, mostDays),
      groups: [...groups].sort((a, b) => compareNames(languageOf(null), a, b)).slice(0, mostGroups),
      people: [...people]
        .map((staffId) => ({ staffId, name: names.person(staffId) }))
        .sort((a, b) => compareNames(languageOf(null), a.name ?? '\uffff', b.name ?? '\uffff'))
        .slice(0, mostPeople),
    }),
  };
};
