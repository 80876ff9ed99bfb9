#!/bin/sh
# systemd 252 (Debian 12): a code that RestartPreventExitStatus= names prevents no restart when it is that of ExecStartPre=.
#
# A unit says with RestartPreventExitStatus=78 that a broken configuration is left alone until somebody has mended it. Its check, put before the
# program as ExecStartPre= and ending with the same 78, is run again and again. With ExecCondition= the unit is left alone, and is not "failed".
# LoadCredential= of a file that is not there is tried again and again as well, and its words name neither the file nor that it is missing.
#
# Expected: left alone each time, as when the program itself ends with 78; the missing file named.
# Seen:     started again for ExecStartPre= and for the credential.
# Output:   program: failed, 0 restarts; before it: activating, restarted; condition: inactive, 0 restarts; credential: activating, restarted
#           Failed to set up credentials: Protocol error
#
# Boots Debian in a container, as root; about two minutes. Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
[ "$(id -u)" = 0 ] || exit 2
dir=$(mktemp -d)
trap 'rm -rf --one-file-system "$dir"' EXIT
cd "$dir"
apt-get download -qq mmdebstrap systemd-container > /dev/null 2>&1 || exit 2
for package in *.deb; do dpkg -x "$package" tools; done
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ -e "$keyring" ] || exit 2
# Where this computer has its own packages from.
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | head -n 1)
[ -n "$mirror" ] || exit 2
perl tools/usr/bin/mmdebstrap --quiet --variant=minbase --include=systemd-sysv bookworm "$dir/tree" \
  "deb [signed-by=$keyring] $mirror bookworm main" > log 2>&1 || exit 2
unit() {
  name=$1
  shift
  printf '%s\n' '[Unit]' StartLimitIntervalSec=0 '[Service]' "$@" Restart=on-failure RestartSec=1 RestartPreventExitStatus=78 \
    > "tree/etc/systemd/system/$name.service"
}
unit program "ExecStart=/bin/sh -c 'exit 78'"
unit before "ExecStartPre=/bin/sh -c 'exit 78'" 'ExecStart=/bin/sleep 60'
unit condition "ExecCondition=/bin/sh -c 'exit 78'" 'ExecStart=/bin/sleep 60'
unit credential LoadCredential=word:/root/not-there 'ExecStart=/bin/sleep 60'
cat > tree/usr/local/bin/look << 'END'
for name in program before condition credential; do systemctl start --no-block $name; done
sleep 8
for name in program before condition credential; do
  restarts=$(systemctl show --value -p NRestarts $name)
  [ "$restarts" -lt 2 ] && said="$restarts restarts" || said=restarted
  # Between two starts it is "auto-restart", which counts as activating; a start that goes wrong at once may be seen as it is up.
  state=$(systemctl show --value -p ActiveState $name | sed 's/^active$/activating/')
  printf '%s%s: %s, %s' "${comma-}" "$name" "$state" "$said"
  comma='; '
done | sed 's/before:/before it:/'
echo
journalctl -u credential -o cat | sed -n 's/.*: \(Failed to set up credentials\)/\1/p' | head -n 1
END
cat > tree/etc/systemd/system/look.service << 'END'
[Service]
Type=oneshot
ExecStart=/bin/sh /usr/local/bin/look
StandardOutput=file:/root/seen
ExecStopPost=/bin/sh -c 'kill -s RTMIN+14 1'
END
mkdir -p tree/etc/systemd/system/multi-user.target.wants
ln -s ../look.service tree/etc/systemd/system/multi-user.target.wants/look.service
ln -sf /lib/systemd/system/multi-user.target tree/etc/systemd/system/default.target
timeout 120 tools/usr/bin/systemd-nspawn --register=no --keep-unit --quiet --boot -D "$dir/tree" > log 2>&1 || true
cat tree/root/seen
[ "$(cat tree/root/seen)" = 'program: failed, 0 restarts; before it: activating, restarted; condition: inactive, 0 restarts; credential: activating, restarted
Failed to set up credentials: Protocol error' ]
