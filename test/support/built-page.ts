/** Builds one page of the product into a folder of its own, as `npm run build` would. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'vite';

export interface BuiltPage {
  readonly folder: string;
  dispose(): Promise<void>;
}

/** `plugins` put something else in the place of a part of it. */
export const buildPage = async (
  target: 'renderer' | 'panel',
  plugins: readonly Plugin[] = [],
): Promise<BuiltPage> => {
  const folder = await mkdtemp(join(tmpdir(), `latchpoint-${target}-`));
  await build({
    configFile: fileURLToPath(new URL('../../vite.config.ts', import.meta.url)),
    mode: target,
    logLevel: 'error',
    plugins: [...plugins],
    build: { outDir: folder, emptyOutDir: true },
  });
  return { folder, dispose: () => rm(folder, { recursive: true, force: true }) };
};
