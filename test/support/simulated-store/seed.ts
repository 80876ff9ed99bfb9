/** Fills a new backend with the simulated store: two stores, two staff members, and the locks enrolled before today. */
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { Admin } from './admin.ts';

export const storeId = '5a000000-0000-4000-8000-000000000001';
const otherStoreId = '5a000000-0000-4000-8000-000000000002';

/** Who can sign in at the simulated store's kiosk. The README names the PIN: it protects nothing. */
export const simulatedPin = '582047';
export const simulatedStaff = [
  { staffId: '5aff0000-0000-4000-8000-000000000001', name: 'Front counter' },
  { staffId: '5aff0000-0000-4000-8000-000000000002', name: 'Back office' },
] as const;

export const seedLockSchema = z.strictObject({
  serialNumber: z.string(),
  type: z.string(),
  name: z.string(),
  group: z.string(),
  belongs: z.enum(['ours', 'new', 'other']),
  enrolmentCode: z.string(),
  deviceCertificate: z.string(),
});
export type SeedLock = z.infer<typeof seedLockSchema>;

export const simulatedPolicy = { offlineLeaseHours: 7 * 24, idleSignOutSeconds: 300, holdOpenSeconds: 5 };
const settleWithinMs = 30_000;
const listedLocks = z.looseObject({ locks: z.array(z.looseObject({ serialNumber: z.string() })) });

const countLocks = async (admin: Admin, store: string): Promise<number> =>
  listedLocks.parse(await admin.get(`/stores/${store}/locks`)).locks.length;

/** Resolves when every lock has its Key Certificate. */
export const seedBackend = async (admin: Admin, locks: readonly SeedLock[]): Promise<void> => {
  await admin.send('PUT', `/stores/${storeId}`, { name: 'Harbour Street', policy: simulatedPolicy });
  await admin.send('PUT', `/stores/${otherStoreId}`, { name: 'Station Square', policy: simulatedPolicy });
  for (const person of simulatedStaff) {
    await admin.send('PUT', `/stores/${storeId}/staff/${person.staffId}`, {
      name: person.name,
      pin: simulatedPin,
    });
  }
  const enrolled = locks.filter((lock) => lock.belongs !== 'new');
  for (const { belongs, ...lock } of enrolled) {
    await admin.send('POST', `/stores/${belongs === 'ours' ? storeId : otherStoreId}/locks`, lock);
  }
  const deadline = performance.now() + settleWithinMs;
  for (;;) {
    const done = (await countLocks(admin, storeId)) + (await countLocks(admin, otherStoreId));
    if (done === enrolled.length) return;
    if (performance.now() > deadline)
      throw new Error(`only ${done} of ${enrolled.length} locks were registered`);
    await wait(100);
  }
};
