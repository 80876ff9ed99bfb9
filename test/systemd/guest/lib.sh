# What the cases share.
# until TEXT COMMAND …: looks again each second, for a minute.
until_() {
  text=$1
  shift
  for _ in $(seq 60); do
    if "$@"; then return 0; fi
    sleep 1
  done
  echo "waited in vain for: $text"
  return 1
}
runs() { systemctl is-active --quiet latchpoint; }
is_version() { [ "$(dpkg-query -W -f '${Version} ${db:Status-Status}' latchpoint)" = "$1 installed" ]; }
said_last() { [ "$(cut -d ' ' -f 1,2 /var/lib/latchpoint-update/result)" = "$1" ]; }
# hand_over VERSION: as the kiosk does it.
hand_over() {
  into=/var/lib/latchpoint/updates
  runuser -u latchpoint -- mkdir -p $into
  for file in manifest package; do
    runuser -u latchpoint -- sh -c "cat > $into/$file" < "channel-$1/$file"
  done
  runuser -u latchpoint -- touch $into/request
}
not() { ! "$@"; }
