#!/bin/sh
# Gnumeric 1.12.55 (Debian 12): a cell that is a date by its type is read as its year, a number: 2026-03-29 is 18 July 1905.
#
# openpyxl writes dates as ISO 8601 in cells of type d when told so (iso_dates), as ISO/IEC 29500-1, 18.18.11 has it. Gnumeric says that
# it does not know the type, reads the number that the text begins with, and shows it in the cell's style: a date that looks as good as
# any. ssconvert ends with 0.
#
# Expected: 2026/03/29, and 12:30:00; or a failure.
# Seen:     day 2026 since 1900, and noon is day 12.
# Output:   exit 0; 1905/07/18,"1900/01/12 00:00:00"
#
# Exits 0 while it is so, 1 once Gnumeric behaves otherwise, 2 when it could not be run.
set -eu
python=/usr/bin/python3
$python -c 'import openpyxl' 2> /dev/null || apt-get install -y -qq --no-install-recommends python3-openpyxl > /dev/null 2>&1 || exit 2
command -v ssconvert > /dev/null || apt-get install -y -qq --no-install-recommends gnumeric > /dev/null 2>&1 || exit 2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat > write.py <<'PY'
import datetime, openpyxl

book = openpyxl.Workbook()
book.iso_dates = True
book.active["A1"] = datetime.date(2026, 3, 29)
book.active["B1"] = datetime.time(12, 30)
book.save("iso.xlsx")
PY
$python write.py
code=0
timeout 60 ssconvert iso.xlsx out.csv > /dev/null 2>&1 || code=$?
said="exit $code; $(cat out.csv)"
echo "$said"
[ "$said" = 'exit 0; 1905/07/18,"1900/01/12 00:00:00"' ]
