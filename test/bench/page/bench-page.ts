/** The built page in a real browser, against a core that is written down, with what a benchmark needs to know of its time. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';
import { ok } from '#shared/errors/app-error.ts';
import type { LocksView } from '#shared/ipc/views.ts';
import { launchBrowser } from '#support/browser.ts';
import { buildPage } from '#support/built-page.ts';
import { startFakeCore, type FakeCore } from '#support/fake-core.ts';
import * as scene from '#support/store-scene.ts';

export interface BenchPage {
  readonly core: FakeCore;
  readonly page: Page;
  /** Time that the page's main thread has worked, in ms of its processor time: what others do on the machine is not in it. */
  workedMs(): Promise<number>;
  /** Reads a list of numbers that the page keeps under this name (see `watch`). */
  read(name: string): Promise<readonly number[]>;
  /** Resolves once this expression is true in the page. */
  until(expression: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Runs in the page before anything else. Keeps, in ms: `keys`, from each key to the frame after it; `frames`, between frames;
 * `paints`, from each view that says who is signed in to the frame that shows the first tile.
 */
const watch = `(() => {
  const kept = (window.kept = { keys: [], frames: [], paints: [] });
  const afterFrame = (task) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = task;
    port2.postMessage(null);
  });
  addEventListener('keydown', ({ timeStamp }) => {
    afterFrame(() => kept.keys.push(performance.now() - timeStamp));
  }, true);
  let last = null;
  const frame = (now) => {
    if (last !== null) kept.frames.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  let signedInAt = null;
  new MutationObserver(() => {
    if (signedInAt === null || !document.querySelector('main li button, main h2')) return;
    const since = signedInAt;
    signedInAt = null;
    afterFrame(() => kept.paints.push(performance.now() - since));
  }).observe(document, { childList: true, subtree: true });
  window.WebSocket = class extends WebSocket {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', ({ data }) => {
        if (data.length < 4000 && data.includes('"idleAt"')) signedInAt = performance.now();
      });
    }
  };
})()`;

const longestWaitMs = 60_000;
const lookAgainMs = 5;
const numbers = z.array(z.number());
const metrics = z.object({ metrics: z.array(z.object({ name: z.string(), value: z.number() })) });

export interface BenchBrowser {
  /** A page that has loaded and shows who may sign in; `locks` are known to it already. */
  open(locks: LocksView): Promise<BenchPage>;
  dispose(): Promise<void>;
}

const openPage = async (browser: Browser, folder: string, locks: LocksView): Promise<BenchPage> => {
  const core = await startFakeCore(folder);
  void core.show('kiosk', scene.kiosk());
  void core.show('locks', locks);
  void core.show('newLocks', { locks: [] });
  void core.show('attempt', { attempt: null });
  void core.show('group', { run: null });
  void core.show('enrolments', { enrolments: [], groups: [] });
  void core.show('health', scene.health());
  for (const call of ['touch', 'prepareLock'] as const) core.answer(call, () => ok(null));
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(60_000);
  await page.addInitScript(watch);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.goto(core.url);
  await page.getByRole('heading', { name: 'Choose your name' }).waitFor();
  return {
    core,
    page,
    workedMs: async () => {
      const { metrics: values } = metrics.parse(await devtools.send('Performance.getMetrics'));
      return (values.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1_000;
    },
    read: async (name) => numbers.parse(await page.evaluate(`window.kept.${name}`)),
    // Not `waitForFunction`: it evaluates in the page, whose policy forbids that.
    until: async (expression) => {
      const giveUpAt = performance.now() + longestWaitMs;
      while ((await page.evaluate(expression)) !== true) {
        if (performance.now() > giveUpAt) throw new Error(`it did not come about: ${expression}`);
        await delay(lookAgainMs);
      }
    },
    close: async () => {
      await page.close();
      await core.dispose();
    },
  };
};

export const openBenchBrowser = async (): Promise<BenchBrowser> => {
  const [browser, built] = await Promise.all([launchBrowser(), buildPage('renderer')]);
  return {
    open: (locks) => openPage(browser, built.folder, locks),
    dispose: async () => {
      await browser.close();
      await built.dispose();
    },
  };
};
