/** The part of an update that has root's rights, on a folder in place of a machine's root. */
import { renameSync, symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { folderTest } from '#support/folder-test.ts';
import { channelKeys } from '#support/update-channel.ts';
import { updateMachine, type UpdateMachine } from '#support/update-machine.ts';

const test = folderTest.extend('machine', ({ folder }) => {
  const machine = updateMachine(folder);
  machine.has('0.3.0');
  return machine;
});
const before = '0.3.0 installed, version 0.3.0';
const tomorrow = () => ({ issuedAt: Date.now() + 25 * 3_600_000, expiresAt: Date.now() + 50 * 3_600_000 });
const after = '0.3.1 installed, version 0.3.1';

describe('what installs', () => {
  test('installs what was handed over and starts well, and asks the kiosk for nothing more', async ({
    machine,
  }) => {
    machine.handOver(machine.packageOf('0.3.1'));
    await machine.act();
    expect(machine.now()).toBe(after);
    expect(machine.result()).toBe('installed 0.3.1');
    expect(machine.isAsked()).toBe(false);
    machine.startedWell('0.3.1');
    await machine.ended('1');
    expect(machine.state()).toBe('');
    expect(machine.text('var/lib/latchpoint-update/previous.deb')).toBe('');
  });

  test('goes back after two starts that failed, from then on refuses that version, and takes the next', async ({
    machine,
  }) => {
    machine.handOver(machine.packageOf('0.3.1'));
    await machine.act();
    await machine.ended('1');
    expect(machine.text('systemctl')).not.toContain('latchpoint-update.service');
    await machine.ended('137');
    expect(machine.text('systemctl')).toContain('--no-block start latchpoint-update.service');
    await machine.act();
    expect(machine.now()).toBe(before);
    expect(machine.result()).toBe('went-back 0.3.1');
    expect(machine.text('systemctl')).toContain('--no-block restart latchpoint.service');
    machine.handOver(machine.packageOf('0.3.1'), { issuedAt: Date.now() });
    await machine.act();
    expect(machine.result()).toBe('refused 0.3.1 older');
    machine.handOver(machine.packageOf('0.3.2'), { version: '0.3.2', issuedAt: Date.now() + 1000 });
    await machine.act();
    expect(machine.now()).toBe('0.3.2 installed, version 0.3.2');
  });

  test('goes back at once where the configuration is not as the new version wants it', async ({
    machine,
  }) => {
    machine.handOver(machine.packageOf('0.3.1'));
    await machine.act();
    await machine.ended('78');
    await machine.act();
    expect(machine.now()).toBe(before);
  });

  test.for(['0', '12'])('does not count an end that was asked for (%s)', async (code, { machine }) => {
    machine.handOver(machine.packageOf('0.3.1'));
    await machine.act();
    for (let times = 0; times < 3; times += 1) await machine.ended(code);
    await machine.act();
    expect(machine.now()).toBe(after);
  });

  test('does not go back to a version that could not read the data', async ({ machine }) => {
    machine.handOver(machine.packageOf('0.3.1', 5), { dataVersion: 5 });
    await machine.act();
    await machine.ended('1');
    await machine.ended('1');
    expect(await machine.act()).toContain('IT has to act');
    expect(machine.now()).toBe(after);
    expect(machine.state()).toBe('');
  });

  test('goes back also where a folder of the package lies elsewhere, behind a link', async ({
    machine,
    folder,
  }) => {
    renameSync(join(folder, 'opt'), join(folder, 'elsewhere'));
    symlinkSync('elsewhere', join(folder, 'opt'));
    machine.handOver(machine.packageOf('0.3.1'));
    await machine.act();
    await machine.ended('78');
    await machine.act();
    expect(machine.now()).toBe(before);
  });

  test('goes back from a package that does not install, and waits while another program is at the packages', async ({
    machine,
  }) => {
    machine.put('fails-0.3.1', '');
    machine.put('locked', '1\n');
    machine.handOver(machine.packageOf('0.3.1'));
    await machine.act();
    expect(machine.now()).toBe(before);
    expect(machine.result()).toBe('refused 0.3.1 system');
  });

  const here = 'var/lib/latchpoint/updates/';
  const keyFile = 'etc/latchpoint/update-key.pem';
  test.for<[string, (machine: UpdateMachine) => unknown, ((machine: UpdateMachine) => void)?]>([
    ['0.3.0 signature', (of) => of.handOver(of.packageOf('0.3.1'), {}, channelKeys().privateKey)],
    [
      '0.3.0 signature',
      (of) => of.handOver(of.packageOf('0.3.1')),
      (of) => of.put(`${here}manifest`, 'none'),
    ],
    [
      '0.3.0 signature',
      (of) => of.handOver(of.packageOf('0.3.1')),
      (of) => of.put(keyFile, of.text(keyFile), 0o666),
    ],
    [
      '0.3.1 package',
      (of) => of.handOver(of.packageOf('0.3.1')),
      (of) => of.put(`${here}package`, of.packageOf('0.3.1', 9)),
    ],
    ['0.3.1 package', (of) => of.handOver(of.packageOf('0.3.2'))],
    ['0.3.1 package', (of) => of.handOver(of.packageOf('0.3.1', 4, 'another'))],
    ['0.3.1 package', (of) => of.handOver(of.packageOf('0.3.1'), { packages: new Map() })],
    ['0.2.9 older', (of) => of.handOver(of.packageOf('0.2.9'), { version: '0.2.9', from: '0.2.0' })],
    ['0.3.0 older', (of) => of.handOver(of.packageOf('0.3.0'), { version: '0.3.0' })],
    ['0.4.0 older', (of) => of.handOver(of.packageOf('0.4.0'), { version: '0.4.0', from: '0.3.1' })],
    ['0.3.1 expired', (of) => of.handOver(of.packageOf('0.3.1'), { expiresAt: Date.now() - 1000 })],
    ['0.3.1 ahead', (of) => of.handOver(of.packageOf('0.3.1'), tomorrow())],
  ])('says refused %s, and changes nothing', async ([said, prepare, change], { machine }) => {
    prepare(machine);
    change?.(machine);
    await machine.act();
    expect(machine.now()).toBe(before);
    expect(machine.result()).toBe(`refused ${said}`);
    expect(machine.isAsked()).toBe(false);
  });

  test('takes no manifest that is older than one that it has taken before', async ({ machine }) => {
    const { issuedAt } = machine.handOver(machine.packageOf('0.3.1'));
    await machine.act();
    machine.startedWell('0.3.1');
    machine.handOver(machine.packageOf('0.3.2'), { version: '0.3.2', issuedAt: issuedAt - 60_000 });
    await machine.act();
    expect(machine.now()).toBe(after);
    expect(machine.result()).toBe('refused 0.3.2 older');
  });

  test('follows a link of the kiosk no further than the kiosk could, and installs nothing of what it leads to', async ({
    machine,
    folder,
  }) => {
    machine.handOver(machine.packageOf('0.3.1'));
    const path = join(folder, 'var/lib/latchpoint/updates/package');
    unlinkSync(path);
    symlinkSync('/dev/zero', path);
    await machine.act();
    expect(machine.result()).toBe('refused 0.3.1 package');
  });

  test('lets no process with the rights of the kiosk hold a file of its own open, only pipes and /dev/null', async ({
    machine,
  }) => {
    machine.handOver(machine.packageOf('0.3.1'));
    await machine.act();
    machine.startedWell('0.3.1');
    await machine.ended('1');
    const held = machine.text('held').split('\n');
    expect(held.length).toBeGreaterThan(12);
    expect(held.filter((of) => !/^(?:pipe:\[\d+\]|\/dev\/null)$/.test(of))).toEqual([]);
  });

  /** Power goes at each step of the next `act` on a copy, and comes back. */
  const atEachStep = async (
    machine: UpdateMachine,
    folder: string,
    holds: (other: UpdateMachine) => void,
  ) => {
    machine.copyTo(join(folder, 'whole'));
    const whole = updateMachine(join(folder, 'whole'), machine.keys);
    await whole.act();
    const steps = whole.steps();
    expect(steps).toBeGreaterThan(4);
    for (let at = 1; at <= steps; at += 1) {
      machine.copyTo(join(folder, `at-${at}`));
      const other = updateMachine(join(folder, `at-${at}`), machine.keys);
      const said = [await other.act({ POWER_GOES_AT: `${at}` })];
      holds(other);
      said.push(await other.act());
      holds(other);
      // What became of it is in the journal once.
      expect(said.join('').match(/^latchpoint-update: (?:installed|went-back) 0\.3\.1/gm)).toHaveLength(1);
      expect([other.isAsked(), whole.now(), whole.result()]).toEqual([false, other.now(), other.result()]);
    }
  };

  test('says of no version that it is installed before it is, whenever power goes, and goes on then', async ({
    folder,
  }) => {
    const machine = updateMachine(join(folder, 'machine'));
    machine.has('0.3.0');
    machine.handOver(machine.packageOf('0.3.1'));
    await atEachStep(machine, folder, (other) => {
      if (other.result() !== '') expect([other.result(), other.now()]).toEqual(['installed 0.3.1', after]);
    });
  });

  test('goes back whole, whenever power goes', async ({ folder }) => {
    const machine = updateMachine(join(folder, 'machine'));
    machine.has('0.3.0');
    machine.handOver(machine.packageOf('0.3.1'));
    await machine.act();
    await machine.ended('78');
    await atEachStep(machine, folder, (other) => {
      if (other.result() !== 'installed 0.3.1')
        expect([other.result(), other.now()]).toEqual(['went-back 0.3.1', before]);
    });
  });
});
