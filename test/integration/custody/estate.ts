/** Several stores as one owner runs them: the backend itself on a real PostgreSQL, and the LIVE Lock API sandbox behind it. */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { z } from 'zod';
import { createBackend } from '#backend/backend.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { fromHex } from '#kiosk/link/wire/bytes.ts';
import { systemClock } from '#kiosk/platform/clock.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import type { FaultMode } from '#simulators/live-lock-api/faults.ts';
import { createLiveLockApi } from '#simulators/live-lock-api/live-lock-api.ts';
import { openRegistry, type Registry } from '#simulators/live-lock-api/registry.ts';
import { drawRegistration } from '#simulators/lock/registration.ts';
import { openVendor, type LockIdentity, type Vendor } from '#simulators/live-lock/open-vendor.ts';
import { adminToken, openPostgres, policy } from '../backend/world.ts';

const apiKey = 'estate.api.key';
const controlToken = 'estate control';
export const owner = 'owner';
export const pin = '582047';

export interface Lock {
  readonly identity: LockIdentity;
  readonly enrolmentCode: Uint8Array;
  /** What the lock itself holds. */
  provisioned: boolean;
}

export interface Estate {
  readonly backendUrl: string;
  /** Of its PostgreSQL: for what only a restored backup does to it. */
  readonly databaseUrl: string;
  readonly vendor: Vendor;
  /** What the vendor remembers. */
  readonly registry: Registry;
  readonly clock: { offsetMs: number };
  admin(method: string, path: string, body?: unknown): Promise<unknown>;
  vendorIs(mode: FaultMode): Promise<void>;
  /** Has the vendor revoke a key of this lock below an epoch, or issue one that is good in its place. */
  vendorDoes(what: 'revoke' | 'reissue', body: object): Promise<void>;
  /** With one member of staff, who has `pin`. */
  makeStore(): Promise<string>;
  makeCode(storeId: string): Promise<string>;
  makeLock(): Promise<Lock>;
  dispose(): Promise<void>;
}

const codeAnswer = z.object({ code: z.string() });

export const openEstate = async (): Promise<Estate> => {
  const folder = await mkdtemp(join(tmpdir(), 'latchpoint-estate-'));
  const [postgres, vendor] = await Promise.all([openPostgres(), openVendor(folder)]);
  await vendor.addCustomer(owner);
  const registry = openRegistry(':memory:');
  const sandbox = createLiveLockApi({ vendor, registry, clock: systemClock, apiKey, controlToken });
  const sandboxUrl = `http://127.0.0.1:${await sandbox.listen(0)}`;
  const clock = { offsetMs: 0 };
  const backend = await createBackend(
    {
      host: '127.0.0.1',
      port: 0,
      tenantId: randomUUID(),
      database: { kind: 'server', url: postgres.url },
      vendor: { url: sandboxUrl, apiKey, owner, timeoutMs: 2_000 },
      adminToken,
      sealingSecret: 'the sealing secret of the estate',
      trustPollMs: 3_600_000,
    },
    {
      now: () => Date.now() + clock.offsetMs,
      jitter: () => 0,
      fetch: (url, init) => fetch(url, init),
      logger: silentLogger,
    },
  );

  const call = async (url: string, token: string, method: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(url, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  };
  const admin: Estate['admin'] = (method, path, body) =>
    call(`${backend.url}/v1/admin${path}`, adminToken, method, body);
  expect(await admin('POST', '/trust/refresh')).toEqual({ refreshed: true });

  return {
    backendUrl: backend.url,
    databaseUrl: postgres.url,
    vendor,
    registry,
    clock,
    admin,
    vendorDoes: async (what, body) => {
      await call(`${sandboxUrl}/control/${what}`, controlToken, 'POST', body);
    },
    vendorIs: async (mode) => {
      await call(`${sandboxUrl}/control/mode`, controlToken, 'POST', { mode });
    },
    makeStore: async () => {
      const storeId = randomUUID();
      await admin('PUT', `/stores/${storeId}`, { name: 'Harbour Street', policy });
      await admin('PUT', `/stores/${storeId}/staff/${randomUUID()}`, { name: 'Ann', pin });
      return storeId;
    },
    makeCode: async (storeId) =>
      codeAnswer.parse(await admin('POST', `/stores/${storeId}/registration-codes`)).code,
    makeLock: async () => {
      const identity = await vendor.manufactureLock(randomBytes(8).toString('hex'), 'CAM');
      const { enrolmentCode } = drawRegistration(identity, systemRandom);
      return { identity, enrolmentCode: fromHex(enrolmentCode), provisioned: false };
    },
    dispose: async () => {
      await backend.dispose();
      await sandbox.dispose();
      registry.dispose();
      await postgres.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** Resolves as soon as `look` passes its expectations. The bound is for a machine that has much else to do. */
export const eventually = <T>(look: () => T | Promise<T>, timeout = 50_000): Promise<T> =>
  vi.waitFor(look, { timeout, interval: 20 });
