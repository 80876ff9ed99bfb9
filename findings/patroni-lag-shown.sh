#!/bin/sh
# Patroni 3.0.2 (Debian 12): a replica's lag is 0 in the list, and beyond 10 MB to a balancer, at the same time.
#
# `patronictl list` and GET /cluster tell what a replica has received, GET /replica?lag= goes by what it has replayed, which is what can be
# read there. Where replay waits (a reader's snapshot; a standby that lost its time) the two have nothing to do with each other, and
# monitoring by the list sees a replica that is up to date.
#
# Expected: one lag, or two that are named.
# Seen:     Lag in MB 0, lag 0, and 503 for a limit of 10 MB; what was made meanwhile is not there.
# Output:   list 0; /cluster 0; /replica?lag=10MB 503; the new table is not there
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
psql -qXp "$one" -c "CREATE TABLE filler AS SELECT n, repeat('x', 200) AS x FROM generate_series(1, 60000) AS n" 
until_so '[ "$(psql -qAtXp "$two" -c "SELECT count(*) FROM filler" 2> /dev/null)" = 60000 ]'
# What the reader sees is not taken from under it: replay waits (max_standby_streaming_delay, 30 s).
psql -qXp "$two" -c 'BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM filler; SELECT pg_sleep(20)' > /dev/null &
reader=$!
sleep 1
psql -qXp "$one" -c "TRUNCATE filler; INSERT INTO filler SELECT n, repeat('x', 200) FROM generate_series(1, 60000) AS n"
# Patroni tells etcd where the primary is once in two seconds.
psql -qXp "$one" -c "CREATE TABLE newer ()"
sleep 4
list=$(patronictl -c one.yml list -f tsv | awk -F '\t' '$2 == "two" { print $NF }')
cluster=$(curl -s "http://$api_two/cluster" | /usr/bin/python3 -c 'import json, sys
print(next(each["lag"] for each in json.load(sys.stdin)["members"] if each["name"] == "two"))')
balancer=$(curl -s -o /dev/null -w '%{http_code}' "http://$api_two/replica?lag=10MB")
newer=$(psql -qAtXp "$two" -c "SELECT CASE WHEN to_regclass('newer') IS NULL THEN 'not there' ELSE 'there' END")
said="list $list; /cluster $cluster; /replica?lag=10MB $balancer; the new table is $newer"
echo "$said"
kill $reader 2> /dev/null || true
[ "$said" = 'list 0; /cluster 0; /replica?lag=10MB 503; the new table is not there' ]
