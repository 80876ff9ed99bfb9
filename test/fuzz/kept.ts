/** Inputs that once broke something, or that broke others: read again by every run of the tests. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Finding } from './fuzz.ts';

const folder = new URL('../fixtures/fuzz/', import.meta.url);

const keptSchema = z.strictObject({
  /** Whose input it is. */
  target: z.string(),
  /** What it did, or does to readers that are less careful. */
  why: z.string(),
  hex: z.hex(),
});
export type Kept = z.infer<typeof keptSchema>;

export const readKept = (): readonly Kept[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => keptSchema.parse(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))));

/** Writes it beside the others; answers the file's name. */
export const keep = ({ target, bytes, problem }: Finding): string => {
  mkdirSync(folder, { recursive: true });
  const name = `${target.replaceAll(/\W+/g, '-')}-${createHash('sha256').update(bytes).digest('hex').slice(0, 8)}.json`;
  const [why = problem] = problem.split('\n');
  const kept: Kept = { target, why, hex: Buffer.from(bytes).toString('hex') };
  writeFileSync(new URL(name, folder), `${JSON.stringify(kept, null, 2)}\n`);
  return name;
};
