import { Arch, build, Platform } from 'electron-builder';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import afterPack from './after-pack.ts';
import { electronVersion, type PackPlatform } from './find-electron.ts';
import { makeStandIn } from './stand-in.ts';

export type { PackPlatform };

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface PackOptions {
  /** What it is packed for, x64; Linux where nothing is said. */
  readonly platform?: PackPlatform;
  /** Folder of an unpacked Electron; without it a stand-in is used. */
  readonly electronDist: string | null;
  /** Where the packed folder goes. */
  readonly output: string;
  /** A folder that is laid out as the project is, with what was built; without it the project's own. */
  readonly project?: string;
}

export interface Packed {
  readonly dir: string;
  readonly executable: string;
  /** Whether the binary is a stand-in that can't run. */
  readonly isStandIn: boolean;
}

/** What differs by platform: electron-builder's target, the folder that it makes and the programs' names. */
const byPlatform = {
  linux: { target: Platform.LINUX, folder: 'linux-unpacked', executable: 'latchpoint' },
  win32: {
    target: Platform.WINDOWS,
    folder: 'win-unpacked',
    executable: 'Latchpoint.exe',
  },
} as const;

/** Packs what `npm run build` made into a directory. */
export const packApp = async ({
  electronDist,
  output,
  platform = 'linux',
  project = root,
}: PackOptions): Promise<Packed> => {
  const { target, folder, executable } = byPlatform[platform];
  const work = await mkdtemp(join(tmpdir(), 'latchpoint-pack-'));
  try {
    // A copy: the default app has to go, and the folder is not this script's to change.
    const dist = join(work, 'electron');
    if (electronDist === null) await makeStandIn(dist, electronVersion(), platform);
    else await cp(electronDist, dist, { recursive: true, verbatimSymlinks: true });
    await rm(join(dist, 'resources/default_app.asar'), { force: true });
    await build({
      projectDir: project,
      targets: target.createTarget('dir', Arch.x64),
      publish: 'never',
      config: {
        extends: join(project, 'electron-builder.yml'),
        electronDist: dist,
        directories: { output },
        afterPack,
      },
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  const dir = join(output, folder);
  return { dir, executable: join(dir, executable), isStandIn: electronDist === null };
};
