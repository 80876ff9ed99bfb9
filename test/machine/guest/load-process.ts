/**
 * Works at the machine's kiosk without a screen: `load-process.js load` signs people in and out, lets a blocked badge be refused, and tells the
 * host of each answer that it got, until the plug is pulled; once one was late, also at which event the kiosk is. `load-process.js check`
 * tells what the kiosk has kept.
 */
import { readFileSync, readSync, writeSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import { CallFailed } from '#support/kiosk-client.ts';
import { hasEnded, workBadges } from '../cuts/work.ts';
import { readKept, startCore, type KioskCore } from '../kiosk-core.ts';

const host = '/opt/Latchpoint/stand-in/app/dist/browser-host/main.cjs';
const dataDir = '/var/lib/latchpoint/.config/Latchpoint/data';
const settings = JSON.parse(readFileSync('/etc/latchpoint/kiosk.json', 'utf8')) as object;
/** The port to the host, opened by whoever starts this: the kiosk's account may not. */
const ledger = 3;
const refusedShare = 0.2;
const longestThoughtMs = 150;
const nobodyThereMs = 20;

/** Waits for the host's next line; there may be no host, for it changes while the machine is saved and goes on. */
const hear = async (): Promise<string> => {
  const bytes = Buffer.alloc(256);
  for (let said = ''; ;) {
    const length = readSync(ledger, bytes);
    said += bytes.toString('utf8', 0, length);
    if (said.endsWith('\n')) return said.trim();
    if (length === 0) await wait(nobodyThereMs);
  }
};

/** Nothing else is begun before the host has it: one answer at most is then on its way. */
const tell = async (what: string): Promise<void> => {
  writeSync(ledger, `${what}\n`);
  await hear();
};

/** Tells whether it was done; where the answer did not come in time it may have been. */
const tellOutcome = async (
  kind: string,
  outcome: Promise<unknown>,
  isDone: (error: unknown) => boolean,
): Promise<boolean> => {
  const done = await outcome.then(() => true, isDone);
  await tell(done ? kind : `${kind}?`);
  return done;
};
const never = (): boolean => false;

/** Whatever was late before, all up to there is done. Where the kiosk does not say it in time, it is asked again at the next sign-in. */
const tellReached = async ({ kiosk }: KioskCore): Promise<void> => {
  const page = await kiosk.call('readActivity', { filter: {}, before: null }).catch(() => null);
  const [newest] = page?.rows ?? [];
  if (newest) await tell(`at ${newest.sequence}`);
};
const isBlocked = (error: unknown): boolean =>
  error instanceof CallFailed && error.error.code === 'badge.blocked';

const load = async (): Promise<never> => {
  const core = await startCore(host, { dataDir, ...settings });
  const { kiosk, signIn } = core;
  await signIn();
  await kiosk.call('signOut', null);
  process.once('exit', () => writeSync(ledger, `${hasEnded}\n`));
  writeSync(ledger, 'ready\n');
  const random = seededRandom(Number(await hear()));
  let wasLate = false;
  for (;;) {
    await wait(random.float() * longestThoughtMs);
    if (random.float() < refusedShare) {
      const refused = signIn(workBadges.blocked).then(() =>
        Promise.reject(new Error('a blocked badge was taken')),
      );
      const isRefused = await tellOutcome('sign_in_refused', refused, isBlocked);
      wasLate ||= !isRefused;
    }
    const isIn = await tellOutcome('signed_in', signIn(), never);
    wasLate ||= !isIn;
    if (isIn && wasLate) await tellReached(core);
    // Where nobody is signed in nobody is signed out, and that is no event.
    const out = kiosk.call('signOut', null);
    const outcome = isIn ? out : out.then(() => Promise.reject(new Error('unsure')));
    const isOut = await tellOutcome('signed_out', outcome, never);
    wasLate ||= !isOut;
  }
};

const check = async (): Promise<void> => {
  const core = await startCore(host, { dataDir, ...settings });
  process.stdout.write(`found ${JSON.stringify(await readKept(core))}\n`);
  await core.stop();
};

if (process.argv[2] === 'load') await load();
else await check();
process.exit(0);
