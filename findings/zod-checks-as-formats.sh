#!/bin/sh
# zod 4.6.7 with Ajv 8.20.0: a check of a text's beginning is a "format" in its JSON Schema, in place of the one that was there.
#
# startsWith(), endsWith(), includes() and lowercase() are checks, and as patterns JSON Schema has them. zod writes the pattern and, as
# format, the check's own name, which no list of formats has: Ajv, strict as it comes, does not compile the schema even with ajv-formats.
# Behind email() or uuid() the format of those is gone from the schema, so a form or a generated client no longer knows what is asked for.
#
# Expected: {"type":"string","pattern":"^kiosk-.*"}, and the format email.
# Seen:     the format starts_with in both, and no email.
# Output:   startsWith: format starts_with; Ajv: unknown format "starts_with" ignored in schema at path "#"
#           regex: no format; Ajv: compiled
#           email, startsWith: format starts_with; Ajv: unknown format "starts_with" ignored in schema at path "#"
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts zod@4.6.7 ajv@8.20.0 ajv-formats@3.0.1 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.mjs <<'JS'
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { z } from 'zod';

const tell = (name, schema) => {
  const written = z.toJSONSchema(schema);
  const ajv = new Ajv2020();
  addFormats.default(ajv);
  let compiled = 'compiled';
  try {
    ajv.compile(written);
  } catch (thrown) {
    compiled = thrown.message;
  }
  return `${name}: ${written.format ? `format ${written.format}` : 'no format'}; Ajv: ${compiled}`;
};
const said = [
  tell('startsWith', z.string().startsWith('kiosk-')),
  tell('regex', z.string().regex(/^kiosk-/)),
  tell('email, startsWith', z.email().startsWith('kiosk-')),
].join('\n');
console.log(said);
const unknown = 'Ajv: unknown format "starts_with" ignored in schema at path "#"';
const expected = [
  `startsWith: format starts_with; ${unknown}`,
  'regex: no format; Ajv: compiled',
  `email, startsWith: format starts_with; ${unknown}`,
].join('\n');
process.exit(said === expected ? 0 : 1);
JS
timeout 20 node run.mjs
