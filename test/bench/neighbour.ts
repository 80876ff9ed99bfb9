/**
 * `neighbour`: what a store's pull and push take while another store floods the same backend, against the same pull and push in
 * quiet, in the same run. Quiet and flood take turns, so that what else the machine does meanwhile is in both.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { startChild } from '#support/simulated-store/child.ts';
import { someSerial, type TestKiosk } from '../integration/backend/test-kiosk.ts';
import type { Bench, Measured } from './bench.ts';
import type { FloodName } from './floods.ts';
import { createJournal, type Journal } from './journal.ts';
import { startRealBackend, type RealBackend } from './real-backend.ts';
import { median, timeOf } from './statistics.ts';
import { inFolder } from './temporary-data.ts';

const keys = 1_000;
const eventsPerPush = 500;
const rounds = 3;
const perRound = 7;
/** Until a flood is as high as it gets. */
const riseMs = 2_000;
const floodNames: readonly FloodName[] = ['pulls', 'unread', 'transaction', 'events'];
const kiosksOfMadStore = 18;
/** As many as a kiosk can send in two minutes, each as large as the models allow. */
const largeEnrolments = 1_100;
const mostMegabytes = 512;

interface Times {
  readonly pull: number[];
  readonly push: number[];
}
const noTimes = (): Times => ({ pull: [], push: [] });

interface Neighbour {
  readonly kiosk: TestKiosk;
  readonly journal: Journal;
}

/** One page of keys and one full push, one after the other, so often. Throws where one is not served: that is no figure. */
const measure = async ({ kiosk, journal }: Neighbour, into: Times): Promise<void> => {
  for (let count = 0; count < perRound; count += 1) {
    into.pull.push(
      await timeOf(async () => {
        const { documents } = await kiosk.pull('keyCertificates');
        if (documents.length !== keys) throw new Error(`${documents.length} keys came`);
      }),
    );
    const rows = journal.next(eventsPerPush);
    into.push.push(
      await timeOf(async () => {
        const results = await kiosk.push('accessEvents', rows);
        if (results.some(({ status }) => status !== 'accepted')) throw new Error('an event was not accepted');
      }),
    );
  }
};

/** The largest resident size so far, in MB (2^20 bytes). Linux only; NaN elsewhere. */
const peakOf = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1];
  return kilobytes === undefined ? Number.NaN : Number(kilobytes) / 1024;
};

const fillMadStore = async (
  { databaseUrl, tenantId, storeId }: RealBackend,
  kioskId: string,
): Promise<void> => {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(
      `WITH store AS (
         UPDATE stores SET sequence = sequence + $5 WHERE tenant_id = $1 AND store_id = $2 RETURNING sequence - $5 AS first)
       INSERT INTO enrolments (tenant_id, store_id, enrolment_id, origin, serial_number, state, type, name, group_name,
         enrolment_code, device_certificate, kiosk_id, staff_id, captured_at, changed_at, operation_id, version)
       SELECT $1, $2, gen_random_uuid(), 'kiosk', n::text, 'abandoned', 'CAM', 'A lock', '', $4, $4, $3, $3, 0, 0,
         gen_random_uuid(), first + n FROM store, generate_series(1, $5) AS n`,
      [tenantId, storeId, kioskId, randomBytes(6_144).toString('base64'), largeEnrolments],
    );
  } finally {
    await client.end();
  }
};

let turn = 0;
const besideFlood = async (
  backend: RealBackend,
  flood: FloodName,
  { mad, neighbour, logDir }: { mad: readonly TestKiosk[]; neighbour: Neighbour; logDir: string },
): Promise<Measured[]> => {
  const [quiet, flooded] = [noTimes(), noTimes()];
  const { url, databaseUrl, tenantId, storeId } = backend;
  const kiosks = mad.map((each) => ({
    kioskId: each.kioskId,
    token: each.token,
    capture: each.capture(someSerial()),
  }));
  for (let round = 0; round < rounds; round += 1) {
    await measure(neighbour, quiet);
    const child = await startChild({
      name: `flood-${flood}`,
      entry: 'test/bench/floods.ts',
      env: {},
      logDir,
    });
    try {
      // Another kiosk each time: what a kiosk may do in a minute or a day is not used up by the time it is measured.
      const turned = [...kiosks.slice(turn), ...kiosks.slice(0, turn)];
      turn = (turn + 1) % kiosks.length;
      child.send({ flood, url, databaseUrl, tenantId, storeId, kiosks: turned });
      await pause(riseMs);
      await measure(neighbour, flooded);
      if (child.process.exitCode !== null) throw new Error(`the flood "${flood}" ended by itself`);
    } finally {
      await child.kill();
    }
    // What it left is worked off, or waited for no longer.
    await pause(riseMs);
  }
  return (['pull', 'push'] as const).map((what) => ({
    part: `${flood}.${what}`,
    figure: median(flooded[what]) / median(quiet[what]),
    unit: '× quiet',
    goal: { relation: '<=', value: 2 },
    baseline: `median of ${rounds * perRound}: ${median(flooded[what]).toFixed(0)} ms against ${median(quiet[what]).toFixed(0)} ms in quiet`,
  }));
};

export const neighbour: Bench = {
  name: 'neighbour',
  work: `a page of ${keys} keys and a push of ${eventsPerPush} events of a store beside four floods of another`,
  run: () =>
    inFolder(async (folder) => {
      const backend = await startRealBackend(folder, keys);
      try {
        const mad = await Promise.all(Array.from({ length: kiosksOfMadStore }, () => backend.makeKiosk()));
        await fillMadStore(backend, mad[0]?.kioskId ?? '');
        const kiosk = await backend.makeKiosk(await backend.makeStore());
        const parts = { mad, neighbour: { kiosk, journal: createJournal(kiosk.kioskId) }, logDir: folder };
        // Warms up, and does not count.
        await measure(parts.neighbour, noTimes());
        const before = await peakOf(backend.pid);
        const rows: Measured[] = [];
        for (const flood of floodNames) rows.push(...(await besideFlood(backend, flood, parts)));
        rows.push({
          part: 'memory',
          figure: await peakOf(backend.pid),
          unit: 'MB',
          goal: { relation: '<=', value: mostMegabytes },
          baseline: `largest resident size of the backend's process over all floods, against ${before.toFixed(0)} MB before them`,
        });
        return rows;
      } finally {
        await backend.dispose();
      }
    }),
};
