/** Folders and documents for the benchmarks of the kiosk's data. */
import { testDataKeys } from '#support/kiosk-file.ts';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKioskData, type LocalData } from '#kiosk/data/kiosk-data.ts';
import { systemClock } from '#kiosk/platform/clock.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import type { DataKeys } from '#kiosk/vault/data-key.ts';

/** Runs `work` in a folder on the machine's real disk, and removes that folder whatever happens. */
export const inFolder = async <T>(work: (folder: string) => Promise<T>): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), 'latchpoint-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

export const openData = (folder: string, dataKeys: DataKeys = testDataKeys): Promise<LocalData> =>
  createKioskData({
    path: join(folder, 'kiosk.db'),
    clock: systemClock,
    random: systemRandom,
    logger: silentLogger,
    dataKeys,
  });

export const serialNumber = (n: number): string => n.toString(16).padStart(16, '0');

/** Bytes of a certificate with its key, and of a device certificate, as the sandbox of the vendor issues them. */
export const keyMaterialBytes = { certificate: 620, privateKey: 138 } as const;
const sealedBytes = 1100;
const deviceCertificateBytes = 560;

const pageSize = 1000;

/** Fills a kiosk's data with pulled documents: sealed keys, and locks that have one. */
export const fillKiosk = async (
  data: LocalData,
  { keys, locks, rights }: { readonly keys: number; readonly locks: number; readonly rights?: object },
): Promise<void> => {
  const { replica } = data;
  const store = {
    storeId: systemRandom.uuid(),
    name: 'Store',
    policy: { offlineLeaseHours: 168, idleSignOutSeconds: 60, holdOpenSeconds: 5 },
    ...(rights && { rights }),
  };
  await replica.applyPage('store', [{ ...store, version: 1, deleted: false }]);
  const pages = async (
    collection: 'locks' | 'keyCertificates',
    count: number,
    toDocument: (n: number) => object,
  ): Promise<void> => {
    for (let first = 0; first < count; first += pageSize) {
      const rows = Array.from({ length: Math.min(pageSize, count - first) }, (_, index) => {
        const n = first + index;
        return { ...toDocument(n), version: n + 1, deleted: false };
      });
      await replica.applyPage(collection, rows);
    }
  };
  await pages('locks', locks, (n) => ({
    serialNumber: serialNumber(n),
    type: 'CAM',
    name: `Cabinet ${n}`,
    group: `Aisle ${n % 20}`,
    deviceCertificate: randomBytes(deviceCertificateBytes).toString('base64'),
  }));
  await pages('keyCertificates', keys, (n) => ({
    serialNumber: serialNumber(n),
    sealed: randomBytes(sealedBytes).toString('base64url'),
  }));
};
