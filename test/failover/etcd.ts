/** Three members of etcd on loopback. */
import { freePort } from '#support/free-port.ts';
import { makeOwnedFolder, startOwned, until, type Owned, type OwnedProcess } from './owned.ts';

export interface Etcd {
  /** Where clients ask. */
  readonly ports: readonly number[];
  kill(members: number): Promise<void>;
  start(): Promise<void>;
  dispose(): Promise<void>;
}

const members = 3;
const answersWithinMs = 30_000;

const end = async (processes: readonly (OwnedProcess | null)[], signal: NodeJS.Signals): Promise<void> => {
  await Promise.all(processes.map(async (each) => each?.end(signal)));
};

export const startEtcd = async (owned: Owned, program: string): Promise<Etcd> => {
  const all = await Promise.all(
    Array.from({ length: members }, async (_, n) => ({
      name: `etcd-${n + 1}`,
      client: await freePort(),
      peer: await freePort(),
    })),
  );
  const cluster = all.map(({ name, peer }) => `${name}=http://127.0.0.1:${peer}`).join(',');
  const processes: (OwnedProcess | null)[] = all.map(() => null);
  for (const { name } of all) makeOwnedFolder(owned, `${owned.folder}/${name}`);

  const startMember = (n: number): void => {
    const { name, client, peer } = all[n] ?? { name: '', client: 0, peer: 0 };
    const [clientUrl, peerUrl] = [`http://127.0.0.1:${client}`, `http://127.0.0.1:${peer}`];
    processes[n] = startOwned(owned, name, [
      program,
      `--name=${name}`,
      `--data-dir=${owned.folder}/${name}/data`,
      `--listen-client-urls=${clientUrl}`,
      `--advertise-client-urls=${clientUrl}`,
      `--listen-peer-urls=${peerUrl}`,
      `--initial-advertise-peer-urls=${peerUrl}`,
      `--initial-cluster=${cluster}`,
      '--initial-cluster-token=latchpoint',
      // All three share one disk and its waits here.
      '--heartbeat-interval=300',
      '--election-timeout=3000',
    ]);
  };
  const start = async (): Promise<void> => {
    for (const n of all.keys()) if (processes[n]?.hasEnded ?? true) startMember(n);
    await until('etcd has a leader', answersWithinMs, async () => {
      const answers = await Promise.all(
        all.map(({ client }) =>
          fetch(`http://127.0.0.1:${client}/health`, { signal: AbortSignal.timeout(2_000) }),
        ),
      );
      return answers.every(({ ok }) => ok);
    });
  };
  await start();
  return {
    ports: all.map(({ client }) => client),
    kill: async (count) => {
      await end(processes.slice(0, count), 'SIGKILL');
    },
    start,
    dispose: async () => {
      await end(processes, 'SIGTERM');
    },
  };
};
