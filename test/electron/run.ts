/** The built kiosk in a real Electron, with a vendor, a lock and a backend of its own, on a screen that nobody sees. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { _electron } from 'playwright-core';
import { startShell } from '../../build/scripts/document-shell.ts';
import { commandsOf, touchesOf } from '../../build/scripts/first-lock-document.ts';
import { projectRoot } from '../../build/scripts/tasks.ts';
import { checks } from './checks.ts';

const readyWithinMs = 5 * 60_000;
const touchWithinMs = 60_000;

/** All but the line that starts the kiosk in its browser host: Electron is started in its place. */
const commandsWithoutKiosk = (document: string): string =>
  commandsOf(document)
    .split('\n')
    .filter((line) => !line.includes('electron/browser-host/main.ts'))
    .join('\n');

/** Runs all checks, tells each as it ends, and answers whether all held; the rest is not run after one that did not. */
export const runChecks = async (
  electron: string,
  display: string,
  tell: (line: string) => void,
): Promise<boolean> => {
  const document = readFileSync(join(projectRoot, 'docs/first-lock.md'), 'utf8');
  const shell = startShell(`${commandsWithoutKiosk(document)}\necho "The folder: $FOLDER"`);
  try {
    const [, folder = ''] = await shell.line(/^The folder: (\S+)$/m, readyWithinMs);
    const home = join(folder, 'home');
    mkdirSync(home);
    const config = readFileSync(join(folder, 'kiosk.json'), 'utf8');
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: home,
      DISPLAY: display,
      LATCHPOINT_KIOSK: '1',
      LATCHPOINT_CONFIG: config,
    };
    const args = [join(projectRoot, 'dist/main/main.js')];
    const app = await _electron.launch({ executablePath: electron, args, env, timeout: readyWithinMs });
    try {
      const page = await app.firstWindow();
      page.setDefaultTimeout(touchWithinMs);
      const kiosk = {
        app,
        page,
        command: { program: electron, args, env },
        touches: touchesOf(document),
      };
      for (const { name, run } of checks) {
        try {
          await run(kiosk);
          tell(`held    ${name}`);
        } catch (error) {
          tell(`FAILED  ${name}: ${error instanceof Error ? error.message : String(error)}`);
          return false;
        }
      }
      return true;
    } finally {
      await app.close().catch(() => {});
    }
  } finally {
    await shell.stop();
  }
};
