/** The data and replication of a kiosk at a backend on a real PostgreSQL, which can be restored from a backup. */
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createKioskData, type LocalData } from '#kiosk/data/kiosk-data.ts';
import type { Sync } from '#kiosk/data/port.ts';
import { createBackendClient } from '#kiosk/backend/client.ts';
import { createSync } from '#kiosk/data/sync/create-sync.ts';
import { systemClock } from '#kiosk/platform/clock.ts';
import type { Fetch } from '#kiosk/platform/http.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import { testDataKeys } from '#support/kiosk-file.ts';
import { composeEvent } from '#support/documents.ts';
import { backUp } from '../backend/backup.ts';
import { assertion, type TestKiosk } from '../backend/test-kiosk.ts';
import { createWorld, type World } from '../backend/world.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A backend that dies, loses what came after a backup, and is started again. */
export interface RestorableWorld extends World {
  /** Where it answers now. */
  readonly url: string;
  backUp(): Promise<() => Promise<void>>;
}

export const createRestorableWorld = async (databaseUrl: string): Promise<RestorableWorld> => {
  const world = await createWorld(databaseUrl);
  let running = world.backend;
  return {
    ...world,
    get url() {
      return running.url;
    },
    admin: (method, path, body) => world.admin(method, path, body, running.url),
    backUp: async () => {
      const restore = await backUp(databaseUrl);
      return async () => {
        await running.dispose();
        await restore();
        running = await world.startInstance();
      };
    },
  };
};

export interface KioskAtBackend {
  readonly kiosk: TestKiosk;
  /** Of its file. */
  readonly path: string;
  readonly data: LocalData;
  readonly sync: Sync;
  /** May answer in place of the network; null lets the request through. */
  intercept: (request: string, pass: () => Promise<Response>) => Promise<Response> | null;
  record(count: number): Promise<void>;
  close(): Promise<void>;
}

/** Replicates only when told to. */
export const openKioskAt = async (
  world: Pick<RestorableWorld, 'url'>,
  kiosk: TestKiosk,
  path = join(temporaryFolder(), 'kiosk.db'),
): Promise<KioskAtBackend> => {
  const ports = { clock: systemClock, random: systemRandom, logger: silentLogger };
  const data = await createKioskData({ path, ...ports, dataKeys: testDataKeys });
  const { kioskId, backendKey } = kiosk;
  const overNetwork: Fetch = (url, init) => {
    const pass = (): Promise<Response> => fetch(url.replace('http://backend.test', world.url), init);
    return opened.intercept(`${init?.method ?? 'GET'} ${new URL(url).pathname}`, pass) ?? pass();
  };
  const sync = createSync({
    data,
    ...ports,
    backend: createBackendClient({ ...ports, fetch: overNetwork, backendUrl: 'http://backend.test' }),
    auth: () => ({ kioskId, backendKey, clientAssertion: () => assertion(kiosk.keys, { kioskId }) }),
  });
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (!isOpen) return;
    isOpen = false;
    await sync.dispose();
    await data.dispose();
  };
  onTestFinished(close);
  const opened: KioskAtBackend = {
    kiosk,
    path,
    data,
    sync,
    intercept: () => null,
    close,
    record: async (count) => {
      for (let left = count; left > 0; left -= 1) {
        await data.appendAccessEvent(composeEvent(systemRandom.uuid(), systemClock.now(), kioskId));
      }
    },
  };
  return opened;
};
