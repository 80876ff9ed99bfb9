import { createHook } from 'node:async_hooks';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { AppFailure } from '#shared/errors/app-error.ts';
import { folderTest } from '#support/folder-test.ts';
import { seededRandom } from '../platform/seeded-random.ts';
import { createPassphraseFileStore } from './passphrase-file-store.ts';
import type { SecretStore } from './port.ts';

const test = folderTest
  .extend('path', async ({ folder }) => {
    const path = join(folder, 'passphrase');
    await writeFile(path, 'correct horse battery staple\n', { mode: 0o600 });
    return path;
  })
  .extend(
    'open',
    ({ path }) =>
      (seed = 1, file = path): Promise<SecretStore> =>
        createPassphraseFileStore({ path: file, random: seededRandom(seed) }),
  );

const secret = Buffer.from('the secret of the kiosk');

describe('passphrase file', () => {
  test('wraps so that only the same passphrase unwraps, in another process too', async ({ folder, open }) => {
    const wrapped = await (await open(1)).wrap(secret);
    expect(Buffer.from(wrapped).includes(secret)).toBe(false);
    expect(Buffer.from(await (await open(2)).unwrap(wrapped))).toEqual(secret);

    const other = join(folder, 'other');
    await writeFile(other, 'another passphrase altogether', { mode: 0o600 });
    await expect((await open(1, other)).unwrap(wrapped)).rejects.toThrow();
  });

  test('derives the key of a file that is named before anybody asks, and once', async ({
    folder,
    path,
    open,
  }) => {
    const file = join(folder, 'wrapped');
    const wrapped = await (await open(1)).wrap(secret);
    await writeFile(file, wrapped);
    let derivations = 0;
    const hook = createHook({
      init: (_id, type) => {
        if (type === 'SCRYPTREQUEST') derivations += 1;
      },
    }).enable();
    const store = await createPassphraseFileStore({ path, random: seededRandom(2), deriveFor: file });
    expect(derivations).toBe(1);
    expect(Buffer.from(await store.unwrap(wrapped))).toEqual(secret);
    expect(derivations).toBe(1);

    // What is not there, or was not wrapped by such a store, is nothing to derive for.
    for (const deriveFor of [join(folder, 'nowhere'), path, folder]) {
      await createPassphraseFileStore({ path, random: seededRandom(3), deriveFor });
    }
    hook.disable();
    expect(derivations).toBe(1);
  });

  test('the same secret never looks the same twice', async ({ open }) => {
    const store = await open();
    expect(await store.wrap(secret)).not.toEqual(await store.wrap(secret));
  });

  test('a change of any byte is noticed', async ({ open }) => {
    const store = await open();
    const wrapped = await store.wrap(secret);
    // Each byte of the salt costs a derivation, so one stands for all sixteen.
    const skipped = (index: number): boolean => index >= 5 && index < 20;
    for (let index = 0; index < wrapped.length; index += 1) {
      if (skipped(index)) continue;
      const changed = Uint8Array.from(wrapped);
      changed[index] = (changed[index] ?? 0) ^ 1;
      await expect(store.unwrap(changed)).rejects.toThrow();
    }
    await expect(store.unwrap(wrapped.subarray(0, 20))).rejects.toThrow();
  });

  test.for<readonly [string, (folder: string) => Promise<string>, RegExp]>([
    ['missing', (folder) => Promise.resolve(join(folder, 'nowhere')), /cannot be read/],
    [
      'readable by others',
      async (folder) => {
        const file = join(folder, 'open');
        await writeFile(file, 'correct horse battery staple');
        await chmod(file, 0o640);
        return file;
      },
      /0600/,
    ],
    [
      'too short',
      async (folder) => {
        const file = join(folder, 'short');
        await writeFile(file, 'short', { mode: 0o600 });
        return file;
      },
      /16 characters/,
    ],
  ])('a file that is %s is refused with the reason', async ([_, make, problem], { folder, open }) => {
    const failure = await open(1, await make(folder)).catch((error: unknown) => error);
    if (!(failure instanceof AppFailure)) throw new Error('it was taken');
    expect(failure.error).toMatchObject({ code: 'config.invalid', params: { source: 'passphraseFile' } });
    expect(failure.error.params['problem']).toMatch(problem);
  });

  test.runIf(process.platform !== 'win32')(
    'one that systemd has handed over may show the bits of its access list, and no others',
    async ({ folder }) => {
      const service = join(folder, 'latchpoint.service');
      await mkdir(service);
      const file = join(service, 'passphrase');
      await writeFile(file, 'correct horse battery staple', { mode: 0o600 });
      const openFrom = (credentials?: string): Promise<SecretStore> =>
        createPassphraseFileStore({
          path: file,
          random: seededRandom(1),
          ...(credentials ? { credentials } : {}),
        });
      await chmod(file, 0o440);
      expect((await openFrom(folder)).kind).toBe('passphrase_file');
      // Also as whoever checks the machine, who has nothing of the service's surroundings.
      await expect(openFrom()).rejects.toThrow(AppFailure);
      await expect(openFrom(service)).rejects.toThrow(AppFailure);
      for (const mode of [0o460, 0o444]) {
        await chmod(file, mode);
        await expect(openFrom(folder)).rejects.toThrow(AppFailure);
      }
    },
  );
});
