/** What installs, with the real dpkg on a root of its own, and with the package's own scripts. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { folderTest as test } from '#support/folder-test.ts';
import { updateMachine } from '#support/update-machine.ts';

const preinst = readFileSync(
  fileURLToPath(new URL('../../build/packaging/debian/preinst', import.meta.url)),
  'utf8',
);
/** Scripts run as they are: there is no shell in that root. */
const how = '--root="$ROOT" --force-not-root --force-script-chrootless --force-depends';
const programs = {
  dpkg: `if [ "$1" = --compare-versions ]; then exec /usr/bin/dpkg "$@"; fi; exec /usr/bin/dpkg ${how} "$@"`,
  'dpkg-query': 'exec /usr/bin/dpkg-query --admindir="$ROOT/var/lib/dpkg" "$@"',
};
const isRoot = process.getuid?.() === 0;

test(
  'dpkg goes up, is refused to go down by hand, and goes back from what does not start to what was there, file by file',
  { timeout: 60_000 },
  async ({ folder }) => {
    // Packages are root's to install.
    if (!isRoot) return;
    const machine = updateMachine(folder);
    for (const [name, body] of Object.entries(programs)) {
      writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${body}\n`);
      chmodSync(join(folder, 'bin', name), 0o755);
    }
    for (const name of ['info', 'updates'])
      mkdirSync(join(folder, 'var/lib/dpkg', name), { recursive: true });
    for (const name of ['status', 'available']) writeFileSync(join(folder, 'var/lib/dpkg', name), '');
    const dpkg = (...args: readonly string[]) =>
      spawnSync(join(folder, 'bin/dpkg'), args, { env: { ...process.env, ROOT: folder }, encoding: 'utf8' });
    const program = (): string => machine.text('opt/Latchpoint/program');
    const packed = (version: string): Buffer =>
      machine.packageOf(version, 4, 'latchpoint', preinst.replaceAll('@VERSION@', version));

    const first = join(folder, 'first.deb');
    writeFileSync(first, packed('0.3.0'));
    expect(dpkg('-i', first)).toMatchObject({ status: 0 });
    machine.handOver(packed('0.3.1'));
    await machine.act();
    expect([machine.result(), program()]).toEqual(['installed 0.3.1', 'version 0.3.1']);

    const down = dpkg('-i', first);
    expect([down.status, program()]).toEqual([1, 'version 0.3.1']);
    expect(down.stderr).toContain('version 0.3.1 is installed, and an older one may not read its data');

    await machine.ended('1');
    await machine.ended('1');
    await machine.act();
    expect([machine.result(), program()]).toEqual(['went-back 0.3.1', 'version 0.3.0']);
    // It is the package that it was: it refuses to be gone behind, too, and nothing of it has changed.
    writeFileSync(first, packed('0.2.9'));
    expect(dpkg('-i', first).stderr).toContain('version 0.3.0 is installed');
    expect(dpkg('--verify', 'latchpoint').stdout).toBe('');
  },
);
