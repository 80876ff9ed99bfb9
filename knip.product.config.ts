import type { KnipConfig } from 'knip';

/**
 * What the product carries: every file is reached from one of its own entries, and every value that a file exports is used by
 * another or in its own. Test files are no entries here, so what tests alone use is reported.
 */
const config: KnipConfig = {
  entry: [
    'electron/browser-host/main.ts!',
    'electron/desktop/{main,preload}.ts!',
    'electron/kiosk/radio/radio-process.ts!',
    'backend/main.ts!',
    'backend/lists/workbook-thread.ts!',
    'backend/cli/{backup,restore}.ts!',
  ],
  project: [
    '{electron,shared,backend}/**/*.ts!',
    // The lock's end, which the product does not carry: who imports it is told by dependency-cruiser.
    '!electron/kiosk/link/lock/**!',
    // Stand-ins for the platform's clock and randomness.
    '!electron/kiosk/platform/{manual-clock,seeded-random}.ts!',
    '!**/*.test.ts!',
  ],
  ignoreExportsUsedInFile: true,
};

export default config;
