#!/bin/sh
# zod 4.6.7: a schema that it writes itself refuses other texts once it has read it: fromJSONSchema reads patterns without the flag u.
#
# JSON Schema's patterns are regular expressions with Unicode (2020-12, 6.4: "should be interpreted as matching with the u flag"); Ajv
# compiles them so. zod writes /^\P{Cc}*$/u, no control characters, as ^\P{Cc}*$, which is right, and reads that as /^\P{Cc}*$/: the
# letters P, {, C, c and }, as often as one likes. Nothing is said. What was kept as JSON Schema to be checked by later refuses every name.
#
# Expected: "Ada" is taken before and after.
# Seen:     taken before, refused after; "P{Cc}" is taken.
# Output:   pattern ^\P{Cc}*$; Ada: true, read again: false; P{Cc}: read again: true
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts zod@4.6.7 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.mjs <<'JS'
import { z } from 'zod';

const name = z.string().regex(/^\P{Cc}*$/u);
const written = z.toJSONSchema(name);
const again = z.fromJSONSchema(written);
const takes = (schema, text) => schema.safeParse(text).success;
const said = `pattern ${written.pattern}; Ada: ${takes(name, 'Ada')}, read again: ${takes(again, 'Ada')}; P{Cc}: read again: ${takes(again, 'P{Cc}')}`;
console.log(said);
process.exit(said === 'pattern ^\\P{Cc}*$; Ada: true, read again: false; P{Cc}: read again: true' ? 0 : 1);
JS
timeout 20 node run.mjs
