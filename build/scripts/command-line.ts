/** The arguments of an npm command, read before anything is done. */
import { answerTo, inUsage, usageExitCode, type CommandName } from '../commands.mjs';

/** What is wrong, without what `parseArgs` adds about arguments that begin with a dash. */
const problemOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('. To specify')[0] ?? '';

/** What `read` makes of them; what it throws ends the process with the problem and what the command takes. */
export const readCommandLine = <T>(name: CommandName, read: (given: string[]) => T): T => {
  const given = process.argv.slice(2);
  const answer = answerTo(name, given);
  if (answer !== null) {
    (answer.exitCode === 0 ? console.log : console.error)(answer.text);
    return process.exit(answer.exitCode);
  }
  try {
    return read(given);
  } catch (error) {
    console.error(inUsage(name, problemOf(error)));
    return process.exit(usageExitCode);
  }
};
