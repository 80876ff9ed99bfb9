/** A large store's list: how soon is it there after signing in, and does search keep up with typing? */
import type { LocksView } from '#shared/ipc/views.ts';
import * as scene from '#support/store-scene.ts';
import type { Bench } from './bench.ts';
import { openBenchBrowser, type BenchBrowser } from './page/bench-page.ts';
import { median } from './statistics.ts';

const locks = 2_000;
const near = 200;
const rounds = 7;
/** Typed key by key, and taken back the same way: each key draws another list. */
const typed = 'hook 19';

const store = (count: number): LocksView => ({
  locks: Array.from({ length: count }, (_, n) =>
    scene.tile(n + 1, `Hook ${n + 1}`, `Bay ${n % 12}`, n < near ? (n % 3 === 0 ? 'here' : 'near') : null),
  ),
  foreign: [],
});

interface Round {
  readonly paintMs: number;
  readonly keyMs: readonly number[];
}

const once = async (browser: BenchBrowser, count: number): Promise<Round> => {
  const opened = await browser.open(store(count));
  const { core, page } = opened;
  try {
    void core.show('kiosk', scene.signedIn());
    await page.getByRole('searchbox').or(page.getByRole('textbox')).first().waitFor();
    await opened.until('window.kept.paints.length > 0');
    const [paintMs = Number.NaN] = await opened.read('paints');
    const keys = [
      ...typed.split('').map((key) => (key === ' ' ? 'Space' : key)),
      ...typed.split('').map(() => 'Backspace'),
    ];
    for (const [at, key] of keys.entries()) {
      await page.keyboard.press(key);
      // One key after the other has been drawn: how fast a person types is not what is measured.
      await opened.until(`window.kept.keys.length > ${at}`);
    }
    return { paintMs, keyMs: await opened.read('keys') };
  } finally {
    await opened.close();
  }
};

export const list: Bench = {
  name: 'list',
  work: `${locks} locks in the store, ${near} of them near: the first paint after signing in, and each key of a search`,
  run: async () => {
    const browser = await openBenchBrowser();
    const done: Round[] = [];
    const small: Round[] = [];
    try {
      // The first page of a browser compiles what the others find compiled.
      await once(browser, locks);
      for (let round = 0; round < rounds; round += 1) {
        done.push(await once(browser, locks));
        small.push(await once(browser, 1));
      }
    } finally {
      await browser.dispose();
    }
    const paints = (of: readonly Round[]): number => median(of.map(({ paintMs }) => paintMs));
    const keys = (of: readonly Round[]): number => median(of.flatMap(({ keyMs }) => keyMs));
    const slowest = (of: readonly Round[]): number => median(of.map(({ keyMs }) => Math.max(...keyMs)));
    return [
      {
        part: 'paint',
        figure: paints(done),
        unit: 'ms',
        goal: { relation: '<=', value: 100 },
        baseline: `${paints(small).toFixed(1)} ms with one lock`,
      },
      {
        part: 'key',
        figure: keys(done),
        unit: 'ms',
        goal: { relation: '<=', value: 50 },
        baseline: `${keys(small).toFixed(1)} ms with one lock; a frame is 16.7 ms`,
      },
      {
        part: 'slowest_key',
        figure: slowest(done),
        unit: 'ms',
        goal: { relation: '<=', value: 50 },
        baseline: `${slowest(small).toFixed(1)} ms with one lock`,
      },
    ];
  },
};
