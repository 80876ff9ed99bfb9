import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { standInProgram } from './program-resources.ts';

/** How Electron's binaries mark the place of their fuses; after it come version, length and one character per fuse. */
const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** As Electron ships them: '0' off, '1' on. */
const shippedFuses = '100110010';

/**
 * Makes a folder that looks like an unpacked Electron to a packager and can't run: for machines that have no Electron
 * binary and can't get one. It holds what packaging touches, a fuse wire among it.
 */
export const makeStandIn = async (
  dir: string,
  version: string,
  platform: 'linux' | 'win32' = 'linux',
): Promise<void> => {
  await mkdir(join(dir, 'resources'), { recursive: true });
  await mkdir(join(dir, 'locales'), { recursive: true });
  const wire = Buffer.concat([
    Buffer.from('stand-in for an Electron binary\n'.repeat(64)),
    Buffer.from(sentinel),
    Buffer.from([1, shippedFuses.length]),
    Buffer.from(shippedFuses),
    Buffer.from('\nend of the stand-in\n'.repeat(64)),
  ]);
  const executable = join(dir, platform === 'win32' ? 'electron.exe' : 'electron');
  await writeFile(executable, platform === 'win32' ? standInProgram(wire, version) : wire);
  await chmod(executable, 0o755);
  const texts = {
    version,
    LICENSE: 'stand-in',
    'LICENSES.chromium.html': 'stand-in',
    'locales/en-US.pak': 'stand-in',
    'locales/de.pak': 'stand-in',
    'resources/default_app.asar': 'stand-in',
  };
  for (const [name, text] of Object.entries(texts)) await writeFile(join(dir, name), text);
};
