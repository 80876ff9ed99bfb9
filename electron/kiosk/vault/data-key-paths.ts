import { join } from 'node:path';

/** Where the two copies of the data key lie, the one to read first before the other. */
export const dataKeyPaths = (dataDir: string): readonly [string, string] => [
  join(dataDir, 'kiosk.db.key'),
  join(dataDir, 'kiosk.db.key-copy'),
];
