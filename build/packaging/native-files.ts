/** The compiled file without which a package has no radio. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** electron-builder's names of systems and processors; what is not here is not built. */
const folders: Readonly<Record<string, string>> = {
  'linux-x64': '@abandonware/bluetooth-hci-socket/prebuilds/linux-x64',
  'win32-x64': '@stoprocent/noble/prebuilds/win32-x64',
};

/**
 * Throws unless the package in `appOutDir` holds exactly the one compiled file that its radio loads. `system`: `linux-x64` and
 * the like.
 */
export const insistOnNativeFile = (appOutDir: string, system: string): void => {
  const folder = folders[system];
  if (folder === undefined) throw new Error(`no radio for ${system}: nothing compiled is known for it`);
  const unpacked = join(appOutDir, 'resources/app.asar.unpacked/node_modules');
  const found = existsSync(unpacked)
    ? readdirSync(unpacked, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.node'))
        .map((name) => name.replaceAll('\\', '/'))
    : [];
  const [only = ''] = found;
  if (found.length !== 1 || !only.startsWith(`${folder}/`)) {
    throw new Error(
      `a package for ${system} wants one file in ${folder}, and has: ${found.join(', ') || 'none'}`,
    );
  }
};
