import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { calculateJwkThumbprint, CompactEncrypt, decodeJwt, importJWK, jwtVerify } from 'jose';
import { expect } from 'vitest';
import {
  keyRotationAudience,
  keyRotationClaimsSchema,
  tokenAudience,
  type PublicJwk,
} from '#shared/http/contract.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import { seededRandom } from '../platform/seeded-random.ts';
import type { SecretStore, Vault } from './port.ts';
import { createVault } from './vault.ts';
import { readVaultFiles } from './vault-files.ts';
import { folderTest } from '#support/folder-test.ts';

const material = { serialNumber: '0000051a00000005', keyCertificate: 'AAAA', privateKey: 'BBBB' };
const invert = (bytes: Uint8Array): Promise<Uint8Array> => Promise.resolve(bytes.map((byte) => byte ^ 0xff));
const store: SecretStore = { kind: 'test', wrap: invert, unwrap: invert };
const clock = new ManualClock();

const seal = async (to: PublicJwk): Promise<string> =>
  new CompactEncrypt(Buffer.from(JSON.stringify(material)))
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', kid: await calculateJwkThumbprint({ ...to }) })
    .encrypt(await importJWK({ ...to }, 'ECDH-ES'));

const prepare = async (vault: Vault) => {
  const request = await vault.prepareRotation();
  if (!request.ok) throw new Error(request.error.code);
  return { ...request.value, ...keyRotationClaimsSchema.parse(decodeJwt(request.value.request)) };
};

const signer = async (vault: Vault, key: PublicJwk): Promise<boolean> =>
  jwtVerify(await vault.clientAssertion(tokenAudience), await importJWK({ ...key }, 'ES256'), {
    currentDate: new Date(clock.now()),
  }).then(
    () => true,
    () => false,
  );

const test = folderTest
  .extend('openVault', ({ folder }) => async (): Promise<Vault> => {
    const files = await readVaultFiles({ dir: folder, secretStore: store, logger: silentLogger });
    return createVault({ files, secretStore: store, clock, random: seededRandom(1), logger: silentLogger });
  })
  .extend('registered', ({ openVault }) => async () => {
    const vault = await openVault();
    const keys = await vault.prepareKeys();
    if (!keys.ok) throw new Error(keys.error.code);
    await vault.saveIdentity({
      kioskId: '10000000-0000-4000-8000-000000000001',
      kioskName: 'Counter',
      storeId: '20000000-0000-4000-8000-000000000001',
      storeName: 'Harbour Street',
      owner: 'acme-retail',
      backendKey: keys.value.signingKey,
      vendorRoot: 'AAAA',
    });
    return { vault, old: keys.value };
  })
  .extend('snapshot', ({ folder }) => async (): Promise<ReadonlyMap<string, Buffer>> => {
    const names = await readdir(folder);
    return new Map(
      await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)),
    );
  });

test('the old pairs work until the backend has the new ones, and open what is sealed to them until nothing is', async ({
  registered,
}) => {
  const { vault, old } = await registered();
  const next = await prepare(vault);
  const [toOld, toNew] = [await seal(old.sealingKey), await seal(next.sealingKey)];
  expect(vault.rotation).toBe('prepared');
  expect(await signer(vault, old.signingKey)).toBe(true);
  // The backend may have them already: what it seals now has to open as well.
  for (const sealed of [toOld, toNew]) expect((await vault.open(sealed)).ok).toBe(true);

  await vault.adoptRotation();
  expect(vault.rotation).toBe('adopted');
  expect(await signer(vault, next.signingKey)).toBe(true);
  for (const sealed of [toOld, toNew]) expect((await vault.open(sealed)).ok).toBe(true);
  expect(await vault.isSealedToCurrent(toOld)).toBe(false);
  expect(await vault.isSealedToCurrent(toNew)).toBe(true);

  await vault.settleRotation();
  expect(vault.rotation).toBe('none');
  expect(await vault.open(toOld)).toMatchObject({ ok: false, error: { code: 'vault.cannot_open' } });
  expect((await vault.open(toNew)).ok).toBe(true);
});

test('the request is signed with the old key, the proof with the new one, for nothing but this', async ({
  registered,
}) => {
  const { vault, old } = await registered();
  const { request, proof, signingKey } = await prepare(vault);
  const options = { audience: keyRotationAudience, currentDate: new Date(clock.now()) };
  const signed = await jwtVerify(request, await importJWK({ ...old.signingKey }, 'ES256'), options);
  const proven = await jwtVerify(proof, await importJWK({ ...signingKey }, 'ES256'), options);
  expect(proven.payload.jti).toBe(signed.payload.jti);
});

test('asked again, it offers the same new pairs, also after a restart', async ({ openVault, registered }) => {
  const { vault } = await registered();
  const first = await prepare(vault);
  expect((await prepare(vault)).signingKey).toEqual(first.signingKey);
  expect((await prepare(await openVault())).signingKey).toEqual(first.signingKey);
});

test('stopped after any write of any step, it opens again, can sign and opens what it could open', async ({
  folder,
  openVault,
  registered,
  snapshot,
}) => {
  const { vault, old } = await registered();
  const states: ReadonlyMap<string, Buffer>[] = [await snapshot()];
  const next = await prepare(vault);
  states.push(await snapshot());
  await vault.adoptRotation();
  const adopted = await snapshot();
  // Between the two files of the step: keys written, identity not yet.
  states.push(new Map([...adopted, ['identity.json', states[1]!.get('identity.json')!]]), adopted);
  await vault.settleRotation();
  states.push(await snapshot());
  const [toOld, toNew] = [await seal(old.sealingKey), await seal(next.sealingKey)];

  const seen: unknown[] = [];
  for (const state of states) {
    await rm(folder, { recursive: true });
    await (await openVault()).erase();
    for (const [name, content] of state) await writeFile(join(folder, name), content);
    const again = await openVault();
    expect(again.identity?.kioskName).toBe('Counter');
    seen.push([
      again.state,
      again.rotation,
      await signer(again, old.signingKey),
      (await again.open(toOld)).ok,
      (await again.open(toNew)).ok,
    ]);
    // And from there to the end.
    if (again.rotation === 'prepared') await again.adoptRotation();
    await again.settleRotation();
    const end = await openVault();
    expect([end.state, end.rotation]).toEqual(['ready', 'none']);
  }
  expect(seen).toEqual([
    ['ready', 'none', true, true, false],
    ['ready', 'prepared', true, true, true],
    ['ready', 'adopted', false, true, true],
    ['ready', 'adopted', false, true, true],
    ['ready', 'none', false, false, true],
  ]);
});

test('erasing in the middle leaves nothing, and what was under way brings nothing back', async ({
  folder,
  registered,
}) => {
  const { vault } = await registered();
  await prepare(vault);
  await writeFile(join(folder, 'keys.wrapped.new'), 'cut short');
  await Promise.all([vault.erase(), vault.adoptRotation(), vault.settleRotation()]);
  await vault.forgetErasure();
  expect(await readdir(folder)).toEqual([]);
  expect(vault.rotation).toBe('none');
  expect((await vault.prepareRotation()).ok).toBe(false);
});
