/**
 * What was done with badges at this kiosk and the backend does not say yet. It holds until the backend says so itself, or says what
 * cannot be both.
 */
import { BehaviorSubject, type Observable } from 'rxjs';
import { mostBadges, type Badges } from '#shared/badges/badge-number.ts';
import { activeOf } from '#shared/badges/change-badges.ts';
import type { StaffDocument } from '#shared/models/documents.ts';

export type BadgeState = 'none' | 'active' | 'blocked';

/** `over`: what the backend may still say while it has not heard of all of it. */
interface Done {
  readonly staffId: string;
  readonly hash: string;
  readonly to: Exclude<BadgeState, 'none'>;
  readonly over: readonly BadgeState[];
  readonly since: number | null;
}

export interface HeldBadge {
  readonly hash: string;
  /** The beginning of that: what the page knows it by. */
  readonly badgeId: string;
  readonly blocked: boolean;
  /** Since when it is theirs or, where it is blocked, since when that is; null: nobody knows. */
  readonly since: number | null;
}

export interface DoneBadges {
  /** What that badge is to that person, by the backend and by what was done here. */
  stateOf(person: StaffDocument, hash: string): BadgeState;
  /** All of a person's, the newest first. */
  of(person: StaffDocument): HeldBadge[];
  done(badge: Omit<Done, 'over'>, from: BadgeState): void;
  /** What was done last with that badge of that person; undefined: nothing that is remembered. */
  last(staffId: string, hash: string): BadgeState | undefined;
  /** Replays. */
  readonly changed$: Observable<unknown>;
  forgetAll(): void;
  dispose(): void;
}

export const badgeIdOf = (hash: string): string => hash.slice(0, 16);

export const stateIn = (badges: Badges | undefined, hash: string): BadgeState => {
  const badge = badges?.find((one) => one.hash === hash);
  return badge ? (badge.blocked === true ? 'blocked' : 'active') : 'none';
};

export const createDoneBadges = (
  staff$: Observable<readonly StaffDocument[]>,
  people: () => readonly StaffDocument[],
): DoneBadges => {
  const done$ = new BehaviorSubject<ReadonlyMap<string, Done>>(new Map());

  const holds = (person: StaffDocument | undefined, { hash, to, over, staffId }: Done): boolean => {
    if (!person) return false;
    const said = stateIn(person.badges, hash);
    if (said === to || !over.includes(said)) return false;
    if (to === 'blocked') return true;
    // The backend passes over what was given here where somebody else has it, and one more than a person can have.
    if (said === 'none' && activeOf(person.badges).length >= mostBadges) return false;
    return !people().some((one) => one.staffId !== staffId && stateIn(one.badges, hash) !== 'none');
  };
  const settled = staff$.subscribe((now) => {
    const left = [...done$.value].filter(([, done]) =>
      holds(
        now.find(({ staffId }) => staffId === done.staffId),
        done,
      ),
    );
    if (left.length < done$.value.size) done$.next(new Map(left));
  });

  const here = (person: StaffDocument, hash: string): Done | undefined => {
    const done = done$.value.get(`${person.staffId} ${hash}`);
    return done && holds(person, done) ? done : undefined;
  };
  const stateOf = (person: StaffDocument, hash: string): BadgeState =>
    here(person, hash)?.to ?? stateIn(person.badges, hash);

  return {
    stateOf,
    of: (person) => {
      const said = new Map((person.badges ?? []).map((badge) => [badge.hash, badge]));
      const own = [...done$.value.values()].filter(({ staffId }) => staffId === person.staffId);
      const hashes = [...new Set([...said.keys(), ...own.map(({ hash }) => hash)])];
      const held = hashes.flatMap((hash): HeldBadge[] => {
        const state = stateOf(person, hash);
        const done = here(person, hash);
        const since = done ? done.since : (said.get(hash)?.since ?? null);
        return state === 'none'
          ? []
          : [{ hash, badgeId: badgeIdOf(hash), blocked: state === 'blocked', since }];
      });
      return held.sort((a, b) => (b.since ?? 0) - (a.since ?? 0));
    },
    done: (badge, from) => {
      const key = `${badge.staffId} ${badge.hash}`;
      const over = [...(done$.value.get(key)?.over ?? []), from];
      done$.next(new Map(done$.value).set(key, { ...badge, over }));
    },
    last: (staffId, hash) => done$.value.get(`${staffId} ${hash}`)?.to,
    changed$: done$,
    forgetAll: () => done$.next(new Map()),
    dispose: () => {
      settled.unsubscribe();
      done$.complete();
    },
  };
};
