/** What the screen Activity shows: the newest rows that fit, as many as were asked for, and the day's figures. */
import type { AppError } from '#shared/errors/app-error.ts';
import type { ActivityFilter, ActivityRow, ActivitySummary } from '#shared/ipc/activity.ts';
import type { Client } from '../ipc/client.ts';

/** The page never holds more of a journal than somebody reads. */
export const mostRows = 500;

export interface ActivityList {
  readonly filter: ActivityFilter;
  readonly rows: readonly ActivityRow[];
  readonly summary: ActivitySummary | null;
  readonly problem: AppError | null;
  readonly reading: boolean;
  /** Whether there are older ones that can be shown. */
  readonly hasMore: boolean;
  /** Whether there are older ones, and the page has as many as it takes. */
  readonly isFull: boolean;
  /** In place of what was chosen of these; undefined: not chosen any more. */
  choose(part: { readonly [K in keyof ActivityFilter]?: ActivityFilter[K] | undefined }): void;
  clear(): void;
  more(): Promise<void>;
  /** Reads the newest again: something was added, or has arrived. */
  refresh(): Promise<void>;
}

export const createActivityList = (client: Pick<Client, 'call'>): ActivityList => {
  let filter = $state.raw<ActivityFilter>({});
  let rows = $state.raw<readonly ActivityRow[]>([]);
  let next = $state<number | null>(null);
  let summary = $state.raw<ActivitySummary | null>(null);
  let problem = $state.raw<AppError | null>(null);
  let reading = $state(false);
  /** What another choice has made stale is dropped. */
  let asked = 0;

  const read = async (before: number | null): Promise<void> => {
    const mine = (asked += 1);
    reading = true;
    const [page, sum] = await Promise.all([
      client.call('readActivity', { filter, before }),
      before === null ? client.call('sumUpActivity', { filter }) : null,
    ]);
    if (mine !== asked) return;
    reading = false;
    problem = page.ok ? (sum && !sum.ok ? sum.error : null) : page.error;
    if (page.ok) {
      rows = before === null ? page.value.rows : [...rows, ...page.value.rows];
      ({ next } = page.value);
    }
    if (sum?.ok) summary = sum.value;
  };

  const show = (to: ActivityFilter): void => {
    filter = to;
    void read(null);
  };

  return {
    get filter() {
      return filter;
    },
    get rows() {
      return rows;
    },
    get summary() {
      return summary;
    },
    get problem() {
      return problem;
    },
    get reading() {
      return reading;
    },
    get hasMore() {
      return next !== null && rows.length < mostRows;
    },
    get isFull() {
      return next !== null && rows.length >= mostRows;
    },
    choose: (part) => {
      const to: Record<string, unknown> = { ...filter, ...part };
      // Of no day there is an hour.
      if (to.day === undefined) delete to.hour;
      show(Object.fromEntries(Object.entries(to).filter(([, value]) => value !== undefined)));
    },
    clear: () => show({}),
    more: async () => {
      if (next !== null && !reading) await read(next);
    },
    refresh: () => read(null),
  };
};
