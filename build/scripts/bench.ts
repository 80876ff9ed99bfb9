/** `npm run bench [-- NAME …] [--json FILE]`: every figure in one table, each against its goal and its baseline. */
import { appendFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { toRow, type Row } from '../../test/bench/bench.ts';
import { benches } from '../../test/bench/benches.ts';

const readArguments = (): { names: readonly string[]; json: string | undefined } => {
  try {
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: { json: { type: 'string' } },
      strict: true,
    });
    const unknown = positionals.filter((name) => !benches.some((bench) => bench.name === name));
    if (unknown.length > 0) throw new Error(`No such benchmark: ${unknown.join(', ')}`);
    // Found out now, not after half an hour of measuring.
    if (values.json !== undefined) appendFileSync(values.json, '');
    return { names: positionals, json: values.json };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    console.error(
      `\nnpm run bench [-- NAME …] [--json FILE]\nNames: ${benches.map(({ name }) => name).join(', ')}`,
    );
    process.exit(2);
  }
};

const { names, json } = readArguments();
const rows: Row[] = [];
let broken = false;
for (const bench of benches) {
  if (names.length > 0 && !names.includes(bench.name)) continue;
  console.log(`${bench.name}: ${bench.work}`);
  try {
    for (const measured of await bench.run()) {
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
