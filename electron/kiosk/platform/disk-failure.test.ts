import { expect, test } from 'vitest';
import { AppFailure } from '#shared/errors/app-error.ts';
import { onDisk } from './disk-failure.ts';

const outcome = async (code: string): Promise<string> => {
  const error = Object.assign(new Error('as the system says it'), { code });
  try {
    return await onDisk(() => Promise.reject(error));
  } catch (thrown) {
    if (thrown instanceof AppFailure) return thrown.error.code;
    expect(thrown).toBe(error);
    return 'as it was';
  }
};

test.each([
  ['ENOSPC', 'storage.disk_full'],
  ['EROFS', 'storage.read_only'],
  ['EACCES', 'storage.read_only'],
  ['ENOTDIR', 'storage.read_only'],
  ['EMFILE', 'as it was'],
])('%s: %s', async (code, expected) => {
  expect(await outcome(code)).toBe(expected);
});

test('what works is left alone', async () => {
  expect(await onDisk(() => Promise.resolve(7))).toBe(7);
});
