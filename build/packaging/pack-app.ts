import { Arch, build, Platform } from 'electron-builder';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeStandIn } from './stand-in.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface PackOptions {
  /** Folder of an unpacked Electron; without it a stand-in is used. */
  readonly electronDist: string | null;
  /** Where the packed folder goes. */
  readonly output: string;
}

export interface Packed {
  readonly dir: string;
  readonly executable: string;
  /** Whether the binary is a stand-in that can't run. */
  readonly isStandIn: boolean;
}

/** Packs what `npm run build` made into a directory for Linux x64. */
export const packApp = async ({ electronDist, output }: PackOptions): Promise<Packed> => {
  const work = await mkdtemp(join(tmpdir(), 'latchpoint-pack-'));
  try {
    // A copy: the default app has to go, and the folder is not this script's to change.
    const dist = join(work, 'electron');
    if (electronDist === null) await makeStandIn(dist, await electronVersion());
    else await cp(electronDist, dist, { recursive: true, verbatimSymlinks: true });
    await rm(join(dist, 'resources/default_app.asar'), { force: true });
    await build({
      projectDir: root,
      targets: Platform.LINUX.createTarget('dir', Arch.x64),
      publish: 'never',
      config: { extends: join(root, 'electron-builder.yml'), electronDist: dist, directories: { output } },
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  const dir = join(output, 'linux-unpacked');
  return { dir, executable: join(dir, 'latchpoint'), isStandIn: electronDist === null };
};

/** The folder of an Electron on this machine: `LATCHPOINT_ELECTRON_DIST`, else the npm package's; null when there is none. */
export const findElectron = (env: Readonly<Record<string, string | undefined>>): string | null => {
  const configured = env['LATCHPOINT_ELECTRON_DIST'];
  if (configured !== undefined) {
    if (!existsSync(join(configured, 'electron'))) throw new Error(`There is no Electron in ${configured}`);
    return configured;
  }
  const installed = join(root, 'node_modules/electron/dist');
  return existsSync(join(installed, 'electron')) ? installed : null;
};

const electronVersion = async (): Promise<string> => {
  const text = await readFile(join(root, 'node_modules/electron/package.json'), 'utf8');
  return String((JSON.parse(text) as { version?: unknown }).version);
};
