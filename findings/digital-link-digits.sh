#!/bin/sh
# digital-link.js 1.4.3: a serial number of digits that begins with 0, or has more than fifteen of them, is another one once the link was compressed.
#
# A GS1 Digital Link is compressed for a smaller code (GS1 Digital Link, compression): how long a value is stands before it, so that digits are a number
# that is filled up with zeros again. digital-link.js writes the length and does not fill up, and the number is a JavaScript number: 0007 comes
# back as 7, and beyond 2^53 as the nearest one that there is. A letter anywhere in the value, and all is well; so it is in most tests.
#
# Expected: the link that was given.
# Seen:     7, and other digits at the end. Nothing is said, and isValid() is true for each.
# Output:   /21/51a00000105: same
#           /21/0007: /21/7
#           /21/9007199254740993: /21/9007199254740992
#           /21/12345678901234567890: /21/12345678901234567000
#           /10/0012/21/1: /10/12/21/1
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts digital-link.js@1.4.3 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.cjs <<'JS'
const { DigitalLink, Utils } = require('digital-link.js');

const product = 'https://id.example.com/01/09506000134376';
const values = ['/21/51a00000105', '/21/0007', '/21/9007199254740993', '/21/12345678901234567890', '/10/0012/21/1'];
const said = values.map((value) => {
  const again = Utils.decompressWebUri(Utils.compressWebUri(product + value));
  if (!DigitalLink(product + value).isValid() || !DigitalLink(again).isValid()) process.exit(1);
  return `${value}: ${again === product + value ? 'same' : again.slice(product.length)}`;
}).join('\n');
console.log(said);
const seen = `/21/51a00000105: same
/21/0007: /21/7
/21/9007199254740993: /21/9007199254740992
/21/12345678901234567890: /21/12345678901234567000
/10/0012/21/1: /10/12/21/1`;
process.exit(said === seen ? 0 : 1);
JS
timeout 20 node run.cjs
