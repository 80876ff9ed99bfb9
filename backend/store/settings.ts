/** What a tenant's backends keep by name. */
import type { Db } from './database.ts';

export interface Setting {
  readonly tenantId: string;
  readonly name: string;
}

/** Null where there is none of that name. */
export const readSetting = async (db: Db, { tenantId, name }: Setting): Promise<Buffer | null> => {
  const row = await db
    .selectFrom('tenant_settings')
    .select('value')
    .where('tenant_id', '=', tenantId)
    .where('name', '=', name)
    .executeTakeFirst();
  return row?.value ?? null;
};

/** Keeps `value` unless another instance was first, and answers what is kept. */
export const pinSetting = async (db: Db, setting: Setting, value: Buffer): Promise<Buffer> => {
  const { tenantId, name } = setting;
  await db
    .insertInto('tenant_settings')
    .values({ tenant_id: tenantId, name, value })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const kept = await readSetting(db, setting);
  if (kept === null) throw new Error('a setting that was just kept is gone');
  return kept;
};
