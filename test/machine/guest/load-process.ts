/**
 * Works at the machine's kiosk without a screen: `load-process.js load PORT` signs people in and out and tells the host of each answer
 * that it got, until the plug is pulled; `load-process.js check` tells what the journal has of it.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { CallOutput } from '#shared/ipc/contract.ts';
import { connectKiosk } from '#support/kiosk-client.ts';
import { simulatedPin, simulatedStaff } from '#support/simulated-store/seed.ts';

const host = '/opt/Latchpoint/resources/app/dist/browser-host/main.cjs';
const dataDir = '/var/lib/latchpoint/.config/Latchpoint/data';
const settings = JSON.parse(readFileSync('/etc/latchpoint/kiosk.json', 'utf8')) as object;
const [{ staffId }] = simulatedStaff;
const [, , what, port] = process.argv;

const LATCHPOINT_CONFIG = JSON.stringify({ dataDir, ...settings });
const core = fork(host, { env: { ...process.env, LATCHPOINT_CONFIG } });
const address = await new Promise<string>((resolve, reject) => {
  core.on('message', ({ type, url }: { type: string; url: string }) => {
    if (type === 'ready') resolve(url);
  });
  core.once('exit', (code) => reject(new Error(`the kiosk ended with ${code}`)));
});
const kiosk = await connectKiosk(address);

const signIn = (): Promise<unknown> => kiosk.call('signIn', { staffId, pin: simulatedPin });

const load = async (): Promise<never> => {
  const ledger = connect(Number(port), '10.0.2.2');
  await once(ledger, 'connect');
  for (;;) {
    await signIn();
    ledger.write('in\n');
    // Nothing else is begun before the host has it: one sign-in at most is then on its way.
    await once(ledger, 'data');
    await kiosk.call('signOut', null);
  }
};

/** Sequence numbers of all sign-ins that the journal has. */
const signIns = async (): Promise<readonly number[]> => {
  const found: number[] = [];
  let before: number | null = null;
  do {
    const page: CallOutput<'readActivity'> = await kiosk.call('readActivity', {
      filter: { outcome: 'signing_in' },
      before,
    });
    found.push(...page.rows.filter(({ kind }) => kind === 'signed_in').map(({ sequence }) => sequence));
    before = page.next;
  } while (before !== null);
  return found;
};

const check = async (): Promise<void> => {
  await signIn();
  const found = { signIns: await signIns(), journal: await kiosk.call('checkJournal', null) };
  process.stdout.write(`found ${JSON.stringify(found)}\n`);
  core.kill('SIGTERM');
  await once(core, 'exit');
};

if (what === 'load') await load();
else await check();
process.exit(0);
