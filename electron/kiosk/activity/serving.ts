/** How long customers waited: the median, and what nine in ten did not wait longer than, by group and by hour. */
import type { ActivitySummary } from '#shared/ipc/activity.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import { compareNames, languageOf } from '#shared/models/language.ts';

type Serving = ActivitySummary['serving'];
type Figures = Serving['all'];

const ranked = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;

/** By the nearest rank: each is a time that somebody waited. */
export const figuresOf = (seconds: readonly number[]): Figures => {
  const sorted = [...seconds].sort((a, b) => a - b);
  return { count: sorted.length, median: ranked(sorted, 0.5), ninetieth: ranked(sorted, 0.9) };
};

export const createServing = () => {
  const all: number[] = [];
  const byGroup = new Map<string, number[]>();
  const byHour = new Map<number, number[]>();
  let lapsed = 0;
  const put = <K>(to: Map<K, number[]>, key: K, seconds: number): void => {
    to.set(key, [...(to.get(key) ?? []), seconds]);
  };
  return {
    see: ({ kind, served }: AccessEvent, group: string | null, hour: number): void => {
      if (kind === 'customer_lapsed') lapsed += 1;
      if (kind !== 'customer_served' || !served) return;
      all.push(served.seconds);
      put(byGroup, group ?? '', served.seconds);
      put(byHour, hour, served.seconds);
    },
    result: (): Serving => ({
      all: figuresOf(all),
      lapsed,
      groups: [...byGroup]
        .sort(([a], [b]) => compareNames(languageOf(null), a, b))
        .map(([group, seconds]) => ({ group, ...figuresOf(seconds) })),
      hours: [...byHour]
        .sort(([a], [b]) => a - b)
        .map(([hour, seconds]) => ({ hour, ...figuresOf(seconds) })),
    }),
  };
};
