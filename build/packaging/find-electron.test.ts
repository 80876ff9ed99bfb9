import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { electronVersion, findElectron, findKeptZip, unpackZip } from './find-electron.ts';

const folders: string[] = [];
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'latchpoint-find-electron-'));
  folders.push(folder);
  return folder;
};
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe('a folder of an Electron', () => {
  it.each(['LATCHPOINT_ELECTRON_DIST', 'ELECTRON_OVERRIDE_DIST_PATH'])('is the one that %s names', (name) => {
    const folder = newFolder();
    writeFileSync(join(folder, 'electron'), '');
    writeFileSync(join(folder, 'version'), electronVersion());
    expect(findElectron({ [name]: folder })).toBe(folder);
  });

  it('is refused where it is another version, or says none: it was tested with nothing here', () => {
    const folder = newFolder();
    const find = () => findElectron({ LATCHPOINT_ELECTRON_DIST: folder });
    writeFileSync(join(folder, 'electron'), '');
    expect(find).toThrow(`is Electron of no known version, and ${electronVersion()} is wanted`);
    writeFileSync(join(folder, 'version'), 'v44.0.0\n');
    expect(find).toThrow(
      `LATCHPOINT_ELECTRON_DIST=${folder} is Electron 44.0.0, and ${electronVersion()} is wanted`,
    );
  });

  it('is refused where the program of that platform is not in it', () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'electron'), '');
    expect(() => findElectron({ LATCHPOINT_ELECTRON_DIST: folder }, 'win32')).toThrow(
      `There is no electron.exe in LATCHPOINT_ELECTRON_DIST=${folder}`,
    );
  });
});

describe('a zip that Electron’s installer has kept', () => {
  const name = `electron-v${electronVersion()}-linux-x64.zip`;
  const keep = (cache: string, file: string): string => {
    const folder = join(cache, 'a1b2');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, file), 'no zip');
    return join(folder, file);
  };

  it('is found in any folder of its cache, for this version alone', () => {
    const cache = newFolder();
    keep(cache, 'electron-v1.0.0-linux-x64.zip');
    expect(findKeptZip({ electron_config_cache: cache })).toBeNull();
    const zip = keep(join(cache, 'electron'), name);
    expect(findKeptZip({ XDG_CACHE_HOME: cache })).toBe(zip);
    expect(findKeptZip({ XDG_CACHE_HOME: join(cache, 'nowhere') })).toBeNull();
  });

  it('is not unpacked when its bytes are not those that Electron lists', async () => {
    const cache = newFolder();
    const zip = keep(cache, name);
    await expect(unpackZip(zip, join(cache, 'into'), () => {})).rejects.toThrow(
      `${zip} is not ${name}: its SHA-256 is another`,
    );
  });
});
