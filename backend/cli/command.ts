/** What both commands have in common: one argument, `DATA_DIR`, one line that says how it ended, and the exit codes. */
import process from 'node:process';
import { AppFailure } from '#shared/errors/app-error.ts';
import { configurationExitCode, inWords } from '../platform/exit.ts';

/** Runs `work(argument, DATA_DIR)` and ends the process: 0 done, 1 failed, 78 something has to be mended. */
export const runCommand = async (
  argument: string,
  work: (argument: string, dataDir: string) => Promise<string>,
): Promise<never> => {
  const invalid = (path: string, problem: string): AppFailure =>
    new AppFailure('config.invalid', { source: 'command', path, problem });
  try {
    const [given, ...others] = process.argv.slice(2);
    const dataDir = process.env['DATA_DIR'] ?? '';
    if (given === undefined || others.length > 0)
      throw invalid(argument, 'is the one argument that is needed');
    if (dataDir === '') {
      throw invalid(
        'DATA_DIR',
        "is missing; a server that DATABASE_URL names is backed up by that server's own means",
      );
    }
    console.log(await work(given, dataDir));
    process.exit(0);
  } catch (failure) {
    console.error(failure instanceof AppFailure ? inWords(failure) : String(failure));
    process.exit(failure instanceof AppFailure ? configurationExitCode : 1);
  }
};
