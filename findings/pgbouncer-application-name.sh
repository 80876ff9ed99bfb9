#!/bin/sh
# PgBouncer 1.18 (Debian 12), in transaction mode: who gives no application_name goes under the name of who had the session before.
#
# PgBouncer keeps application_name for each client, with time zone and three more, and sets it when a client is given a session. Of the time
# zone a client that gave none has the server's own again. An application_name that was not given, or was taken away (SET … = ''), is not
# set: what pg_stat_activity, the log (%a) and who ends sessions by name see is another program.
#
# Expected: no name, as at the server itself, and the server's time zone.
# Seen:     the report's name, while the time zone is the server's.
# Output:   report: name report, zone Asia/Tokyo; client without: name report, zone Etc/UTC; with a name of its own: till
#           after SET application_name = '': name report
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
set -- $(/usr/bin/python3 -c 'import socket
sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
print(*(each.getsockname()[1] for each in sockets))')
$as $bin/initdb -D "$dir/data" -U postgres -A trust > initdb.log 2>&1 || exit 2
$as $bin/postgres -D "$dir/data" -p "$1" -h 127.0.0.1 -k "$dir" -c timezone=Etc/UTC > postgres.log 2>&1 &
running=$!
cat > pgbouncer.ini <<INI
[databases]
finding = host=127.0.0.1 port=$1 dbname=postgres user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $2
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 1
INI
$as pgbouncer pgbouncer.ini > pgbouncer.log 2>&1 &
running="$running $!"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts pg@8.23.1 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.mjs <<'JS'
import pg from 'pg';

delete process.env.PGAPPNAME;
const connect = async (settings = {}, tries = 30) => {
  const client = new pg.Client({ host: '127.0.0.1', port: Number(process.argv[2]), database: 'finding', user: 'postgres', ...settings });
  try {
    await client.connect();
    return client;
  } catch (error) {
    if (tries === 0) throw error;
    await new Promise((done) => setTimeout(done, 500));
    return connect(settings, tries - 1);
  }
};
const tell = async (client) => {
  const { rows } = await client.query(`SELECT current_setting('application_name') AS name, current_setting('timezone') AS zone`);
  return rows[0];
};
const report = await connect({ application_name: 'report' });
await report.query(`SET TimeZone = 'Asia/Tokyo'`);
const first = await tell(report);
const nameless = await connect();
const second = await tell(nameless);
const till = await connect({ application_name: 'till' });
const third = await tell(till);
await till.query(`SET application_name = ''`);
await tell(report);
const fourth = await tell(till);
const said = `report: name ${first.name}, zone ${first.zone}; client without: name ${second.name}, zone ${second.zone}; with a name of its own: ${third.name}
after SET application_name = '': name ${fourth.name}`;
console.log(said);
await Promise.all([report, nameless, till].map((client) => client.end()));
process.exit(
  said ===
    `report: name report, zone Asia/Tokyo; client without: name report, zone Etc/UTC; with a name of its own: till
after SET application_name = '': name report`
    ? 0
    : 1,
);
JS
timeout 60 node run.mjs "$2"
