/** The organisation, which is the tenant, its districts, and which store is in which. */
import { ok, type Result } from '#shared/errors/app-error.ts';
import type { StoreRights } from '#shared/rights/model.ts';
import type { Organisation } from '../admin/answers.ts';
import { badValue } from '../admin/bad-value.ts';
import type { PutRights } from '../admin/contract.ts';
import type { NoteAct } from '../admin/operator-journal.ts';
import { refuseShared, sharedBadge } from '../badges/shared-badge.ts';
import { isAssignedTo, strandedPerson } from '../people/check-assignments.ts';
import { settlePeople } from '../people/settle-people.ts';
import type { Db, Tx } from '../store/database.ts';
import { writeStore } from '../store/store-write.ts';
import { holdOrganisation } from './levels.ts';
import { settleRights } from './settle.ts';
import { neverOpens, strangerIn } from './sound-merge.ts';
import { allOrNothing } from './undo.ts';

export interface OrganisationAdmin {
  get(): Promise<Organisation>;
  rename(name: string, note: NoteAct): Promise<Result<null>>;
  /** Makes it, or renames it. */
  putDistrict(districtId: string, name: string, note: NoteAct): Promise<Result<null>>;
  /** Errors: `enrolment.not_found`; `operator.bad_value` while stores are in it. */
  removeDistrict(districtId: string, note: NoteAct): Promise<Result<null>>;
  /**
   * Of the organisation (`districtId` null) or a district; null for `rights`: none. All its stores come to what it says, or none does:
   * `operator.bad_value` where somebody or some rule of one of them could no longer be judged.
   */
  putRights(districtId: string | null, rights: PutRights | null, note: NoteAct): Promise<Result<null>>;
  /** To a district or, by null, to none. Errors: `enrolment.not_found`, of whichever is not there; as `putRights`; `operator.badge_shared` of who comes to it. */
  moveStore(storeId: string, districtId: string | null, note: NoteAct): Promise<Result<null>>;
}

const missing: Result<null> = { ok: false, error: { code: 'enrolment.not_found', params: {} } };

export const createOrganisationAdmin = (ports: {
  readonly db: Db;
  readonly tenantId: string;
  now(): number;
}): OrganisationAdmin => {
  const { db, tenantId } = ports;
  const storesIn = async (tx: Tx, districtId: string | null): Promise<string[]> => {
    const all = tx.selectFrom('stores').select('store_id').where('tenant_id', '=', tenantId);
    const rows = await (districtId === null ? all : all.where('district_id', '=', districtId))
      .orderBy('store_id')
      .execute();
    return rows.map(({ store_id: storeId }) => storeId);
  };
  const districtOf = (tx: Tx, districtId: string) =>
    tx
      .selectFrom('districts')
      .select('rights')
      .where('tenant_id', '=', tenantId)
      .where('district_id', '=', districtId)
      .executeTakeFirst();
  const change = (note: NoteAct, work: (tx: Tx) => Promise<Result<null>>): Promise<Result<null>> =>
    allOrNothing(db, async (tx) => {
      await holdOrganisation(tx, tenantId);
      const done = await work(tx);
      if (done.ok) await note(tx);
      return done;
    });
  /** Stores in the order of their ids, so that nobody waits for whom they hold up. */
  const settleAll = async (
    tx: Tx,
    storeIds: readonly string[],
    first?: typeof settlePeople,
  ): Promise<Result<null>> => {
    for (const storeId of storeIds) {
      const done = await writeStore(tx, tenantId, storeId, async (write) => {
        // Who leaves with the district is judged by nothing of the next, and who comes is.
        for (const bearer of (await first?.(write, tenantId, storeId)) ?? []) {
          const shared = await sharedBadge(tx, tenantId, bearer, (store) => store.storeId === storeId);
          if (shared) return refuseShared(shared);
        }
        return settleRights(write, tenantId, storeId);
      });
      if (done?.ok === false) return done;
    }
    return ok(null);
  };
  /** Their kiosks are told what they are in by name: each has it anew. */
  const tellNames = async (tx: Tx, storeIds: readonly string[]): Promise<void> => {
    for (const storeId of storeIds)
      await writeStore(tx, tenantId, storeId, ({ nextVersion }) =>
        tx
          .updateTable('stores')
          .set({ version: nextVersion() })
          .where('tenant_id', '=', tenantId)
          .where('store_id', '=', storeId)
          .execute(),
      );
  };
  const heldAt = async (
    tx: Tx,
    districtId: string | null,
  ): Promise<{ held: StoreRights | null; above: StoreRights | null } | null> => {
    const { rights: whole } = await tx
      .selectFrom('organisations')
      .select('rights')
      .where('tenant_id', '=', tenantId)
      .executeTakeFirstOrThrow();
    if (districtId === null) return { held: whole, above: null };
    const district = await districtOf(tx, districtId);
    return district ? { held: district.rights, above: whole } : null;
  };

  return {
    get: async () => {
      const whole = await db
        .selectFrom('organisations')
        .select(['name', 'rights'])
        .where('tenant_id', '=', tenantId)
        .executeTakeFirst();
      const districts = await db
        .selectFrom('districts')
        .select(['district_id', 'name', 'rights'])
        .where('tenant_id', '=', tenantId)
        .orderBy('name')
        .orderBy('district_id')
        .execute();
      const stores = await db
        .selectFrom('stores')
        .select(['store_id', 'district_id'])
        .where('tenant_id', '=', tenantId)
        .orderBy('name')
        .orderBy('store_id')
        .execute();
      return {
        name: whole?.name ?? '',
        rights: whole?.rights ?? null,
        districts: districts.map(({ district_id: districtId, name, rights }) => ({
          districtId,
          name,
          rights,
          stores: stores.flatMap((store) => (store.district_id === districtId ? [store.store_id] : [])),
        })),
      };
    },

    rename: (name, note) =>
      change(note, async (tx) => {
        const { numUpdatedRows } = await tx
          .updateTable('organisations')
          .set({ name })
          .where('tenant_id', '=', tenantId)
          .where('name', '!=', name)
          .executeTakeFirst();
        if (numUpdatedRows > 0n) await tellNames(tx, await storesIn(tx, null));
        return ok(null);
      }),

    putDistrict: (districtId, name, note) =>
      change(note, async (tx) => {
        const { numInsertedOrUpdatedRows } = await tx
          .insertInto('districts')
          .values({ tenant_id: tenantId, district_id: districtId, name })
          .onConflict((conflict) =>
            conflict
              .columns(['tenant_id', 'district_id'])
              .doUpdateSet({ name })
              .where('districts.name', '!=', name),
          )
          .executeTakeFirst();
        if (numInsertedOrUpdatedRows) await tellNames(tx, await storesIn(tx, districtId));
        return ok(null);
      }),

    removeDistrict: (districtId, note) =>
      change(note, async (tx) => {
        if (!(await districtOf(tx, districtId))) return missing;
        if ((await storesIn(tx, districtId)).length > 0) return badValue('districtId', 'has stores in it');
        if (await isAssignedTo(tx, tenantId, districtId))
          return badValue('districtId', 'has people assigned to it');
        await tx
          .deleteFrom('districts')
          .where('tenant_id', '=', tenantId)
          .where('district_id', '=', districtId)
          .execute();
        return ok(null);
      }),

    putRights: (districtId, rights, note) =>
      change(note, async (tx) => {
        const at = await heldAt(tx, districtId);
        if (!at) return missing;
        const problem =
          rights && (strangerIn(rights, [at.above]) ?? neverOpens(rights, at.held, ports.now()));
        if (problem) return problem;
        const set = { rights: rights && JSON.stringify(rights) };
        await (districtId === null
          ? tx.updateTable('organisations').set(set).where('tenant_id', '=', tenantId).execute()
          : tx
              .updateTable('districts')
              .set(set)
              .where('tenant_id', '=', tenantId)
              .where('district_id', '=', districtId)
              .execute());
        return (await strandedPerson(tx, tenantId)) ?? settleAll(tx, await storesIn(tx, districtId));
      }),

    moveStore: (storeId, districtId, note) =>
      change(note, async (tx) => {
        if (districtId !== null && !(await districtOf(tx, districtId))) return missing;
        const store = await tx
          .selectFrom('stores')
          .select('district_id')
          .where('tenant_id', '=', tenantId)
          .where('store_id', '=', storeId)
          .executeTakeFirst();
        if (!store) return missing;
        if (store.district_id === districtId) return ok(null);
        await tx
          .updateTable('stores')
          .set({ district_id: districtId })
          .where('tenant_id', '=', tenantId)
          .where('store_id', '=', storeId)
          .execute();
        await tellNames(tx, [storeId]);
        return settleAll(tx, [storeId], settlePeople);
      }),
  };
};
