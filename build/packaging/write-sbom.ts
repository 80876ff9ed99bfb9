import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const largestOutput = 64 * 1024 * 1024;

/** Writes what is shipped as a CycloneDX document, read from the lock file: no network, no `node_modules`. */
export const writeSbom = async (root: string, path: string): Promise<void> => {
  const npm = process.env['npm_execpath'];
  const args = [
    'sbom',
    '--sbom-format',
    'cyclonedx',
    '--package-lock-only',
    '--omit',
    'dev',
    '--loglevel',
    'error',
  ];
  const options = { cwd: root, maxBuffer: largestOutput };
  const { stdout } =
    npm === undefined
      ? await run('npm', args, options)
      : await run(process.execPath, [npm, ...args], options);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, stdout);
};
