/** `npm run pack`: builds every bundle and packs a directory that can be copied to a machine and started there. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readCommandLine } from '../scripts/command-line.ts';
import { findElectron } from './find-electron.ts';
import { packApp } from './pack-app.ts';
import { writeBackendSbom, writeKioskSbom } from './write-sbom.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const electronDist = readCommandLine('pack', () => findElectron(process.env));
if (electronDist === null) {
  console.log(
    'No Electron binary here (LATCHPOINT_ELECTRON_DIST): packing on a stand-in. The result cannot be started.',
  );
}
const built = spawnSync(process.execPath, [join(root, 'build/scripts/build.ts')], {
  cwd: root,
  stdio: 'inherit',
});
if (built.status !== 0) process.exit(built.status ?? 1);
await writeKioskSbom(root, join(root, 'dist/sbom.cdx.json'));
await writeBackendSbom(root, join(root, 'dist/sbom.backend.cdx.json'));
const packed = await packApp({ electronDist, output: join(root, 'dist/package') });
console.log(`Packed: ${packed.dir}${packed.isStandIn ? ' (stand-in binary, cannot be started)' : ''}`);
