/** A point of time in words, and which form they have: a message may need another word before "14:05" than before "4 Mar". */
export interface Moment {
  /** `time`: of today, "14:05". `weekday`: "Fri 14:05". `date`: "4 Mar", with the year or without. */
  readonly kind: 'time' | 'weekday' | 'date';
  readonly words: string;
}

/** The parameters that are moments, in every message: those of errors end in "At". */
export const isMomentName = (name: string): boolean => /^(since|until|when|time|date)$|At$/.test(name);

/** The twin of a moment's parameter, by which a message chooses: `{untilKind, select, time {…} weekday {…} other {…}}`. */
export const twinOf = (name: string): string => `${name}Kind`;
