#!/bin/sh
# cage 0.1.4 (Debian 12): it ends with 0 whatever its program has ended with.
#
# A service that shows one program under cage acts on how that program ended: started again after a crash, left alone after a broken
# configuration. cage is what the service sees, and cage ends with 0 after 1, after 78, after a kill, and where there is no such program.
#
# Expected: cage ends with the code of its program.
# Seen:     0 each time.
# Output:   0: 0; 1: 0; 78: 0; killed: 0; not there: 0
#
# Exits 0 while it is so, 1 once cage behaves otherwise, 2 when it could not be run.
set -eu
command -v cage > /dev/null || apt-get install -y -qq --no-install-recommends cage xwayland > /dev/null 2>&1 || exit 2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
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
under_cage() {
  code=0
  $as timeout 30 cage -- "$@" > /dev/null 2>&1 || code=$?
  echo $code
}
seen="0: $(under_cage true); 1: $(under_cage sh -c 'exit 1'); 78: $(under_cage sh -c 'exit 78')"
seen="$seen; killed: $(under_cage sh -c 'kill -9 $$'); not there: $(under_cage /no/such/program)"
echo "$seen"
[ "$seen" = '0: 0; 1: 0; 78: 0; killed: 0; not there: 0' ]
