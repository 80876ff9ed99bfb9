import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { canonicalJson } from '#shared/models/journal-hash.ts';
import { secretStore } from '#support/kiosk-file.ts';
import { silentLogger as logger } from '#shared/flow/logger.ts';
import { decodeIdentity, encodeIdentity } from './identity-file.ts';
import { encodeKeyRing, ringOf } from './key-ring.ts';
import { generateKioskKeys, macOf, publicJwk, type KioskKeys } from './kiosk-keys.ts';
import { readVaultFiles, sealNames } from './vault-files.ts';

const identityOf = (keys: KioskKeys) => ({
  kioskId: '5a000000-0000-4000-8000-000000000001',
  kioskName: 'Back counter',
  storeId: '5a000000-0000-4000-8000-000000000002',
  storeName: 'Harbour Street',
  owner: 'Quayside',
  backendKey: publicJwk(keys.signing),
  vendorRoot: 'AAAA',
});

test('no name is in the file; who has the keys reads it, and who has not knows its ids and no name', async () => {
  const keys = await generateKioskKeys();
  const identity = identityOf(keys);
  const file = encodeIdentity(identity, keys);
  for (const name of ['Back counter', 'Harbour Street', 'Quayside']) expect(file).not.toContain(name);
  const bytes = Buffer.from(file);
  expect(decodeIdentity(bytes, ringOf(keys))).toEqual({
    kind: 'read',
    identity,
    genuine: true,
    isSealed: true,
  });
  const without = { ...identity, kioskName: '', storeName: '', owner: '' };
  for (const ring of [null, ringOf(await generateKioskKeys())]) {
    expect(decodeIdentity(bytes, ring)).toMatchObject({ identity: without, genuine: false });
  }
});

test('a file of a release that left its names in the open is read, and written anew without them', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'latchpoint-identity-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const keys = await generateKioskKeys();
  const identity = identityOf(keys);
  const path = join(dir, 'identity.json');
  await writeFile(join(dir, 'keys.wrapped'), await secretStore.wrap(encodeKeyRing(ringOf(keys))));
  await writeFile(path, JSON.stringify({ format: 1, identity, mac: macOf(keys, canonicalJson(identity)) }));
  const files = await readVaultFiles({ dir, secretStore, logger });
  expect(files).toMatchObject({ state: 'ready', identity, wasSealed: false });
  await sealNames(files, logger);
  expect(await readFile(path, 'utf8')).not.toContain('Harbour Street');
  expect(await readVaultFiles({ dir, secretStore, logger })).toMatchObject({
    state: 'ready',
    identity,
    wasSealed: true,
  });
});
