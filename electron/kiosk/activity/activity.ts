/** The kiosk's own journal for who may read it: a page at a time, as they look for it, with names as they are now. */
import type { Observable } from 'rxjs';
import {
  activityPage,
  type ActivityFilter,
  type ActivityRow,
  type ActivitySummary,
} from '#shared/ipc/activity.ts';
import type { CallOutput } from '#shared/ipc/contract.ts';
import type { TableRow } from '#shared/journal/table.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import type { Concerns } from '../locks/concerns.ts';
import type { Clock } from '../platform/clock.ts';
import { createLatest } from '../platform/latest.ts';
import { createAttention } from './attention.ts';
import type { Deliveries } from './deliveries.ts';
import { groupOf, placeOf, rowOf, type Names } from './names.ts';
import { fits, type SeenEvent } from './outcomes.ts';
import { storeDays, storeOffsets, type StoreDay } from './store-day.ts';
import { createDaySummary } from './summary.ts';
import { createTrueTimes } from './true-times.ts';
import { walkBack, type JournalSource } from './walk.ts';

export interface Activity {
  /** At most `activityPage` rows, newest first, of those before the event of this sequence number; null: of all. */
  page(
    filter: ActivityFilter,
    before: number | null,
    signal: AbortSignal,
  ): Promise<CallOutput<'readActivity'>>;
  sumUp(filter: ActivityFilter, signal: AbortSignal): Promise<ActivitySummary>;
  /** Goes through all that fits, newest first, until `see` answers false. */
  each(
    filter: ActivityFilter,
    before: number | null,
    signal: AbortSignal,
    see: (event: AccessEvent, row: () => ActivityRow) => boolean,
  ): Promise<void>;
  /** Rows for a spreadsheet, oldest first, of the events from the one to before the other that are `wanted`. */
  tableRows(
    from: number,
    before: number,
    wanted: (event: AccessEvent) => boolean,
  ): Promise<readonly TableRow[]>;
  dispose(): void;
}

export interface ActivityOptions {
  readonly data: JournalSource;
  readonly deliveries: Pick<Deliveries, 'of'>;
  readonly names: Names;
  readonly concerns$: Observable<Concerns>;
  readonly timeZone: () => string | undefined;
  /** Trusted time. */
  readonly clock: Pick<Clock, 'now'>;
}

export const createActivity = (options: ActivityOptions): Activity => {
  const { data, deliveries, names, timeZone, clock } = options;
  const concerns = createLatest<Concerns>(options.concerns$, new Map());
  const trueTimes = createTrueTimes(data);

  /** Answers with what is to be known of each event. */
  const lookAt = async (signal: AbortSignal) => {
    const times = await trueTimes.upToNow(signal);
    const dayOf = storeDays(timeZone());
    return (event: AccessEvent): SeenEvent & { readonly time: ReturnType<typeof times> } => {
      const time = times(event);
      let known: StoreDay | undefined;
      const storeDay = (): StoreDay => (known ??= dayOf(Math.max(0, time.at)));
      return { event, time, group: groupOf(event, names), place: placeOf(event, names), storeDay };
    };
  };

  const each: Activity['each'] = async (filter, before, signal, see) => {
    const look = await lookAt(signal);
    await walkBack(data, before, signal, (event) => {
      const seen = look(event);
      if (!fits(seen, filter)) return true;
      return see(event, () => rowOf(event, seen.time, seen.storeDay().day, names, deliveries.of(event)));
    });
  };

  return {
    each,
    page: async (filter, before, signal) => {
      const rows: ActivityRow[] = [];
      let next: number | null = null;
      await each(filter, before, signal, (_event, row) => {
        // One more than fits: where it is the last of all, there is no next page.
        if (rows.length < activityPage) rows.push(row());
        else next = (rows.at(-1)?.sequence ?? 0) || null;
        return next === null;
      });
      return { rows, next };
    },
    sumUp: async (filter, signal) => {
      const look = await lookAt(signal);
      const now = clock.now();
      const summary = createDaySummary(filter, storeDays(timeZone())(now).day, names);
      const attention = createAttention(now, names, concerns.value);
      await walkBack(data, null, signal, (event) => {
        const seen = look(event);
        summary.see(seen);
        attention.see(event, seen.time.at, deliveries.of(event).state === 'waiting');
        return true;
      });
      return { ...summary.result(), attention: attention.lines() };
    },
    tableRows: async (from, before, wanted) => {
      const look = await lookAt(new AbortController().signal);
      const offsetAt = storeOffsets(timeZone());
      const events = await data.accessEventsBetween(from, before);
      return events.filter(wanted).map((event): TableRow => {
        const { time, group, storeDay } = look(event);
        const row = rowOf(event, time, storeDay().day, names, deliveries.of(event));
        return {
          event,
          time,
          group,
          offsetMs: offsetAt(row.at),
          person: row.person?.name ?? null,
          approver: row.approver?.name ?? null,
          lock: row.lock?.name ?? null,
          reason: row.reason?.name ?? null,
          isHeld: row.delivery.state === 'held',
        };
      });
    },
    dispose: () => concerns.dispose(),
  };
};
