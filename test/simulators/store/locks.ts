/** The store's locks: manufactured once per data folder, then opened again with what they remember. */
import { join } from 'node:path';
import type { Clock } from '#kiosk/platform/clock.ts';
import type { Random } from '#kiosk/platform/random.ts';
import { fileMemory, openLockIdentity } from '../lock/file-memory.ts';
import { createSimulatedLock, type SimulatedLock } from '../lock/simulated-lock.ts';
import type { Vendor } from '../live-lock/open-vendor.ts';
import { inventory, type InventoryLock } from './inventory.ts';

export interface StoreLock {
  readonly entry: InventoryLock;
  readonly lock: SimulatedLock;
}

export interface StoreLocksOptions {
  readonly dataDir: string;
  readonly vendor: Vendor;
  readonly owner: string;
  readonly clock: Clock;
  readonly random: Random;
}

/** Locks that were enrolled before today are bound to the customer's key already. */
export const openStoreLocks = async (options: StoreLocksOptions): Promise<readonly StoreLock[]> => {
  const { dataDir, vendor, clock, random } = options;
  const customer = await vendor.addCustomer(options.owner);
  return Promise.all(
    inventory.map(async (entry) => {
      const identity = await openLockIdentity(dataDir, vendor, {
        serialNumber: entry.serialNumber,
        type: entry.type,
      });
      const memory = fileMemory(join(dataDir, `${entry.serialNumber}.json`));
      const lock = createSimulatedLock({ identity, clock, random, memory, battery: entry.battery });
      if (entry.belongs !== 'new') lock.provisionAtFactory(customer.publicKey);
      return { entry, lock };
    }),
  );
};
