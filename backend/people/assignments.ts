/** Where somebody is assigned, in which roles, from when until when; and what of it reaches a store. */
import { z } from 'zod';
import { uuidSchema } from '#shared/models/primitives.ts';
import {
  assignedPlaces,
  staffRightsFields,
  type AssignedPlace,
  type RolesByPlace,
} from '#shared/rights/model.ts';

const part = {
  roles: staffRightsFields.roles.unwrap(),
  from: staffRightsFields.from,
  until: staffRightsFields.until,
} as const;

/** Of the organisation where neither a district nor a store is named. */
export const assignmentSchema = z
  .strictObject({ ...part, districtId: uuidSchema.optional(), storeId: uuidSchema.optional() })
  .refine(({ districtId, storeId }) => districtId === undefined || storeId === undefined, {
    path: ['storeId'],
    message: 'is one place too many beside a district',
  });
export type Assignment = z.infer<typeof assignmentSchema>;
export const assignmentsSchema = z.array(assignmentSchema).max(20);

export interface StoreInDistrict {
  readonly storeId: string;
  readonly districtId: string | null;
}

export const reaches = ({ districtId, storeId }: Assignment, store: StoreInDistrict): boolean => {
  if (storeId !== undefined) return storeId === store.storeId;
  return districtId === undefined || districtId === store.districtId;
};

interface Assigned {
  readonly roles: string[];
  readonly at?: RolesByPlace;
  readonly from?: string;
  readonly until?: string;
}
/** What a store's row of them says of their rights. */
export interface RightsInStore extends Omit<Assigned, 'at'> {
  readonly assignments: Assigned[];
}

const placeOf = ({ districtId, storeId }: Assignment): AssignedPlace => {
  if (storeId !== undefined) return 'store';
  return districtId === undefined ? 'organisation' : 'district';
};
const rolesOf = (all: readonly Assignment[]): string[] => [...new Set(all.flatMap(({ roles }) => roles))];
const byPlace = (all: readonly Assignment[]): RolesByPlace => {
  const through: RolesByPlace = {};
  for (const place of assignedPlaces) {
    const roles = rolesOf(all.filter((each) => placeOf(each) === place));
    if (roles.length > 0) through[place] = roles;
  }
  return through;
};

/**
 * Those that begin and end alike are one, with the roles of all, and through which place they have each. Null: none reaches the store. Several
 * go beside no roles at all: what does not know of them allows nothing.
 */
export const rightsInStore = (all: readonly Assignment[], store: StoreInDistrict): RightsInStore | null => {
  const here = all.filter((each) => reaches(each, store));
  const byDays = Map.groupBy(here, ({ from, until }) => `${from ?? ''} ${until ?? ''}`);
  const merged = [...byDays.values()].flatMap((alike): Assigned[] => {
    const [first] = alike;
    if (!first) return [];
    return [
      {
        roles: rolesOf(alike),
        at: byPlace(alike),
        ...(first.from === undefined ? {} : { from: first.from }),
        ...(first.until === undefined ? {} : { until: first.until }),
      },
    ];
  });
  const [only, ...others] = merged;
  if (!only) return null;
  if (others.length > 0) return { roles: [], assignments: merged };
  return { ...only, assignments: [only] };
};
