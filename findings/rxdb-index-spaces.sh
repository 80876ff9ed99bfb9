#!/bin/sh
# RxDB 17.6.0: on an index, a text and the same text with spaces behind it are one.
#
# Texts are filled up with spaces to their maxLength to be compared, and what the index gives is not looked at again. A name that was
# typed, scanned or imported with a space behind it is found by the name without, and the other way round; $in, which no index answers,
# tells them apart.
#
# Expected: the same with an index as without one.
# Seen:     both, whichever is asked for; $gt has none.
# Output:   {"name":"till"}: bare; with an index bare spaced
#           {"name":"till "}: spaced; with an index bare spaced
#           {"name":{"$gt":"till"}}: spaced; with an index none
#           {"name":{"$in":["till"]}}: bare; with an index bare
#
# Exits 0 while it is so, 1 once RxDB behaves otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts rxdb@17.6.0 rxjs@7.8.2 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.mjs <<'JS'
import { createRxDatabase } from 'rxdb/plugins/core';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';

const properties = { id: { type: 'string', maxLength: 10 }, name: { type: 'string', maxLength: 20 } };
const required = ['id', 'name'];
const indexes = ['name'];
const documents = [{ id: 'bare', name: 'till' }, { id: 'spaced', name: 'till ' }];
const selectors = [{ name: 'till' }, { name: 'till ' }, { name: { $gt: 'till' } }, { name: { $in: ['till'] } }];
const expected = [
  '{"name":"till"}: bare; with an index bare spaced',
  '{"name":"till "}: spaced; with an index bare spaced',
  '{"name":{"$gt":"till"}}: spaced; with an index none',
  '{"name":{"$in":["till"]}}: bare; with an index bare',
];
const database = await createRxDatabase({ name: 'finding', storage: getRxStorageMemory(), multiInstance: false });
const schema = { version: 0, primaryKey: 'id', type: 'object', properties, required };
await database.addCollections({ plain: { schema }, indexed: { schema: { ...schema, indexes } } });
for (const name of ['plain', 'indexed']) await database[name].bulkInsert(documents);
const said = [];
for (const selector of selectors) {
  const found = {};
  for (const name of ['plain', 'indexed']) {
    const all = await database[name].find({ selector }).exec();
    found[name] = all.map(({ id }) => id).sort().join(' ') || 'none';
  }
  said.push(`${JSON.stringify(selector)}: ${found.plain}; with an index ${found.indexed}`);
}
console.log(said.join('\n'));
await database.close();
process.exit(said.join('\n') === expected.join('\n') ? 0 : 1);
JS
timeout 30 node run.mjs
