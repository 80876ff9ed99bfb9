/** `npm run publish-update`, as IT runs it. */
import { spawnSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { readManifest } from '#kiosk/updates/manifest.ts';
import { updateKeyOf } from '#kiosk/updates/proof.ts';
import { sealedFormat } from '#kiosk/data/storage/sealed-file.ts';
import { folderTest as test } from '#support/folder-test.ts';
import { manifestOf, signManifest } from '#support/update-channel.ts';
import { updateMachine } from '#support/update-machine.ts';

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
    // In a later format than this tree's.
    const dataVersion = sealedFormat + 1;
    const packed = updateMachine(join(folder, 'machine')).packageOf('0.3.1', dataVersion);
    writeFileSync(deb, packed);
    const to = join(folder, 'channel');
    const base = ['sign', '--key', key, '--version', '0.3.1', '--from', '0.3.0', '--to', to];
    const offer = [...base, '--package', `linux-x64=${deb}`, '--words', 'en=Faster.'];
    expect(
      publish(
        ...offer,
        '--ring',
        'pilot=100',
        '--store',
        'a-store',
        '--urgent',
        '--issued',
        '2026-01-05T08:00:00Z',
      ).status,
    ).toBe(0);
    const read = readManifest(readFileSync(join(to, 'latchpoint.update')), publicKey);
    expect(read).toMatchObject({
      ok: true,
      value: { version: '0.3.1', dataVersion, urgent: true, rings: { pilot: 100 }, words: { en: 'Faster.' } },
    });
    expect(readFileSync(join(to, 'latchpoint_0.3.1_amd64.deb')).equals(packed)).toBe(true);

    const before = readFileSync(join(to, 'latchpoint.update'));
    expect(publish(...offer, '--issued', '2026-01-05T07:59:59Z').stderr).toContain('is newer');
    expect(publish(...offer, '--store', 'a store').stderr).toContain('no manifest which a kiosk could read');
    expect(publish(...base, '--package', `linux-x64=${pem}`).stderr).toContain('does not name version 0.3.1');
    const none = join(folder, 'latchpoint_0.3.1_none.deb');
    writeFileSync(none, 'no package');
    expect(publish(...base, '--package', `linux-x64=${none}`).stderr).toContain('no package of Latchpoint');
    const signedBy = (file: string) =>
      publish(...offer.map((one) => (one === key ? file : one))).stderr.trim();
    expect(signedBy(pem)).toBe(`${pem} is no key that signs: that is update-signing-key.pem`);
    expect(signedBy(join(folder, 'none.pem'))).toBe(`There is no ${join(folder, 'none.pem')}`);
    const without = publish(...base);
    expect(without.status).toBe(2);
    expect(without.stderr).toContain('--package is missing');
    const ahead = Math.floor(Date.now() / 1000) * 1000 + 25 * 3_600_000;
    expect(publish(...offer, '--issued', new Date(ahead).toISOString()).stderr).toContain('a day ahead');
    expect(readFileSync(join(to, 'latchpoint.update')).equals(before)).toBe(true);

    // One that a publisher with a wrong clock has left there is followed.
    const left = manifestOf({ issuedAt: ahead, expiresAt: ahead + 1000 });
    writeFileSync(
      join(to, 'latchpoint.update'),
      signManifest(left, createPrivateKey(readFileSync(key, 'utf8'))),
    );
    expect(publish(...offer).status).toBe(0);
    expect(existsSync(join(to, 'latchpoint.update.part'))).toBe(false);
  },
);
