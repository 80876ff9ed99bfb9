/** Whether a kiosk has kept what it said that it had done. */
import { insist } from '../../controllers/radio-checks.ts';
import type { Kept } from '../kiosk-core.ts';

/** What the load does, each of which is an event, and a letter for it. */
const letters: Readonly<Record<string, string>> = { signed_in: 'i', sign_in_refused: 'r', signed_out: 'o' };

/** The load's events after that one, without the last, which is that of whoever looked. */
const doneAfter = (kept: Kept, sequence: number): string =>
  kept.events
    .slice(0, -1)
    .filter((event) => event.sequence > sequence)
    .map(({ kind }) => letters[kind] ?? '')
    .join('');

/** What was surely done; the others, told with a question mark, were answered too late and may have been. */
export const sure = (acknowledged: readonly string[]): readonly string[] =>
  acknowledged.filter((kind) => !kind.endsWith('?'));

/** The number of the last event that was there before whoever looked. */
export const lastOf = (kept: Kept): number => kept.events.at(-2)?.sequence ?? 0;

/**
 * Throws where something of what was acknowledged after event `since` is lost, is there twice or in another order, or where the chain is
 * broken. Answers how many of them are there: one more at most, whose answer was on its way.
 */
export const compareKept = (acknowledged: readonly string[], kept: Kept, since: number): number => {
  insist(kept.brokenAt === null, `the chain is broken at ${kept.brokenAt}`);
  for (const [index, { sequence }] of kept.events.entries()) {
    const before = kept.events[index - 1]?.sequence ?? sequence - 1;
    insist(sequence === before + 1, `event ${sequence} comes after ${before}`);
  }
  const there = doneAfter(kept, since);
  // Past its deadline a sign-in may have been done, refused or neither.
  const wanted = acknowledged
    .map((kind) => (kind.endsWith('?') ? '[iro]?' : (letters[kind] ?? '-')))
    .join('');
  insist(new RegExp(`^${wanted}[iro]?$`).test(there), `acknowledged is ${wanted}, and there is ${there}`);
  return there.length;
};
