#!/bin/sh
# cage 0.1.4 (Debian 12): told to end, it aborts, and its program goes on without a screen and without being told.
#
# SIGTERM is how a service manager ends a service. cage ends its display, and then by an assertion of Wayland's library, with SIGABRT; the
# program that it has started gets no signal and is still there.
#
# Expected: the program is told to end, and cage ends after it.
# Seen:     cage ends with SIGABRT (134); the program has seen no signal and runs.
# Output:   cage: 134; program: runs, was not told
#
# Exits 0 while it is so, 1 once cage behaves otherwise, 2 when it could not be run.
set -eu
command -v cage > /dev/null || apt-get install -y -qq --no-install-recommends cage xwayland > /dev/null 2>&1 || exit 2
dir=$(mktemp -d)
program=
trap 'if [ -n "$program" ]; then kill -9 "$program" 2> /dev/null || true; fi; rm -rf "$dir"' EXIT
trap 'exit 2' HUP INT TERM
chmod 755 "$dir"
mkdir -m 700 "$dir/run"
# It refuses to run as root.
as=
if [ "$(id -u)" = 0 ]; then
  chown 65534:65534 "$dir/run"
  as='setpriv --reuid=65534 --regid=65534 --clear-groups'
fi
export XDG_RUNTIME_DIR="$dir/run" WLR_BACKENDS=headless WLR_LIBINPUT_NO_DEVICES=1 WLR_RENDERER=pixman
cd "$dir/run"
$as cage -- sh -c 'trap ": > told" TERM HUP INT; echo $$ > program; n=0; while [ $n -lt 300 ]; do sleep 0.1; n=$((n+1)); done' > /dev/null 2>&1 &
cage=$!
n=0
while [ ! -s program ] && [ $n -lt 200 ]; do sleep 0.1; n=$((n + 1)); done
[ -s program ] || exit 2
program=$(cat program)
kill -TERM $cage
code=0
wait $cage 2> /dev/null || code=$?
sleep 1
runs=ended
kill -0 "$program" 2> /dev/null && runs=runs
told='was not told'
[ -e told ] && told='was told'
echo "cage: $code; program: $runs, $told"
[ "$code" = 134 ] && [ $runs = runs ] && [ "$told" = 'was not told' ]
