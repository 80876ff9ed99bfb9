/** The page in a crowded store, where the list changes ten times a second: does it keep drawing every frame? */
import { setTimeout as sleep } from 'node:timers/promises';
import type { LocksView } from '#shared/ipc/views.ts';
import * as scene from '#support/store-scene.ts';
import type { Bench } from './bench.ts';
import { openBenchBrowser } from './page/bench-page.ts';
import { median } from './statistics.ts';

const locks = 500;
const foreign = 2_000;
/** As often as the core sends the list at the most. */
const everyMs = 100;
const snapshots = 30;
const rounds = 3;
const bands = ['here', 'near', 'far'] as const;

/** A tenth of the locks waver between two bands and lose a percent of battery from one view to the next. */
const view = (turn: number): LocksView => ({
  locks: Array.from({ length: locks }, (_, n) => {
    const moves = n % 10 === turn % 10;
    const proximity = bands[(n + (moves ? turn : 0)) % bands.length] ?? 'near';
    return scene.tile(n + 1, `Hook ${n + 1}`, `Bay ${n % 12}`, proximity, { battery: moves ? 83 : 84 });
  }),
  foreign: Array.from({ length: foreign }, (_, n) => ({
    serialNumber: scene.serialOf(0x10_000 + n),
    proximity: 'far' as const,
  })),
});

interface Round {
  readonly perSecond: number;
  readonly workMs: number;
}

export const discoverPage: Bench = {
  name: 'discover-page',
  work: `${locks} locks in range and ${foreign} foreign ones, the list sent every ${everyMs} ms: frames and work of the page`,
  run: async () => {
    const browser = await openBenchBrowser();
    const measure = async (viewOf: (turn: number) => LocksView): Promise<Round> => {
      const opened = await browser.open(viewOf(0));
      const { core } = opened;
      try {
        void core.show('kiosk', scene.signedIn());
        await opened.until('window.kept.paints.length > 0');
        // What is drawn little by little is there.
        await opened.until(`document.querySelectorAll('main li').length >= ${viewOf(0).locks.length}`);
        const framesBefore = (await opened.read('frames')).length;
        const before = await opened.workedMs();
        const began = performance.now();
        for (let turn = 1; turn <= snapshots; turn += 1) {
          void core.show('locks', viewOf(turn));
          await sleep(Math.max(0, began + turn * everyMs - performance.now()));
        }
        const frames = (await opened.read('frames')).slice(framesBefore);
        const workMs = ((await opened.workedMs()) - before) / snapshots;
        return { perSecond: 1_000 / median(frames), workMs };
      } finally {
        await opened.close();
      }
    };
    const done: Round[] = [];
    const quiet: Round[] = [];
    try {
      for (let round = 0; round < rounds; round += 1) {
        done.push(await measure(view));
        quiet.push(await measure((turn) => ({ locks: view(turn).locks.slice(0, 1), foreign: [] })));
      }
    } finally {
      await browser.dispose();
    }
    const perSecond = (of: readonly Round[]): number => median(of.map((round) => round.perSecond));
    const workMs = (of: readonly Round[]): number => median(of.map((round) => round.workMs));
    return [
      {
        part: 'frames',
        figure: perSecond(done),
        unit: 'a second',
        goal: { relation: '>=', value: 59 },
        baseline: `${perSecond(quiet).toFixed(1)} a second with one lock`,
      },
      {
        part: 'work',
        figure: workMs(done),
        unit: `ms of processor time per ${everyMs} ms`,
        goal: { relation: '<=', value: 50 },
        baseline: `${workMs(quiet).toFixed(1)} ms with one lock`,
      },
    ];
  },
};
