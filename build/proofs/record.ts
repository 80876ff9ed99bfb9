/** docs/proven.md: one row for each proof, with what was seen last, or that nobody has seen it yet. */
import { proofParts, partNames, type ProofPart, type PartName } from './proofs.ts';

export interface SeenProof {
  readonly id: string;
  readonly held: boolean;
  /** What was seen, in a sentence. */
  readonly words: string;
  /** On what: the model, and the system with its version. */
  readonly on: string;
  /** Of the project. */
  readonly commit: string;
  /** As YYYY-MM-DD. */
  readonly day: string;
}

const notYet = '–';

/** A cell of a table: one line, and no mark that would end it. */
const asCell = (text: string): string => text.replace(/\s+/g, ' ').replaceAll('|', '/').trim();

/** What the table says of each proof. Rows of proofs that there are no more are left out. */
export const readSeen = (document: string): ReadonlyMap<string, SeenProof> => {
  const seen = new Map<string, SeenProof>();
  for (const line of document.split('\n')) {
    const [, id = '', , held = '', words = '', on = '', commit = '', day = ''] = line
      .split('|')
      .map((cell) => cell.trim().replaceAll('`', ''));
    if (held === 'yes' || held === 'no') seen.set(id, { id, held: held === 'yes', words, on, commit, day });
  }
  return seen;
};

const rowOf = (id: string, expected: string, seen: SeenProof | undefined): readonly string[] =>
  seen === undefined
    ? [`\`${id}\``, asCell(expected), 'not yet', notYet, notYet, notYet, notYet]
    : [
        `\`${id}\``,
        asCell(expected),
        seen.held ? 'yes' : 'no',
        ...[seen.words, seen.on, `\`${seen.commit}\``, seen.day].map(asCell),
      ];

const columns = ['proof', 'has to be seen', 'held', 'seen', 'on', 'commit', 'day'] as const;

const tableOf = (rows: readonly (readonly string[])[]): string => {
  const all = [columns, ...rows];
  const widths = columns.map((_, at) => Math.max(3, ...all.map((row) => row[at]?.length ?? 0)));
  const lineOf = (row: readonly string[]): string =>
    `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  return [
    lineOf(columns),
    `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`,
    ...rows.map(lineOf),
  ].join('\n');
};

const sectionOf = (part: ProofPart, seen: ReadonlyMap<string, SeenProof>): string =>
  `## ${part.title}\n\nNeeded: ${part.needs}.\n\n` +
  tableOf(part.proofs.map(({ id, expected }) => rowOf(id, expected, seen.get(id))));

/** The whole document with what is in `seen`. */
export const provenDocument = (seen: ReadonlyMap<string, SeenProof>): string =>
  `# What was seen on the real thing

Where this project is built there is no Electron, no dongle, no lock, no Windows and no Mac. What can be proven without them is; what
cannot stands here, and \`npm run prove -- --with ${partNames.join('|')}\` tells whoever has the part what to do, and writes down what
they saw. "Not yet" means that nobody has.

${partNames.map((name: PartName) => sectionOf(proofParts[name], seen)).join('\n\n')}
`;
