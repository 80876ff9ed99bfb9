/** What is said of rounds that were signed before, at their screens. */
import type { SignedRoundsView } from '#shared/models/signed-round.ts';
import type { Sweep } from '#shared/models/sweep.ts';
import { comingWords, pointWords } from '../i18n/time-words.ts';
import { t } from '../i18n/translate.ts';

/** Two within it are of one evening. */
const eveningMs = 12 * 60 * 60_000;
/** So long ago a weekday is still unmistakable. */
const weekMs = 6 * 24 * 60 * 60_000;

/** So many are listed. */
const mostListed = 5;

export interface SignedRow {
  /** Within the last 12 hours. */
  readonly recent: boolean;
  readonly when: string;
  readonly name: string;
  readonly found: string;
}

/** What a closing check has found; a lock that says it is open is none that nobody has confirmed. */
export const foundWords = (sweep: Omit<Sweep, 'serialNumbers'>): string => {
  const { heardLocked: heard, seenLocked: seen, notLocked, heardOpen: open = 0 } = sweep;
  return t('sweep.found', { heard, seen, open, left: notLocked - open });
};
/** What came of a battery round. */
export const changedWords = (round: { readonly changed: number; readonly left: number }): string =>
  t('battery.found', round);

/** "21:03" today, "Sun 21:03" within a week, then the date; a clock that was ahead knew no time. */
const atWords = (at: number | null, now: number): string => {
  if (at === null) return t('rounds.when_unknown');
  return (now - at < weekMs ? comingWords(at, now, 'short') : pointWords(at, now)).words;
};

/** Those of the last 12 hours; where there is none, the last one. The newest first. */
export const signedRows = <T extends SignedRoundsView['sweeps' | 'batteries'][number]>(
  rounds: readonly T[],
  found: (round: T) => string,
  now: number,
): readonly SignedRow[] => {
  const rows = rounds.map((round) => ({
    recent: round.at !== null && now - round.at < eveningMs,
    when: atWords(round.at, now),
    name: round.name ?? t('activity.person_gone'),
    found: found(round),
  }));
  const recent = rows.filter((row) => row.recent);
  return recent.length > 0 ? recent : rows.slice(0, 1);
};

/** The newest of them, and how many were signed before those. */
export const listedRows = (
  rows: readonly SignedRow[],
): { readonly listed: readonly SignedRow[]; readonly earlier: number } => {
  const listed = rows.slice(0, mostListed);
  return { listed, earlier: rows.length - listed.length };
};
