/**
 * How long a battery lasts, from what its lock said of it day by day. A line through the readings since it was last changed, by the
 * medians of their slopes and heights (Theil and Sen): a cold night or a made-up advertisement turns none of it, as long as most
 * readings are right. Few readings, or a short time, make no forecast.
 */

export interface BatteryReading {
  /** Whole days since 1970, UTC. */
  readonly day: number;
  readonly percent: number;
}

/** `few`: nobody can tell yet. `steady`: nothing that would run out within a year is to be seen. `days`: from `today` on. */
export type Forecast = { readonly kind: 'few' | 'steady' } | { readonly kind: 'days'; readonly days: number };

const dayMs = 86_400_000;
export const dayOf = (at: number): number => Math.floor(at / dayMs);

/** What is older says nothing of the battery as it is used now. */
export const keptDays = 56;
/** A battery is changed at this, in percent: what locks say is low begins at 15, and a battery falls faster at its end. */
export const changeAt = 20;
/** Percent. A battery that says more is not low any more: near the bound its word comes and goes with the cold. */
export const goodAbove = 25;
/** Percent. What rises by as much was changed; the warmth of a day makes less of it. */
const changedBy = 20;
const fewestReadings = 7;
const shortestDays = 14;
const longestDays = 365;
/** Of as many the slopes are compared, one with each other: what a long list of locks costs is bounded. */
const mostReadings = 28;

const medianOf = (values: readonly number[]): number => {
  // Of numbers alone: a sort that asks for each pair takes several times as long.
  const sorted = new Float64Array(values).sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
};

/**
 * The readings that count, oldest first: of the last weeks, and of the battery that is in the lock now. One that is far above the three
 * before it, as is the next one, too, begins a new battery; a single wrong one begins none.
 */
const currentReadings = (readings: readonly BatteryReading[], today: number): BatteryReading[] => {
  const recent = readings
    .filter(({ day }) => day > today - keptDays && day <= today)
    .toSorted((a, b) => a.day - b.day);
  let first = 0;
  for (let at = 1; at < recent.length - 1; at += 1) {
    const before = recent.slice(Math.max(first, at - 3), at).map(({ percent }) => percent);
    // No median is below the lowest, and most readings are near it.
    if ((recent[at]?.percent ?? 0) < Math.min(...before) + changedBy) continue;
    const changed = medianOf(before) + changedBy;
    if (recent.slice(at, at + 2).every(({ percent }) => percent >= changed)) first = at;
  }
  return recent.slice(first);
};

const thinned = (readings: readonly BatteryReading[]): readonly BatteryReading[] => {
  const step = (readings.length - 1) / (mostReadings - 1);
  if (step <= 1) return readings;
  return Array.from({ length: mostReadings }, (_, at) => readings[Math.round(at * step)]).filter(
    (reading) => reading !== undefined,
  );
};

/** When the battery comes down to `changeAt`. */
export const forecastOf = (readings: readonly BatteryReading[], today: number): Forecast => {
  const current = thinned(currentReadings(readings, today));
  const [first, last] = [current[0], current.at(-1)];
  if (!first || !last || current.length < fewestReadings || last.day - first.day < shortestDays)
    return { kind: 'few' };
  const slopes: number[] = [];
  for (const [at, one] of current.entries()) {
    for (let later = at + 1; later < current.length; later += 1) {
      const { day, percent } = current[later] ?? one;
      slopes.push((percent - one.percent) / (day - one.day));
    }
  }
  const slope = medianOf(slopes);
  const now = medianOf(current.map(({ day, percent }) => percent + slope * (today - day)));
  if (now <= changeAt) return { kind: 'days', days: 0 };
  if (slope >= 0) return { kind: 'steady' };
  const days = Math.floor((now - changeAt) / -slope);
  return days > longestDays ? { kind: 'steady' } : { kind: 'days', days };
};
