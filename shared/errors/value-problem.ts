/**
 * What is wrong with a value, as whoever wrote it is told: behind the name of where it stands, and without the value. For zod, which else
 * says it in words of its own; what a schema says itself goes before.
 */
import type { z } from 'zod';

type Issue = z.core.$ZodRawIssue;
type Of<C extends Issue['code']> = Extract<Issue, { code: C }>;

const kinds: Readonly<Record<string, string>> = {
  string: 'no text',
  number: 'no number',
  int: 'no whole number',
  boolean: 'neither true nor false',
  array: 'no list',
  object: 'no object of JSON',
  record: 'no object of JSON',
};

const formats: Readonly<Record<string, string>> = {
  uuid: 'no UUID',
  guid: 'no UUID',
  url: 'no address of the Web',
  date: 'no day (YYYY-MM-DD)',
  datetime: 'no time (ISO 8601)',
  base64: 'no base64',
};

const counted = (count: number | bigint, one: string, many: string): string =>
  `${count} ${Number(count) === 1 ? one : many}`;

const lengthOf = (origin: string, count: number | bigint): string => {
  if (origin === 'string') return counted(count, 'character', 'characters');
  if (origin === 'array' || origin === 'set') return counted(count, 'entry', 'entries');
  return String(count);
};

const isLength = (origin: string): boolean => ['string', 'array', 'set'].includes(origin);

const tooSmall = ({ origin, minimum, inclusive = true }: Of<'too_small'>): string => {
  if (!isLength(origin)) return inclusive ? `is less than ${minimum}` : `is not more than ${minimum}`;
  return Number(minimum) === 1 ? 'is empty' : `has fewer than ${lengthOf(origin, minimum)}`;
};

const tooBig = ({ origin, maximum, inclusive = true }: Of<'too_big'>): string => {
  if (isLength(origin)) return `has more than ${lengthOf(origin, maximum)}`;
  return inclusive ? `is more than ${maximum}` : `is not less than ${maximum}`;
};

/** To be given to zod where it parses what a person wrote (`safeParse(value, { error: valueProblem })`). */
export const valueProblem = (issue: Issue): string => {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `is ${kinds[issue.expected] ?? 'not of its kind'}`;
    case 'invalid_format':
      return `is ${formats[issue.format] ?? 'not of its form'}`;
    case 'too_small':
      return tooSmall(issue);
    case 'too_big':
      return tooBig(issue);
    case 'not_multiple_of':
      return `is no multiple of ${issue.divisor}`;
    case 'unrecognized_keys':
      return `has what is not known here: ${issue.keys.join(', ')}`;
    case 'invalid_value':
      return issue.values.length === 1
        ? `is not ${String(issue.values[0])}`
        : `is none of ${issue.values.map(String).join(', ')}`;
    case 'invalid_union':
      return issue.input === undefined ? 'is missing' : 'is in none of its forms';
    default:
      return 'is not right';
  }
};
