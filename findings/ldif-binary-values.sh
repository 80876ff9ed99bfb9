#!/bin/sh
# ldif 0.5.1: a value that is bytes is read as UTF-8, and written as other bytes; an entry with an empty value can't be read at all.
#
# Directories are exported as LDIF (RFC 2849): a value that is no plain ASCII text is in base64, which a badge's number may be where the directory
# keeps it as bytes, and objectGUID in Active Directory always is. The library decodes it to a text when it parses, so each byte that is no UTF-8
# becomes U+FFFD before a caller can ask for anything, and toLDIF() writes that. "pager:" without a value is allowed there; toObject() throws a
# TypeError at it, for the whole entry. Its README promises to read each valid file and to write exactly what was read.
#
# Expected: the bytes 000102ff, and the same line again; pager as an empty text.
# Seen:     000102efbfbd, and another line; Cannot read properties of null (reading 'type').
# Output:   badge 000102ff: read as 000102efbfbd, written as badge:: AAEC77+9
#           name Müller: read as 4dc3bc6c6c6572, written as name:: TcO8bGxlcg==
#           pager: Cannot read properties of null (reading 'type')
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts ldif@0.5.1 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.cjs <<'JS'
const { parse } = require('ldif');

const file = (line) => parse(`version: 1\ndn: cn=Ada,dc=example\ncn: Ada\n${line}\n`);
for (const [told, name, line] of [
  ['badge 000102ff', 'badge', 'badge:: AAEC/w=='],
  ['name Müller', 'name', 'name:: TcO8bGxlcg=='],
]) {
  const read = file(line);
  const value = read.entries[0].toObject({}).attributes[name];
  const written = read.toLDIF().split('\n').find((each) => each.startsWith(`${name}:`));
  console.log(`${told}: read as ${Buffer.from(value).toString('hex')}, written as ${written}`);
}
try {
  console.log(`pager: ${JSON.stringify(file('pager:').entries[0].toObject({}).attributes.pager)}`);
} catch (error) {
  console.log(`pager: ${error.message}`);
}
JS
said=$(timeout 20 node run.cjs)
echo "$said"
[ "$said" = "badge 000102ff: read as 000102efbfbd, written as badge:: AAEC77+9
name Müller: read as 4dc3bc6c6c6572, written as name:: TcO8bGxlcg==
pager: Cannot read properties of null (reading 'type')" ]
