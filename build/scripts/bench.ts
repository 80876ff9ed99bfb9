/** `npm run bench [-- NAME …] [--json FILE] [--kiosks N] [--within SECONDS]`: every figure in one table, each against its goal and its baseline. */
import { appendFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { defaultSizes, toRow, type Row, type Sizes } from '../../test/bench/bench.ts';
import { benches } from '../../test/bench/benches.ts';
import { readCommandLine } from './command-line.ts';

/** Of the machine's memory and file handles no more is asked than a chain's worth. */
const mostKiosks = 100_000;
const readSize = (name: string, text: string, most: number): number => {
  const size = Number(text);
  if (!(size > 0 && size <= most)) throw new Error(`--${name} is more than 0 and no more than ${most}`);
  return size;
};

const { names, json, sizes } = readCommandLine('bench', (args) => {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      json: { type: 'string' },
      kiosks: { type: 'string', default: String(defaultSizes.kiosks) },
      within: { type: 'string', default: String(defaultSizes.withinMs / 1000) },
    },
    strict: true,
  });
  const known: readonly string[] = benches.map(({ name }) => name);
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new Error(`No such benchmark: ${unknown.join(', ')}. There are ${known.join(', ')}`);
  // Found out now, not after half an hour of measuring.
  if (values.json !== undefined) appendFileSync(values.json, '');
  const asked: Sizes = {
    kiosks: Math.ceil(readSize('kiosks', values.kiosks, mostKiosks)),
    withinMs: Math.round(readSize('within', values.within, 3_600) * 1000),
  };
  return { names: positionals, json: values.json, sizes: asked };
});
const rows: Row[] = [];
let broken = false;
for (const bench of benches) {
  if (names.length > 0 && !names.includes(bench.name)) continue;
  console.log(`${bench.name}: ${bench.work}`);
  try {
    for (const measured of await bench.run(sizes)) {
      const row = toRow(bench.name, measured);
      rows.push(row);
      console.log(
        `  ${row.met ? 'met   ' : 'MISSED'} ${row.name} ${row.figure} ${row.unit} (goal ${row.goal}; ${row.baseline})`,
      );
    }
  } catch (error) {
    broken = true;
    console.error(
      `  could not be measured: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  }
}
console.table(rows.map(({ name, figure, unit, goal, met }) => ({ name, figure, unit, goal, met })));
if (json !== undefined) writeFileSync(json, `${JSON.stringify(rows, null, 2)}\n`);
// A goal that is missed is a finding, not a failure; a benchmark that could not run is one.
process.exit(broken ? 1 : 0);
