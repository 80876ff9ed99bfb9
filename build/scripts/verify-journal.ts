/**
 * `npm run verify-journal -- FILE [--fingerprint HEX]`: checks a signed journal by itself. Ends with 0 where all of it is as it was handed
 * out, 1 where something is broken or signed by another key, 2 where the file cannot be read as one.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { verifyJournal } from '../verify-journal/verify.ts';
import { verdictLines } from '../verify-journal/words.ts';

const usage = 'npm run verify-journal -- FILE [--fingerprint HEX]';

const readArguments = () => {
  try {
    const { values, positionals } = parseArgs({
      options: { fingerprint: { type: 'string' } },
      allowPositionals: true,
    });
    const [file] = positionals;
    return positionals.length === 1 && file !== undefined ? { file, ...values } : null;
  } catch {
    return null;
  }
};

const readText = (file: string): string | null => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
};

const given = readArguments();
const text = given ? readText(given.file) : null;
if (!given || text === null) {
  console.error(given ? `${given.file} cannot be read` : usage);
  process.exitCode = 2;
} else {
  const verdict = verifyJournal(text, given.fingerprint);
  for (const line of verdictLines(verdict, given.fingerprint !== undefined)) console.log(line);
  process.exitCode = verdict.kind === 'unreadable' ? 2 : verdict.faults.length === 0 ? 0 : 1;
}
