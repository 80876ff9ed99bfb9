#!/bin/sh
# RxDB 17.6.0: what a push is answered as a conflict is stored as it came, though each pulled document goes through pull.modifier.
#
# A server's documents often have another shape than the client's: pull.modifier makes the one of the other, push.modifier turns it round. The
# document that a push handler answers in a conflict is the server's as well. It goes into the collection past the modifier, beside others
# that have been through it, in the server's unit and shape, and goes back to the server through push.modifier from then on.
#
# Expected: 5 euros, as the same document when it is pulled.
# Seen:     500, the server's cents.
# Output:   pulled: 5; pushed: 700 cents; in conflict: 500; pulled elsewhere: 5
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
import { replicateRxCollection } from 'rxdb/plugins/replication';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';

const schema = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: { id: { type: 'string', maxLength: 20 }, euros: { type: 'number' } },
  required: ['id'],
};
/** The server has cents, the client euros, both in one field; the server's second document is one that the client also makes. */
const pushed = [];
const replicate = async (name, documents) => {
  const db = await createRxDatabase({ name, storage: getRxStorageMemory(), multiInstance: false });
  const { prices } = await db.addCollections({ prices: { schema } });
  const state = replicateRxCollection({
    collection: prices,
    replicationIdentifier: 'finding',
    pull: {
      modifier: (document) => ({ ...document, euros: document.euros / 100 }),
      handler: async (checkpoint) => (checkpoint ? { documents: [], checkpoint } : { documents, checkpoint: { at: 1 } }),
    },
    push: {
      modifier: (document) => ({ ...document, euros: document.euros * 100 }),
      handler: async (rows) => rows.map(({ newDocumentState: { id, euros } }) => (pushed.push(euros), { id, euros: 500, _deleted: false })),
    },
  });
  await state.awaitInSync();
  const tell = async (id) => (await prices.findOne(id).exec())?.euros;
  return { db, prices, state, tell };
};
const first = await replicate('first', [{ id: 'a', euros: 500, _deleted: false }]);
const pulled = await first.tell('a');
await first.prices.insert({ id: 'b', euros: 7 });
await first.state.awaitInSync();
const conflict = await first.tell('b');
const second = await replicate('second', [{ id: 'b', euros: 500, _deleted: false }]);
const said = `pulled: ${pulled}; pushed: ${pushed[0]} cents; in conflict: ${conflict}; pulled elsewhere: ${await second.tell('b')}`;
console.log(said);
for (const { db, state } of [first, second]) {
  await state.cancel();
  await db.remove();
}
process.exit(said === 'pulled: 5; pushed: 700 cents; in conflict: 500; pulled elsewhere: 5' ? 0 : 1);
JS
timeout 60 node run.mjs
