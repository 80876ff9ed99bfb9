/** What the kiosk remembers of its channel, over restarts. */
import { join } from 'node:path';
import { z } from 'zod';
import { plannedEventSchema } from '#shared/models/access-event.ts';
import { parseJson } from '#shared/models/json.ts';
import { readIfPresent, writeDurably } from '../vault/durable-file.ts';

const issuedAt = z.int().min(0);
const times = z.int().min(1);
const rememberedSchema = z.object({
  /** When the newest manifest that was ever seen was issued. */
  newestIssuedAt: issuedAt,
  /** The digest of the key by which it was signed: what another key has signed binds to nothing. */
  key: z.string(),
  /** A package that came otherwise than its manifest says, and how often. */
  damaged: z.object({ sha256: z.string(), issuedAt, times }).optional(),
  /** A version that this computer's packages refused, how often, and when that was last. */
  refused: z.object({ version: z.string(), issuedAt, times, at: z.int() }).optional(),
  /** The version of which a person has said that it may wait for the night. */
  tonight: z.string().optional(),
  /** When that was of which the journal is told: what became of the last version. */
  toldAt: z.int().optional(),
  /** Its event, which may not be in the journal yet. */
  telling: plannedEventSchema.optional().catch(undefined),
});
export type Remembered = z.infer<typeof rememberedSchema>;

export interface UpdateMemory {
  readonly now: Remembered;
  /** What was kept before this start; once, before anything is kept. */
  load(): Promise<void>;
  /** Durable once it resolves; rejects where the disk takes nothing, and nothing has changed then. */
  keep(rest: Partial<Remembered>): Promise<void>;
}

const fileIn = (folder: string): string => join(folder, 'seen.json');

/** A file that nobody can read is as none: what installs has its own memory, which the kiosk cannot write. */
export const recall = async (folder: string, key: string): Promise<Remembered> => {
  const bytes = await readIfPresent(fileIn(folder)).catch(() => null);
  const seen = rememberedSchema.safeParse(bytes && parseJson(bytes.toString())).data;
  if (seen?.key === key) return seen;
  // What has happened here has happened, whoever had signed it.
  const { toldAt, telling } = seen ?? {};
  return { newestIssuedAt: 0, key, toldAt, telling };
};

export const createMemory = (folder: string, key: string): UpdateMemory => {
  let now: Remembered = { newestIssuedAt: 0, key };
  return {
    get now() {
      return now;
    },
    load: async () => {
      now = await recall(folder, key);
    },
    keep: async (rest) => {
      const next = { ...now, ...rest };
      await writeDurably(fileIn(folder), JSON.stringify(next));
      now = next;
    },
  };
};
