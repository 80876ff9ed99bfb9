#!/bin/sh
# Kysely 0.28.18 with pg 8.23.1 on PostgreSQL 15 (Debian 12): a transaction in which an error was caught ends as a success, and nothing of
# it is written.
#
# Once a statement has failed PostgreSQL takes nothing more of the transaction, and answers COMMIT with ROLLBACK, which is no error (SQL
# COMMIT, "ROLLBACK" as its command tag). pg tells it as the result's command, and Kysely looks at that for no COMMIT: "insert, or else go
# on" by try and catch returns what it returns, and what was written before is gone. Work of which the last statement failed alone is told
# so no more than work that is followed by others, which then fail with 25P02.
#
# Expected: transaction().execute() rejects, or the first row is there.
# Seen:     it answers what the function returned, and there is no row.
# Output:   caught 23505; answered: done; rows 0; pg: COMMIT is answered ROLLBACK
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
bin=/usr/lib/postgresql/15/bin
[ -x $bin/initdb ] || apt-get install -y -qq --no-install-recommends postgresql-15 > /dev/null 2>&1 || exit 2
dir=$(mktemp -d)
running=
trap 'kill $running 2> /dev/null || true; wait; rm -rf "$dir"' EXIT
trap 'exit 2' HUP INT TERM
# It refuses to run as root.
as=
if [ "$(id -u)" = 0 ]; then
  chown 65534:65534 "$dir"
  as='setpriv --reuid=65534 --regid=65534 --clear-groups'
fi
cd "$dir"
$as $bin/initdb -D "$dir/data" -U postgres -A trust > initdb.log 2>&1 || exit 2
# By a socket in the folder alone: no port is taken.
$as $bin/postgres -D "$dir/data" -h '' -k "$dir" > postgres.log 2>&1 &
running=$!
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts pg@8.23.1 kysely@0.28.18 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.mjs <<'JS'
import { setTimeout as sleep } from 'node:timers/promises';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';

const pool = new pg.Pool({ host: process.argv[2], user: 'postgres', database: 'postgres', max: 1 });
for (let tries = 0; ; tries++) {
  const failure = await pool.query('SELECT 1').then(() => null, (thrown) => thrown);
  if (!failure) break;
  if (tries === 30) throw failure;
  await sleep(500);
}
const db = new Kysely({ dialect: new PostgresDialect({ pool }) });
await sql`CREATE TABLE locks (id integer PRIMARY KEY)`.execute(db);
let caught;
const answered = await db
  .transaction()
  .execute(async (tx) => {
    await tx.insertInto('locks').values({ id: 1 }).execute();
    await tx.insertInto('locks').values({ id: 1 }).execute().catch((error) => (caught = error.code));
    return 'done';
  })
  .catch((error) => `rejected (${error.message})`);
const rows = await db.selectFrom('locks').selectAll().execute();
const client = await pool.connect();
await client.query('BEGIN');
await client.query('SELECT 1 / 0').catch(() => undefined);
const { command } = await client.query('COMMIT');
client.release();
const said = `caught ${caught}; answered: ${answered}; rows ${rows.length}; pg: COMMIT is answered ${command}`;
console.log(said);
await db.destroy();
process.exit(said === 'caught 23505; answered: done; rows 0; pg: COMMIT is answered ROLLBACK' ? 0 : 1);
JS
timeout 60 node run.mjs "$dir"
