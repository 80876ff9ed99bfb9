#!/bin/sh
# openapi-typescript 7.13.0: of OpenAPI 3.1's schemas three come out as other types: the rest of a list, null as the only value, and what another part
# of an allOf requires.
#
# prefixItems with items is a list that begins in one way and goes on in another (JSON Schema 2020-12, 10.3.1): the type has the beginning alone, so a
# row with ten columns is one of the wrong type. const: null is unknown, though const: "open" and type: "null" are right. In an allOf one part's
# properties that another part requires stay optional. All three pass a validator; the types compile, and who relies on them is told wrong.
#
# Expected: [string, ...number[]], null, { a: string }.
# Seen:     [string], unknown, { a?: string } & unknown.
# Output:   prefixItems, items: [string]; const null: unknown; const "open": "open"; type null: null; allOf: { a?: string; } & unknown
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts openapi-typescript@7.13.0 @apidevtools/swagger-parser@13.0.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.mjs <<'JS'
import parser from '@apidevtools/swagger-parser';
import openapiTS, { astToString } from 'openapi-typescript';

const schemas = {
  rest: { type: 'array', prefixItems: [{ type: 'string' }], items: { type: 'number' } },
  constNull: { const: null },
  constOpen: { const: 'open' },
  typeNull: { type: 'null' },
  parts: { allOf: [{ type: 'object', properties: { a: { type: 'string' } } }, { required: ['a'] }] },
};
const document = { openapi: '3.1.0', info: { title: 'x', version: '1' }, paths: {}, components: { schemas } };
await (parser.default ?? parser).validate(structuredClone(document));
const text = astToString(await openapiTS(document)).replace(/\/\*\*.*?\*\//gs, '').replace(/\s+/g, ' ');
const names = Object.keys(schemas);
const [rest, constNull, constOpen, typeNull, parts] = names.map((name, at) => {
  const from = text.indexOf(` ${name}: `) + name.length + 3;
  const to = names[at + 1] === undefined ? text.indexOf('responses: ', from) : text.indexOf(` ${names[at + 1]}: `, from);
  return text.slice(from, to).replace(/;( };)?\s*$/, '').trim();
});
const said = `prefixItems, items: ${rest}; const null: ${constNull}; const "open": ${constOpen}; type null: ${typeNull}; allOf: ${parts}`;
console.log(said);
const seen = 'prefixItems, items: [ string ]; const null: unknown; const "open": "open"; type null: null; allOf: { a?: string; } & unknown';
process.exit(said === seen ? 0 : 1);
JS
timeout 60 node run.mjs
