/** How long it takes from a commit until the kiosks of that store hear of it, beside a bare NOTIFY in the same database. */
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { silentLogger } from '#shared/flow/logger.ts';
import { readAddress } from '#backend/store/address.ts';
import { openDatabase, type Db } from '#backend/store/database.ts';
import { writeStore } from '#backend/store/store-write.ts';
import type { FleetKiosk } from './fleet.ts';
import type { PropagateResult } from './herd-contract.ts';

export interface Ears {
  /** Called for each kiosk that hears something. */
  onHeard: (kiosk: FleetKiosk) => void;
}

const hearWithinMs = 10_000;
const restMs = 20;
const warmUp = 5;

/** Changes a store as an instance does; the times at which its kiosks hear it, from just before the commit. */
const commitOnce = async (
  db: Db,
  tenantId: string,
  kiosks: readonly FleetKiosk[],
  ears: Ears,
): Promise<number[]> => {
  const storeId = kiosks[0]?.storeId ?? '';
  const waiting = new Set(kiosks.map(({ kioskId }) => kioskId));
  const times: number[] = [];
  let committing = Number.NaN;
  const all = new Promise<void>((resolve) => {
    ears.onHeard = ({ kioskId }) => {
      if (!waiting.delete(kioskId)) return;
      times.push(performance.now() - committing);
      if (waiting.size === 0) resolve();
    };
  });
  await db.transaction().execute(async (tx) => {
    await writeStore(tx, tenantId, storeId, ({ tx: in_, nextVersion }) =>
      in_
        .updateTable('stores')
        .set({ version: nextVersion() })
        .where('tenant_id', '=', tenantId)
        .where('store_id', '=', storeId)
        .execute(),
    );
    committing = performance.now();
  });
  await Promise.race([
    all,
    pause(hearWithinMs).then(() => {
      throw new Error(`${waiting.size} kiosks heard nothing`);
    }),
  ]);
  return times;
};

/** One NOTIFY, from just before it is committed until the other session has it. */
const notifyOnce = (from: pg.Client, to: pg.Client, commit: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const began = performance.now();
    to.once('notification', () => resolve(performance.now() - began));
    from.query(commit).catch(reject);
  });

/** The same where a row is written with it, so that the commit waits for the disk as that of a change does. */
const writeAndNotify = async (from: pg.Client, to: pg.Client): Promise<number> => {
  await from.query('BEGIN; INSERT INTO latchpoint_bench VALUES (1); NOTIFY latchpoint_bench');
  return notifyOnce(from, to, 'COMMIT');
};

export const measureCommits = async (
  { databaseUrl, tenantId, rounds }: { databaseUrl: string; tenantId: string; rounds: number },
  fleet: readonly FleetKiosk[],
  ears: Ears,
): Promise<Omit<PropagateResult, 'type'>> => {
  const database = openDatabase(readAddress(databaseUrl), silentLogger);
  const clients = [1, 2].map(() => new pg.Client({ connectionString: databaseUrl }));
  const [from, to] = clients;
  if (!from || !to) throw new Error('two sessions');
  try {
    await Promise.all(clients.map((client) => client.connect()));
    await from.query('CREATE TABLE latchpoint_bench (n int)');
    await to.query('LISTEN latchpoint_bench');
    const stores = [...Map.groupBy(fleet, ({ storeId }) => storeId).values()];
    const heardMs: number[] = [];
    const notifyMs: number[] = [];
    const writtenMs: number[] = [];
    for (let round = -warmUp; round < rounds; round += 1) {
      const kiosks = stores[Math.floor(Math.random() * stores.length)] ?? [];
      const bare = await notifyOnce(from, to, 'NOTIFY latchpoint_bench');
      const written = await writeAndNotify(from, to);
      const times = await commitOnce(database.db, tenantId, kiosks, ears);
      if (round >= 0) {
        notifyMs.push(bare);
        writtenMs.push(written);
        heardMs.push(...times);
      }
      await pause(restMs);
    }
    return { heardMs, notifyMs, writtenMs };
  } finally {
    await Promise.all(clients.map((client) => client.end()));
    await database.dispose();
  }
};
