/**
 * Badges that were given at this kiosk and that the backend has passed over, as somebody else had them by then: whoever gave one is to know,
 * or its person stands there with a badge that signs in nobody. One that was blocked since is to sign in nobody.
 */
import { BehaviorSubject, combineLatest, type Observable } from 'rxjs';
import { z } from 'zod';
import { badgeHashSchema } from '#shared/badges/badge-number.ts';
import { createQueue } from '#shared/flow/queue.ts';
import { activeOf } from '#shared/badges/change-badges.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { PlannedEvent } from '#shared/models/access-event.ts';
import type { StaffDocument } from '#shared/models/documents.ts';
import { readJson } from '#shared/models/json.ts';
import { epochMsSchema, uuidSchema } from '#shared/models/primitives.ts';
import type { Notes } from '../data/notes.ts';
import type { Clock } from '../platform/clock.ts';

const noteKey = 'badges-not-taken';
const saidForMs = 30 * 86_400_000;
/** Whoever was given one first makes room. */
const most = 50;

const givenSchema = z.object({
  eventId: uuidSchema,
  staffId: uuidSchema,
  hash: badgeHashSchema,
  /** Who gave it; null where nobody is named. */
  by: uuidSchema.nullable(),
  at: epochMsSchema,
});
type Given = Readonly<z.infer<typeof givenSchema>>;
export type BadgeNotTaken = Pick<Given, 'staffId' | 'by'>;

export interface BadgesNotTaken {
  /** The newest last. Replays. */
  readonly notTaken$: Observable<readonly BadgeNotTaken[]>;
  /** Nothing here is of this kiosk any more. */
  forgetAll(): Promise<void>;
  dispose(): void;
}

export interface BadgesNotTakenOptions {
  /** What was given and blocked here, until the backend's word on it is here. */
  readonly done$: Observable<readonly PlannedEvent[]>;
  readonly staff$: Observable<readonly StaffDocument[]>;
  readonly notes: Notes;
  readonly clock: Pick<Clock, 'now'>;
  readonly logger: Logger;
}

const givenBy = (event: PlannedEvent): Given[] =>
  event.kind !== 'badge_assigned' || event.staffId === null
    ? []
    : (event.badges ?? []).map((hash) => ({
        eventId: event.eventId,
        staffId: event.staffId ?? '',
        hash,
        at: event.at,
        by: event.approver?.staffId ?? null,
      }));

const isBlockedBy = ({ staffId, hash }: Given, event: PlannedEvent): boolean =>
  event.kind === 'badge_blocked' &&
  event.staffId === staffId &&
  (event.allBadges === true || event.badges?.includes(hash) === true);
/** In the order in which they happened: what was given, and not blocked since. */
const givenAndKept = (events: readonly PlannedEvent[]): readonly Given[] =>
  events.reduce<readonly Given[]>(
    (all, event) => [...all.filter((given) => !isBlockedBy(given, event)), ...givenBy(event)],
    [],
  );

export const createBadgesNotTaken = async (options: BadgesNotTakenOptions): Promise<BadgesNotTaken> => {
  const { done$, staff$, notes, clock, logger } = options;
  const noted = readJson(z.array(givenSchema), await notes.readNote(noteKey)) ?? [];
  const notTaken$ = new BehaviorSubject<readonly Given[]>(noted);
  let waiting: readonly Given[] = [];
  const queue = createQueue();

  /** The backend has none of it, and nobody has given that person another since, nor blocked all that they had. */
  const isMissing = (given: Given, people: readonly StaffDocument[]): boolean => {
    const person = people.find(({ staffId }) => staffId === given.staffId);
    if (!person || clock.now() - given.at > saidForMs) return false;
    const isAnother = waiting.some(({ staffId, at }) => staffId === given.staffId && at > given.at);
    const { badges = [] } = person;
    if (isAnother || badges.some(({ hash }) => hash === given.hash)) return false;
    const since = badges.filter((badge) => (badge.since ?? 0) > given.at);
    // One alone that was blocked is none that they were given.
    return (
      !since.some(({ blocked }) => blocked !== true) && (since.length === 0 || activeOf(badges).length > 0)
    );
  };
  const keep = (next: readonly Given[]): void => {
    const ids = (all: readonly Given[]): string => all.map(({ eventId }) => eventId).join();
    if (ids(next) === ids(notTaken$.value)) return;
    notTaken$.next(next);
    void queue.add(async () => {
      const written = await notes.writeNote(noteKey, next.length === 0 ? '' : JSON.stringify(next));
      if (!written.ok) logger.warn('a badge that was not taken was not noted', { code: written.error.code });
    });
  };
  const looking = combineLatest([done$, staff$]).subscribe(([done, people]) => {
    const before = waiting;
    waiting = givenAndKept(done);
    const still = new Set(done.map(({ eventId }) => eventId));
    const heardOf = before.filter(({ eventId }) => !still.has(eventId));
    // A kiosk that has nobody yet, or no more, knows nothing of what was taken.
    if (people.length === 0) return;
    // What the backend has not heard of yet came after what it has.
    const all = [...notTaken$.value, ...heardOf].filter(
      (given) => !done.some((event) => isBlockedBy(given, event)),
    );
    keep(all.filter((given) => isMissing(given, people)).slice(-most));
  });

  return {
    notTaken$,
    forgetAll: async () => {
      waiting = [];
      keep([]);
      await queue.idle();
    },
    dispose: () => {
      looking.unsubscribe();
      notTaken$.complete();
    },
  };
};
