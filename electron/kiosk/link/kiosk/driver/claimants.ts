/** The peers that say to be one lock: which of them to believe, and which to try next. */

export interface Claimants {
  heard(peer: string, now: number): void;
  /** Whether what this peer advertises counts: it does not while another one is heard that has proved to be the lock. */
  speaks(peer: string, now: number): boolean;
  /** Of those that were just heard and are not in `tried`: proven first, failed last, else the one heard last. */
  best(tried: ReadonlySet<string>, now: number): string | null;
  /** How many were just heard and are not in `tried`. */
  others(tried: ReadonlySet<string>, now: number): number;
  isProven(peer: string): boolean;
  proven(peer: string): void;
  /** `disproved`: somebody else answered there. A proven peer that is only out of reach for a moment stays proven. */
  failed(peer: string, disproved: boolean): void;
  forget(peer: string): void;
}

interface Claimant {
  readonly heardAt: number;
  /** Counts failures of all of them: who failed longest ago is tried first again. 0: has not. */
  readonly failure: number;
}

/** Addresses are made up as easily as all else; beyond this many the longest silent is forgotten, but never the proven one. */
const mostPeers = 16;

/** `freshMs`: how long ago "just heard" may be. */
export const createClaimants = (freshMs: number): Claimants => {
  /** In order of the last advertisement, the longest silent first. */
  const peers = new Map<string, Claimant>();
  let provenPeer: string | null = null;
  let failures = 0;

  const isFresh = (peer: string, now: number): boolean => {
    const claimant = peers.get(peer);
    return claimant !== undefined && now - claimant.heardAt <= freshMs;
  };
  const untried = (tried: ReadonlySet<string>, now: number): string[] =>
    [...peers.keys()].filter((peer) => !tried.has(peer) && isFresh(peer, now));

  return {
    heard: (peer, now) => {
      const failure = peers.get(peer)?.failure ?? 0;
      peers.delete(peer);
      peers.set(peer, { heardAt: now, failure });
      if (peers.size <= mostPeers) return;
      const silent = [...peers.keys()].find((each) => each !== provenPeer);
      if (silent !== undefined) peers.delete(silent);
    },
    speaks: (peer, now) => provenPeer === null || peer === provenPeer || !isFresh(provenPeer, now),
    best: (tried, now) => {
      const rank = (peer: string): number =>
        peer === provenPeer ? -1 : (peers.get(peer)?.failure ?? Number.POSITIVE_INFINITY);
      // Sorting keeps the order of equals: of those the last heard comes first.
      return (
        untried(tried, now)
          .toReversed()
          .sort((a, b) => rank(a) - rank(b))[0] ?? null
      );
    },
    others: (tried, now) => untried(tried, now).length,
    isProven: (peer) => peer === provenPeer,
    proven: (peer) => {
      provenPeer = peer;
    },
    failed: (peer, disproved) => {
      if (peer === provenPeer && !disproved) return;
      if (peer === provenPeer) provenPeer = null;
      const claimant = peers.get(peer);
      failures += 1;
      if (claimant) peers.set(peer, { ...claimant, failure: failures });
    },
    forget: (peer) => {
      const claimant = peers.get(peer);
      // Heard again, it is what it was: only that it can be reached now is not believed.
      if (claimant) peers.set(peer, { ...claimant, heardAt: Number.NEGATIVE_INFINITY });
    },
  };
};
