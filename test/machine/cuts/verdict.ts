/** What is said of a cut. */
import { isDeepStrictEqual } from 'node:util';
import type { Kept } from '../kiosk-core.ts';
import { compareKept, Lost, type Compared } from './compare.ts';
import type { Cut } from './one-life.ts';

export interface Judged {
  readonly cut: Cut;
  readonly kept: Kept | null;
  readonly compared: Compared | null;
  /** What is wrong, where something is. */
  readonly wrong: string | null;
  /** It is that something acknowledged is not there; otherwise nothing could be read there at all. */
  readonly isLoss: boolean;
}

export const why = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Judges a cut: what was acknowledged after event `since` has to be there. Never rejects. */
export const judgeCut = async (
  cut: Cut,
  since: number,
  keptOn: (data: Buffer) => Promise<Kept>,
): Promise<Judged> => {
  let kept: Kept | null = null;
  try {
    kept = await keptOn(cut.data);
    const compared = compareKept(cut.acknowledged, kept, since);
    return { cut, kept, compared, wrong: null, isLoss: false };
  } catch (error) {
    return { cut, kept, compared: null, wrong: why(error), isLoss: error instanceof Lost };
  }
};

/** What is wrong with a machine that boots on a cut's disk. Not to come up at all is the worst of it. */
export const judgeBoot = async (
  { cut, kept }: Judged,
  boot: (cut: Cut) => Promise<Kept>,
): Promise<string | null> => {
  try {
    const inside = await boot(cut);
    return isDeepStrictEqual(inside, kept) ? null : 'booted, it has something else than was on its disk';
  } catch (error) {
    return `it does not come up on what was left: ${why(error)}`;
  }
};
