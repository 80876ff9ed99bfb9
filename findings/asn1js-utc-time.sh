#!/bin/sh
# asn1js 4.0.0: a UTCTime without seconds, or with an offset, is the end of November 1899.
#
# BER has UTCTime with and without seconds, each with Z or an offset (X.680, 47.3); certificates of DER have one of the four forms,
# what others have signed has any. asn1js says of the three others that the string is wrong, in a field of the result that a
# successful reading leaves empty, but goes on, and its toDate() gives a time all the same.
#
# Expected: 2026-06-15 12:00, 12:00 and 11:00 UTC; or a reading that fails, as one of a length that is missing does (offset -1).
# Seen:     it ends as a success, and the time is 1899-11-30.
# Output:   260615120000Z: read, 2026-06-15T12:00:00.000Z
#           2606151200Z: read, 1899-11-30T00:00:00.000Z
#           260615120000+0100: read, 1899-11-30T00:00:00.000Z
#
# Exits 0 while it is so, 1 once asn1js behaves otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts asn1js@4.0.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.mjs <<'JS'
import { fromBER } from 'asn1js';

const said = ['260615120000Z', '2606151200Z', '260615120000+0100'].map((text) => {
  const { offset, result } = fromBER(Buffer.from(`\x17${String.fromCharCode(text.length)}${text}`, 'latin1'));
  return `${text}: ${offset === -1 ? 'not read' : `read, ${result.toDate().toISOString()}`}`;
});
console.log(said.join('\n'));
const expected = [
  '260615120000Z: read, 2026-06-15T12:00:00.000Z',
  '2606151200Z: read, 1899-11-30T00:00:00.000Z',
  '260615120000+0100: read, 1899-11-30T00:00:00.000Z',
];
process.exit(said.join('\n') === expected.join('\n') ? 0 : 1);
JS
TZ=UTC timeout 20 node run.mjs
