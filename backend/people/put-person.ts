/** Somebody is made or changed as a person of the organisation. Their stores follow afterwards. */
import type { Selectable } from 'kysely';
import { activeOf, joinBadges } from '#shared/badges/change-badges.ts';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import { badValue } from '../admin/bad-value.ts';
import { makePins, outdated } from '../admin/new-pins.ts';
import type { NoteAct } from '../admin/operator-journal.ts';
import { createPinHasher } from '../admin/pin-hash.ts';
import { defaultShortestPin } from '../admin/weak-pin.ts';
import type { PinAtRest, PinsAtRest } from '../keys/pins-at-rest.ts';
import { holdOrganisation } from '../organisation/levels.ts';
import { allOrNothing } from '../organisation/undo.ts';
import { holdBadges, refuseShared, sharedBadge, type SharedBadge } from '../badges/shared-badge.ts';
import type { Db, Tx } from '../store/database.ts';
import type { Tables } from '../store/tables.ts';
import { holdPerson } from './assigned.ts';
import { assignmentProblem } from './check-assignments.ts';
import { reaches, type StoreInDistrict } from './assignments.ts';
import type { PutPerson } from './people-contract.ts';
import { holdStoresOf, assignedPeople, rowsInStores, storesReached } from './people-rows.ts';
import { badgesOfAll, isSamePerson, takesAway } from './person-values.ts';

const severalPins = badValue('pin', 'is needed: in several stores they have one of their own');
const kept = <T>(next: T | null | undefined, present: T | null | undefined): T | null =>
  next === undefined ? (present ?? null) : next;

interface Coming {
  readonly staffId: string;
  readonly now: Selectable<Tables['people']> | undefined;
  /** Their rows in stores, of somebody who is not assigned yet. */
  readonly theirs: readonly Selectable<Tables['staff']>[];
  readonly given: PutPerson;
}

export type PutPersonOf = (staffId: string, given: PutPerson, note: NoteAct) => Promise<Result<null>>;

/** Errors: as `PeopleAdmin.put`. Said once more as they are it changes nothing. */
export const createPutPerson = (ports: {
  readonly db: Db;
  readonly tenantId: string;
  readonly pins: PinsAtRest;
  now(): number;
}): PutPersonOf => {
  const { db, tenantId } = ports;
  const hasher = createPinHasher(ports.pins);
  /** One that a release before has left in the open is not handed on as that. */
  const sealed = (pin: PinAtRest): string => JSON.stringify('sealed' in pin ? pin : ports.pins.seal(pin));
  const held = (staffId: string) =>
    assignedPeople(db, tenantId).where('staff_id', '=', staffId).executeTakeFirst();
  const rulesFor = async ({ assignments }: PutPerson) => {
    const policies = (await storesReached(db, tenantId, assignments)).map(({ policy }) => policy);
    const lengths = policies.map(({ shortestPin }) => shortestPin ?? defaultShortestPin);
    return {
      shortest: lengths.length === 0 ? defaultShortestPin : Math.max(...lengths),
      thisYear: new Date(ports.now()).getUTCFullYear(),
      duress: policies.some(({ duressPin }) => duressPin === true),
    };
  };

  /** Where they are already it is no matter of this change. */
  const sharedByComing = async (
    tx: Tx,
    { staffId, now, theirs, given }: Coming,
  ): Promise<SharedBadge | null> => {
    const badges = joinBadges((now ? [now] : theirs).map((each) => each.badges ?? []));
    await holdBadges(tx, tenantId, activeOf(badges));
    const wasThere = (store: StoreInDistrict): boolean =>
      now
        ? now.assignments.some((each) => reaches(each, store))
        : theirs.some((row) => row.store_id === store.storeId && theirs.length === 1);
    return sharedBadge(
      tx,
      tenantId,
      { staffId, badges },
      (store) => !wasThere(store) && given.assignments.some((each) => reaches(each, store)),
    );
  };

  return async (staffId, given, note) => {
    const key = { tenantId, staffId };
    const present = await held(staffId);
    const [only, ...others] = present ? [] : await rowsInStores(db, key);
    if (given.pin === undefined && others.length > 0) return severalPins;
    const before = present ?? only;
    if (given.pin === undefined && !before) return fail('enrolment.not_found');
    const pins = await makePins(given, before, await rulesFor(given), hasher);
    if (!pins.ok) return pins;
    return allOrNothing(db, async (tx): Promise<Result<null>> => {
      await holdOrganisation(tx, tenantId);
      const problem = await assignmentProblem(tx, tenantId, given.assignments);
      if (problem) return problem;
      await holdPerson(tx, tenantId, staffId);
      if (!present) await holdStoresOf(tx, key);
      // Read again: hashing takes its time, and a badge may have been given or blocked meanwhile.
      const row = await tx
        .selectFrom('people')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('staff_id', '=', staffId)
        .forUpdate()
        .executeTakeFirst();
      const now = row?.gone === false ? row : undefined;
      const theirs = now ? [] : await rowsInStores(tx, key);
      if (given.pin === undefined && theirs.length > 1) return severalPins;
      const was = now ?? theirs[0];
      const late = outdated(pins.value, before, was);
      if (late) return late;
      const pin = pins.value.pin ?? (was ? sealed(was.pin) : undefined);
      if (pin === undefined) return fail('enrolment.not_found');
      const duressOfBefore = was?.duress_pin ? sealed(was.duress_pin) : null;
      const next = {
        name: given.name,
        pin,
        duress_pin: pins.value.duressPin === undefined ? duressOfBefore : pins.value.duressPin,
        employee_number: kept(given.employeeNumber, was?.employee_number),
        language: kept(given.language, was?.language),
        assignments: JSON.stringify(given.assignments),
      };
      if (now && isSamePerson(now, next)) return ok(null);
      const values = {
        ...next,
        ...badgesOfAll(now ? [now] : theirs),
        revision: (row?.revision ?? 0) + 1,
        // Those whose row was of a store alone are gone from it where they are not assigned to it, and their PIN may be another.
        takes_away:
          row?.takes_away === true || theirs.length > 0 || (now !== undefined && takesAway(now, next)),
        gone: false,
      };
      const shared = await sharedByComing(tx, { staffId, now, theirs, given });
      if (shared) return refuseShared(shared);
      await tx
        .insertInto('people')
        .values({ tenant_id: tenantId, staff_id: staffId, ...values })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'staff_id']).doUpdateSet(values))
        .execute();
      await note(tx);
      return ok(null);
    });
  };
};
