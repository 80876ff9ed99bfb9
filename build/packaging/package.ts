/**
 * `npm run package -- --platform linux|win32 [--format deb | nsis,msi] [--output DIR] [--sign PROGRAM --signed-by CHAIN.pem]`: builds, packs, makes the packages with Debian's tools
 * and opens each again. Without an Electron it packs a stand-in, which cannot be started, and says so.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { sourceDate } from './installed-files.ts';
import { formats, makePackage, type FormatName } from './make-packages.ts';
import { findElectron } from './find-electron.ts';
import { packApp, type PackPlatform } from './pack-app.ts';
import { signFolder, type Signing } from './sign.ts';
import { haveTools, type Tool } from './tools.ts';
import { writeKioskSbom } from './write-sbom.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const exitCode = { failed: 1, usage: 2, couldNotRun: 3 } as const;
const usage =
  'npm run package -- --platform linux|win32 [--format deb | nsis,msi] [--output DIR] [--sign PROGRAM --signed-by CHAIN.pem]';

const isFormat = (name: string): name is FormatName => Object.hasOwn(formats, name);
const isPlatform = (name: string | undefined): name is PackPlatform => name === 'linux' || name === 'win32';

interface Options {
  readonly platform: PackPlatform;
  readonly names: readonly FormatName[];
  readonly output: string;
  readonly signing: Signing | null;
}

/** Both or neither, and for Windows alone. */
const readSigning = (
  platform: PackPlatform,
  program?: string,
  chain?: string,
): Signing | null | undefined => {
  if (program === undefined && chain === undefined) return null;
  if (program === undefined || chain === undefined || platform !== 'win32') return undefined;
  return { program: resolve(program), chain: resolve(chain) };
};

const readOptions = (): Options | null => {
  try {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({
      options: { platform: text, format: text, output: text, sign: text, 'signed-by': text },
    });
    const { platform, format, output = join(root, 'dist/package'), sign, 'signed-by': chain } = values;
    if (!isPlatform(platform)) return null;
    const signing = readSigning(platform, sign, chain);
    if (signing === undefined) return null;
    const all = Object.keys(formats).filter(isFormat);
    const names = format?.split(',') ?? all.filter((name) => formats[name].platform === platform);
    const known = names.filter(isFormat).filter((name) => formats[name].platform === platform);
    return known.length === names.length
      ? { platform, names: known, output: resolve(output), signing }
      : null;
  } catch {
    return null;
  }
};

const options = readOptions();
if (options === null) {
  console.error(usage);
  process.exit(exitCode.usage);
}
const { platform, names, output, signing } = options;
const tools = new Set<Tool>(names.flatMap((name) => [...formats[name].tools]));
if (signing) tools.add('osslsigncode');
const missing = await haveTools([...tools], console.log);
if (missing.length > 0) {
  console.error(`These packages of Debian's are needed: apt-get install ${missing.join(' ')}`);
  process.exit(exitCode.couldNotRun);
}
const electronDist = findElectron(process.env, platform);
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
