/**
 * A real browser for tests: one that is installed, else the one inside `@sparticuz/chromium`, so that the suite runs on a
 * machine that has none. `LATCHPOINT_BROWSER` names an executable, or `packaged` for the packaged one.
 */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { unpackBrowser } from './packaged-browser.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'msedge'];

const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

const installed = (): string | undefined => {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const candidates = [...folders.flatMap((folder) => names.map((name) => join(folder, name))), ...places];
  return candidates.find((path) => existsSync(path));
};

/** Chromium refuses its sandbox to root, and has little shared memory in a container. */
const ownArgs = [
  '--disable-dev-shm-usage',
  '--disable-gpu',
  '--disable-software-rasterizer',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

export const launchBrowser = async (): Promise<Browser> => {
  const asked = process.env.LATCHPOINT_BROWSER;
  const executablePath = asked === 'packaged' ? undefined : (asked ?? installed());
  if (executablePath !== undefined) return chromium.launch({ executablePath, args: ownArgs });
  const { executablePath: unpacked, args, env } = await unpackBrowser();
  return chromium.launch({
    executablePath: unpacked,
    args: [...args, ...ownArgs],
    env: { ...process.env, ...env },
  });
};
