#!/bin/sh
# asn1js 4.0.0: an object identifier below 2.25 is told in braces, and written again from that it is another one.
#
# Who has no arc of their own takes 2.25 with a UUID (X.667), a number of up to 39 digits. asn1js writes it right. What it tells of it,
# right after and when read again, is hexadecimal in braces, which is not equal to what was given, so a table of known extensions
# does not find it; and given back to asn1js it becomes 2.25 without a word.
#
# Expected: the number that was given.
# Seen:     {…} instead of it, and 2.25.
# Output:   written 06146983f09da7ebcfdee0c7a1a7b2c0948cc8f9d776; told 2.25.{03701d276b4f5e604721273240140c48795776}; of that 2.25
#
# Exits 0 while it is so, 1 once asn1js behaves otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts asn1js@4.0.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.mjs <<'JS'
import { fromBER, ObjectIdentifier } from 'asn1js';

const written = new ObjectIdentifier({ value: '2.25.329800735698586629295641978511506172918' }).toBER();
const told = fromBER(written).result.getValue();
const again = fromBER(new ObjectIdentifier({ value: told }).toBER()).result.getValue();
const said = `written ${Buffer.from(written).toString('hex')}; told ${told}; of that ${again}`;
console.log(said);
const expected =
  'written 06146983f09da7ebcfdee0c7a1a7b2c0948cc8f9d776; told 2.25.{03701d276b4f5e604721273240140c48795776}; of that 2.25';
process.exit(said === expected ? 0 : 1);
JS
timeout 20 node run.mjs
