import { chmodSync, existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { AppFailure } from '#shared/errors/app-error.ts';
import { folderTest as test } from '#support/folder-test.ts';
import { channelKeys } from '#support/update-channel.ts';
import { openUpdatesHost } from './updates-host.ts';

const window = { from: '02:00', to: '05:00' };
const config = { updates: { channel: 'https://updates.example.com', ring: 'all' as const, window } };
const here = { version: '0.3.0', platform: 'linux' as const, arch: 'x64' };
const isRoot = process.getuid?.() === 0;
const pem = channelKeys().publicKey.export({ type: 'spki', format: 'pem' });

const problemOf = async (input: Parameters<typeof openUpdatesHost>[0]): Promise<unknown> =>
  openUpdatesHost(input).then(
    () => null,
    (error: unknown) => (error instanceof AppFailure ? error.error.params['problem'] : error),
  );

describe('updates of its own', () => {
  test('are off where nothing is configured, whatever key lies there', async ({ folder }) => {
    const request = join(folder, 'request');
    writeFileSync(request, '0.3.1\n');
    expect(await openUpdatesHost({ ...here, config: {}, keyFile: '/nowhere', folder })).toBeUndefined();
    // Of a time when they were set.
    expect(existsSync(request)).toBe(false);
  });

  test('go by the key that root has put there, and by nobody else’s', async ({ folder }) => {
    const keyFile = join(folder, 'key.pem');
    writeFileSync(keyFile, pem);
    if (!isRoot) {
      expect(await problemOf({ ...here, config, keyFile })).toBe('only root may own it and write to it');
      return;
    }
    expect(await openUpdatesHost({ ...here, config, keyFile })).toMatchObject({
      platform: 'linux-x64',
      version: '0.3.0',
    });
    writeFileSync(keyFile, 'no key');
    expect(await problemOf({ ...here, config, keyFile })).toBe('it holds no Ed25519 public key');
  });

  test('do not begin without a key, with one that others may write, or on another system', async ({
    folder,
  }) => {
    const keyFile = join(folder, 'key.pem');
    expect(await problemOf({ ...here, config, keyFile })).toBe('it is not there, and updates are set');
    writeFileSync(keyFile, pem);
    chmodSync(keyFile, 0o666);
    expect(await problemOf({ ...here, config, keyFile })).toBe('only root may own it and write to it');
    const link = join(folder, 'link.pem');
    symlinkSync(keyFile, link);
    expect(await problemOf({ ...here, config, keyFile: link })).toContain('it is a link');
    expect(await problemOf({ ...here, config, keyFile, platform: 'win32' })).toContain(
      'is for the Debian package',
    );
  });
});
