import type { KnipConfig } from 'knip';

/** Entries that nothing imports: processes, pages, scripts, configuration. Everything else has to be reachable from them. */
const config: KnipConfig = {
  entry: [
    'build/ensure-installed.mjs',
    'build/scripts/*.ts',
    'electron/browser-host/main.ts',
    'electron/desktop/{main,preload}.ts',
    'build/packaging/after-pack.ts',
    'electron/kiosk/radio/radio-process.ts',
    'backend/main.ts',
    'test/simulators/**/main.ts',
    'renderer/main.ts',
    'test/simulators/panel/page/main.ts',
    'test/**/*.test.ts',
    '**/*.test.ts',
  ],
  project: ['{shared,electron,renderer,backend,build,test}/**/*.{ts,mjs,svelte}'],
  ignoreExportsUsedInFile: true,
};

export default config;
