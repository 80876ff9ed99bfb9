import { chmod, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { settingSince } from '#kiosk/platform/config.ts';
import { AppFailure, type AppError } from '#shared/errors/app-error.ts';
import { folderTest } from '#support/folder-test.ts';
import { mergeConfig, parseSource } from './config-sources.ts';
import { configFiles, readConfigFile } from './machine-file.ts';
import { parsePolicy, readPolicy } from './windows-policy.ts';

/** The error that an action throws. */
const failure = (action: () => unknown): AppError => {
  try {
    action();
  } catch (error) {
    if (error instanceof AppFailure) return error.error;
    throw error;
  }
  throw new Error('it threw nothing');
};

describe('merging', () => {
  const defaults = { name: 'defaults', values: { dataDir: '/data' } };
  const file = {
    name: '/etc/latchpoint/kiosk.json',
    values: { backendUrl: 'https://a.example/', kioskName: 'A' },
  };
  const policy = { name: 'policy', values: { backendUrl: 'https://b.example' } };

  it('lets the last source win, setting by setting, and remembers which', () => {
    const { config, origins } = mergeConfig([defaults, file, policy]);
    expect(config).toMatchObject({ backendUrl: 'https://b.example', dataDir: '/data', kioskName: 'A' });
    expect(origins).toEqual({
      dataDir: 'defaults',
      backendUrl: 'policy',
      kioskName: '/etc/latchpoint/kiosk.json',
    });
  });

  it('names the source of what is wrong, and every source when something is missing', () => {
    const broken = { name: 'policy', values: { backendUrl: 'http://b.example' } };
    expect(failure(() => mergeConfig([defaults, file, broken]))).toMatchObject({
      code: 'config.invalid',
      params: { source: 'policy', path: 'backendUrl' },
    });
    const relative = { name: '/etc/latchpoint/kiosk.json', values: { dataDir: 'data' } };
    expect(failure(() => mergeConfig([defaults, policy, relative]))).toMatchObject({
      code: 'config.invalid',
      params: {
        source: '/etc/latchpoint/kiosk.json',
        path: 'dataDir',
        problem: 'must be a whole path: where the kiosk is started from is not always the same',
      },
    });
    const none = { name: 'policy', values: { backendUrl: 'b.example' } };
    expect(failure(() => mergeConfig([defaults, none]))).toMatchObject({
      params: { source: 'policy', path: 'backendUrl', problem: 'is no address of the Web' },
    });
    const surprise = { name: 'x', values: { surprise: 1 } };
    expect(failure(() => mergeConfig([defaults, policy, surprise]))).toMatchObject({
      code: 'config.invalid',
    });
  });

  it('does not quote a source that is not JSON', () => {
    const error = failure(() => parseSource('file', '{"registrationCode": "ABCD'));
    expect(error).toMatchObject({ code: 'config.invalid', params: { source: 'file' } });
    expect(JSON.stringify(error)).not.toContain('ABCD');
    expect(() => parseSource('file', '[1]')).toThrow();
  });
});

describe('the machine’s file', () => {
  it('lies where only administrators write, and on Linux the policy beside it wins', () => {
    expect(configFiles('linux', {})).toEqual(['/etc/latchpoint/kiosk.json', '/etc/latchpoint/policy.json']);
    const [only, ...more] = configFiles('win32', { ProgramData: 'D:\\PD' });
    expect(only).toContain('Latchpoint');
    expect(more).toEqual([]);
  });

  folderTest('may be absent', async ({ folder }) => {
    expect(await readConfigFile(join(folder, 'absent.json'), 'linux')).toMatchObject({ values: {} });
  });

  folderTest('is refused when somebody else than root could have written it', async ({ folder }) => {
    const path = join(folder, 'kiosk.json');
    await writeFile(path, '{"kioskName":"A"}');
    await chmod(path, 0o666);
    await expect(readConfigFile(path, 'linux')).rejects.toMatchObject({ error: { code: 'config.invalid' } });
    expect(await readConfigFile(path, 'win32')).toMatchObject({ values: { kioskName: 'A' } });
  });
});

const channel = 'https://updates.example/latchpoint';
it.each([
  [{ backendUrl: 'https://a.example/?store=1' }, 'backendUrl'],
  [{ backendUrl: 'https://a.example/#x' }, 'backendUrl'],
  [{ backendUrl: 'https://name:word@a.example' }, 'backendUrl'],
  [{ radio: { h4: '127.0.0.1:99999' } }, 'radio.h4'],
  [{ radio: { h4: '127.0.0.1' } }, 'radio.h4'],
  [{ updates: {} }, 'updates.channel'],
  [{ updates: { channel: 'http://updates.example' } }, 'updates.channel'],
  [{ updates: { channel, ring: 'some' } }, 'updates.ring'],
  [{ updates: { channel, window: { from: '25:00', to: '05:00' } } }, 'updates.window.from'],
  [{ updates: { channel, window: { from: '05:00', to: '05:00' } } }, 'updates.window'],
  [{ updates: { channel, publicKey: 'x' } }, 'updates'],
])('says at once what would only fail later: %j', (wrong, path) => {
  const right = { name: 'file', values: { backendUrl: 'https://b.example/locks/', dataDir: '/data' } };
  expect(mergeConfig([right]).config.backendUrl).toBe('https://b.example/locks');
  const refused = failure(() => mergeConfig([right, { name: 'policy', values: wrong }]));
  expect(refused).toMatchObject({ code: 'config.invalid', params: { source: 'policy', path } });
  expect(JSON.stringify(refused)).not.toContain('word');
});

describe('the Windows policy', () => {
  const printed = [
    '',
    'HKEY_LOCAL_MACHINE\\Software\\Policies\\Latchpoint',
    '    BackendUrl    REG_SZ    https://backend.example',
    '    KioskName    REG_EXPAND_SZ    Counter 2',
    '    DataDir    REG_SZ    ',
    '    Other    REG_SZ    x',
    '    PassphraseFile    REG_DWORD    0x1',
  ].join('\r\n');

  it('gives the settings that it knows', () => {
    expect(parsePolicy(printed).values).toEqual({
      backendUrl: 'https://backend.example',
      kioskName: 'Counter 2',
    });
  });

  it('is empty where there is no key', async () => {
    expect(await readPolicy(() => Promise.reject(new Error('no such key')))).toEqual({
      name: 'policy',
      values: {},
    });
  });
});

describe('what IT reads of the settings', () => {
  const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  const idsIn = (text: string, pattern: RegExp): string[] =>
    [...text.matchAll(pattern)].map(([, id = '']) => id);

  it('tells since which version each is there', () => {
    const rows = idsIn(read('docs/it-guide.md'), /^\| `(\w+)(?:\.\w+)?` +\| .* \| \d+\.\d+ +\|$/gm);
    expect(rows.sort()).toEqual(Object.keys(settingSince).sort());
    for (const [name, version] of Object.entries(settingSince)) {
      expect(read('docs/it-guide.md')).toMatch(
        new RegExp(`^\\| \`${name}(\\.\\w+)?\`.* \\| ${version} +\\|$`, 'm'),
      );
    }
  });

  it.each(['en-US', 'de-DE', 'fr-FR', 'es-ES'])('names every policy in %s', (language) => {
    const policies = read('build/packaging/windows/latchpoint.admx');
    const words = read(`build/packaging/windows/${language}/latchpoint.adml`);
    const asked = idsIn(policies, /\$\(string\.(\w+)\)/g);
    const strings = idsIn(words, /<string id="(\w+)">[^<]+</g);
    expect([...new Set(asked)].sort()).toEqual(strings.sort());
    const shown = idsIn(policies, /\$\(presentation\.(\w+)\)/g);
    expect(idsIn(words, /<presentation id="(\w+)"><textBox refId="\1"><label>[^<]+</g).sort()).toEqual(
      shown.sort(),
    );
  });
});
