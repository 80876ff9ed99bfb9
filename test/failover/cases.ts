/** What is done to the cluster, and how it is undone. Each begins and ends with a primary and its synchronous standby. */
import { spawnSync } from 'node:child_process';
import { rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import type { ClusterNode } from './node.ts';
import type { Site } from './site.ts';

export interface Breakage {
  /** When another server, or the same one once more, has to become the primary: Patroni's own part of the time. */
  readonly newPrimary: boolean;
  /** How long it is left so before it is healed, from when all is well again or could be. */
  readonly forMs: number;
  readonly heal: () => Promise<void>;
}

export interface FailoverCase {
  readonly name: string;
  readonly what: string;
  /** Or why it can't be done here. */
  readonly begin: (site: Site, primary: ClusterNode, standby: ClusterNode) => Promise<Breakage | string>;
}

const shortMs = 3_000;
/** Longer than Patroni takes to notice that etcd is gone, and to act. */
const longMs = 30_000;
const later = async (work: () => void): Promise<void> => {
  work();
  return Promise.resolve();
};

export const failoverCases: readonly FailoverCase[] = [
  {
    name: 'disk',
    what: 'the disk of the primary is full',
    begin: ({ cluster: { nodes, smallDisk } }, primary) => {
      if (smallDisk === undefined) return Promise.resolve('a small disk could not be mounted here');
      if (primary !== nodes[0]) return Promise.resolve('the server with the small disk is not the primary');
      const filler = join(smallDisk, 'filler');
      const { bavail, bsize } = statfsSync(smallDisk);
      spawnSync('fallocate', ['-l', String(bavail * bsize), filler]);
      return Promise.resolve({ newPrimary: false, forMs: longMs, heal: () => later(() => rmSync(filler)) });
    },
  },
  {
    name: 'primary',
    what: 'the primary loses its power: Patroni and PostgreSQL are killed',
    begin: async (_site, primary) => {
      await primary.kill();
      return { newPrimary: true, forMs: shortMs, heal: () => later(() => primary.start()) };
    },
  },
  {
    name: 'postgres',
    what: 'the PostgreSQL of the primary is killed, Patroni is not',
    begin: (_site, primary) => {
      primary.killPostgres();
      return Promise.resolve({ newPrimary: false, forMs: longMs, heal: () => Promise.resolve() });
    },
  },
  {
    name: 'cut',
    what: 'the primary is cut off from the other server and from etcd, and those who ask it are not',
    begin: (_site, primary, standby) => {
      for (const node of [primary, standby]) node.cutFromOther();
      primary.cutFromEtcd();
      const heal = (): Promise<void> => later(() => [primary, standby].forEach((node) => node.heal()));
      return Promise.resolve({ newPrimary: true, forMs: shortMs, heal });
    },
  },
  {
    name: 'half-cut',
    what: 'the primary is cut off from etcd and from the standby, and still reaches the standby itself',
    begin: (_site, primary) => {
      primary.cutFromOther();
      primary.cutFromEtcd();
      // Each holds the other to be well: no new primary comes, and no commit is confirmed, for as long as it lasts.
      return Promise.resolve({ newPrimary: false, forMs: longMs, heal: () => later(() => primary.heal()) });
    },
  },
  {
    name: 'frozen',
    what: 'the Patroni of the primary stands still, its PostgreSQL goes on',
    begin: (_site, primary) => {
      primary.freeze();
      return Promise.resolve({ newPrimary: true, forMs: shortMs, heal: () => later(() => primary.thaw()) });
    },
  },
  {
    name: 'standby',
    what: 'the synchronous standby is lost',
    begin: async (_site, _primary, standby) => {
      await standby.kill();
      return { newPrimary: false, forMs: longMs, heal: () => later(() => standby.start()) };
    },
  },
  {
    name: 'etcd-member',
    what: 'one of three members of etcd is killed',
    begin: async ({ cluster: { etcd } }) => {
      await etcd.kill(1);
      return { newPrimary: false, forMs: longMs, heal: () => etcd.start() };
    },
  },
  {
    name: 'etcd',
    what: 'all of etcd is lost',
    begin: async ({ cluster: { etcd } }) => {
      await etcd.kill(Number.POSITIVE_INFINITY);
      return { newPrimary: false, forMs: longMs, heal: () => etcd.start() };
    },
  },
  {
    name: 'pooler',
    what: 'the pooler of one instance is killed',
    begin: async ({ cluster: { poolers } }) => {
      await poolers[0]?.kill();
      return { newPrimary: false, forMs: longMs, heal: () => later(() => poolers[0]?.start()) };
    },
  },
];
