#!/bin/sh
# @point-of-sale/barcode-parser 1.0.4: of a GS1 Digital Link on a maker's own address that has a path, neither the product nor the serial number is
# told.
#
# A Digital Link may have a path of the owner's before its first key (GS1 Digital Link: URI Syntax, customURIStem); the library's own check,
# by which it takes a scan for a link, knows that. Reading it pairs the parts of the path from the first one on, so that one part more before the
# key makes pairs of values and keys. They are put on the console as syntax errors; what the query has is told as if it were all. A path of two
# parts before the key is read.
#
# Expected: 01 and 21, each time.
# Seen:     with one part before it, or three, the expiry date alone, or nothing.
# Output:   /01/09506000134376/21/51a: 01=09506000134376 21=51a
#           /id/01/09506000134376/21/51a: nothing
#           /id/01/09506000134376/21/51a?17=260331: 17=260331
#           /shop/id/01/09506000134376/21/51a: 01=09506000134376 21=51a
#           /a/shop/id/01/09506000134376/21/51a: nothing
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts @point-of-sale/barcode-parser@1.0.4 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.mjs <<'JS'
import { GS1 } from '@point-of-sale/barcode-parser';

const say = console.log;
console.log = () => undefined;
const key = '/01/09506000134376/21/51a';
const said = [key, `/id${key}`, `/id${key}?17=260331`, `/shop/id${key}`, `/a/shop/id${key}`]
  .map((path) => {
    const link = `https://locks.example${path}`;
    if (!GS1.DigitalLink.is(link)) process.exit(1);
    const elements = GS1.parse({ value: link, symbology: 'qr-code' })?.elements ?? [];
    return `${path}: ${elements.map(({ ai, value }) => `${ai}=${value}`).join(' ') || 'nothing'}`;
  })
  .join('\n');
say(said);
const seen = `/01/09506000134376/21/51a: 01=09506000134376 21=51a
/id/01/09506000134376/21/51a: nothing
/id/01/09506000134376/21/51a?17=260331: 17=260331
/shop/id/01/09506000134376/21/51a: 01=09506000134376 21=51a
/a/shop/id/01/09506000134376/21/51a: nothing`;
process.exit(said === seen ? 0 : 1);
JS
timeout 20 node run.mjs
