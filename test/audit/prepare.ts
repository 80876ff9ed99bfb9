import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../../build/scripts/tasks.ts';
import { runHost, type RunningHost } from '#support/electron/run-host.ts';
import type { Subject } from './subject.ts';

/** Electron's version as the manifest, the packager's configuration and the installed package have it. */
export const readVersions = async (): Promise<Subject['versions']> => {
  const read = (name: string): Promise<string> => readFile(join(projectRoot, name), 'utf8');
  const manifest = JSON.parse(await read('package.json')) as { devDependencies: { electron?: string } };
  const installed = JSON.parse(await read('node_modules/electron/package.json')) as { version: string };
  const builder = /^electronVersion: (.*)$/m.exec(await read('electron-builder.yml'))?.[1] ?? 'nothing';
  return {
    'package.json': manifest.devDependencies.electron ?? 'nothing',
    'electron-builder.yml': builder,
    installed: installed.version,
  };
};

/** Starts the built host and waits until it has its page. Rejects, with what it printed, where it ends before. */
export const startHost = async (built: string, profile: string): Promise<RunningHost> => {
  const host = await runHost({ built, profile });
  await host.until('kiosk ready');
  await host.loaded();
  return host;
};
