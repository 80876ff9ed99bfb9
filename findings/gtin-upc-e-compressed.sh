#!/bin/sh
# gtin 1.0.2 and @point-of-sale/barcode-parser 1.0.4: an article's number that has no UPC-E gets one, which is another article's.
#
# Where a maker's number does not end in zeros, only the articles 5 to 9 have a UPC-E: their digit is its last (ISO/IEC 15420). gtin does
# not ask which digit it is, and makes a UPC-E of articles 1 to 4, too, which stands for another maker's; the other library asks, but
# looks at the check digit in place of it, and so compresses some that it must not and leaves some that it could. Both spread their own result
# to other twelve digits than they were given.
#
# Expected: none for articles 1, 2 and 3; 01234558 and 01234572 for 5 and 7.
# Seen:     what is another number when it is spread, by gtin for 1, 2 and 3, by the other for 2; and none for 7.
# Output:   012345000010: gtin 01234510, back 012100003450; barcode-parser none
#           012345000027: gtin 01234527, back 012200003457; barcode-parser 01234527, back 012200003457
#           012345000034: gtin 01234534, back 012300000454; barcode-parser none
#           012345000058: gtin 01234558, back 012345000058; barcode-parser 01234558, back 012345000058
#           012345000072: gtin 01234572, back 012345000072; barcode-parser none
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts gtin@1.0.2 @point-of-sale/barcode-parser@1.0.4 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.mjs <<'JS'
import { Symbologies } from '@point-of-sale/barcode-parser';
import gtin from 'gtin';

const told = (upcE, spread) => (upcE === null || upcE.length !== 8 ? 'none' : `${upcE}, back ${spread(upcE)}`);
const said = [];
for (const article of [1, 2, 3, 5, 7]) {
  const digits = `0123450000${article}`;
  const sum = Array.from(digits, Number).reduce((all, digit, at) => all + digit * (at % 2 === 0 ? 3 : 1), 0);
  const upcA = `${digits}${(10 - (sum % 10)) % 10}`;
  if (!gtin.isValid(upcA)) process.exit(1);
  said.push(
    `${upcA}: gtin ${told(gtin.upcE.compress(upcA), gtin.upcE.expand)}; barcode-parser ${told(Symbologies.UPCA.compress(upcA), Symbologies.UPCE.expand)}`,
  );
}
console.log(said.join('\n'));
const seen = `012345000010: gtin 01234510, back 012100003450; barcode-parser none
012345000027: gtin 01234527, back 012200003457; barcode-parser 01234527, back 012200003457
012345000034: gtin 01234534, back 012300000454; barcode-parser none
012345000058: gtin 01234558, back 012345000058; barcode-parser 01234558, back 012345000058
012345000072: gtin 01234572, back 012345000072; barcode-parser none`;
process.exit(said.join('\n') === seen ? 0 : 1);
JS
timeout 20 node run.mjs
