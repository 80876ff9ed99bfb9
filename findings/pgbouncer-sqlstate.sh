#!/bin/sh
# PgBouncer 1.18 (Debian 12): whatever it refuses has the SQLSTATE 08P01, also what PostgreSQL has said to it with another one.
#
# Programs decide by the SQLSTATE whether to come again: 3D000 (no such database) is a mistake, 53300 (too many connections) and 57P01 (ended by an
# administrator) pass. Behind the pooler all of them are 08P01, a violation of the protocol, which PostgreSQL itself has for a broken client. Only
# the words differ.
#
# Expected: 3D000, 53300, a class of its own for waiting and being paused.
# Seen:     08P01 for each.
# Output:   server, no such database: 3D000
#           pooler, database that the server does not have: 08P01 database "nothere" does not exist
#           pooler, database that it does not know: 08P01 bouncer config error
#           pooler, setting at the start: 08P01 unsupported startup parameter: statement_timeout
#           pooler, no session in time: 08P01 query_wait_timeout
#           pooler, too many clients: 08P01 no more connections allowed (max_client_conn)
#           pooler, database switched off: 08P01 database "finding" is disabled
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
bin=/usr/lib/postgresql/15/bin
for tool in pgbouncer $bin/initdb; do
  command -v $tool > /dev/null || [ -x /usr/sbin/$tool ] || apt-get install -y -qq --no-install-recommends pgbouncer postgresql-15 > /dev/null 2>&1 || exit 2
done
PATH=$PATH:/usr/sbin
dir=$(mktemp -d)
running=
trap 'kill $running 2> /dev/null || true; wait; rm -rf "$dir"' EXIT
trap 'exit 2' HUP INT TERM
# Both refuse to run as root.
as=
if [ "$(id -u)" = 0 ]; then
  chown 65534:65534 "$dir"
  as='setpriv --reuid=65534 --regid=65534 --clear-groups'
fi
cd "$dir"
$as $bin/initdb -D "$dir/data" -U postgres -A trust > initdb.log 2>&1 || exit 2
# By sockets in the folder alone: no port is taken.
$as $bin/postgres -D "$dir/data" -h '' -k "$dir" > postgres.log 2>&1 &
running=$!
cat > pgbouncer.ini <<INI
[databases]
finding = host=$dir port=5432 dbname=postgres user=postgres
away = host=$dir port=5432 dbname=nothere user=postgres
[pgbouncer]
listen_port = 6432
unix_socket_dir = $dir
auth_type = any
admin_users = keeper
pool_mode = transaction
default_pool_size = 1
query_wait_timeout = 1
max_client_conn = 4
INI
$as pgbouncer pgbouncer.ini > pgbouncer.log 2>&1 &
running="$running $!"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts pg@8.23.1 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.mjs <<'JS'
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

const open = [];
const connect = async (settings) => {
  const client = new pg.Client({ host: process.argv[2], port: 6432, user: 'postgres', database: 'finding', ...settings });
  client.on('error', () => undefined);
  open.push(client);
  await client.connect();
  return client;
};
const end = () => Promise.all(open.splice(0).map((client) => client.end().catch(() => undefined)));
for (const port of [5432, 6432])
  for (let tries = 0; ; tries++) {
    const failure = await connect({ port, database: port === 5432 ? 'postgres' : 'finding' }).then((client) => client.query('SELECT 1')).then(() => null, (thrown) => thrown);
    await end();
    if (!failure) break;
    if (tries === 30) throw failure;
    await sleep(500);
  }
const said = [];
const tell = async (what, work) => {
  const failure = await work().then(() => ({ message: 'nothing' }), (thrown) => thrown);
  said.push(`${what}: ${[failure.code, what.startsWith('server') ? '' : failure.message].filter(Boolean).join(' ')}`);
  await end();
};
const ask = async (settings) => (await connect(settings)).query('SELECT 1');
await tell('server, no such database', () => ask({ port: 5432, database: 'nothere' }));
await tell('pooler, database that the server does not have', () => ask({ database: 'away' }));
await tell('pooler, database that it does not know', () => ask({ database: 'nowhere' }));
await tell('pooler, setting at the start', () => ask({ statement_timeout: 1000 }));
await tell('pooler, no session in time', async () => {
  await (await connect()).query('BEGIN');
  await ask();
});
await tell('pooler, too many clients', async () => {
  for (let count = 0; count < 6; count++) await connect();
});
await tell('pooler, database switched off', async () => {
  await (await connect({ user: 'keeper', database: 'pgbouncer' })).query('DISABLE finding');
  await ask();
});
console.log(said.join('\n'));
process.exit(
  said.join('\n') ===
    `server, no such database: 3D000
pooler, database that the server does not have: 08P01 database "nothere" does not exist
pooler, database that it does not know: 08P01 bouncer config error
pooler, setting at the start: 08P01 unsupported startup parameter: statement_timeout
pooler, no session in time: 08P01 query_wait_timeout
pooler, too many clients: 08P01 no more connections allowed (max_client_conn)
pooler, database switched off: 08P01 database "finding" is disabled`
    ? 0
    : 1,
);
JS
timeout 60 node run.mjs "$dir"
