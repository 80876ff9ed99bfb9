/** What a lock remembers of chains that it has accepted, so that the kiosk need not send them again. Lives in the lock's RAM. */
import { equalBytes } from '../wire/bytes.ts';
import type { VerifiedIntermediate } from '../wire/chain-policy.ts';

export interface CertificateCache {
  /** Verified intermediates, most recently used first. Every use re-checks all but the root's signature. */
  intermediates(): readonly VerifiedIntermediate[];
  /** The last accepted Key Certificate (DER), or null. */
  leaf(): Uint8Array | null;
  remember(leaf: Uint8Array, intermediate: VerifiedIntermediate): void;
  clear(): void;
}

/** `size`: how many intermediates are kept; two are enough for a renewal. */
export const createCertificateCache = (size = 2): CertificateCache => {
  let intermediates: VerifiedIntermediate[] = [];
  let leaf: Uint8Array | null = null;
  return {
    intermediates: () => intermediates,
    leaf: () => leaf,
    remember: (newLeaf, intermediate) => {
      leaf = newLeaf;
      const others = intermediates.filter((known) => !equalBytes(known.hash, intermediate.hash));
      intermediates = [intermediate, ...others].slice(0, size);
    },
    clear: () => {
      intermediates = [];
      leaf = null;
    },
  };
};
