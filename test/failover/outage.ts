/** Watches one outage: when Patroni had a primary again, and when somebody was acknowledged something again. */
import type { DatabaseCluster } from './database-cluster.ts';
import type { ClusterNode } from './node.ts';

export interface Outage {
  /** From the beginning until a server that is not the old one, or that one once more, is the primary. Null until then. */
  primaryMs(): number | null;
  /** From the beginning to the first success after that; what was on the way before it does not count. Null until then. */
  successMs(): number | null;
  longestGapMs(): number;
  stop(): void;
}

const everyMs = 50;

/** `heard`: when something was acknowledged, as it happens. To be called just before the outage begins. */
export const watchOutage = (
  cluster: Pick<DatabaseCluster, 'leaders'>,
  old: ClusterNode,
  heard: readonly number[],
): Outage => {
  const began = performance.now();
  let primaryAt: number | null = null;
  let wasLost = false;
  let isStopped = false;

  const look = async (): Promise<void> => {
    while (!isStopped && primaryAt === null) {
      const leaders = await cluster.leaders();
      if (!leaders.includes(old)) wasLost = true;
      if (leaders.some((node) => wasLost || node !== old)) primaryAt = performance.now();
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  };
  void look();

  /** Between two successes, or from the last one until now. */
  const gaps = (): readonly { readonly from: number; readonly to: number }[] =>
    [began, ...heard.filter((at) => at > began), performance.now()]
      .map((to, n, all) => ({ from: all[n - 1] ?? began, to }))
      .slice(1);
  return {
    primaryMs: () => (primaryAt === null ? null : primaryAt - began),
    successMs: () => {
      // A session that is taken to the new server may be there before we have seen it ourselves.
      const longest = gaps().reduce((a, b) => (b.to - b.from > a.to - a.from ? b : a));
      return heard.includes(longest.to) && primaryAt !== null ? longest.to - began : null;
    },
    longestGapMs: () => Math.max(...gaps().map(({ from, to }) => to - from)),
    stop: () => {
      isStopped = true;
    },
  };
};
