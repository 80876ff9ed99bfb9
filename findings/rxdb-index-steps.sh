#!/bin/sh
# RxDB 17.6.0: on an index, what is asked for between two steps is taken for the lower of them.
#
# An indexed number has a multipleOf. A query's value may lie between two steps: a cut-off that was worked out, half of something, a time
# with thousandths (performance.now) where whole ones are stored. It is cut to the step below, and what the index gives is not looked at
# again: "less than 1.5" no longer finds 1, and "at least 1.5" does.
#
# Expected: the same with an index as without one.
# Seen:     $lt loses the document below, $gte and $eq find it; $lte and $gt are right.
# Output:   {"n":{"$lt":1.5}}: one; with an index none
#           {"n":{"$lte":1.5}}: one; with an index one
#           {"n":{"$gte":1.5}}: two; with an index one two
#           {"n":{"$gt":1.5}}: two; with an index two
#           {"n":{"$eq":1.5}}: none; with an index one
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
  n: { type: 'integer', minimum: 0, maximum: 100, multipleOf: 1 },
};
const required = ['id', 'n'];
const indexes = ['n'];
const documents = [{ id: 'one', n: 1 }, { id: 'two', n: 2 }];
const selectors = ['$lt', '$lte', '$gte', '$gt', '$eq'].map((operator) => ({ n: { [operator]: 1.5 } }));
const expected = [
  '{"n":{"$lt":1.5}}: one; with an index none',
  '{"n":{"$lte":1.5}}: one; with an index one',
  '{"n":{"$gte":1.5}}: two; with an index one two',
  '{"n":{"$gt":1.5}}: two; with an index two',
  '{"n":{"$eq":1.5}}: none; with an index one',
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
