/**
 * `npm run audit:desktop [-- --json FILE]`: builds the desktop host, starts it on the double of Electron, packs it, and prints the 20 items
 * of Electron's security checklist and the nine fuses, each with where it was looked and what was seen. Ends with 0 only when all hold.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readVersions, startHost } from '../../test/audit/prepare.ts';
import { runAudit, type Result } from '../../test/audit/run-audit.ts';
import { buildHost } from '../../test/support/electron/run-host.ts';
import { findElectron } from '../packaging/find-electron.ts';
import { packApp } from '../packaging/pack-app.ts';
import { writeKioskSbom } from '../packaging/write-sbom.ts';
import { readCommandLine } from './command-line.ts';
import { projectRoot } from './tasks.ts';

const failedExitCode = 1;

const lineOf = ({ kind, number, title, place, ok, seen }: Result): string =>
  `${ok ? 'ok  ' : 'FAIL'} ${kind === 'fuse' ? 'fuse' : 'item'} ${String(number).padStart(2)}  ${title}: ${seen} (${place})`;

const audit = async (work: string): Promise<readonly Result[]> => {
  const built = join(work, 'built');
  await buildHost(built);
  await writeKioskSbom(projectRoot, join(built, 'dist/sbom.cdx.json'));
  if (electronDist === null) console.log('No Electron binary here: the fuses are looked at on a stand-in.');
  const { executable, isStandIn } = await packApp({
    electronDist,
    output: join(work, 'packed'),
    project: built,
  });
  const host = await startHost(built, join(work, 'profile'));
  try {
    return await runAudit({ built, host, executable, isStandIn, versions: await readVersions() });
  } finally {
    host.kill('SIGKILL');
    await host.ended;
  }
};

const { json, electronDist } = readCommandLine('audit-desktop', (args) => ({
  json: parseArgs({ args, options: { json: { type: 'string' } } }).values.json,
  electronDist: findElectron(process.env),
}));
const work = mkdtempSync(join(tmpdir(), 'latchpoint-audit-'));
try {
  const results = await audit(work);
  for (const result of results) console.log(lineOf(result));
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(results, null, 2)}\n`);
  const failed = results.filter(({ ok }) => !ok).length;
  console.log(`${results.length - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : failedExitCode;
} finally {
  rmSync(work, { recursive: true, force: true });
}
