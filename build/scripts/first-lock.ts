/**
 * `npm run first-lock`: runs docs/first-lock.md as it stands, its commands in one shell and its touches in a browser, and says
 * how long it took from the start of the backend to the first lock that opened. Ends what it started.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launchBrowser } from '#support/browser.ts';
import { asSeen, asTouched, commandsOf, touchesOf, type Touch } from './first-lock-document.ts';
import { projectRoot, seconds } from './tasks.ts';

/** What the document may take, in ms. */
const goalMs = 15 * 60_000;
const touchWithinMs = 60_000;
const stopWithinMs = 15_000;
const document = readFileSync(join(projectRoot, 'docs', 'first-lock.md'), 'utf8');
const commands = commandsOf(document);
const backendAt = commands.indexOf('backend/main.ts');
if (backendAt < 0) throw new Error('the document starts no backend');
const lineOfBackend = commands.lastIndexOf('\n', backendAt) + 1;

/** What the document makes in it goes with it. PostgreSQL's own user has to pass through. */
const folder = mkdtempSync(join(tmpdir(), 'latchpoint-first-lock-'));
chmodSync(folder, 0o755);

/** One shell that stops at the first command that fails, says when the backend is started, and keeps what it started. */
const shell = spawn(
  'bash',
  [
    '-c',
    `set -e\n${commands.slice(0, lineOfBackend)}echo 'The backend starts'\n${commands.slice(lineOfBackend)}wait\n`,
  ],
  // A group of its own, so that all of it can be ended, and nothing else.
  {
    cwd: projectRoot,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: folder },
  },
);

const ended = new Promise<void>((resolve) => shell.once('close', () => resolve()));
const endGroup = (child: ChildProcess, signal: NodeJS.Signals): void => {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // It has ended by itself.
  }
};
const stop = async (): Promise<void> => {
  endGroup(shell, 'SIGTERM');
  const timer = setTimeout(() => endGroup(shell, 'SIGKILL'), stopWithinMs);
  await ended;
  clearTimeout(timer);
  rmSync(folder, { recursive: true, force: true });
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => void stop().then(() => process.exit(1)));

const times: { begunAt: number | null } = { begunAt: null };
/** Resolves with the address that the kiosk prints; rejects when the shell ends before. */
const address = new Promise<string>((resolve, reject) => {
  let said = '';
  shell.stdout.on('data', (chunk: Buffer) => {
    process.stdout.write(chunk);
    said += chunk.toString();
    if (times.begunAt === null && said.includes('The backend starts')) times.begunAt = performance.now();
    const url = /^Kiosk: (\S+)$/m.exec(said)?.[1];
    if (url !== undefined) resolve(url);
  });
  shell.once('close', (code) => reject(new Error(`the commands ended with ${code ?? 'a signal'}`)));
  setTimeout(() => reject(new Error('the kiosk said no address in time')), goalMs).unref();
});

const carryOut = async (page: Page, { kind, words }: Touch): Promise<void> => {
  console.log(`${kind.padEnd(5)} ${words}`);
  if (kind === 'type') await page.keyboard.type(words, { delay: 150 });
  else if (kind === 'see') await page.getByText(asSeen(words)).first().waitFor();
  else
    await page
      .getByRole('button', { name: asTouched(words) })
      .first()
      .click();
};

try {
  const url = await address;
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(touchWithinMs);
    await page.goto(url);
    for (const touch of touchesOf(document)) await carryOut(page, touch);
  } finally {
    await browser.close();
  }
  const took = performance.now() - (times.begunAt ?? 0);
  console.log(`From the start of the backend to the first lock that opened: ${seconds(took)}`);
  if (took > goalMs) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
await stop();
