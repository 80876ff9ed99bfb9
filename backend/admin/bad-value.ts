import type { Result } from '#shared/errors/app-error.ts';

/** A value that no schema can judge, because it depends on what is kept: `path` of the body, and what is wrong with it. */
export const badValue = (path: string, problem: string): Extract<Result<never>, { ok: false }> => ({
  ok: false,
  error: { code: 'operator.bad_value', params: { path, problem } },
});
