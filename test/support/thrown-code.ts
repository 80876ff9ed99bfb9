import { AppFailure } from '#shared/errors/app-error.ts';

/** The code of the `AppFailure` that `work` throws; else what it threw, or that it threw nothing. */
export const thrownCode = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return error instanceof AppFailure ? error.error.code : error;
  }
  return 'nothing was thrown';
};
