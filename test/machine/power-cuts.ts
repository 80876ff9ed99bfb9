/**
 * The plug is pulled while somebody signs in and out. What is lost with it is the machine's own memory: whatever its kernel had not yet
 * written to the disk. What had reached the virtual disk stays, asked for or not.
 */
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import { insist } from '../controllers/radio-checks.ts';
import type { Machine } from './machine.ts';
import { mountPackages } from './packages.ts';

export interface PowerCuts {
  readonly start: () => Promise<Machine>;
  readonly cycles: number;
  readonly seed: number;
  readonly tell: (line: string) => void;
}

const program = '/mnt/load/load-process.js';
const asKiosk = `runuser -u latchpoint -- env HOME=/var/lib/latchpoint /usr/local/bin/node ${program}`;
const patienceMs = 400_000;
const longestLifeMs = 20_000;
const lookAgainMs = 100;

const foundSchema = z.object({
  signIns: z.array(z.int()),
  journal: z.object({ events: z.int(), brokenAt: z.int().nullable() }),
});
type Found = z.infer<typeof foundSchema>;

const check = async (machine: Machine): Promise<Found> => {
  await machine.order(mountPackages);
  const said = await machine.order(`${asKiosk} check`, { withinMs: patienceMs });
  return foundSchema.parse(JSON.parse(/^found (.*)$/m.exec(said)?.[1] ?? 'null'));
};

/** Counts what the machine says that it was told. */
const openLedger = async (): Promise<{ port: number; told: () => number; close: () => void }> => {
  let told = 0;
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      told += chunk.toString().split('\n').length - 1;
      socket.write('.');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, told: () => told, close: () => server.close() };
};

/** Answers what is to be told; rejects where something is lost, there twice, or does not follow from what was before it. */
export const cutPower = async (
  machine: Machine,
  { start, cycles, seed, tell }: PowerCuts,
): Promise<Machine> => {
  const random = seededRandom(seed);
  const ledger = await openLedger();
  let current = machine;
  try {
    await current.order('systemctl disable --now latchpoint', { withinMs: patienceMs });
    /** Of the checks, too, each of which signs in once. */
    let known = (await check(current)).signIns.length;
    for (let cycle = 1; cycle <= cycles; cycle += 1) {
      const before = ledger.told();
      await current.order(`setsid ${asKiosk} load ${ledger.port} > /run/load.log 2>&1 &`);
      for (let waited = 0; ledger.told() === before; waited += lookAgainMs) {
        insist(waited < patienceMs, 'nobody could sign in');
        await wait(lookAgainMs);
      }
      const lives = random.float() * longestLifeMs;
      await wait(lives);
      await current.pullPlug();
      const acknowledged = ledger.told() - before;
      current = await start();
      const { signIns, journal } = await check(current);
      const more = signIns.length - known - 1;
      insist(new Set(signIns).size === signIns.length, 'an event is there twice');
      insist(journal.brokenAt === null, `the chain is broken at ${journal.brokenAt}`);
      insist(more >= acknowledged, `${acknowledged} sign-ins were acknowledged, ${more} are there`);
      insist(more <= acknowledged + 1, `${acknowledged} sign-ins were acknowledged, ${more} are there`);
      known = signIns.length;
      tell(
        `ok     power cut ${cycle} of ${cycles} after ${Math.round(lives)} ms: ${acknowledged} acknowledged, ${more} there, chain whole`,
      );
    }
    return current;
  } finally {
    ledger.close();
  }
};
