/** Outcomes counted by kind of run, and the promises that were broken, each with how to see it again. */
import type { Verdict } from './promises.ts';

/** Breaches that are printed; the rest are counted. */
const mostShown = 20;

export interface Tally {
  add(row: string, verdict: Verdict, replay: string): void;
  readonly runs: number;
  readonly breaches: number;
  /** One line per kind of run, and what was broken. */
  report(): string;
}

export const createTally = (): Tally => {
  const rows = new Map<string, Map<string, number>>();
  const broken: string[] = [];
  let runs = 0;
  let breaches = 0;
  return {
    add: (row, { outcome, broken: found }, replay) => {
      runs += 1;
      const counts = rows.get(row) ?? new Map<string, number>();
      rows.set(row, counts.set(outcome, (counts.get(outcome) ?? 0) + 1));
      if (found.length === 0) return;
      breaches += 1;
      if (broken.length < mostShown) broken.push(`BROKEN  ${row}: ${found.join('; ')}\n        ${replay}`);
    },
    get runs() {
      return runs;
    },
    get breaches() {
      return breaches;
    },
    report: () => {
      const width = Math.max(0, ...[...rows.keys()].map((name) => name.length));
      const lines = [...rows].map(([name, counts]) => {
        const sorted = [...counts].sort(([, one], [, other]) => other - one);
        return `${name.padEnd(width)}  ${sorted.map(([code, count]) => `${code} ${count}`).join(', ')}`;
      });
      return [...lines, ...broken].join('\n');
    },
  };
};
