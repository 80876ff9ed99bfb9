#!/bin/sh
# systemd 252 (Debian 12) and 257 (Debian 13): a credential that a unit with User= loads belongs to that user with mode 0400 in the one, and to
# root with mode 0440 in the other.
#
# A program that is handed a passphrase by LoadCredential= does as ssh and PostgreSQL do: it refuses a file that others may read. 252 puts it on a
# ramfs, which has no access lists, and gives it away. 257 puts it on a tmpfs without swap and adds an access list, whose mask stat() shows as the
# rights of the group: the same check refuses it, though nobody else may read it. The group itself has no right.
#
# Expected: mode 0400 and the user as its owner, in both.
# Seen:     so in 252; in 257 root:root 0440 with "user:probe:r--" and "group::---".
# Output:   252: ramfs, folder probe:root 500, file probe:root 400, users none
#           257: tmpfs, folder root:root 550, file root:root 440, users probe:r--
#
# Boots each release in a container, as root; about four minutes. Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
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

# Prints where the credential lies, and who owns it.
probe='d=$CREDENTIALS_DIRECTORY; f=$d/word
echo "$(stat -f -c %T $d), folder $(stat -c "%U:%G %a" $d), file $(stat -c "%U:%G %a" $f), users $(getfacl -c $f 2> /dev/null | sed -n "s/^user:\\([a-z].*\\)/\\1/p" | grep . || echo none)"'
seen_in() {
  perl tools/usr/bin/mmdebstrap --quiet --variant=minbase --include=systemd-sysv,acl "$1" "$dir/$1" \
    "deb [signed-by=$keyring] $mirror $1 main" > "$dir/log" 2>&1 || return 2
  chroot "$1" useradd --system probe
  echo 'twenty-four letters here' > "$1/root/word"
  printf '%s\n' "$probe" > "$1/usr/local/bin/probe"
  cat > "$1/etc/systemd/system/probe.service" << END
[Service]
Type=oneshot
User=probe
LoadCredential=word:/root/word
ExecStart=/bin/sh /usr/local/bin/probe
StandardOutput=file:/root/seen
ExecStopPost=+/bin/sh -c 'kill -s RTMIN+14 1'
[Install]
WantedBy=multi-user.target
END
  ln -s ../probe.service "$1/etc/systemd/system/multi-user.target.wants/probe.service"
  ln -sf /lib/systemd/system/multi-user.target "$1/etc/systemd/system/default.target"
  timeout 120 tools/usr/bin/systemd-nspawn --register=no --keep-unit --quiet --boot -D "$dir/$1" > "$dir/log" 2>&1 || true
  cat "$1/root/seen"
}
seen="252: $(seen_in bookworm)
257: $(seen_in trixie)" || exit 2
echo "$seen"
[ "$seen" = '252: ramfs, folder probe:root 500, file probe:root 400, users none
257: tmpfs, folder root:root 550, file root:root 440, users probe:r--' ]
