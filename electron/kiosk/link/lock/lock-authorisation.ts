/** How a lock judges the chain of a session: first what EAD_3 brings, then the policy, with its cache where it helps. */
import { timingSafeEqual } from 'node:crypto';
import type { CertificateCache } from './certificate-cache.ts';
import {
  checkKeyCertificate,
  verifyIntermediate,
  type ChainExpectations,
  type ChainVerdict,
  type VerifiedIntermediate,
} from '../wire/chain-policy.ts';
import { eadLabels, findEad, type EadItem } from '../wire/edhoc/ead.ts';
import { hashLength, sha256 } from '../wire/edhoc/key-schedule.ts';
import { LinkError } from '../wire/link-error.ts';
import { readRevocationList, type Revocation } from './revocation-list.ts';
import { readTimeToken } from './time-token.ts';

export interface ChainPorts {
  /** What to judge a chain against, read afresh whenever it is needed. */
  readonly expectations: () => ChainExpectations;
  /** Whether the lock's clock is only a lower bound: it asks for a time token then, and takes one only then. */
  readonly wantsTime: () => boolean;
  /** Root-signed proof that it is at least this late (ms since 1970): the lock raises its floor, and keeps it. */
  readonly raiseTimeFloor: (ms: number) => void;
  /** A verified time token said what time it is (ms since 1970): the lock sets its clock and trusts it again. */
  readonly setTime: (ms: number) => void;
  /** A verified revocation list: the lock raises its version and its lowest epochs by it, and lowers none. */
  readonly revoke: (revocation: Revocation) => void;
  readonly cache: CertificateCache;
}

/** How far a lock's clock may have run ahead of the time in a token, in milliseconds: it is not set back, but it is told. */
const mostAheadMs = 86_400_000;

/** Reads what may be read or left: a broken attachment is ignored, the chain decides. */
const lenient = <T>(read: () => T | null): T | null => {
  try {
    return read();
  } catch (error) {
    if (error instanceof LinkError) return null;
    throw error;
  }
};

const takeAttachments = (ports: ChainPorts, ead: readonly EadItem[], challenge: Uint8Array): void => {
  const { roots, now, serialNumber, customerKey } = ports.expectations();
  const token = findEad(ead, eadLabels.timeToken);
  // A lock that trusts its clock has asked for no token, and takes none.
  if (token && ports.wantsTime()) {
    const time = lenient(() => readTimeToken(token, challenge, roots, now - mostAheadMs));
    if (time !== null) ports.setTime(time);
  }
  const list = findEad(ead, eadLabels.revocationList);
  if (list && customerKey !== null) {
    const revocation = lenient(() => readRevocationList(list, { serialNumber, customerKey, roots }));
    if (revocation !== null) ports.revoke(revocation);
  }
};

/**
 * Judges the leaf under the cached intermediate that the kiosk has proved to hold. What the lock tells everyone of its cache is
 * too short for that: whoever has the Key Certificate and no intermediate must not profit by another kiosk's.
 */
const checkWithCache = (
  leaf: Uint8Array,
  cache: CertificateCache,
  ead: readonly EadItem[],
  expectations: ChainExpectations,
): ChainVerdict => {
  const proof = findEad(ead, eadLabels.intermediateHash);
  const proves = ({ certificate: { der } }: VerifiedIntermediate): boolean =>
    proof?.length === hashLength && timingSafeEqual(proof, sha256(der));
  const intermediate = cache.intermediates().find(proves);
  return intermediate === undefined
    ? { ok: false, reason: 'not_two_certificates' }
    : checkKeyCertificate(leaf, intermediate, expectations);
};

const raiseFloor = (ports: ChainPorts, { certificate }: VerifiedIntermediate): void => {
  if (certificate.notBefore > ports.expectations().now) ports.raiseTimeFloor(certificate.notBefore);
};

/** What the kiosk's first message brought. */
export interface Presented {
  /** Key Certificate first. */
  readonly chain: readonly Uint8Array[];
  readonly ead: readonly EadItem[];
  /** This lock's ephemeral key. */
  readonly challenge: Uint8Array;
  /** It gives the lock back with the root's own token: a revoked key is good enough for that, and for nothing else. */
  readonly givesBack: boolean;
}

export const authoriseChain = (
  ports: ChainPorts,
  { chain, ead, challenge, givesBack }: Presented,
): ChainVerdict => {
  takeAttachments(ports, ead, challenge);
  const expectations = (): ChainExpectations => ({
    ...ports.expectations(),
    ...(givesBack ? { minKeyEpoch: 0 } : {}),
  });
  const [leaf, intermediate, ...others] = chain;
  if (leaf === undefined || others.length > 0) return { ok: false, reason: 'not_two_certificates' };
  if (intermediate === undefined)
    return remember(ports, checkWithCache(leaf, ports.cache, ead, expectations()));
  const verified = verifyIntermediate(intermediate, expectations());
  if (!verified.ok) return verified;
  raiseFloor(ports, verified.intermediate);
  return remember(ports, checkKeyCertificate(leaf, verified.intermediate, expectations()));
};

const remember = ({ cache }: ChainPorts, verdict: ChainVerdict): ChainVerdict => {
  if (verdict.ok) cache.remember(verdict.leaf.der, verdict.intermediate);
  return verdict;
};
