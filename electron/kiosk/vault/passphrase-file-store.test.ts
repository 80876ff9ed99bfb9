import { createHook } from 'node:async_hooks';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppFailure } from '#shared/errors/app-error.ts';
import { seededRandom } from '../platform/seeded-random.ts';
import { createPassphraseFileStore } from './passphrase-file-store.ts';
import type { SecretStore } from './port.ts';

let dir: string;
let path: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'passphrase-'));
  path = join(dir, 'passphrase');
  await writeFile(path, 'correct horse battery staple\n', { mode: 0o600 });
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const open = (seed = 1, file = path): Promise<SecretStore> =>
  createPassphraseFileStore({ path: file, random: seededRandom(seed) });

const secret = Buffer.from('the secret of the kiosk');

describe('passphrase file', () => {
  test('wraps so that only the same passphrase unwraps, in another process too', async () => {
    const wrapped = await (await open(1)).wrap(secret);
    expect(Buffer.from(wrapped).includes(secret)).toBe(false);
    expect(Buffer.from(await (await open(2)).unwrap(wrapped))).toEqual(secret);

    const other = join(dir, 'other');
    await writeFile(other, 'another passphrase altogether', { mode: 0o600 });
    await expect((await open(1, other)).unwrap(wrapped)).rejects.toThrow();
  });

  test('derives the key of a file that is named before anybody asks, and once', async () => {
    const file = join(dir, 'wrapped');
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
    for (const deriveFor of [join(dir, 'nowhere'), path, dir]) {
      await createPassphraseFileStore({ path, random: seededRandom(3), deriveFor });
    }
    hook.disable();
    expect(derivations).toBe(1);
  });

  test('the same secret never looks the same twice', async () => {
    const store = await open();
    expect(await store.wrap(secret)).not.toEqual(await store.wrap(secret));
  });

  test('a change of any byte is noticed', async () => {
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

  test.each<[string, () => Promise<string>, RegExp]>([
    ['missing', () => Promise.resolve(join(dir, 'nowhere')), /cannot be read/],
    [
      'readable by others',
      async () => {
        const file = join(dir, 'open');
        await writeFile(file, 'correct horse battery staple');
        await chmod(file, 0o640);
        return file;
      },
      /0600/,
    ],
    [
      'too short',
      async () => {
        const file = join(dir, 'short');
        await writeFile(file, 'short', { mode: 0o600 });
        return file;
      },
      /16 characters/,
    ],
  ])('a file that is %s is refused with the reason', async (_, make, problem) => {
    const failure = await open(1, await make()).catch((error: unknown) => error);
    if (!(failure instanceof AppFailure)) throw new Error('it was taken');
    expect(failure.error).toMatchObject({ code: 'config.invalid', params: { source: 'passphraseFile' } });
    expect(failure.error.params['problem']).toMatch(problem);
  });

  test.runIf(process.platform !== 'win32')(
    'one that systemd has handed over may show the bits of its access list, and no others',
    async () => {
      const service = join(dir, 'latchpoint.service');
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
      expect((await openFrom(dir)).kind).toBe('passphrase_file');
      // Also as whoever checks the machine, who has nothing of the service's surroundings.
      await expect(openFrom()).rejects.toThrow(AppFailure);
      await expect(openFrom(service)).rejects.toThrow(AppFailure);
      for (const mode of [0o460, 0o444]) {
        await chmod(file, mode);
        await expect(openFrom(dir)).rejects.toThrow(AppFailure);
      }
    },
  );
});
