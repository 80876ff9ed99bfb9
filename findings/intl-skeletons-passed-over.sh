#!/bin/sh
# intl-messageformat 12.1.5: of ICU's number skeletons it takes some without a word and does nothing by them.
#
# What it can't do it refuses for some (integer-width/+000), so a message that is formatted seems to be understood. These are taken and
# passed over, as are patterns of the older form; what is shown is the number as it is shown by itself.
#
# Expected: as ICU 72.1 (Debian 12) has it, or refused.
# Seen:     the number with no more than three digits behind the point.
# Output:   ::precision-increment/0.05 of 8.12: ICU 8.10, 8.12
#           ::precision-unlimited of 8.123456: ICU 8.123456, 8.123
#           ::permille of 8: ICU 8‰, 8
#           ::group-min2 of 1234: ICU 1234, 1,234
#           ::.00+ of 8.5: ICU 8.50, 8.5
#           #,##0.00 of 8.5: ICU 8.50, 8.5
#           ::integer-width/+000 of 8: ICU 008, refused (We currently do not support exact integer digits)
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
python=/usr/bin/python3
$python -c 'import icu' 2> /dev/null || apt-get install -y -qq --no-install-recommends python3-icu > /dev/null 2>&1 || exit 2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts intl-messageformat@12.1.5 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > messages.json <<'JSON'
[["::precision-increment/0.05", 8.12], ["::precision-unlimited", 8.123456], ["::permille", 8], ["::group-min2", 1234], ["::.00+", 8.5],
 ["#,##0.00", 8.5], ["::integer-width/+000", 8]]
JSON
cat > run.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { IntlMessageFormat } from 'intl-messageformat';

const tell = ([skeleton, n]) => {
  try {
    return new IntlMessageFormat(`{n, number, ${skeleton}}`, 'en').format({ n });
  } catch (thrown) {
    return `refused (${thrown.message})`;
  }
};
console.log(JSON.parse(readFileSync('messages.json', 'utf8')).map(tell).join('\n'));
JS
cat > run.py <<'PY'
import icu, json

for skeleton, n in json.load(open("messages.json")):
    message = icu.MessageFormat("{n, number, %s}" % skeleton, icu.Locale("en"))
    print("%s of %s: ICU %s," % (skeleton, n, message.format(["n"], [icu.Formattable(n)]).strip()))
PY
PYTHONIOENCODING=utf-8 timeout 20 $python run.py > icu.txt
timeout 20 node run.mjs > node.txt
said=$(paste -d ' ' icu.txt node.txt)
echo "$said"
[ "$said" = '::precision-increment/0.05 of 8.12: ICU 8.10, 8.12
::precision-unlimited of 8.123456: ICU 8.123456, 8.123
::permille of 8: ICU 8‰, 8
::group-min2 of 1234: ICU 1234, 1,234
::.00+ of 8.5: ICU 8.50, 8.5
#,##0.00 of 8.5: ICU 8.50, 8.5
::integer-width/+000 of 8: ICU 008, refused (We currently do not support exact integer digits)' ]
