/** What outlives the kiosks of a crash run: the vendor's sandbox, the backend with its PostgreSQL, the store's locks. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { outboxChannel } from '#backend/store/change-hub.ts';
import type { Database } from '#backend/store/database.ts';
import { systemClock } from '#kiosk/platform/clock.ts';
import { createLiveLockApi } from '#simulators/live-lock-api/live-lock-api.ts';
import { faultModes, type FaultMode } from '#simulators/live-lock-api/faults.ts';
import { openRegistry } from '#simulators/live-lock-api/registry.ts';
import { openVendor } from '#simulators/live-lock/open-vendor.ts';
import { createAdmin, registrationCodeAnswer } from '#support/simulated-store/admin.ts';
import { startBackendOnTrial, type BackendOnTrial } from './backend-on-trial.ts';
import { putCheapStaff, storePolicy } from './staff.ts';
import { readBackend, type BackendContent } from './what-is-held.ts';

const recoversWithinMs = 30_000;

export interface CrashWorld {
  readonly folder: string;
  readonly backend: BackendOnTrial;
  /** With which locks seal their enrolment codes. */
  readonly vendorKey: KeyObject;
  makeCode(): Promise<string>;
  setVendor(mode: FaultMode): Promise<void>;
  /** Serial number to Key Certificate (base64), as the sandbox has registered it. */
  registered(): ReadonlyMap<string, string>;
  read(): Promise<BackendContent>;
  /** Registrations that were put off are tried at once. */
  hurry(): Promise<void>;
  dispose(): Promise<void>;
}

export const vendorModes: readonly FaultMode[] = faultModes.filter((mode) => mode !== 'slow');

const tenantId = '00000000-0000-4000-8000-0000000000bb';
const storeId = '5a000000-0000-4000-8000-0000000000bb';
const owner = 'endurance';
const apiKey = 'an.api.key';
const controlToken = 'a control token for tests';
const adminToken = 'an admin token for tests';

export const createCrashWorld = async (): Promise<CrashWorld> => {
  await using made = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'latchpoint-crash-'));
  // PostgreSQL's user has to pass through.
  await chmod(folder, 0o755);
  made.defer(() => rm(folder, { recursive: true, force: true }));
  const logDir = join(folder, 'logs');
  await mkdir(logDir);

  const vendor = await openVendor(join(folder, 'vendor'));
  await vendor.addCustomer(owner);
  const { enrolmentKey } = await vendor.manufactureLock('0000000000000001', 'CAM');
  const registry = made.adopt(openRegistry(join(folder, 'registry.sqlite')), (it) => it.dispose());
  const sandbox = made.adopt(
    createLiveLockApi({
      vendor,
      registry,
      clock: systemClock,
      apiKey,
      controlToken,
      requestsPerSecond: 10_000,
    }),
    (it) => it.dispose(),
  );
  const vendorUrl = `http://127.0.0.1:${String(await sandbox.listen(0))}`;

  const backend = made.adopt(
    await startBackendOnTrial({
      dataDir: join(folder, 'backend'),
      logDir,
      env: {
        TENANT_ID: tenantId,
        LIVE_LOCK_API_URL: vendorUrl,
        LIVE_LOCK_API_KEY: apiKey,
        LIVE_LOCK_OWNER: owner,
        ADMIN_TOKEN: adminToken,
        SEALING_SECRET: 'a sealing secret, long enough for it',
      },
    }),
    (it) => it.dispose(),
  );
  /** A PostgreSQL that was killed a moment ago takes no connection until it has recovered. */
  const openAccepting = async (): Promise<Database> => {
    const deadline = performance.now() + recoversWithinMs;
    for (;;) {
      let database: Database | null = null;
      try {
        database = await backend.openDatabase();
        await sql`SELECT 1`.execute(database.db);
        return database;
      } catch (error) {
        await database?.dispose();
        if (performance.now() > deadline) throw error;
        await wait(100);
      }
    }
  };
  const withDatabase = async <T>(work: (database: Database) => Promise<T>): Promise<T> => {
    const database = await openAccepting();
    try {
      return await work(database);
    } finally {
      await database.dispose();
    }
  };
  const admin = createAdmin(backend.url, adminToken);
  await admin.send('POST', '/trust/refresh');
  await admin.send('PUT', `/stores/${storeId}`, { name: 'A store', policy: storePolicy });
  await withDatabase(({ db }) => putCheapStaff(db, tenantId, storeId));

  const running = made.move();
  return {
    folder,
    backend,
    vendorKey: createPublicKey({ key: Buffer.from(enrolmentKey), format: 'der', type: 'spki' }),
    makeCode: async () =>
      registrationCodeAnswer.parse(await admin.send('POST', `/stores/${storeId}/registration-codes`)).code,
    setVendor: async (mode) => {
      await fetch(`${vendorUrl}/control/mode`, {
        method: 'POST',
        headers: { authorization: `Bearer ${controlToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({ mode }),
      });
    },
    registered: () =>
      new Map(
        registry.serialNumbers().map((serialNumber) => {
          const certificate = registry.registration(serialNumber)?.keyCertificate ?? new Uint8Array();
          return [serialNumber, Buffer.from(certificate).toString('base64')];
        }),
      ),
    read: () => withDatabase(({ db }) => readBackend(db, tenantId, storeId)),
    hurry: () =>
      withDatabase(async ({ db }) => {
        await db.updateTable('outbox').set({ due_at: 0 }).execute();
        await sql`SELECT pg_notify(${outboxChannel}, '')`.execute(db);
      }),
    dispose: () => running.disposeAsync(),
  };
};
