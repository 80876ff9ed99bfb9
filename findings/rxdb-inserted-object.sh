#!/bin/sh
# RxDB 17.6.0 with the storage for memory: what is nested in a document that was written stays the caller's, and changing it changes what is stored.
#
# insert(), upsert() and incrementalPatch() copy the document's own fields and take lists and objects within it as they are. Whoever fills a list
# on, or keeps a template for the next document, changes the stored ones: queries find them by the new value, nothing is written, no event
# is told and the revision stays, so neither a replication nor a query that is subscribed to hears of it. The developer mode freezes
# what was handed in, so that there the change throws; what is shipped runs without.
#
# Expected: ["till"], as it was written.
# Seen:     the list of later, in the store; no event.
# Output:   insert ["till","later"]; upsert ["till","later"]; patch ["till","later"]; found by it 3; events 0; revision 1 as before
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

const schema = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: { id: { type: 'string', maxLength: 20 }, groups: { type: 'array', items: { type: 'string' } } },
  required: ['id'],
};
const db = await createRxDatabase({ name: 'finding', storage: getRxStorageMemory(), multiInstance: false });
const { locks } = await db.addCollections({ locks: { schema } });
const [one, two, three] = [['till'], ['till'], ['till']];
await locks.insert({ id: 'insert', groups: one });
await locks.upsert({ id: 'upsert', groups: two });
const third = await locks.insert({ id: 'patch' });
await third.incrementalPatch({ groups: three });
let events = 0;
locks.$.subscribe(() => events++);
const revisionOf = async (id) => (await locks.findOne(id).exec()).revision;
const before = await revisionOf('insert');
for (const groups of [one, two, three]) groups.push('later');
const stored = [];
for (const id of ['insert', 'upsert', 'patch']) stored.push(`${id} ${JSON.stringify((await locks.findOne(id).exec()).toMutableJSON().groups)}`);
const found = await locks.find({ selector: { groups: 'later' } }).exec();
const after = await revisionOf('insert');
const said = `${stored.join('; ')}; found by it ${found.length}; events ${events}; revision ${after.split('-')[0]} ${after === before ? 'as before' : 'new'}`;
console.log(said);
await db.remove();
process.exit(
  said === 'insert ["till","later"]; upsert ["till","later"]; patch ["till","later"]; found by it 3; events 0; revision 1 as before' ? 0 : 1,
);
JS
timeout 60 node run.mjs
