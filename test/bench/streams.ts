/** `streams`: what an open stream costs an instance. `propagate`: how soon kiosks at another instance hear of a commit. */
import { setTimeout as pause } from 'node:timers/promises';
import { startChild, type Child } from '#support/simulated-store/child.ts';
import type { Bench } from './bench.ts';
import { proportionalSize } from './core-process.ts';
import { listenResultSchema, type ListenOrder, type ListenResult } from './herd/herd-contract.ts';
import { startRealBackend, type RealBackend } from './real-backend.ts';
import { median, quantile } from './statistics.ts';
import { inFolder } from './temporary-data.ts';

const rounds = 200;
/** Until garbage of the opening has had time to go. */
const settleMs = 5_000;

interface Listeners {
  readonly child: Child;
  /** Resolves with what the process says of that kind; rejects when it ends before. */
  readonly said: (type: ListenResult['type']) => Promise<ListenResult>;
}

const startListeners = async (logDir: string): Promise<Listeners> => {
  const kept: ListenResult[] = [];
  let onSaid = (): void => undefined;
  const child = await startChild({
    name: 'listeners',
    entry: 'test/bench/herd/listeners-process.ts',
    env: {},
    logDir,
    onMessage: (message) => {
      kept.push(listenResultSchema.parse(message));
      onSaid();
    },
  });
  return {
    child,
    said: (type) =>
      new Promise((resolve, reject) => {
        void child.exited.then((code) => reject(new Error(`the listeners ended (${code ?? 'by a signal'})`)));
        onSaid = () => {
          const found = kept.find((each) => each.type === type);
          if (found) resolve(found);
        };
        onSaid();
      }),
  };
};

const orderFor = (
  backend: RealBackend,
  order: Pick<ListenOrder, 'url' | 'kiosks' | 'rounds'>,
): ListenOrder => {
  const { databaseUrl, tenantId, sealingSecret } = backend;
  return { databaseUrl, tenantId, sealingSecret, ...order };
};

const withListeners = <T>(
  kiosks: number,
  work: (backend: RealBackend, listeners: Listeners) => Promise<T>,
): Promise<T> =>
  inFolder(async (folder) => {
    const backend = await startRealBackend(folder, 0, { MAX_CONNECTIONS: String(kiosks + 100) });
    try {
      const listeners = await startListeners(folder);
      try {
        return await work(backend, listeners);
      } finally {
        await listeners.child.kill();
      }
    } finally {
      await backend.dispose();
    }
  });

export const streams: Bench = {
  name: 'streams',
  work: 'memory of an instance for each open stream (--kiosks N)',
  run: ({ kiosks }) =>
    withListeners(kiosks, async (backend, { child, said }) => {
      child.send({ ...orderFor(backend, { url: backend.url, kiosks, rounds: 0 }) });
      await said('made');
      const before = await proportionalSize(backend.pid);
      await said('open');
      await pause(settleMs);
      const after = await proportionalSize(backend.pid);
      return [
        {
          part: '',
          figure: ((after - before) * 1024) / kiosks,
          unit: 'kB a stream',
          goal: { relation: '<=', value: 25 },
          baseline: `${kiosks} streams, each of a kiosk that has proved itself: ${before.toFixed(0)} MB before, ${after.toFixed(0)} MB with them (PSS); what the system holds for a socket is not in it`,
        },
      ];
    }),
};

export const propagate: Bench = {
  name: 'propagate',
  work: `a commit at one instance until kiosks at another hear of it, streams open (--kiosks N)`,
  run: ({ kiosks }) =>
    withListeners(kiosks, async (backend, { child, said }) => {
      const other = await backend.startInstance();
      child.send({ ...orderFor(backend, { url: other.url, kiosks, rounds }) });
      const result = await said('heard');
      if (result.type !== 'heard') throw new Error('no figures');
      const [heard, bare] = [median(result.heardMs), median(result.notifyMs)];
      const words = `${rounds} commits, ${result.heardMs.length} kiosks heard; ${kiosks} streams open`;
      return [
        {
          part: '',
          figure: heard / bare,
          unit: '× NOTIFY',
          goal: { relation: '<=', value: 3 },
          baseline: `${words}: median ${heard.toFixed(2)} ms from just before COMMIT, against ${bare.toFixed(2)} ms of a bare NOTIFY from session to session, which waits for no disk; of one that commits a row with it ${median(result.writtenMs).toFixed(2)} ms`,
        },
        {
          part: 'committed',
          figure: heard / median(result.writtenMs),
          unit: '× NOTIFY with a row',
          goal: { relation: '<=', value: 1.5 },
          baseline: 'a NOTIFY that commits one row: it waits for the disk, as a change does',
        },
        {
          part: 'p99',
          figure: quantile(result.heardMs, 0.99),
          unit: 'ms',
          goal: { relation: '<=', value: 100 },
          baseline: `p99 of the bare NOTIFY: ${quantile(result.notifyMs, 0.99).toFixed(2)} ms`,
        },
      ];
    }),
};
