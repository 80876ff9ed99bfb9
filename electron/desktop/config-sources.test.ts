import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppFailure, type AppError } from '#shared/errors/app-error.ts';
import { mergeConfig, parseSource } from './config-sources.ts';
import { machineFilePath, readMachineFile } from './machine-file.ts';
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
  let dir = '';
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'latchpoint-config-'));
  });
  afterAll(() => rm(dir, { recursive: true }));

  it('lies where only administrators write', () => {
    expect(machineFilePath('linux', {})).toBe('/etc/latchpoint/kiosk.json');
    expect(machineFilePath('win32', { ProgramData: 'D:\\PD' })).toContain('Latchpoint');
  });

  it('may be absent', async () => {
    expect(await readMachineFile(join(dir, 'absent.json'), 'linux')).toMatchObject({ values: {} });
  });

  it('is refused when somebody else than root could have written it', async () => {
    const path = join(dir, 'kiosk.json');
    await writeFile(path, '{"kioskName":"A"}');
    await chmod(path, 0o666);
    await expect(readMachineFile(path, 'linux')).rejects.toMatchObject({ error: { code: 'config.invalid' } });
    expect(await readMachineFile(path, 'win32')).toMatchObject({ values: { kioskName: 'A' } });
  });
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
