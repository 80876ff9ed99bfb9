/** Everything that stands in a chain's computing centre, and the vendor: the database's cluster and two instances of the backend. */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createAdmin, type Admin } from '#support/simulated-store/admin.ts';
import { startChild, type Child } from '#support/simulated-store/child.ts';
import { startDatabaseCluster, type ClusterOptions, type DatabaseCluster } from './database-cluster.ts';
import { until, type Owned } from './owned.ts';
import type { Programs } from './programs.ts';
import { startVendor, type VendorServer } from './vendor-server.ts';

export interface Site {
  readonly cluster: DatabaseCluster;
  readonly vendor: VendorServer;
  readonly instances: readonly { readonly url: string; readonly admin: Admin }[];
  readonly tenantId: string;
  readonly sealingSecret: string;
  /** Until both instances are ready. */
  untilReady(): Promise<void>;
  dispose(): Promise<void>;
}

const tenantId = '00000000-0000-4000-8000-000000000001';
const readyWithinMs = 60_000;

export const startSite = async (
  owned: Owned,
  programs: Programs,
  options: ClusterOptions = {},
): Promise<Site> => {
  const stopping: (() => Promise<void>)[] = [];
  const dispose = async (): Promise<void> => {
    for (const stop of stopping.splice(0).reverse()) await stop();
  };
  try {
    const vendor = await startVendor();
    stopping.push(() => vendor.dispose());
    const cluster = await startDatabaseCluster(owned, programs, options);
    stopping.push(() => cluster.dispose());
    const logDir = join(owned.folder, 'backend');
    mkdirSync(logDir);
    const sealingSecret = randomBytes(32).toString('base64url');
    const adminToken = randomBytes(24).toString('base64url');
    const started: Child[] = [];
    for (const [n, port] of cluster.instancePorts.entries()) {
      const child = await startChild({
        name: `backend-${n + 1}`,
        entry: 'backend/main.ts',
        env: {
          PORT: String(port),
          DATABASE_URL: cluster.url,
          DATABASE_POOLER_URL: cluster.poolers[n]?.url ?? '',
          TENANT_ID: tenantId,
          TRUSTED_PROXIES: '127.0.0.0/8',
          LIVE_LOCK_API_URL: vendor.url,
          LIVE_LOCK_API_KEY: randomBytes(24).toString('base64url'),
          LIVE_LOCK_OWNER: 'owner',
          ADMIN_TOKEN: adminToken,
          SEALING_SECRET: sealingSecret,
        },
        logDir,
      });
      started.push(child);
      stopping.push(() => child.stop());
    }
    const urls = cluster.instancePorts.map((port) => `http://127.0.0.1:${port}`);
    return {
      cluster,
      vendor,
      instances: urls.map((url) => ({ url, admin: createAdmin(url, adminToken) })),
      tenantId,
      sealingSecret,
      untilReady: async () => {
        await until('both instances are ready', readyWithinMs, async () => {
          const answers = await Promise.all(
            urls.map((url) => fetch(`${url}/ready`, { signal: AbortSignal.timeout(5_000) })),
          );
          return answers.every(({ ok }) => ok);
        });
        const gone = started.filter(
          ({ process }) => process.exitCode !== null || process.signalCode !== null,
        );
        if (gone.length > 0) throw new Error('an instance of the backend has ended');
      },
      dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
};
