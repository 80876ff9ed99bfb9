/** Reads options that are all whole numbers; anything else ends the process with how to use it. */
import { parseArgs } from 'node:util';
import type { CommandName } from '../commands.mjs';
import { readCommandLine } from './command-line.ts';

export const readCounts = <const K extends string>(
  command: CommandName,
  defaults: Readonly<Record<K, number>>,
): Record<K, number> =>
  readCommandLine(command, (args) => {
    const names = Object.keys(defaults);
    const { values } = parseArgs({
      args,
      options: Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
      strict: true,
    });
    const counts = { ...defaults };
    for (const [name, text] of Object.entries(values)) {
      if (typeof text !== 'string' || !/^[1-9][0-9]{0,8}$/.test(text))
        throw new Error(`--${name} takes a whole number above 0`);
      Object.assign(counts, { [name]: Number(text) });
    }
    return counts;
  });
