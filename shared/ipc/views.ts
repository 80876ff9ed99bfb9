/** The view models that streams carry: small, made for the page, never database documents and never a secret. */
import { z } from 'zod';
import { appErrorSchema } from '../errors/app-error.ts';
import { unlockStages } from '../models/access-event.ts';
import { alarmKindSchema } from '../models/alarm.ts';
import { enrolmentStates } from '../models/enrolment.ts';
import { languageSchema } from '../models/language.ts';
import { epochMsSchema, serialNumberSchema, uuidSchema } from '../models/primitives.ts';
import { revocationReasons } from '../models/revocation-reason.ts';
import { assignedPlaces, permissions, reasonsSchema, roleIdSchema } from '../rights/model.ts';
import { updateNoticeSchema } from './update-view.ts';

const heldRoleSchema = z.strictObject({
  roleId: roleIdSchema,
  /** null of a given role, which the page words, and of one that is not known here. */
  name: z.string().nullable(),
  /** Through which assignments; none where the backend has not told. */
  at: z.array(z.enum(assignedPlaces)),
});
export type HeldRole = z.infer<typeof heldRoleSchema>;

export const kioskViewSchema = z.strictObject({
  phase: z.enum(['starting', 'unregistered', 'ready', 'revoked']),
  kioskName: z.string(),
  /** IANA: by whose clock times are said; left out where the store has none, or none that the kiosk knows. */
  timeZone: z.string().optional(),
  storeName: z.string().nullable(),
  /** What the store's district and its organisation are called; left out where there is none, or no name is known. */
  district: z.string().optional(),
  organisation: z.string().optional(),
  /** The store’s own, where it has one. */
  language: languageSchema.optional(),
  /** Whoever stands there may see Health: by their roles; signed out, where all of the store may, and before a kiosk is set up. */
  seesHealth: z.boolean().optional(),
  /** The host can be left for the computer’s desktop (`leaveKiosk`). */
  canLeave: z.boolean().optional(),
  /** Whether anybody’s badge signs them in here. */
  takesBadges: z.boolean().optional(),
  /** Whether a customer is waiting, and since when; left out where the store does not go by that. */
  customer: z.strictObject({ since: epochMsSchema.nullable() }).optional(),
  /** What there is to say of the kiosk's own updates; left out where there is nothing, and where IT pushes them. */
  update: updateNoticeSchema.optional(),
  /** Who is signed in; `idleAt` is when they will be signed out if nothing is touched. */
  session: z
    .strictObject({
      staffId: uuidSchema,
      name: z.string(),
      /** Their own; without it the store’s. */
      language: languageSchema.optional(),
      idleAt: epochMsSchema,
      /** What their roles allow at all; at a lock its group's rule comes on top (`obstacle` and `needs` of its tile). */
      permissions: z.array(z.enum(permissions)),
      /** None: nobody has given this person roles. */
      roles: z.array(heldRoleSchema),
    })
    .nullable(),
  /** Who was signed out last, where that was for touching nothing; null where it was otherwise, and once somebody signs in. */
  idledOut: uuidSchema.nullable(),
  staff: z.array(
    z.strictObject({
      staffId: uuidSchema,
      name: z.string(),
      /** Tells people of one name apart; null where the back office has set none. */
      employeeNumber: z.string().nullable(),
      lockedUntil: epochMsSchema.nullable(),
      /** How many badges sign them in; told only to whoever may manage them, else left out. */
      badges: z.int().min(0).optional(),
      /** Their roles now, told to the same; none where nobody has given them any. */
      roles: z.array(heldRoleSchema).optional(),
      /** The back office has not taken a badge that they were given here; told to the same. */
      badgeNotTaken: z.literal(true).optional(),
    }),
  ),
  /** What happened to the kiosk's data, or to what this person has done, that they have to know; null when all is well. */
  notice: appErrorSchema.nullable(),
  /** What keeps every lock closed; null when nothing does. */
  obstacle: appErrorSchema.nullable(),
  /** Why the back office has revoked the kiosk; null where it has not, or where nobody knows. */
  revokedFor: z.enum(revocationReasons).nullable(),
  /** The core's clock: the page shows times relative to it, not to its own. */
  now: epochMsSchema,
});
export type KioskView = z.infer<typeof kioskViewSchema>;
export type Phase = KioskView['phase'];

/** `unknown`: in range, and the adapter does not tell how strong the signal is. */
export const proximities = ['here', 'near', 'far', 'unknown'] as const;
export type Proximity = (typeof proximities)[number];

export const lockTileSchema = z.strictObject({
  serialNumber: serialNumberSchema,
  name: z.string(),
  group: z.string(),
  /** null: of this store, but not in range. */
  proximity: z.enum(proximities).nullable(),
  /** Percent; null while not in range. */
  battery: z.int().min(0).max(100).nullable(),
  /** When this kiosk last heard it, and its battery then; null while it is in range, and where the kiosk never has. Not authenticated. */
  lastHeard: z.strictObject({ at: epochMsSchema, battery: z.int().min(0).max(100) }).nullable(),
  batteryLow: z.boolean(),
  /** What the lock advertises of its bolt; null while not in range, and of one that says it is new. Not authenticated: shown as a hint, never as a result. */
  boltOpen: z.boolean().nullable(),
  /** The alarms about it, the oldest first. */
  alarms: z.array(z.strictObject({ kind: alarmKindSchema, since: epochMsSchema, acknowledged: z.boolean() })),
  /** Since when it is not known whether it is open: until the lock says, or a person has looked. */
  unknownSince: epochMsSchema.nullable(),
  /** The lock's own last word, if it was a refusal. */
  refused: z.strictObject({ at: epochMsSchema, error: appErrorSchema }).nullable(),
  /** Why a tap would not open it now, for whoever is signed in; null when it would be tried. */
  obstacle: appErrorSchema.nullable(),
  /** What whoever is signed in has to bring to open it (`asked` of `unlock`); null when nothing. */
  needs: z
    .strictObject({
      /** Somebody else has to confirm. */
      secondPerson: z.boolean(),
      /** One of these, and its number; null: no reason is asked for. */
      reasons: reasonsSchema.nullable(),
      /** They have to prove who they are by this, too (`proveSelf`). Left out: not, or they have. */
      proof: z.enum(['pin', 'badge']).optional(),
      /** How long before it has to be asked for (`askOpening`). Left out: not at all, or that is over. */
      delayMinutes: z.int().min(1).optional(),
    })
    .nullable(),
  /**
   * Of a lock with a delay that somebody has asked for, by name (null: nobody of the store any more): when it can be opened, until
   * when, and whether it can now. Left out: nobody has, or it has lapsed.
   */
  wait: z
    .strictObject({
      name: z.string().nullable(),
      opensAt: epochMsSchema,
      until: epochMsSchema,
      over: z.boolean(),
    })
    .optional(),
  /** Until when the lock opens without any contact to the backend; null when it cannot. */
  opensOfflineUntil: epochMsSchema.nullable(),
  /** The place that it is in; left out of a spare, and where the backend knows no places. */
  place: uuidSchema.optional(),
  /** The back office has ordered that it is given back: `releaseLock` does it. */
  toBeReleased: z.boolean(),
});
export type LockTile = z.infer<typeof lockTileSchema>;

export const locksViewSchema = z.strictObject({
  /** Every lock of the store but the spares. Order: what needs somebody first, then by proximity, then by name. */
  locks: z.array(lockTileSchema),
  /** Those in no place, since another took theirs; told only to whoever may `replace`, where there are any. They are called by their serial numbers. */
  spares: z.array(lockTileSchema).optional(),
  /** Provisioned locks in range that are not of this store. */
  foreign: z.array(z.strictObject({ serialNumber: serialNumberSchema, proximity: z.enum(proximities) })),
});
export type LocksView = z.infer<typeof locksViewSchema>;

export const alarmSchema = z.strictObject({
  kind: alarmKindSchema,
  /** null: it is about no lock. */
  lock: z.strictObject({ serialNumber: serialNumberSchema, name: z.string(), group: z.string() }).nullable(),
  since: epochMsSchema,
  /** Of duress: at which kiosk, whose, and when; `name` is null of who is not known here. */
  elsewhere: z
    .strictObject({ kioskName: z.string(), name: z.string().nullable(), at: epochMsSchema })
    .optional(),
  /** By whom, and when; `name` is null of who is not known any more. null: by nobody yet. */
  acknowledged: z.strictObject({ at: epochMsSchema, name: z.string().nullable() }).nullable(),
});
export type Alarm = z.infer<typeof alarmSchema>;
export const alarmsViewSchema = z.strictObject({
  /** How many nobody has acknowledged: all that is told of them while nobody is signed in, and 0 for who may not. */
  count: z.int().min(0),
  /** For whoever stands there: how many grave ones nobody has acknowledged, and when the newest of all, and of these, came. */
  grave: z.int().min(0),
  newestAt: epochMsSchema.nullable(),
  newestGraveAt: epochMsSchema.nullable(),
  /** For who may acknowledge them: what is to be acknowledged first, then the gravest, then the newest. */
  alarms: z.array(alarmSchema),
});
export type AlarmsView = z.infer<typeof alarmsViewSchema>;

export const newLockSchema = z.strictObject({
  serialNumber: serialNumberSchema,
  proximity: z.enum(proximities),
  battery: z.int().min(0).max(100),
  /** Its enrolment's state when there is one; null when it is waiting to be enrolled. */
  enrolment: z.enum(enrolmentStates).nullable(),
});
export const newLocksViewSchema = z.strictObject({ locks: z.array(newLockSchema) });
export type NewLocksView = z.infer<typeof newLocksViewSchema>;

export const unlockEndSchema = z.discriminatedUnion('kind', [
  /** The lock said, authenticated, that its bolt is open, and for how long it holds it. */
  z.strictObject({ kind: z.literal('open'), until: epochMsSchema }),
  z.strictObject({ kind: z.literal('not_open'), error: appErrorSchema }),
  /** The command left, no answer came: only the lock knows. */
  z.strictObject({ kind: z.literal('unknown') }),
]);
export type UnlockEnd = z.infer<typeof unlockEndSchema>;

export const attemptViewSchema = z.strictObject({
  attempt: z
    .strictObject({
      attemptId: uuidSchema,
      serialNumber: serialNumberSchema,
      lockName: z.string(),
      startedAt: epochMsSchema,
      stage: z.enum(unlockStages),
      /** Milliseconds that each finished stage took. */
      stageMs: z.partialRecord(z.enum(unlockStages), z.int().min(0)),
      /** Stopping is possible until the command has been sent. */
      canStop: z.boolean(),
      end: unlockEndSchema.nullable(),
      /** What the lock has said, authenticated, about its bolt since the end: `locked` once it is locked again. */
      bolt: z.enum(['open', 'locked']).nullable(),
    })
    .nullable(),
});
export type AttemptView = z.infer<typeof attemptViewSchema>;

/** A run that opens several locks; several may be at work at once. */
export const groupViewSchema = z.strictObject({
  run: z
    .strictObject({
      runId: uuidSchema,
      over: z.boolean(),
      /** In the order in which they were asked for. */
      locks: z.array(
        z.strictObject({
          serialNumber: serialNumberSchema,
          name: z.string(),
          working: z.boolean(),
          end: unlockEndSchema.nullable(),
          /** As in an attempt: what the lock has said, authenticated, about its bolt since the end. */
          bolt: z.enum(['open', 'locked']).nullable(),
        }),
      ),
    })
    .nullable(),
});
export type GroupView = z.infer<typeof groupViewSchema>;
export type GroupRun = NonNullable<GroupView['run']>;

/** What a lock keeps of its own doings. */
export const ringEventKinds = [
  'unlocked',
  'refused',
  'provisioned',
  'released',
  'tampered',
  'power_lost',
] as const;

/** One entry of a lock's own record, whichever kiosk it came from. */
export const ringEventViewSchema = z.strictObject({
  sequence: z.int().min(0),
  /** By the lock's own clock, which may be behind. */
  at: epochMsSchema,
  kind: z.enum(ringEventKinds),
  actor: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('nobody') }),
    z.strictObject({ kind: z.literal('staff'), name: z.string() }),
    /** A person whom this kiosk does not know, or not any more. */
    z.strictObject({ kind: z.literal('unknown') }),
  ]),
});
export type RingEventView = z.infer<typeof ringEventViewSchema>;
/** More than any lock's ring holds. */
export const mostRingEvents = 256;
