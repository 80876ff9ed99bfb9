/**
 * `npm run verify-journal -- FILE [--fingerprint HEX]`: checks a signed journal by itself. Ends with 0 where all of it is as it was handed
 * out, 1 where something is broken or signed by another key, 2 where the file cannot be read as one.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { verifyJournal } from '../verify-journal/verify.ts';
import { verdictLines } from '../verify-journal/words.ts';
import { readCommandLine } from './command-line.ts';

const readArguments = (args: string[]) => {
  const { values, positionals } = parseArgs({
    args,
    options: { fingerprint: { type: 'string' } },
    allowPositionals: true,
  });
  const [file] = positionals;
  if (file === undefined) throw new Error('Which journal? Its file is missing.');
  if (positionals.length > 1) throw new Error(`One journal at a time: ${positionals.join(' ')}`);
  return { file, ...values };
};

const readText = (file: string): string | null => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
};

const given = readCommandLine('verify-journal', readArguments);
const text = readText(given.file);
if (text === null) {
  console.error(`${given.file} cannot be read`);
  process.exitCode = 2;
} else {
  const verdict = verifyJournal(text, given.fingerprint);
  for (const line of verdictLines(verdict, given.fingerprint !== undefined)) console.log(line);
  process.exitCode = verdict.kind === 'unreadable' ? 2 : verdict.faults.length === 0 ? 0 : 1;
}
