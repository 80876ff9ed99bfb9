#!/bin/sh
# hucre 1.0.0: some texts that it writes are others when it reads them, and some are no texts any more.
#
# _xHHHH_ stands for a character in a workbook, and a text that has such a thing in it is written with its first line escaped, as _x005F_
# (ISO/IEC 29500-1, 22.9.2.19). hucre understands both when it reads and escapes nothing when it writes. A text that is spelt like an
# error value is written as that error, also in a column of text: formulas that look at the cell fail with it.
#
# Expected: strings, as they were given.
# Seen:     A for _x0041_, and an error for #N/A.
# Output:   "Shelf _x0041_" is string "Shelf A"; "#N/A" is error "#N/A"; "#n/a" is string "#n/a"
#
# Exits 0 while it is so, 1 once hucre behaves otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts hucre@1.0.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.mjs <<'JS'
import { readXlsx, writeXlsx } from 'hucre/xlsx';

const again = async (text) => {
  const bytes = await writeXlsx({ sheets: [{ name: 'A', columns: [{ numFmt: '@' }], rows: [[text]] }] });
  const [sheet] = (await readXlsx(bytes, { readStyles: true })).sheets;
  return `${JSON.stringify(text)} is ${sheet.cells.get('0,0').type} ${JSON.stringify(sheet.rows[0][0])}`;
};
const said = [await again('Shelf _x0041_'), await again('#N/A'), await again('#n/a')].join('; ');
console.log(said);
const expected = '"Shelf _x0041_" is string "Shelf A"; "#N/A" is error "#N/A"; "#n/a" is string "#n/a"';
process.exit(said === expected ? 0 : 1);
JS
timeout 20 node run.mjs
