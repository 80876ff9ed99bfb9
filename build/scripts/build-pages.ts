/** Builds the kiosk's page and the air panel's page when their sources have changed since the last time. */
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot, runStep } from './tasks.ts';

const sources = [
  'renderer/**/*.{ts,svelte,css,html,json,svg}',
  'shared/**/*.ts',
  'test/simulators/panel/{page/**/*,contract.ts}',
  'vite.config.ts',
  'build/packaging/{lean-schemas,plain-icons,read-messages}.ts',
  'package-lock.json',
];

const fingerprint = (): string => {
  const hash = createHash('sha256');
  for (const file of globSync(sources, { cwd: projectRoot }).sort()) {
    const path = join(projectRoot, file);
    if (/\.[a-z]+$/.test(file)) hash.update(file).update(readFileSync(path));
  }
  return hash.digest('hex');
};

const build = async (targets: readonly string[]): Promise<void> => {
  for (const target of targets) {
    const args = ['build', '--mode', target, '--logLevel', 'warn'];
    const outcome = await runStep({ name: target, program: 'vite/bin/vite.js', args });
    if (!outcome.ok) throw new Error(outcome.output);
  }
};

/** Builds what Electron starts: main process, radio process and preload script. Throws with what Vite said. */
export const buildDesktop = (): Promise<void> => build(['main', 'radio', 'preload']);

/** Throws with what Vite said when a page can't be built. */
export const buildPages = async (): Promise<void> => {
  const stamp = join(projectRoot, 'dist', '.pages');
  const wanted = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  await build(['renderer', 'panel']);
  mkdirSync(join(projectRoot, 'dist'), { recursive: true });
  writeFileSync(stamp, wanted);
};
