/** `npm run publish-update`, as IT runs it. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { readManifest } from '#kiosk/updates/manifest.ts';
import { updateKeyOf } from '#kiosk/updates/proof.ts';
import { folderTest as test } from '#support/folder-test.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

const publish = (...args: readonly string[]) => {
  const script = join(root, 'build/packaging/publish-update.ts');
  const how = ['--disable-warning=ExperimentalWarning', script, ...args];
  const { status, stderr } = spawnSync(process.execPath, how, { cwd: root, encoding: 'utf8' });
  return { status, stderr };
};

test(
  'a key pair and a manifest come out that a kiosk takes, and nothing that it would refuse',
  { timeout: 60_000 },
  ({ folder }) => {
    expect(publish('keys', '--to', folder).status).toBe(0);
    const [key, pem] = [join(folder, 'update-signing-key.pem'), join(folder, 'update-key.pem')];
    expect(statSync(key).mode & 0o077).toBe(0);
    expect(publish('keys', '--to', folder)).toMatchObject({ status: 1 });
    const publicKey = updateKeyOf(readFileSync(pem, 'utf8'));
    if (!publicKey) throw new Error('no public key');

    const deb = join(folder, 'latchpoint_0.3.1_amd64.deb');
    writeFileSync(deb, 'a package');
    const to = join(folder, 'channel');
    const base = ['sign', '--key', key, '--version', '0.3.1', '--from', '0.3.0', '--to', to];
    const offer = [...base, '--package', `linux-x64=${deb}`, '--words', 'en=Faster.'];
    expect(
      publish(...offer, '--ring', 'pilot=100', '--store', 'a-store', '--issued', '2026-01-05T08:00:00Z')
        .status,
    ).toBe(0);
    const read = readManifest(readFileSync(join(to, 'latchpoint.update')), publicKey);
    expect(read).toMatchObject({
      ok: true,
      value: { version: '0.3.1', rings: { pilot: 100 }, words: { en: 'Faster.' } },
    });
    expect(readFileSync(join(to, 'latchpoint_0.3.1_amd64.deb'), 'utf8')).toBe('a package');

    const before = readFileSync(join(to, 'latchpoint.update'));
    expect(publish(...offer, '--issued', '2026-01-05T07:59:59Z').stderr).toContain('is newer');
    expect(publish(...offer, '--ring', 'all=101').stderr).toContain('no manifest which a kiosk could read');
    expect(publish(...base, '--package', `linux-x64=${pem}`).stderr).toContain('does not name version 0.3.1');
    expect(readFileSync(join(to, 'latchpoint.update')).equals(before)).toBe(true);
    expect(existsSync(join(to, 'latchpoint.update.part'))).toBe(false);
  },
);
