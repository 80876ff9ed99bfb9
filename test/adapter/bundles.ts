/** The programs of the small system, each in one file: thousands of small ones take a minute to read under emulation. */
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';
import { projectRoot } from '../../build/scripts/tasks.ts';

const programs = [
  'electron/kiosk/radio/radio-process.ts',
  'test/adapter/guest/checks-process.ts',
  'test/adapter/guest/guest-process.ts',
  'test/adapter/guest/vhci-process.ts',
];

/** Loaded by path, native code beside them: as in a package. */
const modules = [
  '@abandonware/noble',
  '@abandonware/bleno',
  '@abandonware/bluetooth-hci-socket',
  'debug',
  'ms',
  'node-gyp-build',
];

/** Each of these programs of the project's, in one file in `folder`. */
export const bundlePrograms = async (folder: string, entries: readonly string[]): Promise<void> => {
  for (const program of entries) {
    await build({
      configFile: false,
      root: projectRoot,
      logLevel: 'error',
      ssr: { noExternal: true },
      resolve: { conditions: ['node'] },
      build: {
        ssr: join(projectRoot, program),
        outDir: folder,
        emptyOutDir: false,
        target: 'node24',
        rolldownOptions: {
          external: [/^node:/, /^@abandonware\//],
          output: { entryFileNames: '[name].js', codeSplitting: false },
        },
      },
    });
  }
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
};

/** `folder` then holds all that is of this project in the small system. */
export const bundleInto = async (folder: string): Promise<void> => {
  await bundlePrograms(folder, programs);
  const from = join(projectRoot, 'node_modules');
  const to = join(folder, 'node_modules');
  for (const name of modules) {
    await cp(join(from, name), join(to, name), { recursive: true, dereference: true });
  }
};
