/** A server is lost under load and restored from its backup and its log; kiosks find out what is missing, and give it back. */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { z } from 'zod';
import { createAdmin } from '#support/simulated-store/admin.ts';
import { startChild } from '#support/simulated-store/child.ts';
import { makeFleet } from '../bench/herd/fleet.ts';
import { startArchivedPostgres } from './archived-postgres.ts';
import { startCounter, type Counter } from './counter.ts';
import { freePort } from '#support/free-port.ts';
import { until, type Owned } from './owned.ts';
import type { Programs } from './programs.ts';
import { startVendor } from './vendor-server.ts';
import { findFaults, outboxOf } from './what-is-held.ts';

export interface RestoreOptions {
  readonly kiosks: number;
  /** To the end of the log, or to a moment before the server was lost. */
  readonly to: 'end' | 'moment';
  readonly say: (line: string) => void;
}

const tenantId = '00000000-0000-4000-8000-000000000001';
const [paceMs, loadMs, backWithinMs, settledWithinMs] = [500, 15_000, 90_000, 120_000];
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
const sum = (counters: readonly Counter[], of: (counter: Counter) => number): number =>
  counters.reduce((total, each) => total + of(each), 0);

const ask = async <T>(
  schema: z.ZodType<T>,
  url: string,
  text: string,
  values: unknown[] = [],
): Promise<T[]> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return z.array(schema).parse((await client.query(text, values)).rows);
  } finally {
    await client.end();
  }
};
const eventsSchema = z.object({ events: z.coerce.number(), newest: z.coerce.number() });
/** Those that were received before `time`: what kiosks give back comes after it. */
const eventsUntil = async (url: string, time: number): Promise<z.infer<typeof eventsSchema>> => {
  const text =
    'SELECT count(*) AS events, max(received_at) AS newest FROM access_events WHERE received_at < $1';
  const [found] = await ask(eventsSchema, url, text, [time]);
  return found ?? { events: 0, newest: 0 };
};
const uncertain = async (url: string): Promise<readonly string[]> => {
  const text = `SELECT enrolment_id FROM enrolments WHERE state = 'uncertain'`;
  return (await ask(z.object({ enrolment_id: z.string() }), url, text)).map(({ enrolment_id: id }) => id);
};

export const runRestore = async (
  owned: Owned,
  programs: Programs,
  { kiosks, to, say }: RestoreOptions,
): Promise<readonly string[]> => {
  const stopping: (() => Promise<void>)[] = [];
  try {
    const vendor = await startVendor();
    stopping.push(() => vendor.dispose());
    const postgres = await startArchivedPostgres(owned, programs.postgres);
    stopping.push(() => postgres.dispose());
    const logDir = join(owned.folder, 'backend');
    mkdirSync(logDir);
    const [port, sealingSecret, adminToken] = [
      await freePort(),
      randomBytes(32).toString('base64url'),
      randomBytes(24).toString('base64url'),
    ];
    const backend = await startChild({
      name: 'backend',
      entry: 'backend/main.ts',
      env: {
        PORT: String(port),
        DATABASE_URL: postgres.url,
        TENANT_ID: tenantId,
        LIVE_LOCK_API_URL: vendor.url,
        LIVE_LOCK_API_KEY: randomBytes(24).toString('base64url'),
        LIVE_LOCK_OWNER: 'owner',
        ADMIN_TOKEN: adminToken,
        SEALING_SECRET: sealingSecret,
      },
      logDir,
    });
    stopping.push(() => backend.stop());
    const admin = createAdmin(`http://127.0.0.1:${port}`, adminToken);
    const chain = { databaseUrl: postgres.url, tenantId, sealingSecret };
    const fleet = await makeFleet(chain, { kiosks, changedShare: 0 });
    const heard: number[] = [];
    const target = { host: '127.0.0.1', port };
    const acknowledged = (): void => void heard.push(performance.now());
    const counters = fleet.map((kiosk) =>
      startCounter(kiosk, { target, paceMs, captures: true, acknowledged }),
    );
    const acknowledgedEvents = (): number => sum(counters, ({ acknowledged: count }) => count);
    const captures = (): number => sum(counters, ({ captured }) => captured.length);
    await until('load', backWithinMs, () => Promise.resolve(acknowledgedEvents() > 3 * kiosks));
    await postgres.backUp();
    await wait(loadMs);
    const moment = new Date();
    await wait(loadMs);

    const before = { events: acknowledgedEvents(), captures: captures() };
    const lostAt = performance.now();
    const lostTime = Date.now();
    await postgres.lose();
    say(
      `lost under load: ${before.events} events and ${before.captures} captures were acknowledged by ${kiosks} kiosks`,
    );
    await postgres.restore(to === 'moment' ? moment : null);
    const restoredMs = performance.now() - lostAt;
    const restored = await eventsUntil(postgres.url, lostTime);
    const first = await until('a success', backWithinMs, () =>
      Promise.resolve(heard.find((at) => at > lostAt + 500)),
    );
    say(
      `restored to ${to === 'moment' ? `${seconds(lostTime - moment.getTime())} before that` : 'the end of the log'}: ` +
        `${restored.events} events`,
    );
    say(
      `   RPO: ${seconds(lostTime - restored.newest)} of the database; RTO: ${seconds(restoredMs)} the server, ${seconds(first - lostAt)} the first success`,
    );

    await until('every kiosk has come back', backWithinMs, () =>
      Promise.resolve(counters.every(({ lostAtBackend, putOff }) => lostAtBackend > 0 || putOff > 0)),
    );
    await Promise.all(counters.map((counter) => counter.finish()));
    const adopted = new Set<string>();
    const settle = async (): Promise<boolean> => {
      // A lock that was registered after the moment is known to the vendor alone: a person vouches for it.
      for (const id of await uncertain(postgres.url)) {
        await admin.send('POST', `/enrolments/${id}/resolve`, { action: 'adopt' });
        adopted.add(id);
      }
      return (await outboxOf(postgres.url)) === 0 && (await uncertain(postgres.url)).length === 0;
    };
    const faults: string[] = [];
    await until('all is registered', settledWithinMs, settle, 1_000).catch((late: unknown) =>
      faults.push(String(late)),
    );
    const after = await eventsUntil(postgres.url, Date.now());
    say(
      `   kiosks told that something was lost: ${counters.filter(({ lostAtBackend }) => lostAtBackend > 0).length} of ${kiosks}; ` +
        `given back and there: ${after.events} events; adopted by an operator: ${adopted.size}`,
    );
    const site = { cluster: { url: postgres.url }, vendor };
    faults.push(...(await findFaults(site, counters, true)));
    return faults;
  } finally {
    for (const stop of stopping.splice(0).reverse()) await stop();
  }
};
