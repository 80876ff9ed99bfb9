/**
 * `npm run test:systemd`: what the Debian package and the documents do on a Debian with a systemd that runs, in a container, with a program in
 * the kiosk's place: minutes where `test:machine` takes half an hour. Wants root. Exits 0 only when every case was run and held.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { debName } from '../packaging/make-deb.ts';
import { makePackage } from '../packaging/make-packages.ts';
import { packApp } from '../packaging/pack-app.ts';
import { writeKioskSbom } from '../packaging/write-sbom.ts';
import { bootTree } from '../../test/systemd/container.ts';
import { makeTree } from '../../test/systemd/debian-tree.ts';
import { projectRoot } from './tasks.ts';

const exitCode = { failed: 1, couldNotRun: 2 } as const;
const withinMs = 20 * 60_000;
const linesOfLog = 60;
/** The installed one, one that follows, and one that does not start. */
const versions = ['9.0.1', '9.0.2', '9.0.3'] as const;
const date = Date.UTC(2026, 0, 1) / 1000;
const tell = (line: string): void => console.log(line);

const runScript = (script: string, ...args: readonly string[]): void => {
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', script, ...args],
    {
      cwd: projectRoot,
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(`${script} failed: ${stderr}`);
};

/** What lies below /given: packages, a channel for each that follows, the documents' files, and what is to be done. */
const makeGiven = async (work: string): Promise<string> => {
  const given = join(work, 'given');
  const publish = 'build/packaging/publish-update.ts';
  mkdirSync(given);
  runScript('build/scripts/build.ts');
  await writeKioskSbom(projectRoot, join(projectRoot, 'dist/sbom.cdx.json'));
  const { dir } = await packApp({ electronDist: null, output: join(work, 'packed') });
  const keys = join(work, 'keys');
  runScript(publish, 'keys', '--to', keys);
  copyFileSync(join(keys, 'update-key.pem'), join(given, 'update-key.pem'));
  for (const version of versions) {
    const own = {
      work: join(work, version),
      output: version === '9.0.1' ? given : join(work, 'debs'),
      version,
    };
    const file = await makePackage('deb', { packed: dir, source: projectRoot, date, signing: null, ...own });
    if (version === '9.0.1') continue;
    const channel = join(work, `channel-${version}`);
    const what = [
      '--version',
      version,
      '--from',
      '9.0.1',
      '--ring',
      'all=100',
      '--package',
      `linux-x64=${file}`,
    ];
    runScript(publish, 'sign', '--key', join(keys, 'update-signing-key.pem'), '--to', channel, ...what);
    const handed = join(given, `channel-${version}`);
    mkdirSync(handed);
    copyFileSync(join(channel, 'latchpoint.update'), join(handed, 'manifest'));
    copyFileSync(file, join(handed, 'package'));
  }
  cpSync(join(projectRoot, 'docs/roll-out'), join(given, 'roll-out'), { recursive: true });
  cpSync(join(projectRoot, 'test/systemd/guest'), given, { recursive: true });
  return given;
};

const runIn = async (work: string): Promise<number> => {
  if (process.platform !== 'linux' || process.arch !== 'x64' || process.getuid?.() !== 0) {
    tell('NOT RUN: this wants Debian on x64, and root');
    return exitCode.couldNotRun;
  }
  const made = makeTree(tell);
  tell(`making ${versions.map(debName).join(', ')} …`);
  const given = await makeGiven(work);
  const out = join(work, 'out');
  mkdirSync(out);
  const inTime = await bootTree({ ...made, given, out, withinMs });
  const said = existsSync(join(out, 'said'))
    ? readFileSync(join(out, 'said'), 'utf8').trim().split('\n')
    : [];
  for (const line of said) tell(line);
  if (inTime && said.at(-1) === 'the end' && !said.some((line) => line.startsWith('FAILED'))) return 0;
  for (const name of ['log', 'console']) {
    const file = join(out, name);
    if (existsSync(file)) tell(readFileSync(file, 'utf8').split('\n').slice(-linesOfLog).join('\n'));
  }
  return exitCode.failed;
};

const work = mkdtempSync(join(tmpdir(), 'latchpoint-systemd-'));
try {
  process.exitCode = await runIn(work);
} finally {
  rmSync(work, { recursive: true, force: true });
}
