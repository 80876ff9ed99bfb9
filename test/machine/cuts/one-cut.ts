/** A machine that works goes on from where it was saved, until its plug is pulled at an instant that its seed says. */
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import { serveDisk } from '#simulators/disk/disk-server.ts';
import { createWriteCache } from '#simulators/disk/write-cache.ts';
import { insist } from '../../controllers/radio-checks.ts';
import { startMachine, type Machine } from '../machine.ts';
import type { MachineOptions } from '../qemu-arguments.ts';
import { layOver } from '../system.ts';

/** A machine as it was at one instant, and its disks as they were then. */
export interface SavedMachine {
  readonly options: Omit<MachineOptions, 'data' | 'saved'>;
  readonly memory: string;
  readonly data: Buffer;
}

export interface Cut {
  /** What the kiosk had answered, in order. */
  readonly acknowledged: readonly string[];
  /** The data disk afterwards, and the system's. */
  readonly data: Buffer;
  readonly disk: string;
  readonly told: string;
}

export interface CutOptions {
  readonly seed: number;
  /** The disk says that it has kept what it has not. */
  readonly lies?: boolean;
  /** Done in the machine before its work begins. */
  readonly before?: (machine: Machine) => Promise<unknown>;
}

const longestLifeMs = 4_000;
const mostFlushes = 16;
const patienceMs = 60_000;
/** Of what the disk had not yet kept: nothing, all, or any sector by the toss of a coin. */
const shares = [0, 0.5, 1] as const;

/** Resolves with what it was told of by the time that the machine is off. */
export const cutOnce = async (saved: SavedMachine, { seed, lies, before }: CutOptions): Promise<Cut> => {
  const random = seededRandom(seed);
  const byFlush = random.float() < 0.5;
  const lifeMs = byFlush ? patienceMs : random.float() * longestLifeMs;
  const flushes = byFlush ? 1 + Math.floor(random.float() * mostFlushes) : Infinity;
  const share = shares[Math.floor(random.float() * shares.length)] ?? 0;

  const { work } = saved.options;
  const disk = join(work, 'cut.qcow2');
  const socket = join(work, 'disk');
  layOver(saved.options.disk, disk);
  rmSync(socket, { force: true });
  const cache = createWriteCache({ kept: saved.data, lies: lies === true });
  let working = false;
  let flushed = 0;
  const cutNow = new AbortController();
  const server = await serveDisk(cache, socket, () => {
    if (!working) return;
    flushed += 1;
    if (flushed < flushes) return;
    server.stop();
    cutNow.abort();
  });
  const machine = await startMachine({ ...saved.options, disk, data: { socket }, saved: saved.memory });
  try {
    const acknowledged: string[] = [];
    machine.ledger.on('data', (chunk: Buffer) => {
      acknowledged.push(...chunk.toString().split('\n').filter(Boolean));
      machine.ledger.write('.\n');
    });
    await before?.(machine);
    working = true;
    machine.ledger.write(`${Math.floor(random.float() * 1e9) + 1}\n`);
    const began = performance.now();
    if (!byFlush) {
      await Promise.race([once(machine.ledger, 'data'), wait(patienceMs)]);
      insist(acknowledged.length > 0, 'nobody could sign in');
    }
    await wait(lifeMs, undefined, { signal: cutNow.signal }).catch(() => undefined);
    server.stop();
    await machine.pullPlug();
    const lived = Math.round(performance.now() - began);
    const how = byFlush ? `at flush ${flushed}` : 'at an instant';
    const told = `${how}, ${lived} ms, ${cache.unkept()} bytes unkept, ${share} of them survive`;
    return { acknowledged, data: cache.cut(random, share), disk, told };
  } finally {
    await machine.pullPlug();
    await server.dispose();
  }
};
