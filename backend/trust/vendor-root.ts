import type { Db } from '../store/database.ts';
import { pinSetting, readSetting } from '../store/settings.ts';

/** The vendor's root certificate (DER, base64), pinned when it is first seen: it is what every lock was made with. */
export interface VendorRoot {
  /** Null until the vendor has been reached for the first time. */
  get(): Promise<string | null>;
  /** False when another root is pinned already. */
  pin(certificate: string): Promise<boolean>;
}

export const createVendorRoot = (db: Db, tenantId: string): VendorRoot => {
  const setting = { tenantId, name: 'vendor root' };
  let known: string | null = null;
  return {
    get: async () => (known ??= (await readSetting(db, setting))?.toString('utf8') ?? null),
    pin: async (certificate) => {
      known ??= (await pinSetting(db, setting, Buffer.from(certificate, 'utf8'))).toString('utf8');
      return known === certificate;
    },
  };
};
