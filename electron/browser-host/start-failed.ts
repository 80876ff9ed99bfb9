import { describeStartFailure } from '#kiosk/platform/start-failure.ts';

/** Says why the host did not start, and ends with the exit code for it. */
export const startFailed = (error: unknown): never => {
  const { line, exitCode } = describeStartFailure(error);
  process.stderr.write(`${line}\n`);
  process.exit(exitCode);
};
