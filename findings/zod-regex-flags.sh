#!/bin/sh
# zod 4.6.7 with Ajv 8.20.0: the flags of a regular expression are left out of the JSON Schema, without a word.
#
# JSON Schema's patterns have no flags. What it can't say, a transform, a Map or a bigint, zod refuses to convert unless told otherwise
# (unrepresentable: 'any'). A regular expression whose flags i, s or m decide is converted, as another one: who writes a client by
# the schema, or checks by it, turns away what the server takes.
#
# Expected: an error as for the others, or a pattern of the same meaning.
# Seen:     ^lp-[0-9]+$ for /^lp-[0-9]+$/i.
# Output:   pattern ^lp-[0-9]+$; LP-7: zod takes it, by its schema it is refused; of a bigint: BigInt cannot be represented in JSON Schema
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts zod@4.6.7 ajv@8.20.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.mjs <<'JS'
import { Ajv2020 } from 'ajv/dist/2020.js';
import { z } from 'zod';

const schema = z.string().regex(/^lp-[0-9]+$/i);
const written = z.toJSONSchema(schema);
const taken = schema.safeParse('LP-7').success ? 'takes it' : 'refuses it';
const byPattern = new Ajv2020().validate(written, 'LP-7') ? 'taken' : 'refused';
let other = 'converted';
try {
  z.toJSONSchema(z.bigint());
} catch (thrown) {
  other = thrown.message;
}
const said = `pattern ${written.pattern}; LP-7: zod ${taken}, by its schema it is ${byPattern}; of a bigint: ${other}`;
console.log(said);
const expected =
  'pattern ^lp-[0-9]+$; LP-7: zod takes it, by its schema it is refused; of a bigint: BigInt cannot be represented in JSON Schema';
process.exit(said === expected ? 0 : 1);
JS
timeout 20 node run.mjs
