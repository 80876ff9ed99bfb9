/** What the kiosk remembers of its channel, over restarts. */
import { join } from 'node:path';
import { z } from 'zod';
import { parseJson } from '#shared/models/json.ts';
import { readIfPresent, writeDurably } from '../vault/durable-file.ts';

const memorySchema = z.strictObject({
  /** When the newest manifest that was ever seen was issued. */
  newestIssuedAt: z.int().min(0),
  /** The digest of the key by which it was signed: what another key has signed binds to nothing. */
  key: z.string(),
});
type Memory = z.infer<typeof memorySchema>;

const fileIn = (folder: string): string => join(folder, 'seen.json');

/** A file that nobody can read is as none: what installs has its own memory, which the kiosk cannot write. */
export const recall = async (folder: string, key: string): Promise<Memory> => {
  const bytes = await readIfPresent(fileIn(folder)).catch(() => null);
  const seen = memorySchema.safeParse(bytes && parseJson(bytes.toString())).data;
  return seen?.key === key ? seen : { newestIssuedAt: 0, key };
};

/** Durable once it resolves. */
export const remember = (folder: string, memory: Memory): Promise<void> =>
  writeDurably(fileIn(folder), JSON.stringify(memory));
