/** `ADMIN_TOKENS`: operators that go by a name of their own. */
import { z } from 'zod';
import type { Operator } from './operator-journal.ts';

/** The name that goes with `ADMIN_TOKEN`. */
export const firstOperator = 'operator';

/** The token of an operator. What is around it and what no header holds can't be sent, so it would open nothing. */
export const operatorTokenSchema = z
  .string()
  .trim()
  .min(16, 'must be at least 16 characters')
  .max(1024, 'must be at most 1024 characters')
  .regex(/^\P{Cc}*$/u, 'must have no control characters');

const readOperator = (text: string): Operator => {
  const colon = text.indexOf(':');
  return { name: text.slice(0, Math.max(0, colon)).trim(), token: text.slice(colon + 1).trim() };
};
const isUnique = (texts: readonly string[]): boolean => new Set(texts).size === texts.length;

/** What is wrong with it is said without a name or a token. */
export const operatorsSchema = z
  .string()
  .transform((text) => text.split(',').map(readOperator))
  .refine(
    (all) => all.every(({ name }) => /^[a-z0-9][a-z0-9._-]{0,39}$/.test(name)),
    'must be name:token, separated by commas; a name has small letters, digits, points and dashes',
  )
  .refine(
    (all) => all.every(({ token }) => operatorTokenSchema.safeParse(token).success),
    'each token must be at least 16 characters, without control characters',
  )
  .refine(
    (all) => isUnique([firstOperator, ...all.map(({ name }) => name)]),
    'each name must be another, and not that of ADMIN_TOKEN',
  )
  .refine((all) => isUnique(all.map(({ token }) => token)), 'each token must be another');
