/** Of the contract, what whoever may manage badges does with them. No call has a number of one in its answer. */
import { z } from 'zod';
import { mostBadges } from '../badges/badge-number.ts';
import { epochMsSchema, uuidSchema } from '../models/primitives.ts';
import { rightsErrors } from './call-errors.ts';
import { defineCall, nothing } from './define.ts';

/** As it was typed: the core takes from it what is on the badge. */
export const badgeReadSchema = z.string().min(1).max(512);

/** Tells badges apart, and nothing else. */
const badgeIdSchema = z.string().regex(/^[0-9a-f]{16}$/);

const managingErrors = [
  'staff.not_signed_in',
  ...rightsErrors,
  'staff.unknown',
  'storage.disk_full',
  'storage.read_only',
] as const;
const readingErrors = ['badge.unreadable', 'badge.no_key', 'badge.of_two'] as const;

/** That is as many as the backend says, and as many may have been given here meanwhile. */
const mostListed = 2 * mostBadges;

export const badgeCalls = {
  /** The badges of a person, the newest first. */
  personBadges: defineCall({
    input: z.strictObject({ staffId: uuidSchema }),
    output: z.strictObject({
      badges: z
        .array(
          z.strictObject({
            badgeId: badgeIdSchema,
            blocked: z.boolean(),
            /** Since when it is theirs or, where it is blocked, since when that is; null: nobody knows. */
            since: epochMsSchema.nullable(),
          }),
        )
        .max(mostListed),
    }),
    errors: ['staff.not_signed_in', ...rightsErrors],
    deadlineMs: 5_000,
  }),
  /** Whose badge is held to the reader; `holder` is null of one that is nobody's. It signs nobody in, and changes nothing. */
  readBadge: defineCall({
    input: z.strictObject({ read: badgeReadSchema }),
    output: z.strictObject({
      badgeId: badgeIdSchema,
      holder: z.strictObject({ staffId: uuidSchema, blocked: z.boolean() }).nullable(),
    }),
    errors: ['staff.not_signed_in', ...rightsErrors, ...readingErrors],
    deadlineMs: 5_000,
  }),
  /** A badge that is presented is that person's from now on, at this kiosk at once, at others when the backend has told them. */
  assignBadge: defineCall({
    input: z.strictObject({ staffId: uuidSchema, read: badgeReadSchema }),
    output: nothing,
    errors: [
      ...managingErrors,
      ...readingErrors,
      'badge.of_another',
      'badge.blocked_of_another',
      'badge.too_many',
    ],
    deadlineMs: 10_000,
  }),
  /** That badge or, where none is named, no badge of that person signs them in any more, likewise. */
  blockBadges: defineCall({
    input: z.strictObject({ staffId: uuidSchema, badgeId: badgeIdSchema.optional() }),
    output: nothing,
    errors: [...managingErrors, 'badge.unknown'],
    deadlineMs: 10_000,
  }),
} as const;
