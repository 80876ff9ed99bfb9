#!/bin/sh
# hucre 1.0.0: a cell that is a date by its type comes as text; only a number that is shown as a date comes as a Date.
#
# A workbook has a date either as a number with a style or, in the strict form and where a writer is told so, as ISO 8601 in a cell of
# type d (ISO/IEC 29500-1, 18.18.11). openpyxl writes one or the other, by one switch, and reads both as dates. Of the second hucre
# tells the text, and its type "string" is what it tells of a text that somebody typed.
#
# Expected: the same Date, for both.
# Seen:     a Date, and a text.
# Output:   number: date 2026-03-29T00:00:00.000Z; type d: string 2026-03-29
#
# Exits 0 while it is so, 1 once hucre behaves otherwise, 2 when it could not be run.
set -eu
python=/usr/bin/python3
$python -c 'import openpyxl' 2> /dev/null || apt-get install -y -qq --no-install-recommends python3-openpyxl > /dev/null 2>&1 || exit 2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts hucre@1.0.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > write.py <<'PY'
import datetime, openpyxl

for name, iso in (("number", False), ("iso", True)):
    book = openpyxl.Workbook()
    book.iso_dates = iso
    book.active["A1"] = datetime.date(2026, 3, 29)
    book.save(name + ".xlsx")
PY
$python write.py
cat > run.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { readXlsx } from 'hucre/xlsx';

const first = async (file) => {
  const { sheets } = await readXlsx(readFileSync(file), { readStyles: true });
  const value = sheets[0].rows[0][0];
  return `${sheets[0].cells.get('0,0').type} ${value instanceof Date ? value.toISOString() : value}`;
};
const said = `number: ${await first('number.xlsx')}; type d: ${await first('iso.xlsx')}`;
console.log(said);
process.exit(said === 'number: date 2026-03-29T00:00:00.000Z; type d: string 2026-03-29' ? 0 : 1);
JS
timeout 20 node run.mjs
