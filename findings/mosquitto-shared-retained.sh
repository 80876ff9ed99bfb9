#!/bin/sh
# mosquitto 2.0.11 (Debian 12): each worker that joins a shared subscription is sent every retained message, though another one has had it.
#
# Workers of a backend share a subscription ($share/group/filter) so that each message is handled once. Retained messages, as of what devices have
# said last, go to who makes a subscription that is not shared (MQTT 5.0, 3.3.1.3). mosquitto sends them to each worker that subscribes, so that
# with every start, every reconnection and every further worker all of them are handled again; "retain" is set on them. To ask for none
# (Retain Handling 2) is up to the client.
#
# Expected: both for the plain subscription, none for the workers; the message that comes while two of them are there, once.
# Seen:     both retained messages for each of the workers, and again after a reconnection.
# Output:   plain: lock/1 lock/2
#           worker 1: lock/1 lock/2; worker 2: lock/1 lock/2; worker 1 again: lock/1 lock/2
#           sent while both are there: 1 time
#
# Runs a broker of its own on the loopback. Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
broker=
trap '[ -z "$broker" ] || kill $broker 2> /dev/null || true; rm -rf "$dir"' EXIT
trap 'exit 2' HUP INT TERM
cd "$dir"
apt-get download -qq mosquitto mosquitto-clients libmosquitto1 libwebsockets17 libcjson1 libdlt2 libev4 libuv1 > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in *.deb; do dpkg -x "$package" .; done
LD_LIBRARY_PATH=$(echo usr/lib/*-linux-gnu)
export LD_LIBRARY_PATH
[ "$(usr/sbin/mosquitto -h | head -n 1)" = 'mosquitto version 2.0.11' ] || exit 2
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
printf 'listener %s 127.0.0.1\nallow_anonymous true\nuser %s\n' "$port" "$(id -un)" > broker.conf
usr/sbin/mosquitto -c broker.conf > broker.log 2>&1 &
broker=$!
publish() { usr/bin/mosquitto_pub -p "$port" -V 5 -q 1 "$@"; }
tries=0
until publish -t lock/1 -m open -r 2> /dev/null; do
  tries=$((tries + 1))
  [ $tries -lt 50 ] || { cat broker.log; exit 2; }
  sleep 0.2
done
publish -t lock/2 -m closed -r
# The topics that a subscriber is sent within two seconds.
heard() { usr/bin/mosquitto_sub -p "$port" -V 5 -q 1 -W 2 -F %t -t "$1" 2> /dev/null | sort | tr '\n' ' ' | sed 's/ $//'; }
plain=$(heard 'lock/+')
first=$(heard '$share/workers/lock/+')
second=$(heard '$share/workers/lock/+')
again=$(heard '$share/workers/lock/+')
for worker in 1 2; do
  stdbuf -oL usr/bin/mosquitto_sub -p "$port" -V 5 -q 1 -d -R -t '$share/others/door/+' > worker$worker.log 2>&1 &
  eval "worker$worker=\$!"
done
tries=0
until [ "$(cat worker?.log | grep -c SUBACK)" = 2 ]; do
  tries=$((tries + 1))
  [ $tries -lt 50 ] || exit 2
  sleep 0.2
done
publish -t door/1 -m once
tries=0
until grep -q PUBLISH worker?.log || [ $tries = 50 ]; do
  tries=$((tries + 1))
  sleep 0.2
done
sleep 1
kill "$worker1" "$worker2"
said="plain: $plain
worker 1: $first; worker 2: $second; worker 1 again: $again
sent while both are there: $(cat worker?.log | grep -c 'received PUBLISH') time"
echo "$said"
[ "$said" = 'plain: lock/1 lock/2
worker 1: lock/1 lock/2; worker 2: lock/1 lock/2; worker 1 again: lock/1 lock/2
sent while both are there: 1 time' ]
