/** What `npm start -- …` understands. */
import { isAbsolute, join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { valueProblem } from '#shared/errors/value-problem.ts';
import { projectRoot } from './tasks.ts';

const optionsSchema = z.strictObject({
  fresh: z.boolean().default(false),
  'set-up': z.boolean().default(false),
  rights: z.boolean().default(false),
  data: z.string().min(1).default(join('.data', 'store')),
  port: z.coerce.number<string>().int().min(1024).max(65_000).default(4300),
  'no-open': z.boolean().default(false),
});

export interface StartOptions {
  readonly fresh: boolean;
  readonly setUp: boolean;
  readonly rights: boolean;
  readonly dataDir: string;
  readonly port: number;
  readonly open: boolean;
}

/** Throws an Error whose message names the first thing that is wrong. */
export const parseStartOptions = (args: readonly string[]): StartOptions => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      fresh: { type: 'boolean' },
      'set-up': { type: 'boolean' },
      rights: { type: 'boolean' },
      data: { type: 'string' },
      port: { type: 'string' },
      'no-open': { type: 'boolean' },
    },
    strict: true,
  });
  const parsed = optionsSchema.safeParse({ ...values }, { error: valueProblem });
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Error(`--${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is not right'}`);
  }
  const { data } = parsed.data;
  return {
    fresh: parsed.data.fresh,
    setUp: parsed.data['set-up'],
    rights: parsed.data.rights,
    dataDir: isAbsolute(data) ? data : join(projectRoot, data),
    port: parsed.data.port,
    open: !parsed.data['no-open'],
  };
};
