/** Removes what has served its time: assertions that have lapsed can't be replayed, and need no memory; old points of histories. */
import { failureFields, type BackendPorts } from '../platform/ports.ts';
import type { Db } from './database.ts';
import { forgetOldPoints } from './history.ts';

const everyMs = 600_000;
/** Whoever has lost a serial number and stays away for so long is as good as anybody. */
const lapseMemoryMs = 86_400_000;

export const createHousekeeping = (db: Db, platform: BackendPorts): { dispose(): Promise<void> } => {
  let running: Promise<void> = Promise.resolve();
  const clean = async (): Promise<void> => {
    try {
      await db.deleteFrom('used_assertions').where('expires_at', '<', platform.now()).execute();
      await db
        .deleteFrom('serial_lapses')
        .where('last_at', '<', platform.now() - lapseMemoryMs)
        .execute();
      await forgetOldPoints(db);
    } catch (failure) {
      platform.logger.warn('housekeeping', failureFields(failure));
    }
  };
  const timer = setInterval(() => {
    running = clean();
  }, everyMs);
  return {
    dispose: async () => {
      clearInterval(timer);
      await running;
    },
  };
};
