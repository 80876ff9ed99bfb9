/**
 * Every bundle of the product, one target each: `vite build --mode renderer`. A target is a function, so that building one
 * costs nothing of the others.
 */
import { svelte, vitePreprocess } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { defineConfig, type UserConfig } from 'vite';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Chromium of the Electron line that the product ships with; the browser host is held to the same. */
const pageEngine = 'chrome130';

/** A page under the strict policy: one script and one style sheet of its own, nothing inline, no eval. */
const page = (root: string, outDir: string): UserConfig => ({
  root: at(root),
  base: './',
  configFile: false,
  plugins: [svelte({ preprocess: vitePreprocess({ script: false, style: false }) })],
  build: {
    outDir: at(outDir),
    emptyOutDir: true,
    target: pageEngine,
    cssCodeSplit: false,
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: true,
  },
});

const targets: Readonly<Record<string, () => UserConfig>> = {
  /** The kiosk's page. */
  renderer: () => page('renderer', 'dist/renderer'),
  /** The air panel's page, part of the simulated store. */
  panel: () => page('test/simulators/panel/page', 'dist/panel'),
};

export default defineConfig(({ mode }) => {
  const target = targets[mode];
  if (!target) throw new Error(`No such target: --mode ${Object.keys(targets).join(' | ')}`);
  return target();
});
