#!/bin/sh
# pg 8.23.1 on PostgreSQL 15 (Debian 12): with another DateStyle or IntervalStyle every date is null and every interval is empty.
#
# Both styles can be set for a database or a role, long before somebody comes with Node: German or SQL dates for reports by psql, ISO 8601
# intervals for a program. pg reads the one form, knows from the server which one it gets (it is told DateStyle and IntervalStyle at the
# start of a session), asks for none, and tells a value it can't read as null, or as an interval without parts. A column that is NOT NULL
# is null, with no error; what is written goes in right.
#
# Expected: the same instant and the same interval in each style, or an error.
# Seen:     null, and nothing of 1 day 2 hours.
# Output:   ISO, postgres: 2026-03-04T05:06:07.000Z, {"days":1,"hours":2}
#           German, sql_standard: null, {}
#           SQL, DMY, postgres_verbose: null, {}
#           Postgres, iso_8601: null, {}
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
$as $bin/postgres -D "$dir/data" -h '' -k "$dir" -c timezone=Etc/UTC > postgres.log 2>&1 &
running=$!
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts pg@8.23.1 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.mjs <<'JS'
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

const connect = async (tries = 30) => {
  const client = new pg.Client({ host: process.argv[2], user: 'postgres', database: 'postgres' });
  try {
    await client.connect();
    return client;
  } catch (error) {
    if (tries === 0) throw error;
    await sleep(500);
    return connect(tries - 1);
  }
};
const client = await connect();
await client.query('CREATE TABLE visits (at timestamptz NOT NULL, lasted interval NOT NULL)');
await client.query('INSERT INTO visits VALUES ($1, $2)', [new Date('2026-03-04T05:06:07Z'), '1 day 2 hours']);
await client.end();
const said = [];
for (const [dates, intervals] of [['ISO', 'postgres'], ['German', 'sql_standard'], ['SQL, DMY', 'postgres_verbose'], ['Postgres', 'iso_8601']]) {
  const setting = await connect();
  await setting.query(`ALTER ROLE postgres SET datestyle = '${dates}'; ALTER ROLE postgres SET intervalstyle = '${intervals}'`);
  await setting.end();
  const reading = await connect();
  const { at, lasted } = (await reading.query('SELECT at, lasted FROM visits')).rows[0];
  said.push(`${dates}, ${intervals}: ${at?.toISOString() ?? at}, ${JSON.stringify(Object.fromEntries(Object.entries(lasted).filter(([, part]) => part !== 0)))}`);
  await reading.end();
}
console.log(said.join('\n'));
process.exit(
  said.join('\n') ===
    `ISO, postgres: 2026-03-04T05:06:07.000Z, {"days":1,"hours":2}
German, sql_standard: null, {}
SQL, DMY, postgres_verbose: null, {}
Postgres, iso_8601: null, {}`
    ? 0
    : 1,
);
JS
timeout 60 node run.mjs "$dir"
