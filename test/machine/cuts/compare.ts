/** Whether a kiosk has kept what it said that it had done. */
import type { Kept } from '../kiosk-core.ts';

/** What the load does, each of which is an event, and a letter for it. */
const letters: Readonly<Record<string, string>> = { signed_in: 'i', sign_in_refused: 'r', signed_out: 'o' };

/** Something of what was acknowledged is not there as it has to be. */
export class Lost extends Error {}

const insist = (holds: boolean, what: string): void => {
  if (!holds) throw new Lost(what);
};

/** The load's events after that one, without the last, which is that of whoever looked. */
const doneAfter = (kept: Kept, sequence: number): string =>
  kept.events
    .slice(0, -1)
    .filter((event) => event.sequence > sequence)
    .map(({ kind }) => letters[kind] ?? '')
    .join('');

/** Past its deadline something may have been done, refused or neither. */
const isLate = (told: string): boolean => told.endsWith('?');
/** `at 57`: once something was late, what the kiosk says is its newest event. */
const reachedIn = (told: string): number | null => {
  const [, sequence] = /^at (\d+)$/.exec(told) ?? [];
  return sequence === undefined ? null : Number(sequence);
};
const isAnswer = (told: string): boolean => reachedIn(told) === null;

/** What was surely done. */
export const sure = (told: readonly string[]): readonly string[] =>
  told.filter((each) => isAnswer(each) && !isLate(each));

/** The number of the last event that was there before whoever looked. */
export const lastOf = (kept: Kept): number => kept.events.at(-2)?.sequence ?? 0;

/** How many sure answers can be judged: after one that was late, those only that the kiosk's own number covers. */
export const countedOf = (told: readonly string[]): number => {
  const firstLate = told.findIndex(isLate);
  const covered = told.findLastIndex((each) => !isAnswer(each));
  return sure(firstLate < 0 ? told : told.slice(0, Math.max(firstLate, covered))).length;
};

export interface Compared {
  /** How many of the load's events are there. */
  readonly there: number;
  /** How many answers this is a verdict on. */
  readonly counted: number;
}

/**
 * Throws `Lost` where something of what was acknowledged after event `since` is lost, is there twice or in another order, or where the chain
 * is broken. One event more may be there, whose answer was on its way. From an answer that was late on nobody knows which events there have
 * to be, so kinds say nothing: a late one that was done would stand for one that was lost behind it. What counts then is the number.
 */
export const compareKept = (told: readonly string[], kept: Kept, since: number): Compared => {
  insist(kept.brokenAt === null, `the chain is broken at ${kept.brokenAt}`);
  for (const [index, { sequence }] of kept.events.entries()) {
    const before = kept.events[index - 1]?.sequence ?? sequence - 1;
    insist(sequence === before + 1, `event ${sequence} comes after ${before}`);
  }
  const firstLate = told.findIndex(isLate);
  const inTime = firstLate < 0 ? told : told.slice(0, firstLate);
  const wanted = inTime.map((kind) => letters[kind] ?? '-').join('');
  const there = doneAfter(kept, since);
  insist(there.startsWith(wanted), `acknowledged is ${wanted}, and there is ${there}`);
  const most = told.filter(isAnswer).length + 1;
  insist(there.length <= most, `${there.length} events are there, of ${most} at most: ${there}`);
  const reached = reachedIn(told.findLast((each) => !isAnswer(each)) ?? '') ?? 0;
  const last = lastOf(kept);
  insist(
    last >= reached,
    `the kiosk had said that it was at event ${reached}, and the last there is ${last}`,
  );
  return { there: there.length, counted: countedOf(told) };
};
