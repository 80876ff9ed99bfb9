/** One server of the cluster: Patroni with its PostgreSQL. The other server and etcd are reached through relays that can be cut. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { freePort } from '#support/free-port.ts';
import { makeOwnedFolder, startOwned, until, writeConfig, type Owned, type OwnedProcess } from './owned.ts';
import type { Programs } from './programs.ts';
import { startRelay, type Relay } from './relay.ts';

export interface ClusterNode {
  readonly name: string;
  readonly port: number;
  readonly apiPort: number;
  readonly dataDir: string;
  start(): void;
  /** As the power goes: Patroni and PostgreSQL at once. */
  kill(): Promise<void>;
  killPostgres(): void;
  /** Patroni alone, which neither ends nor goes on. */
  freeze(): void;
  thaw(): void;
  /** The other server no longer reaches it; whoever asks PostgreSQL itself still does. */
  cutFromOther(): void;
  cutFromEtcd(): void;
  heal(): void;
  /** What Patroni says of itself. */
  role(): Promise<string>;
  dispose(): Promise<void>;
}

export interface NodeOptions {
  readonly owned: Owned;
  readonly programs: Programs;
  readonly etcd: readonly number[];
  readonly passwords: { readonly superuser: string; readonly replication: string };
  /** Where its data is to lie; a folder of its own unless given. */
  readonly dataIn?: string;
}

const stateSchema = z.looseObject({ role: z.string(), state: z.string() });

export const makeNode = async (name: string, options: NodeOptions): Promise<ClusterNode> => {
  const { owned, programs, etcd, passwords } = options;
  const home = makeOwnedFolder(owned, join(owned.folder, name));
  const dataDir = join(options.dataIn ?? home, 'data');
  const [port, apiPort] = [await freePort(), await freePort()];
  const inbound: Relay[] = [];
  const toEtcd: Relay[] = [];
  const relay = async (relays: Relay[], to: number): Promise<number> => {
    const made = await startRelay(to);
    relays.push(made);
    return made.port;
  };
  const config = writeConfig(owned, `${name}.yml`, 'patroni.yml', {
    NAME: name,
    API_PORT: apiPort,
    API_SEEN_AT: await relay(inbound, apiPort),
    PORT: port,
    SEEN_AT: await relay(inbound, port),
    ETCD: (await Promise.all(etcd.map(async (to) => `127.0.0.1:${await relay(toEtcd, to)}`))).join(', '),
    BIN: programs.postgres,
    DATA: dataDir,
    HOME: home,
    SUPERUSER_PASSWORD: passwords.superuser,
    REPLICATION_PASSWORD: passwords.replication,
  });
  let patroni: OwnedProcess | null = null;

  const postmaster = (): number | null => {
    try {
      return Number(readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n')[0]);
    } catch {
      return null;
    }
  };
  const isAlive = (pid: number): boolean => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };
  const killPostgres = (): void => {
    const pid = postmaster();
    if (pid !== null && isAlive(pid)) process.kill(pid, 'SIGKILL');
  };

  return {
    name,
    port,
    apiPort,
    dataDir,
    start: () => {
      patroni = startOwned(owned, name, [programs.patroni, config]);
    },
    kill: async () => {
      const ended = patroni?.end('SIGKILL');
      killPostgres();
      await ended;
    },
    killPostgres,
    freeze: () => {
      if (patroni) process.kill(patroni.pid, 'SIGSTOP');
    },
    thaw: () => {
      if (patroni) process.kill(patroni.pid, 'SIGCONT');
    },
    cutFromOther: () => {
      for (const each of inbound) each.cut();
    },
    cutFromEtcd: () => {
      for (const each of toEtcd) each.cut();
    },
    heal: () => {
      for (const each of [...inbound, ...toEtcd]) each.heal();
    },
    role: async () => {
      const answer = await fetch(`http://127.0.0.1:${apiPort}/patroni`, {
        signal: AbortSignal.timeout(2_000),
      });
      const { role, state } = stateSchema.parse(await answer.json());
      return state === 'running' ? role : state;
    },
    dispose: async () => {
      if (patroni && !patroni.hasEnded) process.kill(patroni.pid, 'SIGCONT');
      await patroni?.end('SIGTERM');
      const pid = postmaster();
      if (pid !== null && isAlive(pid)) {
        process.kill(pid, 'SIGINT');
        await until('PostgreSQL ends', 20_000, () => Promise.resolve(!isAlive(pid)));
      }
      await Promise.all([...inbound, ...toEtcd].map((each) => each.dispose()));
    },
  };
};
