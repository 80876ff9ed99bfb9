/** Real backends on a real PostgreSQL with a scripted vendor. Each world is a tenant of its own. */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject, vi } from 'vitest';
import { z } from 'zod';
import { createBackend, type Backend } from '#backend/backend.ts';
import type { BackendConfig } from '#backend/config.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { createJsonLogger, type BackendPorts } from '#backend/platform/ports.ts';
import { startEmbeddedPostgres } from '#backend/postgres/embedded.ts';
import { copyFolder, makeFolder, urlOf } from '../postgres-folder.ts';
import { fetchAsDescribed } from './held-to-contract.ts';
import { createScriptedVendor, type ScriptedVendor } from './scripted-vendor.ts';
import { registerKiosk, type TestKiosk } from './test-kiosk.ts';

export const adminToken = 'an admin token for tests';
export const policy = { offlineLeaseHours: 168, idleSignOutSeconds: 120, holdOpenSeconds: 5 };

/** A server of a test file's own, which has the newest tables, and its address as a configuration holds it. */
export const openPostgres = async (
  template = inject('postgresTemplate'),
): Promise<{ readonly url: string; dispose(): Promise<void> }> => {
  const folder = await makeFolder();
  if (template !== null) await copyFolder(template, join(folder, 'data'));
  const postgres = await startEmbeddedPostgres(join(folder, 'data'), silentLogger);
  return {
    url: urlOf(postgres.connection),
    dispose: async () => {
      await postgres.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

export interface AdminAnswer {
  readonly status: number;
  readonly body: unknown;
}

export interface World {
  readonly vendor: ScriptedVendor;
  readonly config: BackendConfig;
  /** What every instance has; for one on another database. */
  readonly ports: BackendPorts;
  readonly backend: Backend;
  /** Every line that any instance logged. */
  readonly log: readonly string[];
  /** Moves the clock of all instances. */
  readonly clock: { offsetMs: number };
  /** Another instance on the same database; `changed` is configured otherwise there. */
  startInstance(changed?: Partial<BackendConfig>): Promise<Backend>;
  /** `url`: of another instance than the first. */
  admin(method: string, path: string, body?: unknown, url?: string): Promise<AdminAnswer>;
  makeStore(): Promise<string>;
  makeCode(storeId: string): Promise<string>;
  makeKiosk(storeId: string, name?: string): Promise<TestKiosk>;
  dispose(): Promise<void>;
}

const codeAnswer = z.object({ code: z.string() });

/** `prepare` changes what the vendor does from the very start; it need not deliver a usable intermediate then. */
export const createWorld = async (
  databaseUrl: string,
  prepare?: (vendor: ScriptedVendor) => void,
  settings: Pick<
    BackendConfig,
    'trustedProxies' | 'requests' | 'adminTokenPrevious' | 'answerMs' | 'maxConnections'
  > = {},
): Promise<World> => {
  const vendor = await createScriptedVendor();
  prepare?.(vendor);
  const log: string[] = [];
  const clock = { offsetMs: 0 };
  const config: BackendConfig = {
    host: '127.0.0.1',
    port: 0,
    tenantId: randomUUID(),
    database: { kind: 'server', url: databaseUrl },
    vendor: { url: 'http://vendor.test', apiKey: 'canary.api.key', owner: 'owner', timeoutMs: 5_000 },
    adminToken,
    sealingSecret: 'canary sealing secret, long enough',
    trustPollMs: 3_600_000,
    ...settings,
  };
  const now = (): number => Date.now() + clock.offsetMs;
  const ports: BackendPorts = {
    now,
    jitter: () => 0,
    fetch: (url, init) => vendor.fetch(url, init),
    logger: createJsonLogger((line) => log.push(line), now),
  };
  const instances: Backend[] = [];
  const startInstance = async (changed: Partial<BackendConfig> = {}): Promise<Backend> => {
    const instance = await createBackend({ ...config, ...changed }, ports);
    instances.push(instance);
    return instance;
  };

  const backend = await startInstance();
  const admin: World['admin'] = async (method, path, body, url = backend.url) => {
    const json = { 'content-type': 'application/json' };
    const response = await fetchAsDescribed(`${url}/v1/admin${path}`, {
      method,
      headers: { authorization: `Bearer ${adminToken}`, ...(body === undefined ? {} : json) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  };
  const makeCode = async (storeId: string): Promise<string> =>
    codeAnswer.parse((await admin('POST', `/stores/${storeId}/registration-codes`)).body).code;

  // Until the vendor's root has come, no kiosk can register.
  const refreshed = (await admin('POST', '/trust/refresh')).body;
  if (!prepare) expect(refreshed).toEqual({ refreshed: true });
  return {
    vendor,
    config,
    ports,
    backend,
    log,
    clock,
    startInstance,
    admin,
    makeCode,
    makeStore: async () => {
      const storeId = randomUUID();
      expect((await admin('PUT', `/stores/${storeId}`, { name: 'A store', policy })).status).toBe(204);
      return storeId;
    },
    makeKiosk: async (storeId, name) =>
      registerKiosk(backend.url, await makeCode(storeId), now(), fetchAsDescribed, name),
    dispose: async () => {
      await Promise.all(instances.map((instance) => instance.dispose()));
    },
  };
};

/** Resolves as soon as `look` passes its expectations. */
export const eventually = <T>(look: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(look, { timeout: 30_000, interval: 20 });
