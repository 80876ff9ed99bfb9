#!/bin/sh
# hucre 1.0.0 and XlsxWriter 3.0.2 (Debian 12): a list of choices with a quotation mark in one of them is a formula that no spreadsheet reads, and
# one with a comma is more choices than were given.
#
# The choices of a cell (data validation) are a formula, a text of choices with commas between; a quotation mark in a text is written twice
# (ISO/IEC 29500-1, 18.17.2), and a comma in a choice can't be. Shelves of 7" and names like "Berlin, Mitte" are such choices. Both libraries write what
# they are given. hucre reads the first one of its own back as it was, so a test of both ways is green; Gnumeric 1.12.55 says that the quote is
# not closed. Of choices that are too long together XlsxWriter warns.
#
# Expected: "7"" shelf,b", and for the comma an error.
# Seen:     "7" shelf,b", and three choices of two.
# Output:   hucre: 7" shelf, b is "7" shelf,b", Gnumeric: no formula; Berlin, Mitte and Köln are "Berlin, Mitte,Köln", read as 3
#           XlsxWriter: 7" shelf, b is "7" shelf,b", Gnumeric: no formula; Berlin, Mitte and Köln are "Berlin, Mitte,Köln", read as 3
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
python=/usr/bin/python3
$python -c 'import xlsxwriter' 2> /dev/null && command -v ssconvert > /dev/null && command -v unzip > /dev/null ||
  apt-get install -y -qq --no-install-recommends python3-xlsxwriter gnumeric unzip > /dev/null 2>&1 || exit 2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts hucre@1.0.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > write.mjs <<'JS'
import { writeFileSync } from 'node:fs';
import { writeXlsx } from 'hucre/xlsx';

for (const [name, values] of [['quote', ['7" shelf', 'b']], ['comma', ['Berlin, Mitte', 'Köln']]])
  writeFileSync(`hucre-${name}.xlsx`, await writeXlsx({ sheets: [{ name: 'Locks', rows: [['b']], dataValidations: [{ type: 'list', values, showErrorMessage: true, range: 'A1' }] }] }));
JS
timeout 20 node write.mjs
cat > write.py <<'PY'
import xlsxwriter

for name, values in (("quote", ['7" shelf', "b"]), ("comma", ["Berlin, Mitte", "Köln"])):
    with xlsxwriter.Workbook("XlsxWriter-" + name + ".xlsx") as book:
        book.add_worksheet("Locks").data_validation("A1", {"validate": "list", "source": values})
PY
$python write.py
cat > count.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { readXlsx } from 'hucre/xlsx';

const { sheets } = await readXlsx(readFileSync(process.argv[2]));
process.stdout.write(String(sheets[0].dataValidations[0].values.length));
JS
formula() { unzip -p "$1.xlsx" xl/worksheets/sheet1.xml | sed -n 's,.*<formula1>\(.*\)</formula1>.*,\1,p' | sed 's/&quot;/"/g'; }
gnumeric() {
  ssconvert "$1.xlsx" "$1.gnumeric" > /dev/null 2>&1 || exit 2
  zcat "$1.gnumeric" | grep -q '<gnm:Expression0>error(' && echo 'no formula' || echo 'a formula'
}
tell() {
  echo "$1: 7\" shelf, b is $(formula "$1-quote"), Gnumeric: $(gnumeric "$1-quote"); Berlin, Mitte and Köln are $(formula "$1-comma"), read as $(timeout 20 node count.mjs "$1-comma.xlsx")"
}
said=$(tell hucre; tell XlsxWriter)
echo "$said"
[ "$said" = 'hucre: 7" shelf, b is "7" shelf,b", Gnumeric: no formula; Berlin, Mitte and Köln are "Berlin, Mitte,Köln", read as 3
XlsxWriter: 7" shelf, b is "7" shelf,b", Gnumeric: no formula; Berlin, Mitte and Köln are "Berlin, Mitte,Köln", read as 3' ]
