/** A machine at whose kiosk somebody works, saved at that instant. Its kiosk's data lies on a disk of its own. */
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serveDisk, type DiskServer } from '#simulators/disk/disk-server.ts';
import { createWriteCache, type WriteCache } from '#simulators/disk/write-cache.ts';
import { startMachine, type Machine } from '../machine.ts';
import { mountPackages } from '../packages.ts';
import { layOver, makeDisk } from '../system.ts';
import type { SavedMachine } from './one-life.ts';

const dataBytes = 192 * 1024 ** 2;
const home = '/var/lib/latchpoint';
const patienceMs = 400_000;
const bundle = '/opt/Latchpoint/stand-in/app/dist/browser-host/kiosk.cjs';

export interface DataDisk {
  readonly cache: WriteCache;
  readonly server: DiskServer;
  readonly socket: string;
}

/** An empty disk for the kiosk's data, as Debian's installer makes one. */
export const makeDataDisk = async (work: string): Promise<DataDisk> => {
  const empty = join(work, 'empty');
  mkdirSync(empty);
  const file = join(work, 'empty.raw');
  makeDisk(empty, file, dataBytes);
  const cache = createWriteCache({ kept: readFileSync(file) });
  const socket = join(work, 'disk');
  return { cache, socket, server: await serveDisk(cache, socket) };
};

/** The kiosk's data lies on the third disk from now on. */
export const mountData = (machine: Machine): Promise<string> =>
  machine.order(
    `echo '/dev/vdc ${home} ext4 defaults 0 2' >> /etc/fstab; mkdir -p ${home} && mount ${home} && systemctl daemon-reload`,
  );

const ready = async (machine: Machine): Promise<void> => {
  let said = '';
  const heard = (chunk: Buffer): void => void (said += chunk.toString());
  machine.ledger.on('data', heard);
  const end = AbortSignal.timeout(patienceMs);
  while (!said.includes('ready\n')) await once(machine.ledger, 'data', { signal: end });
  machine.ledger.off('data', heard);
};

const work =
  'runuser -u latchpoint -- env HOME=/var/lib/latchpoint /usr/local/bin/node /mnt/guest/load-process.js';

/** Somebody works there who waits for a word of the host. */
const beginWork = async (machine: Machine): Promise<void> => {
  await machine.order(mountPackages);
  const begun = ready(machine);
  await machine.order(`setsid ${work} load 3<>/dev/virtio-ports/ledger > /run/load.log 2>&1 &`);
  await begun;
};

/** What the kiosk in the machine says that it has kept. */
export const checkInside = async (machine: Machine): Promise<unknown> => {
  await machine.order(mountPackages);
  const said = await machine.order(`${work} check`, { withinMs: patienceMs });
  return JSON.parse(/^found (.*)$/m.exec(said)?.[1] ?? 'null');
};

/** Saves it as it is. Its kiosk reaches no backend: one that saw several futures of a kiosk would take it for a forged one. */
export const saveAtWork = async (
  machine: Machine,
  options: SavedMachine['options'],
  data: Pick<DataDisk, 'cache' | 'server'>,
): Promise<SavedMachine> => {
  await machine.order('systemctl disable --now latchpoint', { withinMs: patienceMs });
  await machine.order(`rm -rf ${home}/.config/Latchpoint/browser; systemctl stop 'to-host-*'`);
  await machine.order("systemctl disable 'to-host-*.socket' || true");
  await beginWork(machine);
  const memory = join(options.work, 'saved');
  await machine.saveTo(memory);
  await data.server.dispose();
  return { options, memory, data: data.cache.read(0, data.cache.bytes) };
};

/** The same machine with a kiosk whose SQLite leaves it to the system when anything is written: a mistake of the product's, planted. */
export const saveCareless = async (saved: SavedMachine): Promise<SavedMachine> => {
  const { options } = saved;
  const disk = join(options.work, 'careless.qcow2');
  layOver(options.disk, disk);
  const cache = createWriteCache({ kept: saved.data });
  const socket = join(options.work, 'disk');
  const server = await serveDisk(cache, socket);
  const machine = await startMachine({ ...options, disk, data: { socket }, saved: saved.memory });
  try {
    await machine.order("pkill -f '[l]oad-process.js load'; sleep 5", { mayFail: true });
    await machine.order(
      `grep -q 'synchronous = FULL' ${bundle} && sed -i 's/synchronous = FULL/synchronous = OFF/; s/synchronous:2,/synchronous:0,/' ${bundle}`,
    );
    await beginWork(machine);
    // What it has done before it is saved is no loss: the load waits, so nothing more is done until then.
    await machine.order('sync');
    const memory = join(options.work, 'careless');
    await machine.saveTo(memory);
    return { options: { ...options, disk }, memory, data: cache.read(0, cache.bytes) };
  } finally {
    await machine.pullPlug();
    await server.dispose();
  }
};
