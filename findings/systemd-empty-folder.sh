#!/bin/sh
# systemd 252 (Debian 12): a folder in which there is a file is "empty" to ConditionDirectoryNotEmpty= as long as that file is hidden, or
# named like something put aside: .new, .old, .bak, .swp, ~, .dpkg-….
#
# Its manual has it as "exists and is a non-empty directory", without an exception. A unit that is to do something with what lies in a folder
# (an update that was fetched as kiosk.new, reports, a queue) is passed over, which is no failure and is said in the journal alone. .tmp,
# .part and .orig do count.
#
# Expected: not empty, whatever the file's name is.
# Seen:     empty for eight of twelve names.
# Output:   not empty: kiosk.deb kiosk.tmp kiosk.part kiosk.orig
#           empty: .kiosk kiosk.new kiosk.old kiosk.bak kiosk.swp kiosk~ kiosk.dpkg-new lost+found
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
command -v systemd-analyze > /dev/null || exit 2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
full=
empty=
for name in kiosk.deb kiosk.tmp kiosk.part kiosk.orig .kiosk kiosk.new kiosk.old kiosk.bak kiosk.swp kiosk~ kiosk.dpkg-new lost+found; do
  mkdir "$dir/inbox"
  echo 1 > "$dir/inbox/$name"
  # That the tool works at all is shown by a condition that holds.
  systemd-analyze condition "ConditionPathIsDirectory=$dir/inbox" > /dev/null 2>&1 || exit 2
  if systemd-analyze condition "ConditionDirectoryNotEmpty=$dir/inbox" > /dev/null 2>&1; then full="$full $name"; else empty="$empty $name"; fi
  rm -r "$dir/inbox"
done
said="not empty:$full
empty:$empty"
echo "$said"
[ "$said" = 'not empty: kiosk.deb kiosk.tmp kiosk.part kiosk.orig
empty: .kiosk kiosk.new kiosk.old kiosk.bak kiosk.swp kiosk~ kiosk.dpkg-new lost+found' ]
