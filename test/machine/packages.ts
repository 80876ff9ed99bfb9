/** The project's own Debian packages, with a browser in Electron's place, so that what they install can be started. */
import { extractAll } from '@electron/asar';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makePackage } from '../../build/packaging/make-packages.ts';
import { packApp } from '../../build/packaging/pack-app.ts';
import { writeKioskSbom } from '../../build/packaging/write-sbom.ts';
import { bundlePrograms } from '../adapter/bundles.ts';
import { projectRoot } from '../../build/scripts/tasks.ts';

/** The installed one, and the one after it. */
export const versions = { installed: '9.0.1', next: '9.0.2' } as const;
/** In the machine: the disk with them, at /mnt. */
export const mountPackages = 'mountpoint -q /mnt || mount -o ro /dev/vdb /mnt';
const date = Date.UTC(2026, 0, 1) / 1000;
const guest = (name: string): string => fileURLToPath(new URL(`./guest/${name}`, import.meta.url));

/** A program that is a script, with the fuses of the program in whose place it stands after its end. */
const inElectronsPlace = (program: string): Buffer =>
  Buffer.concat([
    Buffer.from('#!/bin/sh\nexec /usr/local/bin/node /opt/Latchpoint/stand-in/kiosk.mjs "$@"\nexit 1\n'),
    readFileSync(program),
  ]);

/** What Electron's archive holds, as files, because Node reads no archive; and the browser host. Beside what is the product's own. */
const layOut = (packed: string): void => {
  const standIn = join(packed, 'stand-in');
  const app = join(standIn, 'app');
  mkdirSync(app, { recursive: true });
  extractAll(join(packed, 'resources/app.asar'), app);
  const host = 'dist/browser-host';
  cpSync(join(projectRoot, host), join(app, host), { recursive: true });
  cpSync(guest('kiosk.mjs'), join(standIn, 'kiosk.mjs'));
  const program = join(packed, 'latchpoint');
  writeFileSync(program, inElectronsPlace(program));
  chmodSync(program, 0o755);
};

const bytesIn = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);

export interface MachinePackages {
  readonly folder: string;
  /** What the package has beside Electron. */
  readonly ownBytes: number;
}

/** Makes both versions from what was built, and the programs for the machine beside them. */
export const makeMachinePackages = async (work: string): Promise<MachinePackages> => {
  rmSync(work, { recursive: true, force: true });
  const output = join(work, 'debs');
  mkdirSync(output, { recursive: true });
  await writeKioskSbom(projectRoot, join(projectRoot, 'dist/sbom.cdx.json'));
  const { dir } = await packApp({ electronDist: null, output: join(work, 'packed') });
  const ownBytes = bytesIn(join(dir, 'resources'));
  layOut(dir);
  for (const version of Object.values(versions)) {
    const own = { work: join(work, version), output };
    await makePackage('deb', { packed: dir, source: projectRoot, version, date, signing: null, ...own });
  }
  await bundlePrograms(join(output, 'guest'), [
    'test/machine/guest/load-process.ts',
    'test/machine/guest/page-process.ts',
  ]);
  return { folder: output, ownBytes };
};
