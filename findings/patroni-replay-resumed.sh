#!/bin/sh
# Patroni 3.0.2 with PostgreSQL 15 (Debian 12): replay that an operator has paused goes on after a few seconds.
#
# pg_wal_replay_pause() is how a standby is kept at a moment: to look at what a mistake has deleted before the delete arrives, or to compare.
# PostgreSQL 14 and later pause by themselves for a parameter that the primary has raised; Patroni resumes that, and does not look why
# replay is paused. A cluster in maintenance mode (patronictl pause) is left alone.
#
# Expected: paused until somebody resumes it.
# Seen:     not paused within 10 s, at a loop_wait of 2, and the primary's next table is there; in maintenance mode it stays paused.
# Output:   paused; 10 s later not paused, the new table is there; in maintenance mode: 10 s later paused
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
bin=/usr/lib/postgresql/15/bin
for tool in patroni etcd etcdctl curl $bin/initdb; do
  command -v $tool > /dev/null || apt-get install -y -qq --no-install-recommends patroni etcd-server etcd-client curl postgresql-15 > /dev/null 2>&1 || exit 2
done
dir=$(mktemp -d)
trap 'kill $running 2> /dev/null || true; wait; rm -rf "$dir"' EXIT
trap 'exit 2' HUP INT TERM
running=
# PostgreSQL refuses to run as root.
as=
if [ "$(id -u)" = 0 ]; then as='setpriv --reuid=65534 --regid=65534 --clear-groups'; fi
cd "$dir"
set -- $(/usr/bin/python3 -c 'import socket
sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(6)]
print(*(each.getsockname()[1] for each in sockets))')
etcd=127.0.0.1:$1
ETCDCTL_API=3 PGPASSWORD=secret PGUSER=postgres PGDATABASE=postgres PGHOST=127.0.0.1 HOME=$dir
export ETCDCTL_API PGPASSWORD PGUSER PGDATABASE PGHOST HOME
until_so() {
  for _ in $(seq 60); do
    if eval "$1"; then return 0; fi
    sleep 1
  done
  cat "$dir"/*.log >&2
  exit 2
}
member() {
  cat > "$1.yml" <<YML
scope: finding
name: $1
restapi: {listen: "127.0.0.1:$3", connect_address: "127.0.0.1:$3"}
etcd3: {hosts: "$etcd"}
bootstrap:
  dcs: {ttl: 20, loop_wait: 2, retry_timeout: 3}
  initdb: [{encoding: UTF8}, {locale: C.UTF-8}, data-checksums]
postgresql:
  listen: 127.0.0.1:$2
  connect_address: 127.0.0.1:$2
  bin_dir: $bin
  data_dir: $dir/$1
  pgpass: $dir/$1.pgpass
  authentication: {superuser: {username: postgres, password: secret}, replication: {username: replicator, password: secret}}
  pg_hba: [host all all 127.0.0.1/32 scram-sha-256, host replication replicator 127.0.0.1/32 scram-sha-256]
  parameters: {unix_socket_directories: $dir}
YML
  chown 65534:65534 "$dir" 2> /dev/null || true
  $as patroni "$1.yml" > "$1.log" 2>&1 &
  running="$! $running"
}
chown 65534:65534 "$dir" 2> /dev/null || true
$as etcd --data-dir "$dir/etcd" --listen-client-urls "http://$etcd" --advertise-client-urls "http://$etcd" \
  --listen-peer-urls "http://127.0.0.1:$2" --initial-advertise-peer-urls "http://127.0.0.1:$2" \
  --initial-cluster "default=http://127.0.0.1:$2" > etcd.log 2>&1 &
running=$!
until_so "etcdctl --endpoints $etcd endpoint health > /dev/null 2>&1"
one=$3 two=$5 api_one=127.0.0.1:$4 api_two=127.0.0.1:$6
member one "$3" "$4"
until_so 'curl -sf "http://$api_one/primary" > /dev/null'
member two "$5" "$6"
until_so 'curl -sf "http://$api_two/replica" > /dev/null'
state() { psql -qAtXp "$two" -c 'SELECT pg_get_wal_replay_pause_state()'; }
pause() {
  psql -qAtXp "$two" -c 'SELECT pg_wal_replay_pause()' > /dev/null
  for _ in $(seq 20); do
    if [ "$(state)" = paused ]; then break; fi
  done
}
pause
first=$(state)
psql -qXp "$one" -c 'CREATE TABLE newer ()'
sleep 10
later=$(state)
newer=$(psql -qAtXp "$two" -c "SELECT CASE WHEN to_regclass('newer') IS NULL THEN 'not there' ELSE 'there' END")
patronictl -c one.yml pause --wait finding > /dev/null
sleep 3
pause
sleep 10
said="$first; 10 s later $later, the new table is $newer; in maintenance mode: 10 s later $(state)"
echo "$said"
[ "$said" = 'paused; 10 s later not paused, the new table is there; in maintenance mode: 10 s later paused' ]
