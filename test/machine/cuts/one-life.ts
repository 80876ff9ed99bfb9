/**
 * A machine that works goes on from where it was saved. At instants that a seed says, what its data disk would have after a cut is taken as it
 * is then; at the last of them its plug is pulled.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import { serveDisk } from '#simulators/disk/disk-server.ts';
import { createWriteCache } from '#simulators/disk/write-cache.ts';
import { startMachine, type Machine } from '../machine.ts';
import type { MachineOptions } from '../qemu-arguments.ts';
import { layOver } from '../system.ts';
import { countedOf } from './compare.ts';
import { hasEnded } from './work.ts';

/** A machine as it was at one instant, and its disks as they were then. */
export interface SavedMachine {
  readonly options: Omit<MachineOptions, 'data' | 'saved'>;
  readonly memory: string;
  readonly data: Buffer;
}

export interface Cut {
  /** What the kiosk had answered, in order, and at which event it then said to be. */
  readonly acknowledged: readonly string[];
  /** The data disk afterwards. */
  readonly data: Buffer;
  /** The system's disk, where the machine was killed. */
  readonly disk: string | null;
  readonly told: string;
}

export interface LifeOptions {
  /** Of the first cut; each has the next. */
  readonly seed: number;
  readonly cuts: number;
  /** The disk says that it has kept what it has not. */
  readonly lies?: boolean;
  /** So much of what the disk had not yet kept survives each cut; by the seed where it is not said. */
  readonly survives?: number;
  /** Done in the machine before its work begins. */
  readonly before?: (machine: Machine) => Promise<unknown>;
}

const longestMs = 8_000;
const mostFlushes = 12;
/** So many of the cuts come at a flush: at any instant the disk has mostly kept all. */
const flushShare = 0.7;
const patienceMs = 60_000;
const warmsWithinMs = 300_000;
const lookAgainMs = 100;
/** Of what the disk had not yet kept: nothing, all, or any sector by the toss of a coin. */
const shares = [0, 0.5, 1] as const;

/** Lives once. `onCut` is told of each cut, one after the other, while the machine goes on. */
export const liveOnce = async (
  saved: SavedMachine,
  { seed, cuts, lies, survives, before }: LifeOptions,
  onCut: (cut: Cut) => Promise<void>,
): Promise<void> => {
  const { work } = saved.options;
  const disk = join(work, 'cut.qcow2');
  const socket = join(work, 'disk');
  layOver(saved.options.disk, disk);
  rmSync(socket, { force: true });
  const cache = createWriteCache({ kept: saved.data, lies: lies === true });
  const acknowledged: string[] = [];
  let onFlush: () => void = () => undefined;
  const server = await serveDisk(cache, socket, () => onFlush());
  const machine = await startMachine({ ...saved.options, disk, data: { socket }, saved: saved.memory });

  const cutOnce = async (own: number, kills: boolean): Promise<Cut> => {
    const random = seededRandom(own);
    const byFlush = random.float() < flushShare;
    const lifeMs = byFlush ? patienceMs : random.float() * longestMs;
    const flushes = 1 + Math.floor(random.float() * mostFlushes);
    const drawn = shares[Math.floor(random.float() * shares.length)] ?? 0;
    const share = survives ?? drawn;
    const began = performance.now();
    let flushed = 0;
    const taken: Cut[] = [];
    const take = (): void => {
      if (taken.length > 0) return;
      const lived = Math.round(performance.now() - began);
      const how = byFlush ? `at flush ${flushed}` : 'at an instant';
      taken.push({
        acknowledged: [...acknowledged],
        data: cache.cut(random, share),
        disk: kills ? disk : null,
        told: `${how}, ${lived} ms, ${cache.unkept()} bytes unkept, ${share} of them survive${kills ? ', killed' : ''}`,
      });
      if (kills) server.stop();
    };
    const reached = new AbortController();
    onFlush = () => {
      flushed += 1;
      if (!byFlush || flushed < flushes) return;
      take();
      reached.abort();
    };
    await wait(lifeMs, undefined, { signal: reached.signal }).catch(() => undefined);
    take();
    if (acknowledged.includes(hasEnded)) {
      throw new Error(`nobody works there any more: ${await machine.order('tail -5 /run/load.log')}`);
    }
    if (kills) await machine.pullPlug();
    const [cut] = taken;
    if (!cut) throw new Error('nothing was cut');
    return cut;
  };

  try {
    machine.ledger.on('data', (chunk: Buffer) => {
      acknowledged.push(...chunk.toString().split('\n').filter(Boolean));
      machine.ledger.write('.\n');
    });
    await before?.(machine);
    machine.ledger.write(`${seed}\n`);
    // Just gone on, an emulated machine is too slow for the kiosk's own deadlines: nothing is cut before something can be judged.
    for (let waited = 0; countedOf(acknowledged) === 0; waited += lookAgainMs) {
      if (waited > warmsWithinMs) throw new Error('nobody could sign in within five minutes');
      await wait(lookAgainMs);
    }
    let told = Promise.resolve();
    for (let index = 0; index < cuts; index += 1) {
      const cut = await cutOnce(seed + index, index === cuts - 1);
      await told;
      told = onCut(cut);
      // Awaited at the next cut: until then it is nobody’s.
      told.catch(() => undefined);
    }
    await told;
  } finally {
    await machine.pullPlug();
    await server.dispose();
  }
};
