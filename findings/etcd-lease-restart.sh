#!/bin/sh
# etcd 3.4.23 (Debian 12): when a leader is lost, or etcd is restarted, every lease begins anew, whatever was left of it.
#
# What is left of a lease is in the leader's memory; the log has its full time alone. Who is gone keeps its key for as long as that from the
# new leader on: where etcd's leader stood on the machine of a database's primary, the failover takes its ttl twice.
#
# Expected: of 30 s, 15 s after they began, some 15 are left; the leader's loss and a restart change nothing.
# Seen:     15 at the most before, more than 20 after each.
# Output:   three members: 15 or less; their leader killed: more than 20; one member, restarted: more than 20
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
for tool in etcd etcdctl; do
  command -v $tool > /dev/null || apt-get install -y -qq --no-install-recommends etcd-server etcd-client > /dev/null 2>&1 || exit 2
done
dir=$(mktemp -d)
trap 'kill -9 $(cat "$dir"/*.pid) 2> /dev/null || true; wait; rm -rf "$dir"' EXIT
trap 'exit 2' HUP INT TERM
cd "$dir"
export ETCDCTL_API=3
set -- $(/usr/bin/python3 -c 'import socket
sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(8)]
print(*(each.getsockname()[1] for each in sockets))')
three="one=http://127.0.0.1:$1,two=http://127.0.0.1:$2,three=http://127.0.0.1:$3"
clients=127.0.0.1:$4,127.0.0.1:$5,127.0.0.1:$6
start() {
  etcd --name "$1" --data-dir "$dir/$1" --listen-client-urls "http://127.0.0.1:$3" --advertise-client-urls "http://127.0.0.1:$3" \
    --listen-peer-urls "http://127.0.0.1:$2" --initial-advertise-peer-urls "http://127.0.0.1:$2" --initial-cluster "$4" > "$1.log" 2>&1 &
  echo $! > "$1.pid"
}
until_well() {
  for _ in $(seq 40); do
    if etcdctl --endpoints "$1" get well > /dev/null 2>&1; then return 0; fi
    sleep 0.5
  done
  cat ./*.log >&2
  exit 2
}
grant() { etcdctl --endpoints "$1" lease grant 30 | cut -d' ' -f2; }
left() {
  rest=$(etcdctl --endpoints "$1" lease timetolive "$2" | sed 's/.*remaining(\([0-9]*\)s)/\1/')
  if [ "$rest" -le 15 ]; then echo '15 or less'; elif [ "$rest" -gt 20 ]; then echo 'more than 20'; else echo "$rest"; fi
}
start one "$1" "$4" "$three"
start two "$2" "$5" "$three"
start three "$3" "$6" "$three"
start alone "$7" "$8" "alone=http://127.0.0.1:$7"
until_well "$clients"
until_well "127.0.0.1:$8"
of_three=$(grant "$clients")
of_one=$(grant "127.0.0.1:$8")
sleep 15
said="three members: $(left "$clients" "$of_three")"
leader=$(etcdctl --endpoints "$clients" endpoint status 2> /dev/null | awk -F ', ' '$5 == "true" { print $1 }')
case $leader in *:"$4") name=one ;; *:"$5") name=two ;; *:"$6") name=three ;; *) exit 2 ;; esac
kill -9 "$(cat $name.pid)"
kill "$(cat alone.pid)"
others=$(echo "$clients" | tr ',' '\n' | grep -v ":${leader##*:}$" | paste -sd,)
until_well "$others"
start alone "$7" "$8" "alone=http://127.0.0.1:$7"
until_well "127.0.0.1:$8"
said="$said; their leader killed: $(left "$others" "$of_three"); one member, restarted: $(left "127.0.0.1:$8" "$of_one")"
echo "$said"
[ "$said" = 'three members: 15 or less; their leader killed: more than 20; one member, restarted: more than 20' ]
