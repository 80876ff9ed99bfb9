/** The folder of a registered kiosk, whose keys a passphrase file wraps and whose data is sealed with one of them. */
import { randomBytes, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '#kiosk/platform/clock.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import { createDataKeys } from '#kiosk/vault/data-key.ts';
import { generateKioskKeys, publicJwk } from '#kiosk/vault/kiosk-keys.ts';
import { createPassphraseFileStore } from '#kiosk/vault/passphrase-file-store.ts';
import { createVault } from '#kiosk/vault/vault.ts';
import { readVaultFiles } from '#kiosk/vault/vault-files.ts';
import { fillKiosk, openData } from './temporary-data.ts';

export const person = 'Maya';

const associates = 60;
const groups = 20;
const day = { from: '08:00', until: '20:00' };
/** Of each group its roles, hours and reasons, as a store has them that uses them. */
const rights = {
  timeZone: 'Europe/Paris',
  roles: [],
  rules: Array.from({ length: groups }, (_, n) => ({
    group: `Aisle ${n}`,
    roles: ['associate', 'lead', 'manager'],
    reasons: { choices: [{ code: 'customer', name: 'For a customer' }] },
    schedule: { weekly: [{ days: [1, 2, 3, 4, 5, 6], ...day }], exceptions: [] },
  })),
};

/**
 * What registering leaves behind in the kiosk's folder, keys and locks, and one person, or the people and rules of a whole store; answers
 * with the passphrase file.
 */
export const makeRegisteredKiosk = async (
  folder: string,
  content: { readonly keys: number; readonly locks: number; readonly people?: 'one' | 'all' },
): Promise<string> => {
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
  const wasSealed = (): Promise<boolean> => Promise.resolve(false);
  const data = await openData(folder, createDataKeys({ ...ports, dataDir: folder, wasSealed }));
  const isWhole = content.people === 'all';
  await fillKiosk(data, { ...content, ...(isWhole && { rights }) });
  const pin = { n: 2 ** 14, r: 8, p: 1, salt: randomBytes(16).toString('base64') };
  const hash = randomBytes(32).toString('base64');
  const one = (name: string, n: number) => ({
    staffId: randomUUID(),
    name,
    pin: { ...pin, hash },
    ...(isWhole && { roles: ['associate'] }),
    version: n + 1,
    deleted: false,
  });
  const names = [person, ...Array.from({ length: isWhole ? associates : 0 }, (_, n) => `Associate ${n}`)];
  await data.replica.applyPage('staff', names.map(one));
  await data.dispose();
  return passphraseFile;
};
