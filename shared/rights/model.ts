/**
 * Who may open what, when and how: what the back office sets for a store, and a kiosk obeys offline exactly as online. It comes with
 * the store's document, as one thing, so that no kiosk ever holds half of a change (docs/rights.md).
 */
import { z } from 'zod';
import { labelSchema, nameSchema } from '../models/primitives.ts';

/** What a role may allow. */
export const permissions = [
  /** To open a lock, and to ask it for its state. */
  'open',
  /** To open several locks at once. */
  'open_group',
  /** To make a lock blink. */
  'identify',
  /** To add new locks, and to name and group those that are there. */
  'enrol',
  /** To give back a lock whose release the back office has ordered. */
  'release',
  /** To put another lock in the place of one. */
  'replace',
  /** To acknowledge alarms, to say that one has looked whether a lock is open, and to sign the closing check and the battery round;
   * and when a version of the kiosk's program that waits is installed. */
  'acknowledge_alarms',
  /** To confirm what somebody else opens. */
  'approve',
  /** To read what was opened, by whom. */
  'read_activity',
  /** To let somebody in again who is paused after wrong PINs. */
  'lift_pause',
  /** To take a copy of that away. */
  'export',
  /** To give people badges, and to block them. */
  'manage_badges',
  /** To see how the kiosk's parts are: radio, connection, certificates, lease, time, key store. */
  'see_health',
  /** To leave the kiosk for the computer's own desktop. */
  'leave_kiosk',
] as const;
export type Permission = (typeof permissions)[number];

/** What a role has to be given for: nobody may do it who has no roles, where else they may do everything. */
export const onlyByRole: readonly Permission[] = ['lift_pause', 'manage_badges', 'leave_kiosk'];

/** The roles that every store has. Their words are the page's. */
export const givenRoles = {
  associate: ['open', 'identify'],
  lead: ['open', 'open_group', 'identify', 'acknowledge_alarms', 'approve', 'see_health'],
  manager: permissions,
  back_office: ['open', 'identify', 'enrol', 'release', 'replace', 'see_health'],
  auditor: ['read_activity', 'export'],
} as const satisfies Record<string, readonly Permission[]>;
export type GivenRole = keyof typeof givenRoles;

/** Of a given role its name; of an own one what the back office calls it by. */
const codePattern = /^[a-z0-9][a-z0-9_-]{0,39}$/;
const codeWords = 'is no code: up to 40 of a to z, 0 to 9, - and _';
export const roleIdSchema = z.string().regex(codePattern, codeWords);

/** A role of a store's own. What it allows by a name that this release does not know, it does not allow. */
export const roleSchema = z.object({
  roleId: roleIdSchema,
  name: nameSchema,
  permissions: z.array(labelSchema(40)).max(40),
});

/** A time of day on the wall, `HH:MM`, 00:00 to 24:00. */
export const wallTimeSchema = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'is no time of day (HH:MM)');
/** A day of the calendar, `YYYY-MM-DD`, in the store's time zone. */
export const dateSchema = z.iso.date();

/**
 * By the clock on the store's wall: from `from` on, no more at `until`. Where `until` is not after `from` it is that of the next day.
 */
const windowSchema = z.strictObject({ from: wallTimeSchema, until: wallTimeSchema });
export type Window = z.infer<typeof windowSchema>;

export const scheduleSchema = z.strictObject({
  /** ISO days, 1 is Monday. What begins on a day goes on past its midnight. */
  weekly: z.array(windowSchema.extend({ days: z.array(z.int().min(1).max(7)).min(1).max(7) })).max(30),
  /** What holds on that day in place of the week's. None: closed. A day that stands here twice says two things, and is refused. */
  exceptions: z
    .array(z.strictObject({ date: dateSchema, windows: z.array(windowSchema).max(10) }))
    .max(400)
    .refine((days) => new Set(days.map(({ date }) => date)).size === days.length, 'holds a day twice'),
});
export type Schedule = z.infer<typeof scheduleSchema>;

export const reasonCodeSchema = z.string().regex(codePattern, codeWords);
export const reasonsSchema = z.strictObject({
  choices: z
    .array(z.strictObject({ code: reasonCodeSchema, name: nameSchema }))
    .min(1)
    .max(8),
  /** A number that is asked for after the reason, a receipt's or a case's. Left out: none is asked for. */
  number: z.strictObject({ name: nameSchema, required: z.boolean() }).optional(),
});
export type Reasons = z.infer<typeof reasonsSchema>;

/** What a rule may say. Strict: a rule that says something else is of a later release, and opens nothing here. */
export const ruleSchema = z.strictObject({
  /** The group that it is for; null: every group that has none of its own. */
  group: labelSchema(60).nullable(),
  /** Which roles may open, of those that may open anything. Left out: all. */
  roles: z.array(roleIdSchema).min(1).max(50).optional(),
  schedule: scheduleSchema.optional(),
  /** Whoever opens has to have proved who they are by their badge and by their PIN since they signed in. */
  badge: z.literal('required').optional(),
  /** Somebody else, who may `approve`, has to confirm. */
  twoPeople: z.literal(true).optional(),
  reasons: reasonsSchema.optional(),
  /** In place of the store's own, in seconds: how long it is held open, for who has to walk there. */
  holdOpenSeconds: z.int().min(1).max(60).optional(),
  /** How many minutes pass between asking for it and opening it. */
  delayMinutes: z.int().min(1).max(120).optional(),
});
export type Rule = z.infer<typeof ruleSchema>;

/**
 * As a store's document carries it. Rules are looked into one by one (`readRights`): one that is not understood refuses its own group
 * and no other.
 */
export const storeRightsSchema = z.object({
  /** IANA, as `Europe/Paris`. */
  timeZone: labelSchema(60),
  roles: z.array(roleSchema).max(50),
  rules: z.array(z.looseObject({ group: labelSchema(60).nullable() })).max(500),
});
export type StoreRights = z.infer<typeof storeRightsSchema>;

/** Where somebody is assigned: to the store alone, to its district, or to all of the organisation; the nearest first. */
export const assignedPlaces = ['store', 'district', 'organisation'] as const;
export type AssignedPlace = (typeof assignedPlaces)[number];
/** Which of the roles they have through which; told to people, nothing is judged by it. */
const rolesByPlaceSchema = z.partialRecord(z.enum(assignedPlaces), z.array(roleIdSchema).max(50));
export type RolesByPlace = z.infer<typeof rolesByPlaceSchema>;

/** One of several assignments of a person, as it holds in a store. Strict: one that says something else is of a later release, and allows nothing. */
const assignedRightsSchema = z.strictObject({
  roles: z.array(roleIdSchema).max(50),
  /** Left out by a backend that does not tell, and where this release cannot read it. */
  at: rolesByPlaceSchema.optional().catch(undefined),
  from: dateSchema.optional(),
  until: dateSchema.optional(),
});
const mostAssignments = 20;

/** What of a person rights are judged by. Dates are in the store's time zone; `until` is the last day. */
export const staffRightsFields = {
  /** Left out by a backend that knows no roles: such a person may do everything, as ever. */
  roles: z.array(roleIdSchema).max(50).optional(),
  from: dateSchema.optional(),
  until: dateSchema.optional(),
  /** Of who is assigned, one for those of the same days: these hold, each by its own, in place of the three above. */
  assignments: z.array(assignedRightsSchema).max(mostAssignments).optional(),
} as const;

const unreadableDate = '';
/**
 * As a kiosk takes them from a person's document. What cannot be read allows nothing, and does not keep the document out: else the
 * person would go on with what the one before it allowed.
 */
export const heldStaffRightsFields = {
  roles: z
    .array(z.unknown())
    .max(50)
    .transform((roles) => roles.flatMap((each) => roleIdSchema.safeParse(each).data ?? []))
    .optional()
    .catch([]),
  from: dateSchema.optional().catch(unreadableDate),
  until: dateSchema.optional().catch(unreadableDate),
  assignments: z
    .array(z.unknown())
    .max(mostAssignments)
    .transform((all) => all.flatMap((each) => assignedRightsSchema.safeParse(each).data ?? []))
    .optional()
    .catch([]),
} as const;
export interface AssignedRights {
  /** Left out: everything that takes no role. */
  readonly roles?: readonly string[] | undefined;
  readonly at?: RolesByPlace | undefined;
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}
export interface PersonRights extends AssignedRights {
  readonly staffId: string;
  /** They may do what any of these allows; none: nothing. Left out: what the person's own say. */
  readonly assignments?: readonly AssignedRights[] | undefined;
}

/** Each by itself. */
export const assignmentsOf = (person: PersonRights): readonly AssignedRights[] =>
  person.assignments ?? [person];
