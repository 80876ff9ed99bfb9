/** What the command line asks of the program. */

type Asked =
  | { readonly what: 'kiosk' | 'check' | 'help' | 'version' }
  | { readonly what: 'support'; readonly file: string }
  | { readonly what: 'nothing known'; readonly problem: string };

export const usage = `latchpoint                 the kiosk
latchpoint check           looks at this machine, and ends with 0 where a kiosk can run on it
latchpoint support FILE    writes what whoever helps you asks for first into a new file
latchpoint --version       the version of the kiosk
latchpoint --help          this`;

const commands = ['check', 'support'];

/**
 * What begins with a dash is the engine's, but for two. A developer's Electron is told where the program lies, and more by whoever drives it:
 * there, what comes before a command is none of the kiosk's.
 */
export const askedFor = (argv: readonly string[], isPackaged: boolean): Asked => {
  const given = argv.slice(1);
  if (given.includes('--help') || given.includes('-h')) return { what: 'help' };
  if (given.includes('--version')) return { what: 'version' };
  const all = given.filter((word) => !word.startsWith('-'));
  const begin = isPackaged ? 0 : all.findIndex((word) => commands.includes(word));
  const [command, file, ...more] = begin < 0 ? [] : all.slice(begin);
  if (command === undefined) return { what: 'kiosk' };
  if (command === 'check' && file === undefined) return { what: 'check' };
  if (command === 'support' && file !== undefined && more.length === 0) return { what: 'support', file };
  const problem =
    command === 'support' && file === undefined
      ? 'Name the file that it is to be written to.'
      : `There is no command "${all.slice(begin).join(' ')}".`;
  return { what: 'nothing known', problem };
};
