/** What both commands have in common: one argument, `DATA_DIR`, one line that says how it ended, and the exit codes. */
import process from 'node:process';
import { AppFailure } from '#shared/errors/app-error.ts';
import { configurationExitCode, inWords } from '../platform/exit.ts';

export interface Command {
  readonly name: 'backup' | 'restore';
  /** What the argument is called. */
  readonly argument: string;
  /** In one sentence. */
  readonly does: string;
  /** Answers the line that says how it ended. */
  work(argument: string, dataDir: string): Promise<string>;
}

const usageOf = ({ name, argument, does }: Command): string =>
  `DATA_DIR=FOLDER npm run ${name} -- ${argument}\n\n${does}`;

const invalid = (path: string, problem: string): AppFailure =>
  new AppFailure('config.invalid', { source: 'command', path, problem });

/** The argument and the folder; null where help is asked for. Throws `config.invalid`: what begins with a dash names no folder. */
export const readCommand = (
  { argument }: Pick<Command, 'argument'>,
  args: readonly string[],
  dataDir: string,
): { readonly given: string; readonly dataDir: string } | null => {
  if (args.some((one) => one === '--help' || one === '-h')) return null;
  const option = args.find((one) => one.startsWith('-'));
  if (option !== undefined) throw invalid(option, 'is no option of it');
  const [given, ...others] = args;
  if (given === undefined || given === '' || others.length > 0)
    throw invalid(argument, 'is the one argument that is needed');
  if (dataDir === '') {
    throw invalid(
      'DATA_DIR',
      "is missing; a server that DATABASE_URL names is backed up by that server's own means",
    );
  }
  return { given, dataDir };
};

/** Does the command's work and ends the process: 0 done, 1 failed, 78 something has to be mended. */
export const runCommand = async (command: Command): Promise<never> => {
  try {
    const read = readCommand(command, process.argv.slice(2), process.env['DATA_DIR'] ?? '');
    console.log(read === null ? usageOf(command) : await command.work(read.given, read.dataDir));
    process.exit(0);
  } catch (failure) {
    console.error(failure instanceof AppFailure ? inWords(failure) : String(failure));
    process.exit(failure instanceof AppFailure ? configurationExitCode : 1);
  }
};
