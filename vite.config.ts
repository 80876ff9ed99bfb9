/**
 * Every bundle of the product, one target each: `vite build --mode renderer`. A target is a function, so that building one
 * costs nothing of the others.
 */
import { svelte, vitePreprocess } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin, type UserConfig } from 'vite';
import { asciiProgram } from './build/packaging/ascii-program.ts';
import { listBundledPackages } from './build/packaging/bundled-packages.ts';
import { leanSchemas } from './build/packaging/lean-schemas.ts';
import { plainIcons } from './build/packaging/plain-icons.ts';
import { readMessages } from './build/packaging/read-messages.ts';
import { callNames, streamNames } from './shared/ipc/contract.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Chromium of the Electron line that the product ships with; the browser host is held to the same. */
const pageEngine = 'chrome130';

/**
 * A page under the strict policy: scripts and one style sheet of its own, nothing inline, no eval. What it needs at once is one script;
 * what it imports later are others.
 */
const page = (root: string, outDir: string): UserConfig => ({
  root: at(root),
  base: './',
  plugins: [
    plainIcons,
    readMessages,
    leanSchemas,
    svelte({ preprocess: vitePreprocess({ script: false, style: false }) }),
  ],
  build: {
    outDir: at(outDir),
    emptyOutDir: true,
    target: pageEngine,
    cssCodeSplit: false,
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: true,
    rolldownOptions: {
      // The page has no custom element, and this module no effect but to define one.
      treeshake: {
        moduleSideEffects: [
          { test: /[\\/]svelte[\\/]src[\\/].*[\\/]custom-element\.js$/, sideEffects: false },
        ],
      },
      output: { codeSplitting: { groups: [{ name: 'first', tags: ['$initial'] }] } },
    },
  },
});

/**
 * A program in one file with everything that it uses, so that a package holds no `node_modules` but noble's, which finds its
 * native code relative to itself.
 */
const program = (entry: string, outFile: string, format: 'es' | 'cjs' = 'es'): UserConfig => {
  const [file = '', ...folders] = outFile.split('/').reverse();
  return {
    root: at('.'),
    plugins: [asciiProgram],
    ssr: { noExternal: true },
    resolve: { conditions: ['node'] },
    build: {
      ssr: at(entry),
      outDir: at(folders.reverse().join('/')),
      emptyOutDir: false,
      target: 'node24',
      minify: true,
      license: { fileName: `${file}.licenses.md` },
      rolldownOptions: {
        external: [/^node:/, 'electron', /^@abandonware\//],
        // Node's own `import()` from CommonJS would load a second loader.
        output: { format, entryFileNames: file, codeSplitting: false, dynamicImportInCjs: false },
      },
    },
  };
};

/** In place of the contract, which brings the library that checks values, its names: all that the preload script uses of it. */
const namesOfContract: Plugin = {
  name: 'names-of-contract',
  load: (id) =>
    id.endsWith('/shared/ipc/contract.ts')
      ? `export const callNames = ${JSON.stringify(callNames)}, streamNames = ${JSON.stringify(streamNames)};`
      : null,
};

/** The kiosk is a bundle of its own, which the browser host loads once it has begun to derive a key. */
const kioskLater: Plugin = {
  name: 'kiosk-later',
  enforce: 'pre',
  resolveId: (id) => (id === './run-browser-host.ts' ? { id: './kiosk.cjs', external: true } : null),
};

const targets: Readonly<Record<string, () => UserConfig>> = {
  /** The kiosk's page. */
  renderer: () => page('renderer', 'dist/renderer'),
  /** The air panel's page, part of the simulated store. */
  panel: () => page('test/simulators/panel/page', 'dist/panel'),
  /** The desktop host: Electron's main process. */
  main: () => program('electron/desktop/main.ts', 'dist/main/main.js'),
  /** Sandboxed preload scripts are CommonJS. */
  preload: () => ({
    ...program('electron/desktop/preload.ts', 'dist/preload/preload.cjs', 'cjs'),
    plugins: [namesOfContract, asciiProgram],
  }),
  /** The radio process, of both hosts. */
  radio: () => program('electron/kiosk/radio/radio-process.ts', 'dist/main/radio-process.js'),
  /** CommonJS starts a tenth of a second sooner: an import of `node:http` reads all its exports, and one of them is undici. */
  'browser-host': () => ({
    ...program('electron/browser-host/main.ts', 'dist/browser-host/main.cjs', 'cjs'),
    plugins: [kioskLater, asciiProgram],
  }),
  'browser-host-kiosk': () =>
    program('electron/browser-host/run-browser-host.ts', 'dist/browser-host/kiosk.cjs', 'cjs'),
};

export default defineConfig(({ mode }) => {
  // Tools that only want to know how Svelte is compiled load this file in one of Vite's own modes.
  const target = ['development', 'production', 'test'].includes(mode) ? targets.renderer : targets[mode];
  if (!target) throw new Error(`No such target: --mode ${Object.keys(targets).join(' | ')}`);
  const config = target();
  const list = listBundledPackages(at('.'), at(`dist/packages/${mode}.json`));
  return { ...config, plugins: [...(config.plugins ?? []), list] };
});
