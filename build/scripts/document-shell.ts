/** The commands of docs/first-lock.md in one shell, which keeps what it starts until it is told to end. */
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from './tasks.ts';

const stopWithinMs = 15_000;

export interface DocumentShell {
  /**
   * Resolves with the first line that matches, also one that was printed before. Rejects when the shell ends without one, or when `withinMs`
   * are over.
   */
  line(pattern: RegExp, withinMs: number): Promise<RegExpExecArray>;
  /** Ends all that the commands started, and removes what they wrote. */
  stop(): Promise<void>;
}

const endGroup = (pid: number | undefined, signal: NodeJS.Signals): void => {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // It has ended by itself.
  }
};

/** Runs the commands, stops at the first that fails, and prints what they print. */
export const startShell = (commands: string): DocumentShell => {
  // What the commands make in it goes with it. PostgreSQL's own user has to pass through.
  const folder = mkdtempSync(join(tmpdir(), 'latchpoint-first-lock-'));
  chmodSync(folder, 0o755);
  // A group of its own, so that all of it can be ended, and nothing else.
  const child = spawn('bash', ['-c', `set -e\n${commands}\nwait\n`], {
    cwd: projectRoot,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: folder },
  });
  let said = '';
  const heard = new Set<() => void>();
  child.stdout.on('data', (chunk: Buffer) => {
    process.stdout.write(chunk);
    said += chunk.toString();
    for (const look of [...heard]) look();
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));

  const stop = async (): Promise<void> => {
    endGroup(child.pid, 'SIGTERM');
    const timer = setTimeout(() => endGroup(child.pid, 'SIGKILL'), stopWithinMs);
    await ended;
    clearTimeout(timer);
    rmSync(folder, { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => void stop().then(() => process.exit(1)));

  return {
    line: (pattern, withinMs) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`the commands did not say ${pattern} in time`)),
          withinMs,
        );
        const look = (): void => {
          const found = pattern.exec(said);
          if (!found) return;
          clearTimeout(timer);
          heard.delete(look);
          resolve(found);
        };
        heard.add(look);
        look();
        void ended.then((code) => {
          clearTimeout(timer);
          reject(new Error(`the commands ended with ${code ?? 'a signal'}`));
        });
      }),
    stop,
  };
};
