/** `herd`: a chain's kiosks come back at once after an outage; what each waits, and whether anything is refused or lost. */
import pg from 'pg';
import { startChild } from '#support/simulated-store/child.ts';
import type { Bench, Sizes } from './bench.ts';
import { herdResultSchema, type HerdResult } from './herd/herd-contract.ts';
import { startRealBackend, type RealBackend } from './real-backend.ts';
import { processorMs, serverPidOf } from './processor-time.ts';
import { inFolder } from './temporary-data.ts';

const events = 5;
const changedShare = 0.1;

export interface HerdOutcome extends HerdResult {
  /** Events that were queued, and those that are stored. */
  readonly pushed: number;
  readonly stored: number;
  /** Processor time over the herd, of the backend and of PostgreSQL, in ms. */
  readonly backendMs: number;
  readonly postgresMs: number;
}

const storedEvents = async ({ databaseUrl, tenantId }: RealBackend): Promise<number> => {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ count: string }>(
      'SELECT count(*) AS count FROM access_events WHERE tenant_id = $1 AND sequence > 1',
      [tenantId],
    );
    return Number(rows[0]?.count);
  } finally {
    await client.end();
  }
};

/** A backend of its own in `folder`, and so many kiosks that come back in `withinMs`. */
export const playHerd = async (
  folder: string,
  { kiosks, withinMs }: Pick<Sizes, 'kiosks' | 'withinMs'>,
): Promise<HerdOutcome> => {
  // Two connections each: one asks, the other listens.
  const backend = await startRealBackend(folder, 0, { MAX_CONNECTIONS: String(kiosks * 2 + 100) });
  try {
    const server = await serverPidOf(backend.databaseUrl);
    const spent = (): [number, number] => [processorMs(backend.pid), processorMs(server)];
    let before = spent();
    let child: Awaited<ReturnType<typeof startChild>> | undefined;
    const result = new Promise<HerdResult>((resolve, reject) => {
      const onMessage = (message: unknown): void => {
        const said = herdResultSchema.safeParse(message);
        if (said.success) resolve(said.data);
        else before = spent();
      };
      startChild({
        name: 'kiosks',
        entry: 'test/bench/herd/kiosks-process.ts',
        env: {},
        logDir: folder,
        onMessage,
      })
        .then((started) => {
          child = started;
          void started.exited.then((code) =>
            reject(new Error(`the kiosks ended (${code ?? 'by a signal'})`)),
          );
          const { url, databaseUrl, tenantId, sealingSecret } = backend;
          started.send({ url, databaseUrl, tenantId, sealingSecret, kiosks, withinMs, events, changedShare });
        })
        .catch(reject);
    });
    try {
      const back = await result;
      const [backendMs, postgresMs] = spent().map((ms, at) => ms - (before[at] ?? 0));
      return {
        ...back,
        pushed: kiosks * events,
        stored: await storedEvents(backend),
        backendMs: backendMs ?? Number.NaN,
        postgresMs: postgresMs ?? Number.NaN,
      };
    } finally {
      await child?.kill();
    }
  } finally {
    await backend.dispose();
  }
};

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

export const herd: Bench = {
  name: 'herd',
  work: `a chain comes back after an outage: token, pull, push of ${events} events, stream, pull (--kiosks N --within SECONDS)`,
  run: ({ kiosks, withinMs }) =>
    inFolder(async (folder) => {
      const outcome = await playHerd(folder, { kiosks, withinMs });
      const { p50, p99, longest, tookMs, requests, putOff, byStep, kioskP99, acknowledged, pushed, stored } =
        outcome;
      const steps = Object.entries(byStep).map(([step, ms]) => `${step} ${seconds(ms)}`);
      return [
        {
          part: '',
          figure: p99 / 1000,
          unit: 's, p99',
          goal: { relation: '<=', value: 2 },
          baseline: `${kiosks} kiosks in ${seconds(withinMs)}: ${requests} answers, median ${seconds(p50)}, longest ${seconds(longest)}, ${putOff} put off; p99 of ${steps.join(', ')}`,
        },
        {
          part: 'back',
          figure: tookMs / 1000,
          unit: 's',
          goal: { relation: '<=', value: withinMs / 1000 + 2 },
          baseline: `from the first kiosk's coming until the last is back; p99 of one kiosk ${seconds(kioskP99)}`,
        },
        {
          part: 'cpu',
          figure: (outcome.backendMs + outcome.postgresMs) / kiosks,
          unit: 'ms a kiosk',
          goal: { relation: '<=', value: 2 * (withinMs / kiosks) },
          baseline: `processor time, of which two cores have ${(2 * (withinMs / kiosks)).toFixed(2)} ms for each: backend ${(outcome.backendMs / kiosks).toFixed(2)} ms, PostgreSQL ${(outcome.postgresMs / kiosks).toFixed(2)} ms; the played kiosks took ${(outcome.ownMs / kiosks).toFixed(2)} ms more`,
        },
        {
          part: 'refused',
          figure: kiosks - outcome.back,
          unit: 'kiosks',
          goal: { relation: '<=', value: 0 },
          baseline: `of ${kiosks}${outcome.failures.map((each) => `; ${each}`).join('')}`,
        },
        {
          part: 'lost',
          figure: pushed - stored,
          unit: 'events',
          goal: { relation: '<=', value: 0 },
          baseline: `${acknowledged} acknowledged, ${stored} stored of ${pushed}`,
        },
      ];
    }),
};
