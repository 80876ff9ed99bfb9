/** What a backup's folder holds beside PostgreSQL's own files, and what both commands say of it. */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { AppFailure } from '#shared/errors/app-error.ts';

/** The cluster's password, and on a line of its own its checksum: nothing else would tell that it is damaged. */
export const passwordName = 'postgres.password';

const checksumOf = (password: string): string => createHash('sha256').update(password).digest('hex');

export const writePassword = (password: string): string => `${password}\n${checksumOf(password)}\n`;

/** Null where it is not as it was written. */
export const readPassword = (text: string): string | null => {
  const [password = ''] = text.split('\n');
  return text === writePassword(password) ? password : null;
};

export const invalid = (path: string, problem: string): AppFailure =>
  new AppFailure('config.invalid', { source: 'command', path, problem });

/** Resolves once what the file holds, or the names in the folder, are on the disk. */
export const syncToDisk = async (path: string): Promise<void> => {
  await using handle = await open(path);
  await handle.sync();
};
