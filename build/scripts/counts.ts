/** Reads options that are all whole numbers; anything else ends the process with how to use it. */
import { parseArgs } from 'node:util';

export const readCounts = <const K extends string>(
  command: string,
  defaults: Readonly<Record<K, number>>,
): Record<K, number> => {
  const names = Object.keys(defaults);
  try {
    const { values } = parseArgs({
      options: Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
      strict: true,
    });
    const counts = { ...defaults };
    for (const [name, text] of Object.entries(values)) {
      if (typeof text !== 'string' || !/^[1-9][0-9]{0,8}$/.test(text)) {
        throw new Error(`--${name} takes a whole number above 0`);
      }
      Object.assign(counts, { [name]: Number(text) });
    }
    return counts;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    console.error(`\n${command} -- ${names.map((name) => `[--${name} N]`).join(' ')}`);
    return process.exit(2);
  }
};
