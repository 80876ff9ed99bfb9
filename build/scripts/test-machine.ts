/**
 * `npm run test:machine -- [--cycles N --seed S]`: the Debian package on a Debian of its own in QEMU, with its systemd, under cage,
 * with a browser in Electron's place and a backend on this computer. With `--cycles` the plug is pulled N times instead of all but the
 * first cases. Installs what it needs where it may. Exits 0 only when every case was run and held.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { startSimulatedStore, type SimulatedStore } from '#support/simulated-store/store.ts';
import { haveQemu } from '../../test/adapter/debian.ts';
import { outcomeOf } from '../../test/controllers/radio-checks.ts';
import { cases } from '../../test/machine/cases.ts';
import { first } from '../../test/machine/cases/first.ts';
import { passOn } from '../../test/machine/host-ports.ts';
import { watchKiosk } from '../../test/machine/kiosk.ts';
import { startMachine, type Machine } from '../../test/machine/machine.ts';
import { runPowerCuts } from '../../test/machine/cuts/run-power-cuts.ts';
import { makeDataDisk, mountData } from '../../test/machine/cuts/prepare.ts';
import { giveBadges } from '../../test/machine/cuts/work.ts';
import { makeMachinePackages } from '../../test/machine/packages.ts';
import { haveMakers, layOver, makeDisk, makeSystem } from '../../test/machine/system.ts';
import { readCounts } from './counts.ts';
import { projectRoot, seconds } from './tasks.ts';

const exitCode = { failed: 1, couldNotRun: 2 } as const;
const packagesBytes = 64 * 1024 ** 2;
const linesOfConsole = 20;
const tell = (line: string): void => console.log(line);
const { cycles, seed } = readCounts('test-machine', { cycles: 0, seed: Date.now() % 1_000_000 || 1 });
const evidence = join(projectRoot, '.data/machine');

const portOf = (address: string): number => Number(/:(\d+)$/.exec(address)?.[1]);

/** The kiosk's own settings, without where its data would lie on this computer. */
const portsOf = async (store: SimulatedStore): Promise<readonly number[]> => {
  const config = JSON.parse(await store.kioskConfig()) as { backendUrl: string; radio: { h4: string } };
  return [portOf(config.backendUrl), portOf(config.radio.h4)];
};

const runCases = async (machine: Machine, store: SimulatedStore): Promise<number> => {
  await passOn(machine, await portsOf(store));
  const kiosk = watchKiosk(machine, store, evidence);
  let failed = 0;
  for (const one of cycles === 0 ? cases : first) {
    const began = performance.now();
    const { held, line } = await outcomeOf(one, kiosk);
    tell(`${line} [${seconds(performance.now() - began)}]`);
    if (held) continue;
    failed += 1;
    await kiosk.picture(`failed-${failed}`);
  }
  return failed;
};

const runIn = async (work: string): Promise<number> => {
  if (process.arch !== 'x64' || process.platform !== 'linux' || !haveQemu(tell) || !haveMakers(tell)) {
    tell('NOT RUN: this wants Debian on x64, and QEMU');
    return exitCode.couldNotRun;
  }
  const system = makeSystem(tell);
  const build = spawnSync(process.execPath, [join(projectRoot, 'build/scripts/build.ts')], {
    cwd: projectRoot,
  });
  if (build.status !== 0) throw new Error(`the build failed: ${String(build.stdout)}${String(build.stderr)}`);
  const { folder, ownBytes } = await makeMachinePackages(join(work, 'packages'));
  tell(`beside Electron the package has ${(ownBytes / 1e6).toFixed(1)} MB`);
  const disk = join(work, 'system.qcow2');
  const packages = join(work, 'packages.raw');
  makeDisk(folder, packages, packagesBytes);
  layOver(system.disk, disk);
  tell('starting a backend here, and the machine: minutes, as it is emulated');
  const dataDir = join(work, 'store');
  mkdirSync(dataDir);
  const data = cycles === 0 ? null : await makeDataDisk(work);
  const options = { ...system, disk, packages, work };
  const store = await startSimulatedStore({
    dataDir,
    kioskPort: 0,
    panelPort: 0,
    registers: true,
    kiosk: 'elsewhere',
  });
  let machine: Machine | null = null;
  try {
    if (data) await giveBadges(store.admin);
    const began = performance.now();
    machine = await startMachine({ ...options, ...(data ? { data } : {}) });
    tell(`it takes orders after ${seconds(performance.now() - began)}`);
    if (data) await mountData(machine);
    let failed = await runCases(machine, store);
    if (failed === 0 && data) {
      const onSaved = (): Promise<void> => store.dispose();
      failed = await runPowerCuts({ machine, options, data, cycles, seed, tell, evidence, onSaved });
    }
    if (failed === 0) return 0;
    tell(readFileSync(join(work, 'console'), 'utf8').split('\n').slice(-linesOfConsole).join('\n'));
    tell(`${failed} did not hold; what there is to look at is in ${evidence}`);
    return exitCode.failed;
  } finally {
    await machine?.pullPlug();
    await data?.server.dispose();
    await store.dispose();
  }
};

const work = mkdtempSync(join(tmpdir(), 'latchpoint-machine-'));
try {
  process.exitCode = await runIn(work);
} finally {
  rmSync(work, { recursive: true, force: true });
}
