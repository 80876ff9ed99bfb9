import { describeStartFailure } from '#kiosk/platform/start-failure.ts';

/** Says at once why the host did not start, and ends, with the exit code for it, when what was begun has been put away. */
export const startFailed = async (
  error: unknown,
  putAway = (): Promise<unknown> => Promise.resolve(),
): Promise<never> => {
  const { line, exitCode } = describeStartFailure(error);
  process.stderr.write(`${line}\n`);
  await putAway();
  process.exit(exitCode);
};
