#!/bin/sh
# kiosk-session.sh PROGRAM [ARGUMENT …]: shows a program under cage, and ends with the code with which the program has ended.
#
# cage 0.1.4 (Debian 12) ends with 0 whatever its program ended with; and told to end it aborts and leaves its program alone. So the program's
# code is written down beside cage, and who tells this script to end tells the program, which cage follows.
#
# A program that hangs tells nobody. The kiosk touches the file that KIOSK_ALIVE_FILE names every five seconds; one that has begun to, and has
# left it for KIOSK_SILENT_LOOKS looks (12), KIOSK_LOOK_SECONDS (5) after each other, is killed. One that has not begun has ten times as many.
set -u
crashed=1
look=${KIOSK_LOOK_SECONDS:-5}
patience=${KIOSK_SILENT_LOOKS:-12}

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

# Looks are counted, and no time is compared: the clock may be moved, and nothing is late because the computer slept.
watch_over() {
  trap - TERM INT HUP EXIT
  seen=$(stat -c %.9Y "$KIOSK_ALIVE_FILE")
  silent=0
  left=$((patience * 10))
  while sleep "$look"; do
    now=$(stat -c %.9Y "$KIOSK_ALIVE_FILE" 2> /dev/null) || return
    silent=$((silent + 1))
    if [ "$now" != "$seen" ]; then
      seen=$now
      silent=0
      left=$patience
    fi
    if [ "$silent" -ge "$left" ] && [ -e "$notes/program" ]; then
      echo "kiosk-session: no sign of life for $silent looks, one each $look s: the kiosk hangs, and is ended" >&2
      kill -KILL "$(cat "$notes/program")" 2> /dev/null
      return
    fi
  done
}

KIOSK_ALIVE_FILE=$notes/alive
export KIOSK_ALIVE_FILE
: > "$KIOSK_ALIVE_FILE"
watch_over &
watcher=$!
cage -- "$0" --inside "$notes" "$@" &
cage=$!
# A signal ends `wait`, and nothing but the end of cage ends this script.
while kill -0 "$cage" 2> /dev/null; do wait "$cage"; done
kill "$watcher" 2> /dev/null

if [ -e "$notes/code" ]; then exit "$(cat "$notes/code")"; fi
# cage itself has not come up, or has gone first.
if [ -e "$notes/program" ]; then kill -TERM "$(cat "$notes/program")" 2> /dev/null; fi
exit "$crashed"
