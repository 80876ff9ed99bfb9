#!/bin/sh
# dpkg 1.21.23 (Debian 12): a configuration file that an administrator has made a link to the same file elsewhere is not updated any more,
# and nothing is said.
#
# Configuration that is kept in one place (in git, on a share, by a tool) and linked from where the package has it is the usual way, and dpkg
# follows such links. A new version's file is put beside the link, as .dpkg-new, and is looked for beside the file that the link leads to,
# where there is none: the configuration stays that of the old version, without a question, a warning or another exit code than 0. A file
# that nobody has touched is replaced, and one that was changed is asked for.
#
# Expected: the file behind the link is replaced, as it is unchanged; or a warning.
# Seen:     it stays, beside a .dpkg-new; dpkg keeps the old version's sum for it.
# Output:   no link: exit 0; kiosk.conf two
#           link: exit 0, no warning; kiosk.conf one; kiosk.conf.dpkg-new two
#           the same for version 3: exit 0, no warning; kiosk.conf one; kiosk.conf.dpkg-new three
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
for tool in dpkg dpkg-deb; do command -v $tool > /dev/null || exit 2; done
# tar, ldconfig and start-stop-daemon are looked for in these folders.
PATH=$PATH:/usr/sbin:/sbin
[ "$(id -u)" = 0 ] || exit 2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
for version in 1:one 2:two 3:three; do
  tree=tree-${version%:*}
  mkdir -p "$tree/DEBIAN" "$tree$dir/etc"
  printf 'Package: finding\nVersion: %s\nArchitecture: all\nMaintainer: Somebody <somebody@example.org>\nDescription: one file\n' "${version%:*}" > "$tree/DEBIAN/control"
  echo "${version#*:}" > "$tree$dir/etc/kiosk.conf"
  echo "$dir/etc/kiosk.conf" > "$tree/DEBIAN/conffiles"
  dpkg-deb --root-owner-group --build "$tree" "${version%:*}.deb" > /dev/null
done
# A list of packages of its own: the machine's is not touched.
install_version() {
  code=0
  dpkg --admindir="$dir/admin" --log=/dev/null --install "$1.deb" < /dev/null > out 2> err || code=$?
}
begin() {
  rm -rf admin etc
  mkdir -p admin/info admin/updates admin/triggers
  touch admin/status admin/available
  install_version 1
  [ $code = 0 ] || { cat err; exit 2; }
}
files() { for file in etc/kiosk.conf*; do printf '; %s %s' "${file#etc/}" "$(cat "$file")"; done; }
tell() { echo "exit $code$([ -s err ] || grep -qi warn out || echo ', no warning')$(files)"; }
begin
install_version 2
plain="exit $code$(files)"
begin
mkdir etc/kept
mv etc/kiosk.conf etc/kept/kiosk.conf
ln -s "$dir/etc/kept/kiosk.conf" etc/kiosk.conf
install_version 2
second=$(tell)
install_version 3
said="no link: $plain
link: $second
the same for version 3: $(tell)"
echo "$said"
[ "$said" = 'no link: exit 0; kiosk.conf two
link: exit 0, no warning; kiosk.conf one; kiosk.conf.dpkg-new two
the same for version 3: exit 0, no warning; kiosk.conf one; kiosk.conf.dpkg-new three' ]
