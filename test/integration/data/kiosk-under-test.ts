/** One kiosk's data and replication on a clock that stands still until it is told to move. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { filter, firstValueFrom } from 'rxjs';
import { onTestFinished } from 'vitest';
import { createKioskData, type LocalData } from '#kiosk/data/kiosk-data.ts';
import type { Sync, SyncState } from '#kiosk/data/port.ts';
import { openSqlConnection, type SqlConnection } from '#kiosk/data/storage/sql-connection.ts';
import { createBackendClient } from '#kiosk/backend/client.ts';
import { createSync } from '#kiosk/data/sync/create-sync.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { ManualClock } from '#kiosk/platform/manual-clock.ts';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import { testDataKeys } from '#support/kiosk-file.ts';
import { createRecordingLogger, type LogLine } from '#support/recording-logger.ts';
import type { FakeBackend } from './fake-backend.ts';
import { uuid } from '#support/documents.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface KioskUnderTest {
  readonly data: LocalData;
  readonly sync: Sync;
  readonly clock: ManualClock;
  readonly path: string;
  /** The one that the kiosk has its file by. */
  readonly connection: SqlConnection;
  /** What its rounds have logged. */
  readonly log: readonly LogLine[];
  readonly state: (matches: (state: SyncState) => boolean) => Promise<SyncState>;
  /** Lets this many ms pass, none of it while an answer is in the making: real work takes no time on this clock. */
  readonly pass: (ms: number) => Promise<void>;
  /** Lets time pass until the state matches; fails after an hour of the clock's. */
  readonly passUntil: (matches: (state: SyncState) => boolean) => Promise<SyncState>;
  readonly dispose: () => Promise<void>;
}

/** In ms: below anything that a test measures in. */
const stepMs = 1000;

export const openKiosk = async (
  backend: FakeBackend,
  path = join(temporaryFolder(), 'kiosk.db'),
  seed = 1,
  backendKey = backend.publicKey,
): Promise<KioskUnderTest> => {
  const clock = new ManualClock();
  backend.now = () => clock.now();
  const random = seededRandom(seed);
  let connection: SqlConnection | undefined;
  const data = await createKioskData({
    path,
    clock,
    random,
    logger: silentLogger,
    dataKeys: testDataKeys,
    openConnection: (...args) => (connection = openSqlConnection(...args)),
  });
  if (!connection) throw new Error('the data was opened without a connection');
  const logger = createRecordingLogger();
  const sync = createSync({
    data,
    backend: createBackendClient({ fetch: backend.fetch, clock, backendUrl: 'http://backend.test' }),
    auth: () => ({
      kioskId: uuid(1),
      backendKey,
      clientAssertion: () => Promise.resolve('assertion'),
    }),
    clock,
    random,
    logger,
  });
  let isOpen = true;
  const dispose = async (): Promise<void> => {
    if (!isOpen) return;
    isOpen = false;
    await sync.dispose();
    await data.dispose();
  };
  onTestFinished(dispose);
  const state: KioskUnderTest['state'] = (matches) => firstValueFrom(sync.state$.pipe(filter(matches)));
  const rest = async (): Promise<void> => {
    do await sleep(1);
    while (backend.answering > 0);
  };
  const pass: KioskUnderTest['pass'] = async (ms) => {
    await rest();
    for (let left = ms; left > 0; left -= stepMs) {
      await clock.advance(Math.min(left, stepMs));
      await rest();
    }
  };
  return {
    data,
    sync,
    clock,
    path,
    connection,
    log: logger.lines,
    state,
    pass,
    passUntil: async (matches) => {
      let found: SyncState | undefined;
      const look = (value: SyncState): void => {
        if (matches(value)) found ??= value;
      };
      const watching = sync.state$.subscribe(look);
      for (let passed = 0; !found && passed < 3600_000; passed += stepMs) {
        await pass(stepMs);
        look(await state(() => true));
      }
      watching.unsubscribe();
      if (!found) throw new Error('the state did not come within an hour');
      return found;
    },
    dispose,
  };
};
