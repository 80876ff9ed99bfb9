/** An error in words: what happened, what it means for the person, what to do. The code is for support, never in a sentence. */
import type { AppError } from '#shared/errors/app-error.ts';
import { errorTable } from '#shared/errors/table.ts';
import { isMomentName, type Moment } from './moment.ts';
import { reasonGroup } from './reason-words.ts';
import { serialWords } from './serial-words.ts';
import { comingWords, pointWords, whenWords } from './time-words.ts';
import { say, t, type MessageValues } from './translate.ts';

export interface ErrorWords {
  readonly title: string;
  readonly meaning: string;
  readonly next: string;
  /** The code, and the reason that a lock or the vendor gave, as support needs it. */
  readonly support: string;
  /** Whether trying again can help. */
  readonly canRetry: boolean;
}

const paramWords = (
  { code }: AppError,
  name: string,
  value: string | number,
  now: number,
): string | number | Moment => {
  if (name === 'reason') return reasonGroup(code, String(value));
  if (typeof value === 'string') {
    if (isMomentName(name)) return { kind: 'time', words: value };
    return name === 'serialNumber' ? serialWords(value) : value;
  }
  if (code === 'rights.outside_hours' || code === 'rights.wait_runs') return comingWords(value, now);
  if (name.endsWith('At')) return whenWords(value, now);
  return name === 'until' ? pointWords(value, now) : value;
};

/** What is looked for over 400 days and is not found has no time. */
const unsaid = ({ code }: AppError, name: string): string =>
  code === 'staff.not_yet' && name === 'fromAt' ? t('when.far_ahead') : '–';

/** Words `error` for a person at the core's time `now`. A value that the sender left out shows as a dash, never as a crash. */
export const wordError = (error: AppError, now: number): ErrorWords => {
  const params: MessageValues = Object.fromEntries(
    errorTable[error.code].params.map((name) => [
      name,
      paramWords(error, name, error.params[name] ?? unsaid(error, name), now),
    ]),
  );
  const reason = error.params.reason;
  return {
    title: say(`error.${error.code}.title`, params),
    meaning: say(`error.${error.code}.meaning`, params),
    next: say(`error.${error.code}.next`, params),
    support: reason === undefined ? error.code : `${error.code} · ${reason}`,
    canRetry: errorTable[error.code].retry !== 'never',
  };
};
