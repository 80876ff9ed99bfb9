/** Where the PostgreSQL of a test lies, and its address. */
import { execFile } from 'node:child_process';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { EmbeddedPostgres } from '#backend/postgres/embedded.ts';

/** A folder that PostgreSQL's user can pass through too, so that its data stays inside it. */
export const makeFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'latchpoint-test-'));
  await chmod(folder, 0o755);
  return folder;
};

/** As the system copies: each file stays with its owner. */
export const copyFolder = async (from: string, to: string): Promise<void> => {
  await promisify(execFile)('cp', ['-a', from, to]);
};

/** As a configuration holds the address of that server. */
export const urlOf = ({ host, user, password, database }: EmbeddedPostgres['connection']): string =>
  `postgres://${user}:${password}@localhost/${database}?host=${encodeURIComponent(host)}`;
