/** The data of a kiosk by itself, on a real file. */
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createKioskData, type LocalData } from '#kiosk/data/kiosk-data.ts';
import {
  openSqlConnection,
  type OpenSqlConnection,
  type SqlConnection,
} from '#kiosk/data/storage/sql-connection.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { ManualClock } from '#kiosk/platform/manual-clock.ts';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import { testDataKeys } from '#support/kiosk-file.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface OpenedData {
  readonly data: LocalData;
  readonly path: string;
  readonly clock: ManualClock;
  /** The one that the data has its file by. */
  readonly connection: SqlConnection;
}

/** Closed at the end of the test at the latest. */
export const openData = async (
  path = join(temporaryFolder(), 'kiosk.db'),
  openConnection: OpenSqlConnection = openSqlConnection,
): Promise<OpenedData> => {
  let connection: SqlConnection | undefined;
  const clock = new ManualClock();
  const data = await createKioskData({
    path,
    clock,
    random: seededRandom(1),
    logger: silentLogger,
    dataKeys: testDataKeys,
    openConnection: (...args) => (connection = openConnection(...args)),
  });
  if (!connection) throw new Error('the data was opened without a connection');
  let isOpen = true;
  const dispose = async (): Promise<void> => {
    if (isOpen) await data.dispose();
    isOpen = false;
  };
  onTestFinished(dispose);
  // A getter would lose its object in a copy.
  return { data: Object.assign(Object.create(data) as LocalData, { dispose }), path, clock, connection };
};
