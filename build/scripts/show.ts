/** How a person gets to see the kiosk: in Electron's window, else in a browser, else at a printed address. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './tasks.ts';

const hasScreen = (): boolean =>
  process.platform !== 'linux' || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);

/**
 * Electron's binary, when its package has one (it is downloaded on request only) and there is a screen to show a window on;
 * else null.
 */
export const electronBinary = (): string | null => {
  if (!hasScreen()) return null;
  const folder = join(projectRoot, 'node_modules', 'electron');
  const pathFile = join(folder, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const binary = join(folder, 'dist', readFileSync(pathFile, 'utf8').trim());
  return existsSync(binary) ? binary : null;
};

const opener = (): readonly [string, ...string[]] | null => {
  if (process.platform === 'darwin') return ['open'];
  if (process.platform === 'win32') return ['cmd', '/c', 'start', ''];
  return hasScreen() ? ['xdg-open'] : null;
};

/** Opens `url` in the person's browser if there is a way to; a browser that is missing is no fault. */
export const openInBrowser = (url: string): boolean => {
  const found = opener();
  if (!found || !process.stdout.isTTY) return false;
  const [command, ...args] = found;
  const child = spawn(command, [...args, url], { stdio: 'ignore', detached: true });
  child.on('error', () => console.log('No browser could be opened: open the address above yourself.'));
  child.unref();
  return true;
};
