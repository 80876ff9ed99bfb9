/**
 * `npm run prove -- --with PART`: tells whoever has the part what to do, asks what was seen, and writes it into docs/proven.md. Where
 * nobody can be asked (no terminal) it tells only, and records nothing.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { arch, release, type as systemName } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { proofParts, partNames, type ProofPart, type PartName, type Proof } from '../proofs/proofs.ts';
import { provenDocument, readSeen, type SeenProof } from '../proofs/record.ts';
import { readCommandLine } from './command-line.ts';
import { projectRoot } from './tasks.ts';

const document = join(projectRoot, 'docs/proven.md');
const isPart = (name: string | undefined): name is PartName => partNames.some((known) => known === name);

const readPart = (args: string[]): ProofPart => {
  const { with: name } = parseArgs({ args, options: { with: { type: 'string' } }, strict: true }).values;
  if (isPart(name)) return proofParts[name];
  throw new Error(name === undefined ? 'With what?' : `There is no part "${name}".`);
};

const tell = ({ id, steps, expected }: Proof): void =>
  console.log(
    `\n${id}\n${steps.map((step, at) => `  ${at + 1}. ${step}`).join('\n')}\n  Has to be seen: ${expected}`,
  );

const commit = (): string => {
  const git = (...args: string[]): string =>
    spawnSync('git', args, { cwd: projectRoot, encoding: 'utf8' }).stdout.trim();
  return `${git('rev-parse', '--short=8', 'HEAD')}${git('status', '--porcelain') === '' ? '' : ' with changes'}`;
};

type Outcome = Pick<SeenProof, 'held' | 'words'>;

/** Runs what runs by itself: 0 has held, 1 has not; what was skipped or could not be run was not seen. */
const runCommand = ([program = '', ...args]: readonly string[]): Outcome | null => {
  const { status, stdout } = spawnSync(program, args, {
    cwd: projectRoot,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  console.log(stdout);
  if (/^skipped/m.test(stdout) || (status !== 0 && status !== 1)) return null;
  return { held: status === 0, words: `ended with ${status}` };
};

const askOutcome = async (terminal: Interface): Promise<Outcome | null> => {
  for (;;) {
    const answer = (await terminal.question('  Did it hold? yes, no, or Enter to leave it out: ')).trim();
    if (answer === '') return null;
    if (answer !== 'yes' && answer !== 'no') continue;
    const words = (
      await terminal.question('  What was seen, in a sentence, without anybody’s name: ')
    ).trim();
    if (words !== '') return { held: answer === 'yes', words };
  }
};

const record = async (part: ProofPart, terminal: Interface): Promise<void> => {
  const model = (await terminal.question(`\nOn what: ${part.model}: `)).trim();
  const on = `${model === '' ? 'not said' : model}; ${systemName()} ${release()} ${arch()}`;
  const about = { on, commit: commit(), day: new Date().toISOString().slice(0, 10) };
  for (const proof of part.proofs) {
    tell(proof);
    const outcome = proof.command ? runCommand(proof.command) : await askOutcome(terminal);
    if (outcome === null) continue;
    // Written at once: whoever stops half-way has lost nothing.
    const seen = new Map(readSeen(readFileSync(document, 'utf8')));
    writeFileSync(document, provenDocument(seen.set(proof.id, { id: proof.id, ...outcome, ...about })));
  }
  console.log('\nWritten into docs/proven.md.');
};

const part = readCommandLine('prove', readPart);
console.log(`${part.title}. Needed: ${part.needs}.`);
if (process.stdin.isTTY) {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  await record(part, terminal).finally(() => terminal.close());
} else {
  for (const proof of part.proofs) tell(proof);
  console.log('\nNobody can be asked here: nothing was recorded. Run it in a terminal.');
}
