#!/bin/sh
# pg 8.23.1 on PostgreSQL 15 (Debian 12): a numeric comes as text, to the last digit; in an array it comes as a number, with digits missing.
#
# numeric has more digits than a number in JavaScript, so pg tells it as text, as it does bigint. An array of bigint is an array of texts. An
# array of numeric is read as numbers: amounts collected by array_agg differ from the same rows one by one, and what may follow a text
# (comparison, toFixed of a library of decimals) meets another type. A parser that is set for numeric (1700) is not asked for its array.
#
# Expected: the same for a value and for an array of it.
# Seen:     text and number.
# Output:   numeric "12345678901234567890.10"; array [12345678901234567000]; bigint "9007199254740993"; array ["9007199254740993"]
#           with a parser of its own: numeric "own 1.10"; array [1.1]
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
const tell = async (text, types) => JSON.stringify(Object.values((await client.query({ text, types })).rows[0])[0]);
const own = new pg.TypeOverrides();
own.setTypeParser(pg.types.builtins.NUMERIC, (text) => `own ${text}`);
const [amount, id] = ['12345678901234567890.10', '9007199254740993'];
const said = `numeric ${await tell(`SELECT ${amount}::numeric`)}; array ${await tell(`SELECT '{${amount}}'::numeric[]`)}; bigint ${await tell(`SELECT ${id}::bigint`)}; array ${await tell(`SELECT '{${id}}'::bigint[]`)}
with a parser of its own: numeric ${await tell('SELECT 1.10::numeric', own)}; array ${await tell(`SELECT '{1.10}'::numeric[]`, own)}`;
console.log(said);
await client.end();
process.exit(
  said ===
    `numeric "12345678901234567890.10"; array [12345678901234567000]; bigint "9007199254740993"; array ["9007199254740993"]
with a parser of its own: numeric "own 1.10"; array [1.1]`
    ? 0
    : 1,
);
JS
timeout 60 node run.mjs "$dir"
