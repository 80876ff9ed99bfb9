/** What is looked at in a real Electron, each once, in this order; a check throws with what was seen in place of what had to be. */
import { spawnSync } from 'node:child_process';
import { deepStrictEqual, ok } from 'node:assert/strict';
import type { ElectronApplication, Page } from 'playwright-core';
import { carryOut, type Touch } from '../../build/scripts/first-lock-document.ts';
import { pageOrigin } from '../../electron/desktop/page-origin.ts';

export interface RunningKiosk {
  readonly app: ElectronApplication;
  readonly page: Page;
  /** Its program with its arguments and its environment, to start it a second time. */
  readonly command: {
    readonly program: string;
    readonly args: string[];
    readonly env: Record<string, string>;
  };
  readonly touches: readonly Touch[];
}

export interface Check {
  readonly name: string;
  readonly run: (kiosk: RunningKiosk) => Promise<void>;
}

const withinMs = 30_000;
const secondWithinMs = 60_000;
const signIn = (page: Page): Promise<void> =>
  page.getByRole('button', { name: /^Ada M\./ }).waitFor({ timeout: withinMs });

/** What a page without rights sees of its surroundings; as text, since a page takes no function of another's. */
const surroundings = `(async () => ({
  origin: location.origin,
  node: typeof process + typeof require,
  evaluates: (() => { try { return String((0, eval)('1')); } catch (error) { return error.name; } })(),
  opens: window.open('https://latchpoint.invalid/') === null,
  camera: await navigator.mediaDevices.getUserMedia({ video: true }).then(() => 'given', (error) => error.name),
  reaches: await fetch('https://latchpoint.invalid/').then(() => 'reached', (error) => error.name),
}))()`;

export const checks: readonly Check[] = [
  { name: 'the sign-in screen is shown', run: ({ page }) => signIn(page) },
  {
    name: 'the page has no rights but its own',
    run: async ({ page, app }) => {
      const seen = await page.evaluate(surroundings);
      const camera = 'NotAllowedError';
      const reaches = 'TypeError';
      const evaluates = 'EvalError';
      deepStrictEqual(seen, {
        origin: pageOrigin,
        node: 'undefinedundefined',
        evaluates,
        opens: true,
        camera,
        reaches,
      });
      deepStrictEqual(app.windows().length, 1);
    },
  },
  {
    name: 'a second kiosk ends by itself and leaves the first',
    run: async ({ page, command: { program, args, env } }) => {
      const { status, signal } = spawnSync(program, args, { env, timeout: secondWithinMs, stdio: 'ignore' });
      deepStrictEqual({ status, signal }, { status: 0, signal: null });
      await signIn(page);
    },
  },
  {
    name: 'a page that is lost comes back by itself',
    run: async ({ page, app }) => {
      const gone = page.waitForEvent('crash', { timeout: withinMs });
      await app.evaluate(({ BrowserWindow }) => {
        for (const window of BrowserWindow.getAllWindows()) window.webContents.forcefullyCrashRenderer();
      });
      await gone;
      await signIn(page);
    },
  },
  {
    name: 'a lock is enrolled and opened as docs/first-lock.md says',
    run: async ({ page, touches }) => {
      for (const touch of touches) await carryOut(page, touch, () => {});
    },
  },
  {
    name: 'a radio process that is killed is replaced',
    run: async ({ app }) => {
      const radios = (): Promise<number[]> =>
        app.evaluate(({ app: electron }) =>
          electron.getAppMetrics().flatMap(({ name, pid }) => (name === 'Latchpoint radio' ? [pid] : [])),
        );
      const [first] = await radios();
      ok(first !== undefined, 'there is no radio process');
      process.kill(first, 'SIGKILL');
      const until = performance.now() + withinMs;
      while (performance.now() < until) {
        const now = await radios();
        if (now.length === 1 && now[0] !== first) return;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      throw new Error('no other radio process was started');
    },
  },
  {
    name: 'it ends with 0 when it is asked to',
    run: async ({ app }) => {
      const child = app.process();
      const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      deepStrictEqual(await ended, 0);
    },
  },
];
