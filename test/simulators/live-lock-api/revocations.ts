/** What the vendor has revoked, and the lists that say so: an append-only log, cut into parts that each fit a lock (docs/link.md). */
import { maxRevocations } from '#kiosk/link/wire/revocation-list.ts';
import type { Vendor } from '../live-lock/open-vendor.ts';
import type { Registry, RevocationEntry } from './registry.ts';

export interface RevocationPart {
  readonly version: number;
  readonly list: Uint8Array;
}

export interface Revocations {
  /** In their order; empty where nothing was ever revoked for this owner. */
  current(owner: string): Promise<readonly RevocationPart[]>;
  /** From now on locks take no Key Certificate of this lock, or no intermediate, below the given epoch. */
  revoke(entry: RevocationEntry): void;
}

interface LoggedPart {
  version: number;
  readonly locks: Map<string, number>;
}

/**
 * The parts as they stand after these entries. Each entry changes the last part, which then gets the next version; a part that is
 * full never changes again, but for what is revoked of the customer as a whole: that has all of them signed anew, in their order.
 */
export const partsOf = (entries: readonly RevocationEntry[]) => {
  let last: LoggedPart = { version: 0, locks: new Map() };
  const parts = [last];
  let version = 0;
  let minCustomerEpoch = 0;
  for (const { serialNumber, minEpoch } of entries) {
    if (serialNumber === null) {
      minCustomerEpoch = Math.max(minCustomerEpoch, minEpoch);
      for (const part of parts) part.version = version += 1;
      continue;
    }
    if (!last.locks.has(serialNumber) && last.locks.size === maxRevocations) {
      last = { version: 0, locks: new Map() };
      parts.push(last);
    }
    last.locks.set(serialNumber, Math.max(last.locks.get(serialNumber) ?? 0, minEpoch));
    last.version = version += 1;
  }
  return parts.map((part) => ({
    version: part.version,
    minCustomerEpoch,
    locks: [...part.locks].map(([serialNumber, minKeyEpoch]) => ({ serialNumber, minKeyEpoch })),
  }));
};

export const createRevocations = (ports: {
  readonly vendor: Pick<Vendor, 'customer' | 'signRevocations'>;
  readonly registry: Pick<Registry, 'revocations' | 'addRevocation'>;
}): Revocations => {
  const { vendor, registry } = ports;
  return {
    current: async (owner) => {
      const entries = registry.revocations(owner);
      const customer = await vendor.customer(owner);
      if (entries.length === 0 || !customer) return [];
      return partsOf(entries).map((part) => ({
        version: part.version,
        list: vendor.signRevocations(customer, part),
      }));
    },
    revoke: (entry) => registry.addRevocation(entry),
  };
};
