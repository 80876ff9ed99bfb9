/** What an update with root's rights comes to where the machine, its disk, its clock or its packages are not as they should be. */
import { renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { folderTest } from '#support/folder-test.ts';
import { channelKeys } from '#support/update-channel.ts';
import { updateMachine } from '#support/update-machine.ts';

const test = folderTest.extend('machine', ({ folder }) => {
  const machine = updateMachine(folder);
  machine.has('0.3.0');
  return machine;
});
const before = '0.3.0 installed, version 0.3.0';
const after = '0.3.1 installed, version 0.3.1';
const own = 'var/lib/latchpoint-update';
const keyFile = 'etc/latchpoint/update-key.pem';

describe('an update that could not be installed', () => {
  test.for([
    ['the packages are locked for longer than is waited', 'locked', '20\n', 'busy'],
    ['dpkg refuses it before it has touched anything', 'refuses-0.3.1', '', 'system'],
  ])(
    'because %s leaves all as it is, and is taken the next time',
    async ([, file = '', says = '', why = ''], { machine, folder }) => {
      machine.put(file, says);
      machine.handOver(machine.packageOf('0.3.1'));
      await machine.act();
      expect([machine.now(), machine.result(), machine.state()]).toEqual([
        before,
        `refused 0.3.1 ${why}`,
        '',
      ]);
      expect([machine.isAsked(), machine.text('systemctl'), machine.text(`${own}/gone-back`)]).toEqual([
        ...[false, '', ''],
      ]);
      rmSync(join(folder, file));
      machine.handOver(machine.packageOf('0.3.1'));
      await machine.act();
      expect([machine.now(), machine.result()]).toEqual([after, 'installed 0.3.1']);
    },
  );

  test('and was gone back from is taken the next time, too: it never failed to start', async ({
    machine,
    folder,
  }) => {
    machine.put('fails-0.3.1', '');
    machine.handOver(machine.packageOf('0.3.1'));
    await machine.act();
    expect([machine.now(), machine.result()]).toEqual([before, 'refused 0.3.1 system']);
    rmSync(join(folder, 'fails-0.3.1'));
    machine.handOver(machine.packageOf('0.3.1'));
    await machine.act();
    expect(machine.now()).toBe(after);
  });

  test('because the kiosk has taken it back while another program was at the packages says nothing of it', async ({
    machine,
    folder,
  }) => {
    machine.put('locked', '3\n');
    machine.put('bin/sleep', `#!/bin/sh\nrm -f ${folder}/var/lib/latchpoint/updates/request\n`, 0o755);
    machine.handOver(machine.packageOf('0.3.1'));
    await machine.act();
    expect([machine.now(), machine.result(), machine.state()]).toEqual([before, '', '']);
  });

  test('because the packages are locked is no other refusal where power goes as that is cleared away', async ({
    machine,
  }) => {
    machine.put('locked', '10\n');
    const cut =
      'case "$*" in *package.deb*) [ ! -e "$ROOT/locked" ] || [ "$(cat "$ROOT/locked")" != 0 ] || kill -9 0 ;; esac';
    machine.put('bin/rm', `#!/bin/sh\n/bin/rm "$@"\n${cut}\n`, 0o755);
    machine.handOver(machine.packageOf('0.3.1'));
    await machine.act();
    machine.put('bin/rm', '#!/bin/sh\nexec /bin/rm "$@"\n', 0o755);
    machine.boots();
    await machine.act();
    expect([machine.now(), machine.result(), machine.state()]).toEqual([before, 'refused 0.3.1 busy', '']);
  });

  test.for([
    ['before', 'kill -9 0', '/bin/rm "$@"', after],
    ['after', '/bin/rm "$@"', 'kill -9 0', before],
  ])(
    'is not told of and then installed all the same where power goes %s that is forgotten',
    async ([, first = '', second = '', becomes], { machine, folder }) => {
      machine.put('refuses-0.3.1', '');
      machine.put(
        'bin/rm',
        `#!/bin/sh\ncase "$*" in */state) ${first}; ${second} ;; esac\nexec /bin/rm "$@"\n`,
        0o755,
      );
      machine.handOver(machine.packageOf('0.3.1'));
      const said = [await machine.act()];
      machine.put('bin/rm', '#!/bin/sh\nexec /bin/rm "$@"\n', 0o755);
      rmSync(join(folder, 'refuses-0.3.1'));
      machine.boots();
      said.push(await machine.act());
      expect(machine.now()).toBe(becomes);
      expect(
        said.join('').match(/^latchpoint-update: (?:installed|refused) 0\.3\.1/gm)?.length ?? 0,
      ).toBeLessThan(2);
    },
  );

  test('because what is installed cannot be read whole is refused: there would be no way back', async ({
    machine,
  }) => {
    const script =
      'case "$*" in *--no-recursion*) /bin/tar --exclude=*/program "$@"; exit 2 ;; esac; exec /bin/tar "$@"';
    machine.put('bin/tar', `#!/bin/sh\n${script}\n`, 0o755);
    machine.handOver(machine.packageOf('0.3.1'));
    await machine.act();
    expect([machine.now(), machine.result()]).toEqual([before, 'refused 0.3.1 system']);
  });

  test('is not gone back from where it may have raised the data, whatever its manifest says', async ({
    machine,
  }) => {
    machine.handOver(machine.packageOf('0.3.1', 5), { dataVersion: 4 });
    await machine.act();
    await machine.ended('78');
    expect(await machine.act()).toContain('IT has to act');
    expect([machine.now(), machine.state()]).toEqual([after, '']);
  });

  test('is not gone back from either where it has failed at its end, with the data raised', async ({
    machine,
  }) => {
    machine.put('fails-0.3.1', '');
    machine.handOver(machine.packageOf('0.3.1', 5));
    expect(await machine.act()).toContain('IT has to act');
    expect([machine.now(), machine.state()]).toEqual(['0.3.1 half-installed, version 0.3.1', '']);
  });
});

describe('while a version is on trial that runs and has not started well', () => {
  const next = { version: '0.3.2' };

  test('a newer one is refused, in so many words, and installed once it has', async ({ machine }) => {
    machine.handOver(machine.packageOf('0.3.1'));
    await machine.act();
    machine.handOver(machine.packageOf('0.3.2'), next);
    await machine.act();
    expect([machine.now(), machine.result(), machine.isAsked()]).toEqual([
      ...[after, 'refused 0.3.1 trial', false],
    ]);
    expect(machine.state()).toMatch(/^trial 0\.3\.1 0\.3\.0 /);
    machine.startedWell('0.3.1');
    machine.handOver(machine.packageOf('0.3.2'), next);
    await machine.act();
    expect(machine.result()).toBe('installed 0.3.2');
  });

  test('what is left of its own request says nothing more of it', async ({ machine }) => {
    machine.handOver(machine.packageOf('0.3.1'));
    await machine.act();
    machine.handOver(machine.packageOf('0.3.1'));
    await machine.act();
    expect([machine.result(), machine.isAsked()]).toEqual(['installed 0.3.1', false]);
  });
});

describe('after a start of the machine', () => {
  test('what was whole when power went is on trial at once, and not installed a second time', async ({
    machine,
  }) => {
    machine.handOver(machine.packageOf('0.3.1', 5));
    await machine.act();
    machine.put(`${own}/state`, `${machine.state().replace('trial', 'installing').replace(/ 0$/, '')}\n`);
    machine.put('locked', '20\n');
    machine.boots();
    await machine.act();
    expect([machine.now(), machine.state()]).toEqual([
      after,
      expect.stringMatching(/^trial 0\.3\.1 0\.3\.0 /),
    ]);
    expect(machine.text('locked')).toBe('20');
  });

  test('what was handed over before is withdrawn, and what is handed over then is installed', async ({
    machine,
  }) => {
    machine.handOver(machine.packageOf('0.3.1'));
    machine.boots();
    await machine.act();
    expect([machine.isAsked(), machine.now(), machine.result()]).toEqual([false, before, '']);
    machine.handOver(machine.packageOf('0.3.1'));
    await machine.act();
    expect(machine.now()).toBe(after);
  });
});

describe('the channel’s key', () => {
  test('that is a link is none, and that is said', async ({ machine, folder }) => {
    const path = join(folder, keyFile);
    renameSync(path, `${path}.there`);
    symlinkSync(`${path}.there`, path);
    machine.handOver(machine.packageOf('0.3.1'));
    expect(await machine.act()).toContain('is no file, or a link');
    expect(machine.result()).toBe('refused 0.3.0 signature');
  });

  test('of a new pair begins anew: what was issued by the old one binds it to nothing', async ({
    machine,
  }) => {
    const { issuedAt } = machine.handOver(machine.packageOf('0.3.1'));
    await machine.act();
    machine.startedWell('0.3.1');
    const { publicKey, privateKey } = channelKeys();
    machine.put(keyFile, publicKey.export({ type: 'spki', format: 'pem' }));
    const rest = { version: '0.3.2', issuedAt: issuedAt - 60_000 };
    machine.handOver(machine.packageOf('0.3.2'), rest, privateKey);
    await machine.act();
    expect(machine.result()).toBe('installed 0.3.2');
  });
});

test('what installs says how far it has come, and leaves nothing of that behind', async ({ machine }) => {
  const look = `cat "$ROOT/${own}/step" >> "$ROOT/seen" 2> /dev/null`;
  for (const name of ['sha256sum', 'tar'])
    machine.put(
      `bin/${name}`,
      `#!/bin/sh\n${look}; exec /usr/bin/env PATH=/usr/bin:/bin ${name} "$@"\n`,
      0o755,
    );
  machine.put('bin/dpkg', `#!/bin/sh\n[ "$1" != -i ] || ${look}\n${machine.text('bin/dpkg')}\n`, 0o755);
  machine.handOver(machine.packageOf('0.3.1'));
  await machine.act();
  expect(machine.result()).toBe('installed 0.3.1');
  expect([...new Set(machine.text('seen').split('\n'))]).toEqual(['1', '2', '3']);
  machine.startedWell('0.3.1');
  await machine.ended('0');
  expect(machine.text(`${own}/step`)).toBe('');
});

test('what an earlier try has left is cleared away before the room is looked at', async ({ machine }) => {
  const left = ['package.deb', 'previous.deb', 'tree/opt/program', 'package.taken'];
  for (const name of left) machine.put(`${own}/${name}`, 'left');
  const there = left.map((name) => `[ -e "$ROOT/${own}/${name}" ]`).join(' || ');
  machine.put('bin/df', `#!/bin/sh\nif ${there}; then echo 0; else echo 99999999999; fi\n`, 0o755);
  machine.handOver(machine.packageOf('0.3.1'));
  await machine.act();
  expect(machine.result()).toBe('installed 0.3.1');
});
