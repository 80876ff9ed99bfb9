import type { Db } from '../store/database.ts';

/** The vendor's root certificate (DER, base64), pinned when it is first seen: it is what every lock was made with. */
export interface VendorRoot {
  /** Null until the vendor has been reached for the first time. */
  get(): Promise<string | null>;
  /** False when another root is pinned already. */
  pin(certificate: string): Promise<boolean>;
}

const settingName = 'vendor root';

export const createVendorRoot = (db: Db, tenantId: string): VendorRoot => {
  let known: string | null = null;
  const get = async (): Promise<string | null> => {
    if (known !== null) return known;
    const row = await db
      .selectFrom('tenant_settings')
      .select('value')
      .where('tenant_id', '=', tenantId)
      .where('name', '=', settingName)
      .executeTakeFirst();
    known = row?.value.toString('utf8') ?? null;
    return known;
  };
  return {
    get,
    pin: async (certificate) => {
      await db
        .insertInto('tenant_settings')
        .values({ tenant_id: tenantId, name: settingName, value: Buffer.from(certificate, 'utf8') })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return (await get()) === certificate;
    },
  };
};
