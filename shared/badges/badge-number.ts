/**
 * What is on a badge, as kiosk and backend take it: the same whatever reader, computer or list it came by. The number itself is kept
 * nowhere; what is kept is an HMAC of it under a key of the store (docs/security.md).
 */
import { z } from 'zod';
import { epochMsSchema } from '../models/primitives.ts';

export const shortestBadge = 5;
export const longestBadge = 64;

/** What readers put around a number, each with where the number is in it. */
const wrappers: readonly RegExp[] = [
  // Symbology identifier, ISO/IEC 15424.
  /^\][A-Z][0-9A-Z](.*)$/,
  // Magnetic stripe, ISO/IEC 7813: track 2 from `;` to `=` or `?`, track 1 from `%B` to `^` or `?`.
  /^;([^=?]*)/,
  /^%B?([^^?]*)/,
];

/** Letters and digits alone, in capitals; null where that is no number of a badge. Leading zeros count. */
export const badgeNumberOf = (read: string): string | null => {
  let text = read.trim().toUpperCase();
  for (const wrapper of wrappers) text = wrapper.exec(text)?.[1] ?? text;
  const number = text.replace(/[^0-9A-Z]/g, '');
  const isOne = number.length >= shortestBadge && number.length <= longestBadge && /\d/.test(number);
  return isOne ? number : null;
};

/** Of which the HMAC-SHA-256 under the store's key is what is kept. */
export const badgeHashInput = (number: string): string => `latchpoint badge 1\n${number}`;

export const badgeHashSchema = z.string().regex(/^[0-9a-f]{64}$/);

/** As many as a person's document and one event hold. */
export const mostBadges = 20;

/**
 * Of a person: what their badges are known by, and since when each is theirs or, where it is blocked, since when that is; left out where
 * nobody knows. A blocked one stays, so that it is told from one that nobody knows.
 */
export const badgesSchema = z
  .array(
    z.object({
      hash: badgeHashSchema,
      blocked: z.boolean().optional(),
      since: epochMsSchema.optional().catch(undefined),
    }),
  )
  .max(mostBadges);
export type Badges = z.infer<typeof badgesSchema>;
