#!/bin/sh
# RxDB 17.6.0: on an index, a number that a document does not have is the minimum, and null is any number.
#
# A field that is not required may be indexed (also where the developer mode checks the schema). Documents without it are found as if
# it were there with the minimum: "count 0" finds those that were never counted. A query for null, which finds those without the field
# where there is no index, finds every document with one.
#
# Expected: the same with an index as without one.
# Seen:     the document without the field among those with 0; all three for null.
# Output:   {"count":0}: zero; with an index without zero
#           {"count":{"$lte":5}}: five zero; with an index five without zero
#           {"count":{"$eq":null}}: without; with an index five without zero
#           {"count":{"$exists":false}}: without; with an index without
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

const properties = {
  id: { type: 'string', maxLength: 10 },
  count: { type: 'integer', minimum: 0, maximum: 100, multipleOf: 1 },
};
const required = ['id'];
const indexes = ['count'];
const documents = [{ id: 'without' }, { id: 'zero', count: 0 }, { id: 'five', count: 5 }];
const selectors = [{ count: 0 }, { count: { $lte: 5 } }, { count: { $eq: null } }, { count: { $exists: false } }];
const expected = [
  '{"count":0}: zero; with an index without zero',
  '{"count":{"$lte":5}}: five zero; with an index five without zero',
  '{"count":{"$eq":null}}: without; with an index five without zero',
  '{"count":{"$exists":false}}: without; with an index without',
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
