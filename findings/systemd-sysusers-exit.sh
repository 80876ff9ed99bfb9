#!/bin/sh
# systemd 252 (Debian 12): systemd-sysusers ends with 0 where it has made no user, or one with another number than was asked for.
#
# A package's script runs it and goes on with files for the user that it names. A line that it can't follow is told on stderr and passed over: a name
# with a dot (which useradd and adduser's own rules may allow), a group that is not there, a home that is no path. A number that is taken
# gives the user the next free one. Its manual: "on success, 0 is returned, a non-zero failure code otherwise".
#
# Expected: another exit code than 0, as systemd-tmpfiles has (65) for such a line.
# Seen:     0 for each; no user for three of four.
# Output:   u kiosk.shop -: exit 0, no user
#           u kiosk -:nogroup: exit 0, no user
#           u kiosk - "Kiosk" var/kiosk: exit 0, no user
#           u kiosk 990: exit 0, number 999
#           tmpfiles, d /kiosk 0755 nobody.here: exit 65
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
for tool in systemd-sysusers systemd-tmpfiles; do command -v $tool > /dev/null || exit 2; done
[ "$(id -u)" = 0 ] || exit 2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
try() {
  rm -rf "$dir/root"
  mkdir -p "$dir/root/etc/sysusers.d"
  printf 'root:x:0:0::/root:/bin/sh\nother:x:990:990::/:/bin/sh\n' > "$dir/root/etc/passwd"
  printf 'root:x:0:\nother:x:990:\n' > "$dir/root/etc/group"
  echo "$1" > "$dir/root/etc/sysusers.d/kiosk.conf"
  code=0
  systemd-sysusers --root="$dir/root" > /dev/null 2>&1 || code=$?
  number=$(sed -n 's/^kiosk[^:]*:x:\([0-9]*\):.*/\1/p' "$dir/root/etc/passwd")
  echo "$1: exit $code, ${number:+number }${number:-no user}"
}
code=0
mkdir -p "$dir/tmpfiles/etc/tmpfiles.d"
echo 'd /kiosk 0755 nobody.here' > "$dir/tmpfiles/etc/tmpfiles.d/kiosk.conf"
systemd-tmpfiles --root="$dir/tmpfiles" --create > /dev/null 2>&1 || code=$?
said="$(try 'u kiosk.shop -')
$(try 'u kiosk -:nogroup')
$(try 'u kiosk - "Kiosk" var/kiosk')
$(try 'u kiosk 990')
tmpfiles, d /kiosk 0755 nobody.here: exit $code"
echo "$said"
[ "$said" = 'u kiosk.shop -: exit 0, no user
u kiosk -:nogroup: exit 0, no user
u kiosk - "Kiosk" var/kiosk: exit 0, no user
u kiosk 990: exit 0, number 999
tmpfiles, d /kiosk 0755 nobody.here: exit 65' ]
