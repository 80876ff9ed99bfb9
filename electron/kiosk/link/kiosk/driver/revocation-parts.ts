/** Which part of a customer's revocation list goes to which lock (docs/link.md, "Revocation list"). */
import { readRevocationClaims } from '../../wire/revocation-list.ts';

export type PartChoice = (parts: readonly Uint8Array[], serialNumber: string) => Uint8Array | null;

interface Named {
  readonly part: Uint8Array;
  readonly epoch: number;
  readonly version: number;
}

const indexOf = (parts: readonly Uint8Array[]): ReadonlyMap<string, Named> => {
  const index = new Map<string, Named>();
  for (const part of parts) {
    const claims = readRevocationClaims(part);
    if (claims === null) continue;
    const { version } = claims;
    for (const [serialNumber, epoch] of claims.locks) {
      const before = index.get(serialNumber);
      const isMore = !before || epoch > before.epoch || (epoch === before.epoch && version > before.version);
      if (isMore) index.set(serialNumber, { part, epoch, version });
    }
  }
  return index;
};

/**
 * The part that names the lock with the highest epoch, of several the newest; the first for a lock that none names; null where
 * there is none. Parts are read anew when they are other ones, told by the array that holds them.
 */
export const createPartChoice = (): PartChoice => {
  let known: readonly Uint8Array[] = [];
  let index: ReadonlyMap<string, Named> = new Map();
  return (parts, serialNumber) => {
    if (parts !== known) {
      index = indexOf(parts);
      known = parts;
    }
    return index.get(serialNumber)?.part ?? parts[0] ?? null;
  };
};
