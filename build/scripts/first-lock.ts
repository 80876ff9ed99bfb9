/**
 * `npm run first-lock`: runs docs/first-lock.md as it stands, its commands in one shell and its touches in a browser, and says
 * how long it took from the start of the backend to the first lock that opened. Ends what it started.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchBrowser } from '#support/browser.ts';
import { startShell } from './document-shell.ts';
import { carryOut, commandsOf, touchesOf } from './first-lock-document.ts';
import { projectRoot, seconds } from './tasks.ts';

/** What the document may take, in ms. */
const goalMs = 15 * 60_000;
const touchWithinMs = 60_000;
const document = readFileSync(join(projectRoot, 'docs', 'first-lock.md'), 'utf8');
const commands = commandsOf(document);
const backendAt = commands.indexOf('backend/main.ts');
if (backendAt < 0) throw new Error('the document starts no backend');
const lineOfBackend = commands.lastIndexOf('\n', backendAt) + 1;

const shell = startShell(
  `${commands.slice(0, lineOfBackend)}echo 'The backend starts'\n${commands.slice(lineOfBackend)}`,
);
try {
  await shell.line(/^The backend starts$/m, goalMs);
  const begunAt = performance.now();
  const [, url = ''] = await shell.line(/^Kiosk: (\S+)$/m, goalMs);
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(touchWithinMs);
    await page.goto(url);
    for (const touch of touchesOf(document)) await carryOut(page, touch, console.log);
  } finally {
    await browser.close();
  }
  const took = performance.now() - begunAt;
  console.log(`From the start of the backend to the first lock that opened: ${seconds(took)}`);
  if (took > goalMs) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
await shell.stop();
