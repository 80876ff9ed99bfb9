/** What chance decides in a seed: the same seed always decides the same. */
import { seededRandom } from '#kiosk/platform/seeded-random.ts';

export interface Chance {
  /** From `from` to `to`, both among them. */
  readonly whole: (from: number, to: number) => number;
  readonly pick: <T>(items: readonly [T, ...T[]]) => T;
  /** True so many times in a hundred. */
  readonly often: (percent: number) => boolean;
  /** So many, each made anew. */
  readonly list: <T>(from: number, to: number, make: () => T) => T[];
  /** So many of them, none twice. */
  readonly some: <T>(items: readonly T[], least: number) => T[];
}

export const chanceOf = (seed: number): Chance => {
  const random = seededRandom(seed);
  const float = (): number => random.float();
  const whole = (from: number, to: number): number => from + Math.floor(float() * (to - from + 1));
  return {
    whole,
    pick: (items) => items[whole(0, items.length - 1)] ?? items[0],
    often: (percent) => float() * 100 < percent,
    list: (from, to, make) => Array.from({ length: whole(from, to) }, make),
    some: (items, least) => {
      const drawn = items.map((item) => [float(), item] as const).sort(([one], [other]) => one - other);
      return drawn.slice(0, whole(Math.min(least, items.length), items.length)).map(([, item]) => item);
    },
  };
};
