#!/bin/sh
# RxDB 17.6.0: on an index, what is asked for beyond the schema's maximum or minimum is taken for the maximum or minimum itself.
#
# An indexed number has a minimum, a maximum and a multipleOf, so that RxDB can write it as text of one length. The value of a query is
# pressed into the same bounds, and no document that the index gives is looked at again: "after the last one" and "up to -1" (nothing
# yet) find a document at the end that they are to pass by. With a limit or a delete behind the query it is the wrong one that goes.
#
# Expected: the same with an index as without one.
# Seen:     the document at the nearest end, for $eq, $gte and $lte; $gt and $lt are right.
# Output:   {"n":{"$eq":101}}: none; with an index last
#           {"n":{"$gte":101}}: none; with an index last
#           {"n":{"$gt":101}}: none; with an index none
#           {"n":{"$lte":-1}}: none; with an index first
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
const documents = [{ id: 'first', n: 0 }, { id: 'some', n: 50 }, { id: 'last', n: 100 }];
const selectors = [{ n: { $eq: 101 } }, { n: { $gte: 101 } }, { n: { $gt: 101 } }, { n: { $lte: -1 } }];
const expected = [
  '{"n":{"$eq":101}}: none; with an index last',
  '{"n":{"$gte":101}}: none; with an index last',
  '{"n":{"$gt":101}}: none; with an index none',
  '{"n":{"$lte":-1}}: none; with an index first',
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
