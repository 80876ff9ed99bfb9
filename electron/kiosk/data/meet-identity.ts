/**
 * A kiosk can be registered anew while its data is still there: its keys were lost, or the backend was restored from a backup
 * that does not know them. What belongs to another store goes; what was sealed to the earlier keys comes again.
 */
import { firstValueFrom } from 'rxjs';
import { begunNote } from './loss.ts';
import type { LocalData } from './kiosk-data.ts';

export const meetIdentity = async (data: LocalData, storeId: string): Promise<void> => {
  const store = await firstValueFrom(data.store$);
  if (store && store.storeId !== storeId) await data.erase([begunNote]);
  else for (const sealed of ['keyCertificates', 'staff'] as const) data.replica.setCursor(sealed, 0);
};
