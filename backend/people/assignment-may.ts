/** Through which assignments somebody may do at a store what they may, at a time; those of other days are told apart. */
import { z } from 'zod';
import { uuidSchema } from '#shared/models/primitives.ts';
import { decide, permissionsOf, type Rights } from '#shared/rights/decide.ts';
import { permissions, staffRightsFields, type AssignedRights } from '#shared/rights/model.ts';
import type { Db } from '../store/database.ts';
import { reaches, type StoreInDistrict } from './assignments.ts';
import { assignedPeople, type PersonKey } from './people-rows.ts';

/** `not_understood`: its days can't be told, so that it allows nothing. */
const assignmentStates = ['holds', 'not_started', 'ended', 'not_understood'] as const;
type AssignmentState = (typeof assignmentStates)[number];

/** Of the organisation where neither a district nor a store is named. */
export const assignmentMaySchema = z.strictObject({
  districtId: uuidSchema.optional(),
  storeId: uuidSchema.optional(),
  /** Left out: everything that takes no role. */
  roles: staffRightsFields.roles,
  from: staffRightsFields.from,
  until: staffRightsFields.until,
  state: z.enum(assignmentStates),
  /** What it allows on its days. */
  permissions: z.array(z.enum(permissions)),
  /** Of the groups that were asked for, those that it opens at the time, be it with a reason or somebody beside them. */
  groups: z.array(z.string()),
});
export type AssignmentMay = z.input<typeof assignmentMaySchema>;

type Placed = AssignedRights & Pick<AssignmentMay, 'districtId' | 'storeId'>;

const stateOf = ({ from, until }: AssignedRights, at: number, rights: Rights): AssignmentState => {
  // Whoever has no roles may identify: only their days are left to refuse it.
  const decision = decide({ staffId: '', from, until }, 'identify', null, at, rights);
  if (decision.kind !== 'refused') return 'holds';
  return decision.by === 'not_started' || decision.by === 'ended' ? decision.by : 'not_understood';
};

/** Each as it would be alone: what any of those that hold allows is what the person may. */
export const assignmentsMay = (
  assignments: readonly Placed[],
  groups: readonly string[],
  at: number,
  rights: Rights,
): AssignmentMay[] =>
  assignments.map(({ districtId, storeId, roles, from, until }) => {
    const alone = { staffId: '', roles, from, until };
    return {
      ...(districtId === undefined ? {} : { districtId }),
      ...(storeId === undefined ? {} : { storeId }),
      ...(roles === undefined ? {} : { roles: [...roles] }),
      ...(from === undefined ? {} : { from }),
      ...(until === undefined ? {} : { until }),
      state: stateOf(alone, at, rights),
      permissions: permissionsOf(alone, rights),
      groups: groups.filter((group) => decide(alone, 'open', group, at, rights).kind !== 'refused'),
    };
  });

/** Those that reach the store. Null: they are not assigned, but of stores alone. */
export const assignmentsAtStore = async (
  db: Db,
  { tenantId, staffId }: PersonKey,
  store: StoreInDistrict,
): Promise<readonly Placed[] | null> => {
  const person = await assignedPeople(db, tenantId).where('staff_id', '=', staffId).executeTakeFirst();
  return person?.assignments.filter((each) => reaches(each, store)) ?? null;
};
