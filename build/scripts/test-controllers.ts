/**
 * `npm run test:controllers`: the kiosk's radio and simulated locks over BlueZ's virtual controllers (`btvirt`, of Debian's
 * bluez-test-tools). Installs that where it may. Exits 0 only when every check was run and held.
 */
import { spawnSync } from 'node:child_process';
import { startBtvirt } from '../../test/controllers/btvirt.ts';
import { runControllerChecks } from '../../test/controllers/checks.ts';

const exitCode = { failed: 1, couldNotRun: 2 } as const;
const tell = (line: string): void => console.log(line);

const isInstalled = (): boolean => spawnSync('btvirt', ['--help']).status === 0;

const install = (): boolean => {
  if (isInstalled()) return true;
  if (process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0) {
    tell('installing bluez-test-tools …');
    spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'bluez-test-tools'], {
      stdio: 'inherit',
    });
  }
  return isInstalled();
};

const run = async (): Promise<number> => {
  if (!install()) {
    tell('NOT RUN: there is no btvirt. On Debian: apt-get install bluez-test-tools');
    return exitCode.couldNotRun;
  }
  const btvirt = await startBtvirt(tell);
  if (!btvirt) {
    tell('NOT RUN: no check could be made');
    return exitCode.couldNotRun;
  }
  const failed = await runControllerChecks(btvirt, tell);
  await btvirt.dispose();
  return failed === 0 ? 0 : exitCode.failed;
};

process.exit(await run());
