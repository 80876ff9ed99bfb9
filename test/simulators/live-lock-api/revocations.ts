/** What the vendor has revoked, and the list that says so. */
import type { Vendor } from '../vendor/open-vendor.ts';
import type { Registry, RevocationEntry } from './registry.ts';

export interface Revocations {
  /** null where nothing was ever revoked for this owner. */
  current(owner: string): Promise<{ readonly version: number; readonly list: Uint8Array } | null>;
  /** From now on locks take no Key Certificate of this lock, or no intermediate, below the given epoch. */
  revoke(entry: RevocationEntry): void;
}

export const createRevocations = (ports: {
  readonly vendor: Vendor;
  readonly registry: Registry;
}): Revocations => {
  const { vendor, registry } = ports;
  return {
    current: async (owner) => {
      const entries = registry.revocations(owner);
      const customer = await vendor.customer(owner);
      if (entries.length === 0 || !customer) return null;
      const epochs = new Map<string, number>();
      let minCustomerEpoch = 0;
      for (const { serialNumber, minEpoch } of entries) {
        if (serialNumber === null) minCustomerEpoch = Math.max(minCustomerEpoch, minEpoch);
        else epochs.set(serialNumber, Math.max(epochs.get(serialNumber) ?? 0, minEpoch));
      }
      const locks = [...epochs].map(([serialNumber, minKeyEpoch]) => ({ serialNumber, minKeyEpoch }));
      const version = entries.length;
      return { version, list: vendor.signRevocations(customer, { version, minCustomerEpoch, locks }) };
    },
    revoke: (entry) => registry.addRevocation(entry),
  };
};
