import { describe, expect, onTestFinished } from 'vitest';
import { folderTest as test } from '#support/folder-test.ts';
import { startPackageServer, type PackageServer } from '#support/package-server.ts';
import { channelKeys, manifestOf, signManifest } from '#support/update-channel.ts';
import { systemClock } from '../platform/clock.ts';
import { createMemory } from '../updates/memory.ts';
import { digestOfKey } from '../updates/proof.ts';
import { checkUpdates } from './check-updates.ts';

const { publicKey: key, privateKey } = channelKeys();
const clock = { ...systemClock, now: () => manifestOf().issuedAt };

const seenAt = async (channel: string, folder = '/nowhere'): Promise<string> => {
  const updates = { fetch: (url: string) => fetch(url), clock, channel, key, folder };
  const [result] = await checkUpdates({ updates, clock });
  return result ? `${String(result.ok)}: ${result.seen}` : 'nothing';
};
const serve = async (bytes: Uint8Array): Promise<PackageServer> => {
  const server = await startPackageServer();
  onTestFinished(() => server.close());
  server.files.set('latchpoint.update', Buffer.from(bytes));
  return server;
};

describe('latchpoint check, of the update channel', () => {
  test('says what your key has signed', async () => {
    const { url } = await serve(signManifest(manifestOf(), privateKey));
    expect(await seenAt(url)).toBe('true: version 0.3.1, signed, holds until 2026-01-19T08:00:00.000Z');
  });

  test('says that it ran out, that it is from the future, that another has signed, that it is none, and that nobody answers', async () => {
    const old = signManifest(manifestOf({ issuedAt: 0, expiresAt: 1000 }), privateKey);
    expect(await seenAt((await serve(old)).url)).toContain('false: version 0.3.1, signed, ran out');
    const ahead = signManifest(manifestOf({ issuedAt: manifestOf().issuedAt + 86_401_000 }), privateKey);
    expect(await seenAt((await serve(ahead)).url)).toContain(
      'false: version 0.3.1, signed, is from the future',
    );
    const other = signManifest(manifestOf(), channelKeys().privateKey);
    expect(await seenAt((await serve(other)).url)).toContain('not signed by the key');
    expect(await seenAt((await serve(Buffer.from('<html>'))).url)).toContain('no manifest');
    const gone = await serve(old);
    await gone.close();
    expect(await seenAt(gone.url)).toMatch(/^false: the machine is there and nobody listens/);
  });

  test('says that this computer has refused what is there twice, and not once it is published again', async ({
    folder,
  }) => {
    const { url } = await serve(signManifest(manifestOf(), privateKey));
    const { version, issuedAt } = manifestOf();
    const memory = createMemory(folder, digestOfKey(key));
    await memory.keep({ refused: { version, issuedAt, times: 1, at: 5 } });
    expect(await seenAt(url, folder)).toContain('true: version 0.3.1, signed, holds until');
    await memory.keep({ refused: { version, issuedAt, times: 2, at: 6 } });
    expect(await seenAt(url, folder)).toContain('false: version 0.3.1, signed, was refused 2 times');
    await memory.keep({ refused: { version, issuedAt: issuedAt - 1000, times: 2, at: 6 } });
    expect(await seenAt(url, folder)).toContain('true: version 0.3.1, signed, holds until');
  });

  test('says nothing where IT pushes updates', async () => {
    expect(await checkUpdates({ updates: null, clock })).toEqual([]);
  });
});
