/**
 * The page's part of `start`: from spawning the core of a registered kiosk, whose keys a passphrase file wraps, until a person
 * can choose their name in a browser that waits for it.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '#kiosk/platform/clock.ts';
import { silentLogger } from '#kiosk/platform/logger.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import { generateKioskKeys, publicJwk } from '#kiosk/vault/kiosk-keys.ts';
import { createPassphraseFileStore } from '#kiosk/vault/passphrase-file-store.ts';
import { createVault } from '#kiosk/vault/vault.ts';
import { readVaultFiles } from '#kiosk/vault/vault-files.ts';
import { launchBrowser } from '#support/browser.ts';
import type { Measured } from './bench.ts';
import { startCore } from './core-process.ts';
import { median } from './statistics.ts';
import { openData } from './temporary-data.ts';

const runs = 5;
const person = 'Maya';

/** What registering leaves behind in the kiosk's folder, and one person; answers with the passphrase file. */
const register = async (folder: string): Promise<string> => {
  const passphraseFile = join(folder, 'passphrase');
  await writeFile(passphraseFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
  const secretStore = await createPassphraseFileStore({ path: passphraseFile, random: systemRandom });
  const ports = { secretStore, clock: systemClock, random: systemRandom, logger: silentLogger };
  const files = await readVaultFiles({ ...ports, dir: join(folder, 'vault') });
  const vault = createVault({ ...ports, files });
  await vault.prepareKeys();
  const { sealing } = await generateKioskKeys();
  await vault.saveIdentity({
    kioskId: randomUUID(),
    kioskName: 'Counter',
    storeId: randomUUID(),
    storeName: 'Store',
    owner: 'owner',
    backendKey: publicJwk(sealing),
    vendorRoot: randomBytes(400).toString('base64'),
  });
  const data = await openData(folder);
  const pin = { n: 2 ** 14, r: 8, p: 1, salt: randomBytes(16).toString('base64') };
  const hash = randomBytes(32).toString('base64');
  const staff = { staffId: randomUUID(), name: person, pin: { ...pin, hash }, version: 1, deleted: false };
  await data.replica.applyPage('staff', [staff]);
  await data.dispose();
  return passphraseFile;
};

/** `folder` holds a kiosk's data, and is registered by this; the core's bundle and the pages must have been built. */
export const measurePageStart = async (folder: string): Promise<Measured> => {
  const passphraseFile = await register(folder);
  const browser = await launchBrowser();
  const turns: { readonly shown: number; readonly ready: number }[] = [];
  try {
    // The first page of a browser compiles what the others find compiled; Electron keeps that on disk.
    for (let run = -1; run < runs; run += 1) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      const began = performance.now();
      const core = await startCore(folder, { passphraseFile });
      await page.goto(core.url);
      // A trial click waits until it can be seen, stands still and takes clicks.
      await page.getByRole('button', { name: person }).click({ trial: true });
      const shown = performance.now() - began;
      await page.close();
      await core.stop();
      if (run >= 0) turns.push({ shown, ready: core.ms });
    }
  } finally {
    await browser.close();
  }
  const ready = median(turns.map((turn) => turn.ready));
  return {
    part: 'page',
    figure: median(turns.map(({ shown }) => shown)),
    unit: 'ms from spawn',
    goal: { relation: '<=', value: 1500 },
    baseline: `until a name can be pressed, median of ${runs}; the core was ready after ${ready.toFixed(0)} ms, a passphrase's key derivation included`,
  };
};
