#!/bin/sh
# deb-version-compare 1.2.1: 0.3.0 is as new as 0.3.0-1 when asked one way and older the other way, and 2026.03 and 2026.3 are each the older one.
#
# Whoever shows which kiosks have an older package than the one to be installed compares versions as dpkg does (Debian Policy, 5.6.12): a version
# without a revision is as one with the revision 0, and numbers are compared as numbers, leading zeros included. The library compares a missing
# revision with none, in one direction, so a rebuilt package (0.3.0-1 after 0.3.0) is no update, and a list of versions has no order; and it takes
# a zero at the front for a smaller number, whichever is first. Its README has that section in full.
#
# Expected: as dpkg --compare-versions says, and the opposite the other way.
# Seen:     equal, and newer; -1 both ways for what are the same.
# Output:   0.3.0 to 0.3.0-1: dpkg -1, library 0, the other way 1
#           0.3.0 to 0.3.0-1+deb12u2: dpkg -1, library 0, the other way 1
#           0.3.0-0 to 0.3.0: dpkg 0, library 1, the other way 0
#           2026.03-1 to 2026.3-1: dpkg 0, library -1, the other way -1
#           0.3.0~rc1-1 to 0.3.0-1: dpkg -1, library -1, the other way 1
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
command -v dpkg > /dev/null || exit 2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts deb-version-compare@1.2.1 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.mjs <<'JS'
import { spawnSync } from 'node:child_process';
import compare from 'deb-version-compare';

const dpkg = (a, b) => ['lt', 'eq', 'gt'].findIndex((relation) => spawnSync('dpkg', ['--compare-versions', a, relation, b]).status === 0) - 1;
for (const [a, b] of [
  ['0.3.0', '0.3.0-1'],
  ['0.3.0', '0.3.0-1+deb12u2'],
  ['0.3.0-0', '0.3.0'],
  ['2026.03-1', '2026.3-1'],
  ['0.3.0~rc1-1', '0.3.0-1'],
])
  console.log(`${a} to ${b}: dpkg ${dpkg(a, b)}, library ${compare(a, b)}, the other way ${compare(b, a)}`);
JS
said=$(timeout 20 node run.mjs)
echo "$said"
[ "$said" = '0.3.0 to 0.3.0-1: dpkg -1, library 0, the other way 1
0.3.0 to 0.3.0-1+deb12u2: dpkg -1, library 0, the other way 1
0.3.0-0 to 0.3.0: dpkg 0, library 1, the other way 0
2026.03-1 to 2026.3-1: dpkg 0, library -1, the other way -1
0.3.0~rc1-1 to 0.3.0-1: dpkg -1, library -1, the other way 1' ]
