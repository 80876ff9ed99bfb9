/** The people of the organisation: who they are, and where they are assigned. */
import { ok, type Result } from '#shared/errors/app-error.ts';
import type { NoteAct } from '../admin/operator-journal.ts';
import type { PinsAtRest } from '../keys/pins-at-rest.ts';
import type { Db } from '../store/database.ts';
import { goneStaff } from '../store/tombstones.ts';
import { reaches } from './assignments.ts';
import type { PeopleAnswer, PutPerson } from './people-contract.ts';
import { assignedPeople, allStores } from './people-rows.ts';
import { createPutPerson } from './put-person.ts';
import type { Followed, Settling } from './settling.ts';

export interface PeopleAdmin {
  list(): Promise<PeopleAnswer>;
  /**
   * Makes or changes somebody, and has every store follow. Whoever was put in stores by this id is the same person: from then on they are
   * where they are assigned, and nowhere else. Errors: `enrolment.not_found` of somebody new without a PIN; `staff.weak_pin`;
   * `operator.bad_value`; `operator.badge_shared` where somebody has their badge at a store that they come to.
   */
  put(staffId: string, person: PutPerson, note: NoteAct): Promise<Result<Followed>>;
  /** From everywhere: nothing is left of them but their id. Null where there is nobody of this id. */
  erase(staffId: string, note: NoteAct): Promise<Followed | null>;
}

export const createPeopleAdmin = (ports: {
  readonly db: Db;
  readonly tenantId: string;
  readonly settling: Pick<Settling, 'follow'>;
  readonly pins: PinsAtRest;
  now(): number;
}): PeopleAdmin => {
  const { db, tenantId, settling } = ports;
  const putPerson = createPutPerson(ports);
  return {
    list: async () => {
      const stores = await allStores(db, tenantId);
      const people = await assignedPeople(db, tenantId).orderBy('name').orderBy('staff_id').execute();
      return {
        people: people.map((row) => ({
          staffId: row.staff_id,
          name: row.name,
          ...(row.employee_number === null ? {} : { employeeNumber: row.employee_number }),
          ...(row.language === null ? {} : { language: row.language }),
          assignments: row.assignments,
          stores: stores
            .filter((store) => row.assignments.some((each) => reaches(each, store)))
            .map(({ storeId }) => storeId),
          settled: row.settled_revision >= row.revision,
        })),
      };
    },

    put: async (staffId, given, note) => {
      const done = await putPerson(staffId, given, note);
      return done.ok ? ok(await settling.follow(staffId)) : done;
    },

    erase: async (staffId, note) => {
      const found = await db.transaction().execute(async (tx) => {
        const { name, pin, duress_pin, badges, badges_blocked_at, employee_number, language } = goneStaff;
        const { numUpdatedRows } = await tx
          .updateTable('people')
          .set((row) => ({
            name,
            pin,
            duress_pin,
            badges,
            badges_blocked_at,
            employee_number,
            language,
            assignments: '[]',
            gone: true,
            revision: row('revision', '+', 1),
          }))
          .where('tenant_id', '=', tenantId)
          .where('staff_id', '=', staffId)
          .where('gone', '=', false)
          .executeTakeFirst();
        if (numUpdatedRows > 0n) await note(tx);
        return numUpdatedRows > 0n;
      });
      return found ? settling.follow(staffId) : null;
    },
  };
};
