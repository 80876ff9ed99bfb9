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

/** What registering leaves behind in the kiosk's folder, one person, keys and locks; answers with the passphrase file. */
export const makeRegisteredKiosk = async (
  folder: string,
  content: { readonly keys: number; readonly locks: number },
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
  await fillKiosk(data, content);
  const pin = { n: 2 ** 14, r: 8, p: 1, salt: randomBytes(16).toString('base64') };
  const hash = randomBytes(32).toString('base64');
  const staff = { staffId: randomUUID(), name: person, pin: { ...pin, hash }, version: 1, deleted: false };
  await data.replica.applyPage('staff', [staff]);
  await data.dispose();
  return passphraseFile;
};
