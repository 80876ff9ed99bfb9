/** A backend process on an embedded PostgreSQL, with one store, one kiosk and as many keys as asked for. */
import { mkdirSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { z } from 'zod';
import { keyContext } from '#backend/enrolment/registration-outcome.ts';
import { createAtRest } from '#backend/keys/at-rest.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { startEmbeddedPostgres } from '#backend/postgres/embedded.ts';
import { createAdmin, registrationCodeAnswer } from '#support/simulated-store/admin.ts';
import { startChild } from '#support/simulated-store/child.ts';
import { registerKiosk, type TestKiosk } from '../integration/backend/test-kiosk.ts';
import { keyMaterialBytes, serialNumber } from './temporary-data.ts';

export interface RealBackend {
  readonly url: string;
  /** Of the backend's process. */
  readonly pid: number;
  /** Another instance on the same database. */
  startInstance(): Promise<{ readonly url: string; readonly pid: number }>;
  readonly databaseUrl: string;
  readonly tenantId: string;
  /** For what is put into the database encrypted. */
  readonly sealingSecret: string;
  /** An operator's GET, under `/v1/admin`; its answer's body. */
  admin(path: string): Promise<unknown>;
  /** The store that has the keys. */
  readonly storeId: string;
  /** Another store; its keys are as many as the first one's. */
  makeStore(): Promise<string>;
  /** A new kiosk, of the first store unless another is given. */
  makeKiosk(storeId?: string): Promise<TestKiosk>;
  dispose(): Promise<void>;
}

const tenantId = '00000000-0000-4000-8000-000000000001';
const readyPort = z.looseObject({ port: z.int() });
const trustTries = 100;

/** `folder` is the caller's to remove; `settings` are further variables of the backend. */
export const startRealBackend = async (
  folder: string,
  keys: number,
  settings: Readonly<Record<string, string>> = {},
): Promise<RealBackend> => {
  const stopping: (() => Promise<void>)[] = [];
  const dispose = async (): Promise<void> => {
    for (const stop of stopping.splice(0).reverse()) await stop();
  };
  try {
    // PostgreSQL's own user has to get through to its folder.
    await chmod(folder, 0o755);
    const logDir = join(folder, 'logs');
    mkdirSync(logDir);
    const apiKey = ['a', 'b', 'c'].map(() => randomBytes(18).toString('base64url')).join('.');
    const vendor = await startChild({
      name: 'live-lock-api',
      entry: 'test/simulators/live-lock-api/main.ts',
      env: { PORT: '0', VENDOR_DIR: join(folder, 'vendor'), LIVE_LOCK_API_KEY: apiKey },
      logDir,
    });
    stopping.push(() => vendor.stop());
    const postgres = await startEmbeddedPostgres(join(folder, 'postgres'), silentLogger);
    stopping.push(() => postgres.dispose());
    const { host, user, password, database } = postgres.connection;
    const databaseUrl = `postgres://${user}:${password}@localhost/${database}?host=${encodeURIComponent(host)}`;
    const sealingSecret = randomBytes(32).toString('base64url');
    const adminToken = randomBytes(24).toString('base64url');
    const startInstance = async (): Promise<{ readonly url: string; readonly pid: number }> => {
      const started = await startChild({
        name: 'backend',
        entry: 'backend/main.ts',
        env: {
          PORT: '0',
          DATABASE_URL: databaseUrl,
          TENANT_ID: tenantId,
          LIVE_LOCK_API_URL: `http://127.0.0.1:${readyPort.parse(vendor.ready).port}`,
          LIVE_LOCK_API_KEY: apiKey,
          LIVE_LOCK_OWNER: 'simulated-store',
          ADMIN_TOKEN: adminToken,
          SEALING_SECRET: sealingSecret,
          ...settings,
        },
        logDir,
      });
      stopping.push(() => started.stop());
      return {
        url: `http://127.0.0.1:${readyPort.parse(started.ready).port}`,
        pid: started.process.pid ?? 0,
      };
    };
    const { url, pid } = await startInstance();
    const admin = createAdmin(url, adminToken);
    let stores = 0;
    const makeStore = async (): Promise<string> => {
      const storeId = randomUUID();
      const policy = { offlineLeaseHours: 168, idleSignOutSeconds: 120, holdOpenSeconds: 5 };
      await admin.send('PUT', `/stores/${storeId}`, { name: 'A store', policy });
      await insertKeys(databaseUrl, { sealingSecret, storeId, keys, firstSerial: keys * stores++ });
      return storeId;
    };
    const storeId = await makeStore();
    await untilTrusted(() => admin.send('POST', '/trust/refresh'));
    return {
      url,
      pid,
      startInstance,
      databaseUrl,
      tenantId,
      sealingSecret,
      storeId,
      admin: (path) => admin.get(path),
      makeStore,
      makeKiosk: async (of = storeId) => {
        const answer = await admin.send('POST', `/stores/${of}/registration-codes`);
        return registerKiosk(url, registrationCodeAnswer.parse(answer).code);
      },
      dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
};

const untilTrusted = async (refresh: () => Promise<unknown>): Promise<void> => {
  for (let tries = 0; tries < trustTries; tries += 1) {
    const answer = z.looseObject({ refreshed: z.boolean() }).safeParse(await refresh());
    if (answer.success && answer.data.refreshed) return;
    await wait(50);
  }
  throw new Error("the vendor's root did not come");
};

interface Keys {
  readonly sealingSecret: string;
  readonly storeId: string;
  readonly keys: number;
  readonly firstSerial: number;
}

/** Straight into the database: registering each with the vendor is another piece of work. */
const insertKeys = async (
  databaseUrl: string,
  { sealingSecret, storeId, keys, firstSerial }: Keys,
): Promise<void> => {
  if (keys === 0) return;
  const atRest = createAtRest(sealingSecret);
  const serials = Array.from({ length: keys }, (_, n) => serialNumber(firstSerial + n));
  const encrypted = serials.map((serial) =>
    atRest.encrypt(
      Buffer.from(
        JSON.stringify({
          serialNumber: serial,
          keyCertificate: randomBytes(keyMaterialBytes.certificate).toString('base64'),
          privateKey: randomBytes(keyMaterialBytes.privateKey).toString('base64'),
        }),
      ),
      keyContext(tenantId, serial),
    ),
  );
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(
      `WITH store AS (
         UPDATE stores SET sequence = sequence + $5 WHERE tenant_id = $1 AND store_id = $2
         RETURNING sequence - $5 AS first)
       INSERT INTO key_certificates (tenant_id, store_id, serial_number, encrypted, version)
       SELECT $1, $2, serial, encrypted, store.first + n
       FROM store, unnest($3::text[], $4::bytea[]) WITH ORDINALITY AS given (serial, encrypted, n)`,
      [tenantId, storeId, serials, encrypted, keys],
    );
    await client.query('ANALYZE');
  } finally {
    await client.end();
  }
};
