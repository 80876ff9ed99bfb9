/** `ingest`: access events through the API, against one multi-row INSERT for each batch of the same rows. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { z } from 'zod';
import { pushAnswerSchema } from '#shared/http/contract.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import type { Bench } from './bench.ts';
import { makeFleet, tokenRequest, type FleetKiosk } from './herd/fleet.ts';
import { openConnection, requestText, type RawConnection, type Target } from './herd/raw-http.ts';
import { createJournal } from './journal.ts';
import { processorMs, serverPidOf } from './processor-time.ts';
import { startRealBackend } from './real-backend.ts';
import { median, timeOf } from './statistics.ts';
import { inFolder } from './temporary-data.ts';

/** As many push at once as an instance carries out at once. */
const writers = 5;
const eventsPerPush = 500;
const pushes = 4;
const runs = 7;
const perRun = writers * pushes * eventsPerPush;

interface Writer {
  readonly kiosk: FleetKiosk;
  readonly target: Target;
  readonly token: string;
  readonly connection: RawConnection;
}

const openWriter = async (kiosk: FleetKiosk, url: string): Promise<Writer> => {
  const { hostname, port } = new URL(url);
  const target: Target = { host: hostname, port: Number(port), from: kiosk.from };
  const connection = await openConnection(target);
  const body = tokenRequest(kiosk);
  const answer = await connection.ask(requestText(target, { method: 'POST', path: '/v1/token', body }));
  const { access_token: token } = z.looseObject({ access_token: z.string() }).parse(JSON.parse(answer.body));
  return { kiosk, target, token, connection };
};

/** Made and written down before the time is taken: making events is the kiosk's work. */
const requestsOf = ({ kiosk, target, token }: Writer): string[] =>
  Array.from({ length: pushes }, () => {
    const body = JSON.stringify({ rows: kiosk.journal.next(eventsPerPush) });
    return requestText(target, { method: 'POST', path: '/v1/sync/accessEvents', token, body });
  });

/** By the clock and in processor time of all that take part, in ms. */
interface Taken {
  readonly ms: number;
  readonly cpuMs: number;
}

const takenBy = async (pids: readonly number[], work: () => Promise<unknown>): Promise<Taken> => {
  const spent = (): number => pids.reduce((sum, pid) => sum + processorMs(pid), 0);
  const [before, own] = [spent(), process.cpuUsage()];
  const ms = await timeOf(work);
  const { user, system } = process.cpuUsage(own);
  return { ms, cpuMs: spent() - before + (user + system) / 1000 };
};

const throughApi = async (all: readonly Writer[], pids: readonly number[]): Promise<Taken> => {
  const made = all.map((writer) => ({ writer, requests: requestsOf(writer) }));
  return takenBy(pids, () =>
    Promise.all(
      made.map(async ({ writer, requests }) => {
        for (const request of requests) {
          const { status, body } = await writer.connection.ask(request);
          if (status !== 200) throw new Error(`a push was answered ${status}`);
          const { results } = pushAnswerSchema.parse(JSON.parse(body));
          if (results.some((each) => each.status !== 'accepted'))
            throw new Error('an event was not accepted');
        }
      }),
    ),
  );
};

const columns = 10;
/** As anyone would write it who has the rows: one statement, one place for each value. */
const insertText = (count: number): string => {
  const row = (n: number): string =>
    `(${Array.from({ length: columns }, (_, at) => `$${n * columns + at + 1}`).join(',')})`;
  return `INSERT INTO access_events
    (tenant_id, store_id, kiosk_id, received_at, event_id, sequence, at, hash, verdict, body)
    VALUES ${Array.from({ length: count }, (_, n) => row(n)).join(',')}`;
};

const bare = async (
  clients: readonly pg.Client[],
  { tenantId, storeId }: { readonly tenantId: string; readonly storeId: string },
  pids: readonly number[],
): Promise<Taken> => {
  const text = insertText(eventsPerPush);
  const made = clients.map((client) => {
    const kioskId = randomUUID();
    const journal = createJournal(kioskId);
    const valuesOf = (event: AccessEvent): unknown[] => {
      const { eventId, sequence, at, hash } = event;
      return [tenantId, storeId, kioskId, at, eventId, sequence, at, hash, 'chained', JSON.stringify(event)];
    };
    const batches = Array.from({ length: pushes }, () => journal.next(eventsPerPush).flatMap(valuesOf));
    return { client, batches };
  });
  return takenBy(pids, () =>
    Promise.all(
      made.map(async ({ client, batches }) => {
        for (const batch of batches) await client.query(text, batch);
      }),
    ),
  );
};

/** What a row takes on the disk, with its indexes. */
const bytesOfRow = async (client: pg.Client): Promise<number> => {
  const { rows } = await client.query<{ bytes: string }>(
    `SELECT pg_total_relation_size('access_events') / count(*) AS bytes FROM access_events`,
  );
  return Number(rows[0]?.bytes);
};

export const ingest: Bench = {
  name: 'ingest',
  work: `access events through the API: ${writers} kiosks push ${eventsPerPush} at a time`,
  run: () =>
    inFolder(async (folder) => {
      const backend = await startRealBackend(folder, 0);
      const { url, databaseUrl } = backend;
      const clients = Array.from({ length: writers }, () => new pg.Client({ connectionString: databaseUrl }));
      try {
        // Ten to a store: each of them from another store.
        const fleet = await makeFleet(backend, { kiosks: writers * 10, changedShare: 0 });
        const kiosks = fleet.filter((_kiosk, n) => n % 10 === 0);
        const all = await Promise.all(kiosks.map((kiosk) => openWriter(kiosk, url)));
        await Promise.all(clients.map((client) => client.connect()));
        const serverPid = await serverPidOf(databaseUrl);
        const turns: { readonly api: Taken; readonly bare: Taken }[] = [];
        for (let run = 0; run <= runs; run += 1) {
          const api = await throughApi(all, [backend.pid, serverPid]);
          turns.push({ api, bare: await bare(clients, backend, [serverPid]) });
        }
        for (const { connection } of all) connection.close();
        const [client] = clients;
        const bytes = client ? await bytesOfRow(client) : Number.NaN;
        // The first warms up.
        const counted = turns.slice(1);
        const perSecond = (ms: number): number => perRun / (ms / 1000);
        const rate = {
          api: perSecond(median(counted.map((turn) => turn.api.ms))),
          bare: perSecond(median(counted.map((turn) => turn.bare.ms))),
        };
        const eachUs = (way: 'api' | 'bare'): string =>
          ((median(counted.map((turn) => turn[way].cpuMs)) * 1000) / perRun).toFixed(0);
        return [
          {
            part: '',
            figure: median(counted.map((turn) => turn.bare.ms / turn.api.ms)),
            unit: '× INSERT',
            goal: { relation: '>=', value: 0.6 },
            baseline: `median of ${runs} turns: ${rate.api.toFixed(0)} events a second, each checked against the journal, against ${rate.bare.toFixed(0)} of a multi-row INSERT of the same rows over as many sessions; a row takes ${bytes} bytes with its indexes`,
          },
          {
            part: 'processor',
            figure: median(counted.map((turn) => turn.bare.cpuMs / turn.api.cpuMs)),
            unit: '× INSERT',
            goal: { relation: '>=', value: 0.6 },
            baseline: `processor time of all that take part, the bench itself with it: ${eachUs('api')} µs an event, against ${eachUs('bare')} µs of the INSERT`,
          },
        ];
      } finally {
        await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
        await backend.dispose();
      }
    }),
};
