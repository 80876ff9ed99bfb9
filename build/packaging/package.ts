/**
 * `npm run package -- --platform linux|win32 …`: builds, packs, makes the packages with Debian's tools and opens each again. Without an
 * Electron it packs a stand-in, which cannot be started, and says so.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readCommandLine } from '../scripts/command-line.ts';
import { sourceDate } from './installed-files.ts';
import { formats, makePackage } from './make-packages.ts';
import { findElectron } from './find-electron.ts';
import { packApp } from './pack-app.ts';
import { parsePackageOptions } from './package-options.ts';
import { signFolder } from './sign.ts';
import { haveTools, type Tool } from './tools.ts';
import { writeKioskSbom } from './write-sbom.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const exitCode = { failed: 1, couldNotRun: 3 } as const;

const { platform, names, output, signing, electronDist } = readCommandLine('package', (args) => {
  const asked = parsePackageOptions(args, root);
  return { ...asked, electronDist: findElectron(process.env, asked.platform) };
});
const tools = new Set<Tool>(names.flatMap((name) => [...formats[name].tools]));
if (signing) tools.add('osslsigncode');
const missing = await haveTools([...tools], console.log);
if (missing.length > 0) {
  console.error(`These packages of Debian's are needed: apt-get install ${missing.join(' ')}`);
  process.exit(exitCode.couldNotRun);
}
if (electronDist === null) {
  console.log(
    'No Electron binary here (LATCHPOINT_ELECTRON_DIST): packing on a stand-in. The result cannot be started.',
  );
}
const built = spawnSync(process.execPath, [join(root, 'build/scripts/build.ts')], {
  cwd: root,
  stdio: 'inherit',
});
if (built.status !== 0) process.exit(built.status ?? exitCode.failed);
await writeKioskSbom(root, join(root, 'dist/sbom.cdx.json'));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const work = mkdtempSync(join(tmpdir(), 'latchpoint-package-'));
try {
  const packed = await packApp({ electronDist, output: join(work, 'packed'), platform });
  if (signing) signFolder(packed.dir, signing);
  const date = sourceDate(root, process.env);
  for (const name of names) {
    const input = {
      packed: packed.dir,
      source: root,
      work: join(work, name),
      output,
      version,
      date,
      signing,
    };
    const file = await makePackage(name, input);
    const mebibytes = (statSync(file).size / 1_048_576).toFixed(1);
    console.log(
      `${file}: ${mebibytes} MiB, ${signing ? 'signed, ' : ''}opened again and as it has to be${packed.isStandIn ? ' (stand-in)' : ''}`,
    );
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = exitCode.failed;
} finally {
  rmSync(work, { recursive: true, force: true });
}
