#!/bin/sh
# intl-messageformat 12.1.5: a skeleton with percent is multiplied by 100, and one that says to do so twice.
#
# In ICU's number skeletons percent adds the sign alone; who has a share writes `percent scale/100`, or `%x100`. intl-messageformat takes
# the same skeletons (it names ICU's documentation for them) and hands percent to Intl, which multiplies. A message that another ICU
# has shown right, or a translation tool's preview, is a hundred times too much here.
#
# Expected: as ICU 72.1 (Debian 12) has it.
# Seen:     a hundred times as much, each time.
# Output:   ::percent of 26: ICU 26%, 2,600%
#           ::percent scale/100 of 0.26: ICU 26%, 2,600%
#           ::%x100 of 0.26: ICU 26%, 2,600%
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
[["::percent", 26], ["::percent scale/100", 0.26], ["::%x100", 0.26]]
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
[ "$said" = '::percent of 26: ICU 26%, 2,600%
::percent scale/100 of 0.26: ICU 26%, 2,600%
::%x100 of 0.26: ICU 26%, 2,600%' ]
