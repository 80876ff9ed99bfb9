/** Two PostgreSQL under Patroni with etcd, and what leads to the primary: HAProxy, and a PgBouncer for each instance of the backend. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { startEtcd, type Etcd } from './etcd.ts';
import { makeNode, type ClusterNode } from './node.ts';
import { freePort } from '#support/free-port.ts';
import { startOwned, until, writeConfig, writeOwned, type Owned, type OwnedProcess } from './owned.ts';
import type { Programs } from './programs.ts';

export interface Pooler {
  readonly url: string;
  kill(): Promise<void>;
  start(): void;
}

export interface ClusterOptions {
  /** Where the first server is to keep its data. */
  readonly smallDisk?: string | undefined;
}

export interface DatabaseCluster extends ClusterOptions {
  readonly nodes: readonly ClusterNode[];
  readonly etcd: Etcd;
  readonly poolers: readonly Pooler[];
  /** Through HAProxy, to the primary. */
  readonly url: string;
  /** Where kiosks ask, once instances answer on `instancePorts`. */
  readonly kiosksPort: number;
  readonly instancePorts: readonly number[];
  /** Those that say of themselves that they are the primary. */
  leaders(): Promise<readonly ClusterNode[]>;
  /** Until one server is the primary and the other its synchronous standby. */
  untilWhole(): Promise<void>;
  dispose(): Promise<void>;
}

const wholeWithinMs = 120_000;
const answersWithinMs = 1_000;

export const startDatabaseCluster = async (
  owned: Owned,
  programs: Programs,
  { smallDisk }: ClusterOptions = {},
): Promise<DatabaseCluster> => {
  const secret = (): string => randomBytes(18).toString('hex');
  const passwords = { superuser: secret(), replication: secret(), backend: secret() };
  const stopping: (() => Promise<void>)[] = [];
  const dispose = async (): Promise<void> => {
    for (const stop of stopping.splice(0).reverse()) await stop();
  };
  try {
    const etcd = await startEtcd(owned, programs.etcd);
    stopping.push(() => etcd.dispose());
    const options = { owned, programs, etcd: etcd.ports, passwords };
    const a = await makeNode('a', { ...options, ...(smallDisk === undefined ? {} : { dataIn: smallDisk }) });
    const b = await makeNode('b', options);
    const nodes = [a, b];
    const saying = async (what: 'primary' | 'sync'): Promise<readonly ClusterNode[]> => {
      const answers = nodes.map(async (node) => {
        const signal = AbortSignal.timeout(answersWithinMs);
        const answer = await fetch(`http://127.0.0.1:${node.apiPort}/${what}`, { signal }).catch(() => null);
        return answer?.ok ? [node] : [];
      });
      return (await Promise.all(answers)).flat();
    };
    const leaders = (): Promise<readonly ClusterNode[]> => saying('primary');
    const untilWhole = async (): Promise<void> => {
      await until('a primary with its synchronous standby', wholeWithinMs, async () => {
        const [[primary, second], [standby]] = [await saying('primary'), await saying('sync')];
        return primary && !second && standby && primary !== standby;
      });
    };
    // One after the other, so that the first is the primary.
    a.start();
    stopping.push(() => a.dispose());
    await until('the first server is the primary', wholeWithinMs, async () => (await leaders())[0]);
    b.start();
    stopping.push(() => b.dispose());
    await untilWhole();

    const superuser = new pg.Client({
      host: '127.0.0.1',
      port: a.port,
      user: 'postgres',
      password: passwords.superuser,
      database: 'postgres',
    });
    await superuser.connect();
    await superuser.query(`CREATE ROLE latchpoint LOGIN PASSWORD '${passwords.backend}'`);
    await superuser.query('CREATE DATABASE latchpoint OWNER latchpoint');
    await superuser.end();

    const [primaryPort, kiosksPort, onePort, twoPort] = [
      await freePort(),
      await freePort(),
      await freePort(),
      await freePort(),
    ];
    const balancer = startOwned(owned, 'haproxy', [
      programs.haproxy,
      '-db',
      '-f',
      writeConfig(owned, 'haproxy.cfg', 'haproxy.cfg', {
        PRIMARY_PORT: primaryPort,
        KIOSKS_PORT: kiosksPort,
        KIOSK_CONNECTIONS: 3_000,
        MOST_CONNECTIONS: 4_000,
        A_PORT: a.port,
        A_API_PORT: a.apiPort,
        B_PORT: b.port,
        B_API_PORT: b.apiPort,
        ONE_PORT: onePort,
        TWO_PORT: twoPort,
      }),
    ]);
    stopping.push(() => balancer.end('SIGTERM'));
    const users = writeOwned(owned, 'users.txt', `"latchpoint" "${passwords.backend}"\n`);
    const poolers = await Promise.all(
      ['one', 'two'].map(async (name) => {
        const port = await freePort();
        const config = writeConfig(owned, `pgbouncer-${name}.ini`, 'pgbouncer.ini', {
          PRIMARY_PORT: primaryPort,
          POOLER_PORT: port,
          USERS: users,
        });
        let running: OwnedProcess | null = null;
        const start = (): void => {
          running = startOwned(owned, `pgbouncer-${name}`, [programs.pgbouncer, '-q', config]);
        };
        start();
        stopping.push(() => running?.end('SIGINT') ?? Promise.resolve());
        return {
          url: `postgres://latchpoint:${passwords.backend}@127.0.0.1:${port}/latchpoint`,
          start,
          kill: () => running?.end('SIGKILL') ?? Promise.resolve(),
        };
      }),
    );
    const url = `postgres://latchpoint:${passwords.backend}@127.0.0.1:${primaryPort}/latchpoint`;
    await until('the primary is reached', wholeWithinMs, async () => {
      const client = new pg.Client({ connectionString: url });
      client.on('error', () => undefined);
      await client.connect();
      await client.end();
      return true;
    });
    return {
      smallDisk,
      nodes,
      etcd,
      poolers,
      url,
      kiosksPort,
      instancePorts: [onePort, twoPort],
      leaders,
      untilWhole,
      dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
};
