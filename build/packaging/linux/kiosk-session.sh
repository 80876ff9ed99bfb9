#!/bin/sh
# kiosk-session.sh PROGRAM [ARGUMENT …]: shows a program under cage, and ends with the code with which the program has ended.
#
# cage 0.1.4 (Debian 12) ends with 0 whatever its program ended with; and told to end it aborts and leaves its program alone. So the program's
# code is written down beside cage, and who tells this script to end tells the program, which cage follows.
set -u
crashed=1

if [ "${1-}" = --inside ]; then
  notes=$2
  shift 2
  "$@" &
  program=$!
  echo "$program" > "$notes/program"
  if [ -e "$notes/stop" ]; then kill -TERM "$program"; fi
  wait "$program"
  code=$?
  echo "$code" > "$notes/code.part" && mv "$notes/code.part" "$notes/code"
  exit "$code"
fi

notes=$(mktemp -d "${XDG_RUNTIME_DIR:-/tmp}/kiosk-session.XXXXXX") || exit "$crashed"
trap 'rm -rf "$notes"' EXIT
stop() {
  : > "$notes/stop"
  if [ -e "$notes/program" ]; then kill -TERM "$(cat "$notes/program")" 2> /dev/null; fi
}
trap stop TERM INT HUP

cage -- "$0" --inside "$notes" "$@" &
cage=$!
# A signal ends `wait`, and nothing but the end of cage ends this script.
while kill -0 "$cage" 2> /dev/null; do wait "$cage"; done

if [ -e "$notes/code" ]; then exit "$(cat "$notes/code")"; fi
# cage itself has not come up, or has gone first.
if [ -e "$notes/program" ]; then kill -TERM "$(cat "$notes/program")" 2> /dev/null; fi
exit "$crashed"
