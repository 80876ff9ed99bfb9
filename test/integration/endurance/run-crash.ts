/**
 * Kiosks under random load are killed with SIGKILL at random instants, and the backend and its PostgreSQL too. In the end
 * all is started for good, finishes what it had begun, and what is there is held against what was acknowledged.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import { createChances } from './chances.ts';
import { createCrashCounter, type CrashCounter } from './crash-counter.ts';
import { createCrashWorld, vendorModes, type CrashWorld } from './crash-world.ts';
import { findFaults } from './find-faults.ts';
import { createLedger } from './ledger.ts';
import { pickOf } from './model-cast.ts';
import { idsIn } from './page.ts';
import { createStoreOfLocks, type StoreOfLocks } from './store-of-locks.ts';
import { readKiosk, type KioskContent } from './what-is-held.ts';

export interface CrashOptions {
  readonly cycles: number;
  readonly seed: number;
  readonly say: (line: string) => void;
  /** Ends the killing early; what has happened until then is checked. */
  readonly enough?: AbortSignal;
}

export interface CrashReport {
  readonly kioskKills: number;
  readonly backendKills: number;
  readonly postgresKills: number;
  /** Of enrolments, of access events, of locks opened. */
  readonly enrolments: number;
  readonly events: number;
  readonly openings: number;
  /** Empty when nothing was lost and nothing is there twice. */
  readonly faults: readonly string[];
}

const locksAtFirst = 12;
/** How often a new lock is put on the shelf, per cycle. */
const newLockShare = 0.5;
const cyclesPerBackendKill = 10;
const cyclesPerVendorMode = 4;
const mendRounds = 120;
const registersWithinMs = 120_000;

export const runCrash = async ({ cycles, seed, say, enough }: CrashOptions): Promise<CrashReport> => {
  await using made = new AsyncDisposableStack();
  const random = seededRandom(seed);
  const world = made.adopt(await createCrashWorld(), (it) => it.dispose());
  const ledger = createLedger();
  const store = createStoreOfLocks(createChances(seed), world.vendorKey);
  store.faults = 0.1;
  for (let count = 0; count < locksAtFirst; count += 1) store.add();
  const counters: CrashCounter[] = [];
  for (const name of ['North', 'East']) {
    const registrationCode = await world.makeCode();
    const shared = { name, folder: world.folder, backendUrl: world.backend.url };
    counters.push(createCrashCounter({ ...shared, registrationCode, ledger, store, random }));
  }
  await register(counters);

  const faults: string[] = [];
  const kills = { kiosk: 0, backend: 0, postgres: 0 };
  let left = cycles;
  const disturbances = new Set<Promise<void>>();
  const began = performance.now();

  /** Beside the kiosks' lives, so that they meet a backend that is away at every moment. */
  const disturb = async (): Promise<void> => {
    if (kills.kiosk % cyclesPerVendorMode === 0) {
      await world.setVendor(random.float() < 0.5 ? 'normal' : (pickOf(random, vendorModes) ?? 'normal'));
    }
    if (kills.kiosk % cyclesPerBackendKill !== 0) return;
    await wait(random.float() * 500);
    const what = random.float() < 0.5 ? 'backend' : 'postgres';
    await world.backend.kill(what);
    kills[what] += 1;
  };
  const liveOn = async (counter: CrashCounter): Promise<void> => {
    while (left > 0 && enough?.aborted !== true) {
      left -= 1;
      const crashed = await counter.live();
      if (crashed !== null) faults.push(`${counter.name} crashed: ${crashed}`);
      kills.kiosk += 1;
      if (random.float() < newLockShare) store.add();
      if (disturbances.size === 0) {
        const disturbance = disturb()
          .catch((error: unknown) => void faults.push(`disturbed for good: ${String(error)}`))
          .finally(() => disturbances.delete(disturbance));
        disturbances.add(disturbance);
      }
      if (kills.kiosk % 50 === 0) {
        const each = ((performance.now() - began) / 1000 / kills.kiosk).toFixed(2);
        say(`${String(kills.kiosk)} cycles, ${each} s each`);
      }
    }
  };
  await Promise.all(counters.map(liveOn));
  await Promise.all(disturbances);

  await mend(world, store, counters);
  const kiosks = new Map<string, KioskContent>();
  for (const { name, dataDir } of counters) kiosks.set(name, await readKiosk(dataDir));
  const backend = await world.read();
  faults.push(...findFaults({ ledger, locks: store.locks, registered: world.registered(), backend, kiosks }));
  const openings = [...store.locks.values()].flatMap((lock) => [...lock.openings.values()]);
  return {
    kioskKills: kills.kiosk,
    backendKills: kills.backend,
    postgresKills: kills.postgres,
    enrolments: backend.enrolments.length,
    events: backend.events.length,
    openings: openings.reduce((sum, count) => sum + count, 0),
    faults,
  };
};

/** Once, undisturbed: a registration code is good for one kiosk. */
const register = async (counters: readonly CrashCounter[]): Promise<void> => {
  for (const counter of counters) {
    const { kiosk } = await counter.start();
    const deadline = performance.now() + registersWithinMs;
    while ((await kiosk.look()).staff.length === 0) {
      if (performance.now() > deadline) throw new Error(`${counter.name} did not register`);
      await wait(100);
    }
    await kiosk.close();
    await kiosk.kill();
  }
};

/** Nothing goes wrong any more; resolves when everything that was begun is finished, or nothing more is to be hoped for. */
const mend = async (
  world: CrashWorld,
  store: StoreOfLocks,
  counters: readonly CrashCounter[],
): Promise<void> => {
  await world.setVendor('normal');
  store.faults = 0;
  const started = await Promise.all(counters.map((counter) => counter.start()));
  for (let round = 0; round < mendRounds; round += 1) {
    for (const { kiosk, page } of started) {
      kiosk.hear(store.heard([...store.locks.keys()]));
      await page.sync();
    }
    const [first] = started;
    for (const id of first ? idsIn(first.shown, 'refused', 'uncertain') : []) await first?.page.retry(id);
    await world.hurry();
    const { enrolments, outbox } = await world.read();
    const looks = await Promise.all(started.map(({ kiosk }) => kiosk.look()));
    const isOpen = enrolments.some(({ state }) => !ends.has(state)) || outbox.length > 0;
    if (!isOpen && looks.every(({ waiting }) => waiting === 0)) break;
    await wait(500);
  }
  // The second brings to each what the others said in the first.
  for (const { page } of [...started, ...started]) await page.sync();
  for (const { kiosk } of started) {
    await kiosk.close();
    await kiosk.kill();
  }
};

const ends: ReadonlySet<string> = new Set(['provisioned', 'conflicted', 'abandoned']);
