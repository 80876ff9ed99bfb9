/**
 * Who may do what at this kiosk, now: the one place that asks `decide`, for the tile, for every call, for the attempt and for who
 * confirms it. It goes by trusted time, offline exactly as online.
 */
import { BehaviorSubject, type Observable } from 'rxjs';
import { z } from 'zod';
import type { AppError } from '#shared/errors/app-error.ts';
import type { HeldRole, LockTile } from '#shared/ipc/views.ts';
import { compareNames, languageOf } from '#shared/models/language.ts';
import type { SignInMethod } from '#shared/models/access-event.ts';
import type { StaffDocument, StoreDocument } from '#shared/models/documents.ts';
import {
  assignmentsAt,
  decide,
  delayMinutesOf,
  holdOpenSecondsOf,
  leavesRule,
  permissionsAt,
  permissionsOf,
  readRights,
  reasonsOf,
  whoMay,
  type Decision,
  type Rights,
} from '#shared/rights/decide.ts';
import {
  assignedPlaces,
  roleSchema,
  type AssignedPlace,
  type AssignedRights,
  type Permission,
  type PersonRights,
  type Reasons,
} from '#shared/rights/model.ts';
import type { Clock } from '../platform/clock.ts';
import { onEachMinute } from './each-minute.ts';
import { missingProof, nobody, notBrought, notWaited, refusalOf, type Opening } from './opening.ts';
import { openableMs, type Waits } from './waits.ts';

const minuteMs = 60_000;

export interface Person {
  readonly staffId: string;
  readonly name: string;
}

export interface JudgedLock {
  readonly serialNumber: string;
  readonly group: string;
}

export interface Judge {
  /** What keeps this person from it now, whatever they bring; null: nothing. `group` is the lock's, null or '' for none. */
  refusal(staffId: string, act: Permission, group: string | null): AppError | null;
  /** What keeps this person from opening that lock with what they have brought; null: nothing. */
  obstacle(staffId: string, lock: JudgedLock, opening: Opening): AppError | null;
  /** What they have to bring to open a lock of that group, be its delay over or not; null: nothing, or it would not help. */
  needs(staffId: string, group: string, method: SignInMethod): LockTile['needs'];
  /** Of a lock of a group with a delay that somebody has asked for: when it can be opened, and until when. */
  wait(lock: JudgedLock): LockTile['wait'];
  /** By the rule of that group, now; null: it has no delay. */
  delayMinutes(group: string): number | null;
  /** Why this person cannot be signed in: by their dates, or because their roles allow nothing; null: they can. */
  absence(staffId: string): AppError | null;
  /** By the roles that hold now. */
  permissions(staffId: string): Permission[];
  /** None: they were never given any, or none that holds now. */
  roles(staffId: string): HeldRole[];
  whoMay(act: Permission, group: string): Person[];
  /** What the rule of that group asks for now; null: for no reason. */
  reasons(group: string): Reasons | null;
  /** Whether a lock that goes from one group to the other leaves the rule that holds for it. */
  leavesRule(from: string, to: string): boolean;
  /** By whose clock hours and dates are told, an IANA name; undefined: none is set, or none that is known here. */
  timeZone(): string | undefined;
  /** For how many seconds a lock of that group is held open; null: as the store's policy says. */
  holdOpenSeconds(group: string): number | null;
  /** Whether the backend has set rights: only such a one takes events that tell how and with whom something was opened. */
  isSet(staffId: string): boolean;
  /** Emits when something may be judged otherwise than before: at each change, and at each minute. Replays. */
  readonly changed$: Observable<null>;
  dispose(): void;
}

export interface JudgeOptions {
  readonly staff$: Observable<readonly StaffDocument[]>;
  readonly store$: Observable<StoreDocument | null>;
  readonly waits: Pick<Waits, 'of' | 'changed$'>;
  /** Trusted time. */
  readonly clock: Clock;
}

export const createJudge = ({ staff$, store$, waits, clock }: JudgeOptions): Judge => {
  let people: ReadonlyMap<string, StaffDocument> = new Map();
  let rights: Rights = readRights(undefined);
  let given: unknown;
  const changed$ = new BehaviorSubject(null);
  const changed = (): void => changed$.next(null);
  const staffChanges = staff$.subscribe((staff) => {
    people = new Map(staff.map((person) => [person.staffId, person]));
    changed();
  });
  const storeChanges = store$.subscribe((store) => {
    given = store?.rights;
    rights = readRights(given);
    changed();
  });
  const waitChanges = waits.changed$.subscribe(changed);
  const stopTicking = onEachMinute(clock, changed);

  const decideFor = (staffId: string, act: Permission, group: string | null): Decision | null => {
    const person = people.get(staffId);
    return person ? decide(person, act, group, clock.now(), rights) : null;
  };
  const refusal: Judge['refusal'] = (staffId, act, group) => {
    const decision = decideFor(staffId, act, group);
    return decision === null ? nobody : refusalOf(decision);
  };

  const refusedByDates = (person: PersonRights): AppError | null =>
    refusalOf(decide(onlyDated(person), 'identify', null, clock.now(), rights));

  const wait: Judge['wait'] = ({ serialNumber, group }) => {
    const minutes = delayMinutesOf(group, rights);
    const asked = waits.of(serialNumber);
    if (minutes === null || !asked) return undefined;
    // By what the rule says now: one that was changed meanwhile is obeyed.
    const leftMs = asked.begunAt + minutes * minuteMs - clock.sinceBoot();
    if (leftMs <= -openableMs) return undefined;
    const opensAt = clock.now() + leftMs;
    const name = people.get(asked.staffId)?.name ?? null;
    return { name, opensAt, until: opensAt + openableMs, over: leftMs <= 0 };
  };

  return {
    refusal,
    wait,
    delayMinutes: (group) => delayMinutesOf(group, rights),
    obstacle: (staffId, lock, opening) => {
      const { group } = lock;
      for (const act of opening.acts) {
        const refused = refusal(staffId, act, group);
        if (refused) return refused;
      }
      const decision = decideFor(staffId, 'open', group);
      const needs = decision?.kind === 'needs' ? decision.needs : [];
      const early = needs.includes('wait') ? notWaited(wait(lock), delayMinutesOf(group, rights)) : null;
      if (early) return early;
      const mayApprove = (approverId: string): boolean => refusal(approverId, 'approve', group) === null;
      return notBrought(needs, reasonsOf(group, rights), opening, staffId, mayApprove);
    },
    needs: (staffId, group, method) => {
      const decision = decideFor(staffId, 'open', group);
      if (decision?.kind !== 'needs') return null;
      const minutes = decision.needs.includes('wait') ? delayMinutesOf(group, rights) : null;
      const proof = missingProof(decision.needs, method);
      if (!proof && decision.needs.every((need) => need === 'badge')) return null;
      return {
        secondPerson: decision.needs.includes('second_person'),
        reasons: decision.needs.includes('reason') ? reasonsOf(group, rights) : null,
        ...(proof && { proof }),
        ...(minutes !== null && { delayMinutes: minutes }),
      };
    },
    absence: (staffId) => {
      const person = people.get(staffId);
      if (!person) return nobody;
      const dated = refusedByDates(person);
      if (dated) return dated;
      return permissionsOf(person, rights).length > 0 ? null : { code: 'rights.not_permitted', params: {} };
    },
    permissions: (staffId) => {
      const person = people.get(staffId);
      return person ? permissionsAt(person, clock.now(), rights) : [];
    },
    roles: (staffId) => {
      const person = people.get(staffId);
      const now = person ? assignmentsAt(person, clock.now(), rights) : [];
      const roleIds = new Set(now.flatMap(({ roles }) => roles ?? []));
      const placesOf = (roleId: string): AssignedPlace[] =>
        assignedPlaces.filter((place) => now.some(({ at }) => at?.[place]?.includes(roleId)));
      return [...roleIds].map((roleId) => ({
        roleId,
        name: roleNameOf(given, roleId),
        at: placesOf(roleId),
      }));
    },
    whoMay: (act, group) => {
      const may = whoMay([...people.values()], act, group, clock.now(), rights);
      return may.map(({ staffId, name }) => ({ staffId, name })).sort(byName);
    },
    reasons: (group) => reasonsOf(group, rights),
    timeZone: () => rights.timeZone,
    leavesRule: (from, to) => leavesRule(from, to, rights),
    holdOpenSeconds: (group) => holdOpenSecondsOf(group, rights),
    isSet: (staffId) => {
      const { roles, assignments } = people.get(staffId) ?? {};
      return (given !== undefined && given !== null) || roles !== undefined || assignments !== undefined;
    },
    changed$,
    dispose: () => {
      stopTicking();
      staffChanges.unsubscribe();
      storeChanges.unsubscribe();
      waitChanges.unsubscribe();
      changed$.complete();
    },
  };
};

/** By their days alone, as if they might do everything. */
const onlyDated = (person: PersonRights): PersonRights => {
  const dates = ({ from, until }: AssignedRights): AssignedRights => ({ from, until });
  const { staffId, assignments } = person;
  return { staffId, ...dates(person), ...(assignments && { assignments: assignments.map(dates) }) };
};

const byName = (a: Person, b: Person): number =>
  compareNames(languageOf(null), a.name, b.name) || (a.staffId < b.staffId ? -1 : 1);

const namedRoles = z.looseObject({ roles: z.array(z.unknown()) });

/** What the store calls a role of its own. */
const roleNameOf = (given: unknown, roleId: string): string | null => {
  const roles = namedRoles.safeParse(given).data?.roles ?? [];
  const own = roles.map((each) => roleSchema.safeParse(each).data).find((role) => role?.roleId === roleId);
  return own?.name ?? null;
};
