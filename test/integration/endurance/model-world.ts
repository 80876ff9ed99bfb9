/** The one backend of all runs of the model: real, on a real PostgreSQL, with a scripted vendor and a clock of the model's. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { createBackend, type Backend } from '#backend/backend.ts';
import { findLineWork } from '#backend/enrolment/serial-work.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { startEmbeddedPostgres } from '#backend/postgres/embedded.ts';
import { outboxChannel } from '#backend/store/change-hub.ts';
import { openDatabase } from '#backend/store/database.ts';
import { createAdmin, registrationCodeAnswer } from '#support/simulated-store/admin.ts';
import { backUp } from '../backend/backup.ts';
import { createScriptedVendor, type ScriptedVendor } from '../backend/scripted-vendor.ts';
import { putCheapStaff, storePolicy } from './staff.ts';
import { readBackend, type BackendContent } from './what-is-held.ts';

export interface ModelWorld {
  readonly url: string;
  readonly vendor: ScriptedVendor;
  /** What time it is, for everyone who is right. */
  now: number;
  makeStore(storeId: string): Promise<void>;
  makeCode(storeId: string): Promise<string>;
  /** The vendor issues a new intermediate, and the backend fetches it. */
  renew(): Promise<void>;
  /** Resolves when the backend has nothing to do at this time; `hurry` makes what is due later due now. */
  settle(hurry?: boolean): Promise<void>;
  read(storeId: string): Promise<BackendContent>;
  /** What the backend holds now can be put back. One backup is kept; null forgets it. */
  backUp(keep: 'now' | null): Promise<void>;
  /** The backend stops, its database is what it was at the backup, and it starts again. False where there is no backup. */
  restore(): Promise<boolean>;
  /** What an operator says of an enrolment whose lock is the store's own. */
  adopt(enrolmentId: string): Promise<void>;
  revoke(kioskId: string): Promise<void>;
  dispose(): Promise<void>;
}

const tenantId = '00000000-0000-4000-8000-0000000000aa';
const adminToken = 'an admin token for tests';
/** All but what the backend is: its keys, the vendor's root and intermediates, its migrations. */
const ofSeeds = [
  ...[
    'stores',
    'store_history',
    'registration_codes',
    'kiosks',
    'used_assertions',
    'locks',
    'key_certificates',
  ],
  ...[
    'trust',
    'staff',
    'enrolments',
    'enrolment_operations',
    'serial_claims',
    'serial_waits',
    'serial_lapses',
    'outbox',
    'registration_attempts',
  ],
  ...['access_events', 'journal_heads', 'steady_time'],
];
const dayMs = 86_400_000;
/** Of the wall clock: the work is real. */
const restsWithinMs = 30_000;

export const createModelWorld = async (): Promise<ModelWorld> => {
  await using made = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'latchpoint-model-'));
  // PostgreSQL's user has to pass through.
  await chmod(folder, 0o755);
  made.defer(() => rm(folder, { recursive: true, force: true }));
  const postgres = made.adopt(await startEmbeddedPostgres(join(folder, 'data'), silentLogger), (it) =>
    it.dispose(),
  );
  const database = made.adopt(openDatabase(postgres.connection, silentLogger), (it) => it.dispose());
  const vendor = await createScriptedVendor();
  let now = Date.now();
  let epoch = 1;
  const { host, user, password, database: name } = postgres.connection;
  const url = `postgres://${user}:${password}@localhost/${name}?host=${encodeURIComponent(host)}`;
  let port = 0;
  const start = (): Promise<Backend> =>
    createBackend(
      {
        host: '127.0.0.1',
        port,
        tenantId,
        database: { kind: 'server', url },
        vendor: { url: 'http://vendor.test', apiKey: 'an.api.key', owner: 'owner', timeoutMs: 5_000 },
        adminToken,
        sealingSecret: 'a sealing secret, long enough for it',
        trustPollMs: 86_400_000,
      },
      {
        now: () => now,
        jitter: () => 0,
        fetch: (address, init) => vendor.fetch(address, init),
        logger: silentLogger,
      },
    );
  let backend = await start();
  made.defer(() => backend.dispose());
  // Kiosks know it by its address, also after it was restored.
  ({ port } = backend);
  const admin = createAdmin(backend.url, adminToken);
  await admin.send('POST', '/trust/refresh');
  const { db } = database;

  const settle = async (hurry = false): Promise<void> => {
    if (hurry) await db.updateTable('outbox').set({ due_at: now }).execute();
    await sql`SELECT pg_notify(${outboxChannel}, '')`.execute(db);
    for (const deadline = performance.now() + restsWithinMs; performance.now() < deadline;) {
      const [moves] = await findLineWork(db, tenantId, { now, most: 1 });
      const due = await db
        .selectFrom('outbox')
        .select('serial_number')
        .where('due_at', '<=', now)
        .executeTakeFirst();
      if (!moves && !due) return;
    }
    throw new Error('the backend did not come to rest');
  };

  let putBack: (() => Promise<void>) | null = null;

  const running = made.move();
  return {
    url: backend.url,
    vendor,
    get now() {
      return now;
    },
    set now(ms) {
      now = Math.round(ms);
    },
    makeStore: async (storeId) => {
      // Every renewal visits every store, and every backup copies every row: what earlier seeds have left goes.
      putBack = null;
      await sql`TRUNCATE ${sql.join(ofSeeds.map((table) => sql.table(table)))}`.execute(db);
      await admin.send('PUT', `/stores/${storeId}`, { name: 'A store', policy: storePolicy });
      await putCheapStaff(db, tenantId, storeId);
    },
    makeCode: async (storeId) =>
      registrationCodeAnswer.parse(await admin.send('POST', `/stores/${storeId}/registration-codes`)).code,
    renew: async () => {
      epoch += 1;
      await vendor.setIntermediate({ notBefore: now - dayMs, notAfter: now + 13 * dayMs, epoch });
      await admin.send('POST', '/trust/refresh');
    },
    settle,
    read: (storeId) => readBackend(db, tenantId, storeId),
    backUp: async (keep) => {
      putBack = keep === null ? null : await backUp(url);
    },
    restore: async () => {
      if (!putBack) return false;
      await backend.dispose();
      await putBack();
      backend = await start();
      await admin.send('POST', '/trust/refresh');
      await settle();
      return true;
    },
    adopt: async (enrolmentId) => {
      const resolve = (action: 'adopt' | 'refuse'): Promise<unknown> =>
        admin.send('POST', `/enrolments/${enrolmentId}/resolve`, { action });
      await resolve('adopt').catch((failure: unknown) => {
        const said = failure instanceof Error ? failure.message : '';
        // It has gone on since it was listed: whoever vouches looks again.
        if (said.includes('"enrolment.wrong_state"')) return null;
        // Another enrolment of the store has that lock by now: then there is nothing to vouch for, and this one is ended.
        if (said.includes('"enrolment.other_kiosk"')) return resolve('refuse');
        throw failure;
      });
    },
    revoke: async (kioskId) => {
      await admin.send('POST', `/kiosks/${kioskId}/revoke`, { reason: 'lost_or_stolen' });
    },
    dispose: () => running.disposeAsync(),
  };
};
