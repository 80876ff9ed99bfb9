import type { KnipConfig } from 'knip';

/** Entries that nothing imports: processes, pages, scripts, configuration. Everything else has to be reachable from them. */
const config: KnipConfig = {
  entry: [
    'build/scripts/*.ts',
    'electron/browser-host/main.ts',
    'electron/desktop/{main,preload}.ts',
    'build/packaging/{pack,package,publish-update}.ts',
    'electron/kiosk/radio/radio-process.ts',
    'backend/main.ts',
    'backend/lists/workbook-thread.ts',
    'backend/cli/{backup,restore}.ts',
    'test/simulators/**/main.ts',
    'test/**/*-process.ts',
    'test/machine/guest/kiosk.mjs',
    'test/conformance/{open,broken}-driver.ts',
    'test/simulators/panel/page/main.ts',
    'test/**/*.test.ts',
    '**/*.test.ts',
  ],
  project: ['{shared,electron,renderer,backend,build,test}/**/*.{ts,mjs,svelte}'],
  ignoreExportsUsedInFile: true,
  // Used by name only: programs of the system, programs that check-steps.ts runs, and modules that are loaded by hand.
  ignoreBinaries: [
    'Xvfb',
    'apt-get',
    'btvirt',
    'cc',
    'chromium',
    'fallocate',
    'hciconfig',
    'mkfifo',
    'mount',
    'openssl',
    'qemu-system-x86_64',
    'systemd-analyze',
    'umount',
    'xz',
  ],
  ignoreDependencies: [
    '@commitlint/cli',
    'svelte-check',
    '@abandonware/bleno',
    '@abandonware/bluetooth-hci-socket',
    '@stoprocent/noble',
    'resedit',
    '@abandonware/noble',
  ],
};

export default config;
