#!/bin/sh
# asn1js 4.0.0: a GeneralizedTime with an offset, or of local time, is read as another day, and the offset the wrong way.
#
# BER has three forms of it (X.680, 46.3): local time, with Z, and with an offset; "20260615120000+0100" is noon where clocks are an
# hour ahead of UTC. asn1js takes all three without an error, and its toDate() is right for Z alone. The program runs in UTC here, so
# that local time is UTC, too.
#
# Expected: 15 June, 11:00 UTC, 17:00 UTC, and 12:00.
# Seen:     3 June; an hour is added for +0100 and five taken off for -0500.
# Output:   20260615120000Z: 2026-06-15T12:00:00.000Z
#           20260615120000+0100: 2026-06-03T13:00:00.000Z
#           20260615120000-0500: 2026-06-03T07:00:00.000Z
#           20260615120000: 2026-06-03T12:00:00.000Z
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

const said = ['20260615120000Z', '20260615120000+0100', '20260615120000-0500', '20260615120000'].map((text) => {
  const { offset, result } = fromBER(Buffer.from(`\x18${String.fromCharCode(text.length)}${text}`, 'latin1'));
  return `${text}: ${offset === -1 ? 'refused' : result.toDate().toISOString()}`;
});
console.log(said.join('\n'));
const expected = [
  '20260615120000Z: 2026-06-15T12:00:00.000Z',
  '20260615120000+0100: 2026-06-03T13:00:00.000Z',
  '20260615120000-0500: 2026-06-03T07:00:00.000Z',
  '20260615120000: 2026-06-03T12:00:00.000Z',
];
process.exit(said.join('\n') === expected.join('\n') ? 0 : 1);
JS
TZ=UTC timeout 20 node run.mjs
