/**
 * One seed of the model: three kiosks of a store, their locks and the backend through the steps of its plan, with
 * partitions, lost answers, clocks that jump, restarts, nights that last days, and renewals. Then all is mended, and what is
 * there is held against the ledger.
 */
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import type { EnrolmentState } from '#shared/models/enrolment.ts';
import { createChances } from './chances.ts';
import { findFaults } from './find-faults.ts';
import { createLedger } from './ledger.ts';
import { hearAll, pass, startCounter, type Cast, type Counter } from './model-cast.ts';
import type { KioskProcesses } from './model-processes.ts';
import type { PlannedStep } from './model-plan.ts';
import { fairWeather } from './kiosk-messages.ts';
import { takeStep } from './model-steps.ts';
import type { ModelWorld } from './model-world.ts';
import { idsIn, openPage } from './page.ts';
import { createStoreOfLocks } from './store-of-locks.ts';
import { readKiosk, type KioskContent } from './what-is-held.ts';

const locksAtFirst = 5;
const registersWithinMs = 120_000;
const roundsToMend = 12;

/** The scripted vendor opens no enrolment code: any key does. */
const anyVendorKey = createPublicKey(
  generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' }),
);

/** Answers with the faults that it found, none if all agree. `trace` is told each step. */
export const runModelSeed = async (
  world: ModelWorld,
  processes: KioskProcesses,
  { seed, plan }: { readonly seed: number; readonly plan: readonly PlannedStep[] },
  trace: (line: string) => void,
): Promise<string[]> => {
  const random = seededRandom(seed);
  const folder = mkdtempSync(join(tmpdir(), 'latchpoint-seed-'));
  const ledger = createLedger();
  const counters = processes.kiosks.map(({ name, kiosk }, index): Counter => {
    const shown = new Map<string, EnrolmentState>();
    return {
      name,
      kiosk,
      page: openPage(name, kiosk, ledger),
      shown,
      dataDir: join(folder, name),
      seed: seed * 10 + index,
      openedAt: world.now,
      clockOffsetMs: 0,
      wasRevoked: false,
    };
  });
  const store = createStoreOfLocks(createChances(seed), anyVendorKey);
  const cast: Cast = { world, random, storeId: random.uuid(), ledger, store, counters, faults: [] };
  processes.present = {
    onLock: (kiosk, question) => store.obey(kiosk, question),
    onShown: (kiosk, enrolments) => {
      ledger.show(enrolments);
      const counter = counters.find(({ name }) => name === kiosk);
      for (const [id, state] of Object.entries(enrolments)) counter?.shown.set(id, state);
    },
  };
  try {
    await setUp(cast);
    for (const [index, step] of plan.entries()) trace(`${String(index + 1)} ${await takeStep(cast, step)}`);
    const faults = [...cast.faults, ...(await mend(cast))];
    for (const { kiosk } of counters) await kiosk.close();
    if (faults.length > 0) return faults;
    return await compare(cast);
  } finally {
    processes.present = null;
    rmSync(folder, { recursive: true, force: true });
  }
};

const setUp = async (cast: Cast): Promise<void> => {
  const { world, store, storeId, counters } = cast;
  world.vendor.script.length = 0;
  world.vendor.canRecover = true;
  await world.renew();
  await world.makeStore(storeId);
  for (let count = 0; count < locksAtFirst; count += 1) store.add();
  for (const counter of counters) {
    counter.kiosk.network(fairWeather);
    await startCounter(cast, counter, await world.makeCode(storeId));
    // Registering is real cryptography and a real request: only the wall clock can say that it takes too long.
    const deadline = performance.now() + registersWithinMs;
    while ((await counter.kiosk.look()).staff.length === 0) {
      if (performance.now() > deadline) throw new Error(`${counter.name} did not register`);
      await counter.kiosk.pass(1_000);
    }
  }
  hearAll(cast);
};

/** Puts right all that was made to go wrong, except the clocks, and lets everyone finish. */
const mend = async (cast: Cast): Promise<string[]> => {
  const { world, store, storeId, counters, ledger } = cast;
  world.vendor.script.length = 0;
  world.vendor.canRecover = true;
  store.faults = 0;
  await world.renew();
  for (const counter of counters) {
    counter.kiosk.network(fairWeather);
    if (!counter.wasRevoked) continue;
    // What it left is handed in at each start, and between that up to an hour apart.
    await counter.kiosk.close();
    await startCounter(cast, counter, null);
  }
  for (let round = 0; round < roundsToMend; round += 1) {
    hearAll(cast);
    for (const { page } of counters) await page.sync();
    const [first] = counters;
    for (const id of first ? idsIn(first.shown, 'refused', 'uncertain') : []) await first?.page.retry(id);
    await world.settle(true);
    // What a restored backend does not know to be its own work waits for a person, who vouches for the store's own locks.
    for (const { enrolmentId, state } of (await world.read(storeId)).enrolments) {
      if (state === 'uncertain' && ledger.captures.has(enrolmentId)) await world.adopt(enrolmentId);
    }
    await world.settle(true);
    await pass(cast, 5_000);
    const { enrolments, outbox } = await world.read(storeId);
    const open = enrolments.some(
      ({ state }) => state !== 'provisioned' && state !== 'conflicted' && state !== 'abandoned',
    );
    const looks = await Promise.all(counters.map(({ kiosk }) => kiosk.look()));
    if (!open && outbox.length === 0 && looks.every(({ waiting }) => waiting === 0)) break;
  }
  // Twice: the second brings to each what the others said in the first.
  for (const { page } of [...counters, ...counters]) await page.sync();
  const faults: string[] = [];
  for (const { name, page } of counters) {
    const lock = [...store.locks.values()].find(({ boundTo }) => boundTo !== null);
    if (!lock) break;
    hearAll(cast);
    const end = await page.unlock(lock.serialNumber);
    if (end !== 'open') faults.push(`${name} does not open a lock though all is mended: ${end}`);
  }
  for (const { page } of counters) await page.sync();
  return faults;
};

const compare = async ({ world, storeId, ledger, store, counters }: Cast): Promise<string[]> => {
  const kiosks = new Map<string, KioskContent>();
  for (const { name, dataDir } of counters) kiosks.set(name, await readKiosk(dataDir));
  const registered = new Map<string, string>();
  const twice: string[] = [];
  for (const serialNumber of world.vendor.committed) {
    if (!store.locks.has(serialNumber)) continue;
    if (registered.has(serialNumber)) twice.push(`registered twice: ${serialNumber}`);
    registered.set(serialNumber, world.vendor.registration(serialNumber)?.key_certificate ?? '');
  }
  const backend = await world.read(storeId);
  return [...twice, ...findFaults({ ledger, locks: store.locks, registered, backend, kiosks })];
};
