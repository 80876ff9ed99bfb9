#!/bin/sh
# Patroni 3.0.2 (Debian 12): one number with a unit, and nothing of the cluster's configuration is taken any more, though it is answered 200.
#
# The sizes of PostgreSQL's parameters, in the same configuration, have units, and so has the lag of a balancer's check. "10MB" in
# maximum_lag_on_failover (bytes) is stored, PATCH /config answers 200 with it, show-config shows it; what is changed afterwards, each for
# itself right, is stored and shown as well, and in force is what was there before. The log has an exception.
#
# Expected: 400; or the value passed over, and the others taken.
# Seen:     max_connections and ttl (the lease of the leader's key) stay as they were, until the 10MB is gone.
# Output:   before: max_connections 60, lease 25 s; PATCH 10MB 200; ttl 40, max_connections 70: 200
#           shown: 10MB 40 70; in force: restart pending no, lease 25 s; without 10MB: restart pending yes, lease 40 s
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
patch() { curl -s -o /dev/null -w '%{http_code}' -X PATCH -d "$1" "http://$api_one/config"; }
lease() {
  id=$(etcdctl --endpoints "$etcd" get /service/finding/leader -w json | /usr/bin/python3 -c 'import json, sys
print("%x" % json.load(sys.stdin)["kvs"][0]["lease"])')
  etcdctl --endpoints "$etcd" lease timetolive "$id" | sed 's/.*TTL(\([0-9]*\)s), .*/\1 s/'
}
pending() { if curl -s "http://$api_one/patroni" | grep -q pending_restart; then echo yes; else echo no; fi; }
shown() {
  curl -s "http://$api_one/config" | /usr/bin/python3 -c 'import json, sys
c = json.load(sys.stdin)
print(c["maximum_lag_on_failover"], c["ttl"], c["postgresql"]["parameters"]["max_connections"])'
}
patch '{"ttl":25,"postgresql":{"parameters":{"max_connections":60}}}' > /dev/null
sleep 6
curl -s -X POST -d '{}' "http://$api_one/restart" > /dev/null
until_so '[ "$(psql -qAtXp "$one" -c "SHOW max_connections" 2> /dev/null)" = 60 ]'
sleep 3
said="before: max_connections $(psql -qAtXp "$one" -c 'SHOW max_connections'), lease $(lease)"
said="$said; PATCH 10MB $(patch '{"maximum_lag_on_failover":"10MB"}')"
said="$said; ttl 40, max_connections 70: $(patch '{"ttl":40,"postgresql":{"parameters":{"max_connections":70}}}')"
sleep 10
said="$said
shown: $(shown); in force: restart pending $(pending), lease $(lease)"
patch '{"maximum_lag_on_failover":null}' > /dev/null
sleep 10
said="$said; without 10MB: restart pending $(pending), lease $(lease)"
echo "$said"
[ "$said" = 'before: max_connections 60, lease 25 s; PATCH 10MB 200; ttl 40, max_connections 70: 200
shown: 10MB 40 70; in force: restart pending no, lease 25 s; without 10MB: restart pending yes, lease 40 s' ]
