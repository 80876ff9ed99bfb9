import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CompactEncrypt, decodeProtectedHeader, importJWK, jwtVerify } from 'jose';
import { describe, expect } from 'vitest';
import { ok } from '#shared/errors/app-error.ts';
import { tokenAudience, type PublicJwk } from '#shared/http/contract.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import { seededRandom } from '../platform/seeded-random.ts';
import type { KioskIdentity, SecretStore, Vault } from './port.ts';
import { createVault } from './vault.ts';
import { readVaultFiles } from './vault-files.ts';
import { folderTest } from '#support/folder-test.ts';

const material = {
  serialNumber: '0000051a00000005',
  keyCertificate: Buffer.from('certificate').toString('base64'),
  privateKey: Buffer.from('private').toString('base64'),
};

/** Inverts every bit: enough to see that nothing is stored as it is. */
const store: SecretStore = {
  kind: 'test',
  wrap: (secret) => Promise.resolve(secret.map((byte) => byte ^ 0xff)),
  unwrap: (wrapped) => Promise.resolve(wrapped.map((byte) => byte ^ 0xff)),
};
const clock = new ManualClock();

const identityOf = (backendKey: PublicJwk): KioskIdentity => ({
  kioskId: '10000000-0000-4000-8000-000000000001',
  kioskName: 'Counter',
  storeId: '20000000-0000-4000-8000-000000000001',
  storeName: 'Harbour Street',
  owner: 'acme-retail',
  backendKey,
  vendorRoot: Buffer.from('root').toString('base64'),
});

const test = folderTest
  .extend('openVault', ({ folder }) => async (secretStore: SecretStore | null = store): Promise<Vault> => {
    const files = await readVaultFiles({ dir: folder, secretStore, logger: silentLogger });
    return createVault({ files, secretStore, clock, random: seededRandom(1), logger: silentLogger });
  })
  .extend(
    'registered',
    ({ openVault }) =>
      async (): Promise<{ vault: Vault; signingKey: PublicJwk; sealingKey: PublicJwk }> => {
        const vault = await openVault();
        const keys = await vault.prepareKeys();
        if (!keys.ok) throw new Error(keys.error.code);
        await vault.saveIdentity(identityOf(keys.value.signingKey));
        return { vault, ...keys.value };
      },
  );

const seal = async (to: PublicJwk, content: unknown, alg = 'ECDH-ES'): Promise<string> =>
  new CompactEncrypt(Buffer.from(JSON.stringify(content)))
    .setProtectedHeader({ alg, enc: 'A256GCM' })
    .encrypt(await importJWK({ ...to }, 'ECDH-ES'));

describe('vault', () => {
  test('keeps keys and identity over a restart, in files of its own', async ({
    folder,
    openVault,
    registered,
  }) => {
    const { signingKey, sealingKey } = await registered();
    const again = await openVault();
    expect(again.state).toBe('ready');
    expect(again.identity?.kioskName).toBe('Counter');
    expect(await again.prepareKeys()).toEqual(ok({ signingKey, sealingKey }));
    const files = await readdir(folder);
    expect(files.sort()).toEqual(['identity.json', 'keys.wrapped']);
    for (const file of files) expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
  });

  test('proves itself with an assertion that the backend can check', async ({ registered }) => {
    const { vault, signingKey } = await registered();
    const assertion = await vault.clientAssertion(tokenAudience);
    const { payload } = await jwtVerify(assertion, await importJWK({ ...signingKey }, 'ES256'), {
      audience: tokenAudience,
      currentDate: new Date(clock.now()),
    });
    expect(payload.iss).toBe(identityOf(signingKey).kioskId);
    expect(payload.sub).toBe(payload.iss);
    expect((payload.exp ?? 0) - clock.now() / 1000).toBeLessThanOrEqual(300);
    expect(decodeProtectedHeader(assertion).alg).toBe('ES256');
    const other = await jwtVerify(
      await vault.clientAssertion(tokenAudience),
      await importJWK({ ...signingKey }, 'ES256'),
      { currentDate: new Date(clock.now()) },
    );
    expect(other.payload.jti).not.toBe(payload.jti);
  });

  test('opens what was sealed to it, also after a restart', async ({ openVault, registered }) => {
    const { sealingKey } = await registered();
    const sealed = await seal(sealingKey, material);
    expect(await (await openVault()).open(sealed)).toEqual(ok(material));
  });

  test('opens nothing that was changed, sealed to another, or is not a key', async ({ registered }) => {
    const { vault, signingKey, sealingKey } = await registered();
    const sealed = await seal(sealingKey, material);
    const changed = sealed.replace(/\.([^.])([^.]*)$/, (_, first: string, rest: string) => {
      return `.${first === 'A' ? 'B' : 'A'}${rest}`;
    });
    const wrong = [
      changed,
      await seal(signingKey, material),
      await seal(sealingKey, { ...material, privateKey: undefined }),
      await seal(sealingKey, material, 'ECDH-ES+A256KW'),
      'no jwe',
    ];
    for (const text of wrong)
      expect(await vault.open(text)).toMatchObject({ ok: false, error: { code: 'vault.cannot_open' } });
  });

  test('opens what a backend of a later release sealed, without what it does not know of it', async ({
    registered,
  }) => {
    const { vault, sealingKey } = await registered();
    const sealed = await seal(sealingKey, { ...material, more: 1 });
    expect(await vault.open(sealed)).toEqual(await vault.open(await seal(sealingKey, material)));
  });

  test('holds no keys where there is no secret store', async ({ folder, openVault }) => {
    const vault = await openVault(null);
    expect(vault.state).toBe('no_secret_store');
    expect(await vault.prepareKeys()).toMatchObject({ error: { code: 'vault.no_secret_store' } });
    expect(await readdir(folder)).toEqual([]);
  });

  test('a registered kiosk whose secret store has gone knows who it is, by no name, and opens nothing', async ({
    openVault,
    registered,
  }) => {
    const { vault: before, sealingKey } = await registered();
    const sealed = await seal(sealingKey, material);
    const vault = await openVault(null);
    expect(vault.identity).toEqual({ ...before.identity, kioskName: '', storeName: '', owner: '' });
    expect(await vault.open(sealed)).toMatchObject({ error: { code: 'vault.cannot_open' } });
  });

  test('keys that cannot be unwrapped are "cannot open", and erasing is the way out', async ({
    folder,
    openVault,
    registered,
  }) => {
    await registered();
    const broken: SecretStore = { ...store, unwrap: () => Promise.reject(new Error('secret in here')) };
    for (const vault of [
      await openVault(broken),
      await writeFile(join(folder, 'keys.wrapped'), 'junk').then(() => openVault()),
    ]) {
      expect(vault.state).toBe('cannot_open');
      expect(await vault.prepareKeys()).toMatchObject({ error: { code: 'vault.cannot_open' } });
    }
    const vault = await openVault();
    await vault.erase();
    expect(vault.state).toBe('ready');
    expect((await vault.prepareKeys()).ok).toBe(true);
  });

  test('an identity that was changed on disk is not believed', async ({ folder, openVault, registered }) => {
    await registered();
    const path = join(folder, 'identity.json');
    const text = await readFile(path, 'utf8');
    const root = identityOf({ kty: 'EC', crv: 'P-256', x: '', y: '' }).vendorRoot;
    await writeFile(path, text.replace(root, Buffer.from('evil').toString('base64')));
    expect((await openVault()).state).toBe('cannot_open');
    await writeFile(path, '{');
    expect((await openVault()).state).toBe('cannot_open');
  });

  test('erasing leaves nothing', async ({ folder, registered }) => {
    const { vault, sealingKey } = await registered();
    const sealed = await seal(sealingKey, material);
    await vault.erase();
    expect(vault.identity).toBeNull();
    expect(await vault.open(sealed)).toMatchObject({ ok: false });
    await vault.forgetErasure();
    expect(await readdir(folder)).toEqual([]);
    await vault.erase();
  });
});
