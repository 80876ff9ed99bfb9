/** What the kiosk remembers of its channel, over restarts. */
import { join } from 'node:path';
import { z } from 'zod';
import { parseJson } from '#shared/models/json.ts';
import { readIfPresent, writeDurably } from '../vault/durable-file.ts';

const memorySchema = z.strictObject({
  /** When the newest manifest that was ever seen was issued. */
  newestIssuedAt: z.int().min(0),
});
export type Memory = z.infer<typeof memorySchema>;

const fileIn = (folder: string): string => join(folder, 'seen.json');

/** A file that nobody can read is as none: what installs has its own memory, which the kiosk cannot write. */
export const recall = async (folder: string): Promise<Memory> => {
  const bytes = await readIfPresent(fileIn(folder)).catch(() => null);
  return memorySchema.safeParse(bytes && parseJson(bytes.toString())).data ?? { newestIssuedAt: 0 };
};

/** Durable once it resolves. */
export const remember = (folder: string, memory: Memory): Promise<void> =>
  writeDurably(fileIn(folder), JSON.stringify(memory));
