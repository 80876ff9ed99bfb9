/** What is wrong with a configuration, in the words of `config.invalid`: all that is missing at once, else the first thing. */
import type { z } from 'zod';

const at = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (found, key) =>
      typeof found === 'object' && found !== null ? (Reflect.get(found, key) as unknown) : undefined,
    value,
  );

/** `given`: what was parsed. Never quotes a value. */
export const configProblem = (
  { issues }: z.ZodError,
  given: unknown,
): { readonly path: string; readonly problem: string } => {
  const missing = issues.filter(({ code, path }) => code === 'invalid_type' && at(given, path) === undefined);
  const paths = [...new Set(missing.map(({ path }) => path.join('.')))];
  if (paths.length > 0)
    return { path: paths.join(', '), problem: paths.length > 1 ? 'are missing' : 'is missing' };
  const [issue] = issues;
  return { path: issue?.path.join('.') ?? '', problem: issue?.message ?? 'is not valid' };
};
