import { defineConfig } from 'vitest/config';
import { readMessages } from './build/packaging/read-messages.ts';
import { LongestFirst } from './test/support/longest-first.ts';

const execArgv = ['--disable-warning=ExperimentalWarning'];

/** Four kinds of test: unit tests lie beside their source, the others under `test/`. */
export default defineConfig({
  plugins: [readMessages],
  test: {
    execArgv,
    // Vitest would leave one core free: of two, that is half the machine.
    maxWorkers: '100%',
    sequence: { sequencer: LongestFirst },
    // Style sheets are empty in tests unless named: the contrast of the colours is computed from this one.
    css: { include: [/tokens\.css/] },
    // One second, as is usual, is no fault of what is waited for: a machine may have other work.
    expect: { poll: { timeout: 20_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // Keys from passphrases are slow to derive by design, and a machine may have other work.
          testTimeout: 30_000,
          setupFiles: 'test/support/page-words.ts',
          include: [
            '{shared,electron,backend,renderer,build,test/simulators,test/support,test/bench,test/fuzz,test/machine,test/rights}/**/*.test.ts',
          ],
        },
      },
      {
        extends: true,
        test: { name: 'contract', include: ['test/contract/**/*.test.ts'], testTimeout: 30_000 },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          globalSetup: 'test/integration/postgres-template.ts',
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: 'test/e2e/built-kiosk-page.ts',
          testTimeout: 90_000,
          hookTimeout: 120_000,
          maxConcurrency: 3,
          // A browser beside others takes its time.
          expect: { poll: { timeout: 30_000 } },
        },
      },
    ],
  },
});
