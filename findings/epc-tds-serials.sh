#!/bin/sh
# epc-tds 1.4.1: a serial number with a full stop is cut at it, and one with a sign that a URI escapes is another one, both without an error.
#
# A serial number of GS1 (AI 21) may have 82 characters, "/", "%" and "." among them. In a URI of an RFID tag some are three characters, as %2F,
# and in the tag one of seven bits (GS1 Tag Data Standard, 1.13: 5, A and 14.3.2); its own example for SGTIN-198 is serial number 32a/b. The library
# puts the three into the tag, splits at each full stop and takes the first part, also for assets (GIAI) and places (SGLN). Read again by the
# library the escaped one looks right; any other reader, or the label beside the tag, says 32a/b.
#
# Expected: 3674257BF6B7A659B2C2BF10…, which the standard has for 32a%2Fb; the serial number 7.A.
# Seen:     the serial numbers 32a%2Fb, of seven characters, and 7.
# Output:   sgtin-198:3.0614141.712345.32a%2Fb: 3674257BF6B7A659B2C295946C40, characters 32a%2Fb
#           setSerial 32a/b: 3674257BF6B7A659B2C2BF100000, characters 32a/b, as a URI 32a/b
#           sgtin-198:3.0614141.712345.7.A: 3674257BF6B7A65B800000000000, characters 7
#           giai-202:0.0614141.7.A is giai-202:0.0614141.7
#           sgln-195:3.0614141.12345.7.A is sgln-195:3.0614141.12345.7
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts epc-tds@1.4.1 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.cjs <<'JS'
const { fromTagURI, Sgtin198 } = require('epc-tds');

// The serial number of an SGTIN-198: characters of seven bits from bit 58 on, up to a zero.
const characters = (hex) => {
  const bits = [...hex].map((digit) => parseInt(digit, 16).toString(2).padStart(4, '0')).join('').slice(58, 198);
  return bits.match(/.{7}/g).map((seven) => String.fromCharCode(parseInt(seven, 2))).join('').split('\0')[0];
};
const told = (hex) => `${hex.slice(0, 28)}, characters ${characters(hex)}`;
const uri = (text) => fromTagURI(`urn:epc:tag:${text}`);
for (const text of ['sgtin-198:3.0614141.712345.32a%2Fb', 'sgtin-198:3.0614141.712345.7.A']) {
  console.log(`${text}: ${told(uri(text).toHexString())}`);
  if (!text.endsWith('b')) continue;
  const set = new Sgtin198().setFilter(3).setPartition(5).setCompanyPrefix(614141).setItemReference(712345).setSerial('32a/b');
  console.log(`setSerial 32a/b: ${told(set.toHexString())}, as a URI ${set.toTagURI().split('.').at(-1)}`);
}
for (const text of ['giai-202:0.0614141.7.A', 'sgln-195:3.0614141.12345.7.A'])
  console.log(`${text} is ${uri(text).toTagURI().replace('urn:epc:tag:', '')}`);
JS
said=$(timeout 20 node run.cjs)
echo "$said"
[ "$said" = 'sgtin-198:3.0614141.712345.32a%2Fb: 3674257BF6B7A659B2C295946C40, characters 32a%2Fb
setSerial 32a/b: 3674257BF6B7A659B2C2BF100000, characters 32a/b, as a URI 32a/b
sgtin-198:3.0614141.712345.7.A: 3674257BF6B7A65B800000000000, characters 7
giai-202:0.0614141.7.A is giai-202:0.0614141.7
sgln-195:3.0614141.12345.7.A is sgln-195:3.0614141.12345.7' ]
