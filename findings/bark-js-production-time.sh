#!/bin/sh
# bark-js 1.2.1: a production time without seconds takes the separator and what follows it into itself, and the serial number is gone.
#
# AI 8008 is a date and an hour, with minutes and seconds where they are known: eight to twelve digits, so a separator ends it where another element
# follows (GS1 General Specifications, 3.9). bark-js takes twelve characters, whatever they are, and tells the separator and the serial number's
# identifier as minutes or seconds. What is left of the serial number is read as elements of its own: with minutes alone, one that begins with 0 is
# told as a lot. With seconds all is well.
#
# Expected: 8008 and 21, each time.
# Seen:     without seconds, a time that is none, and no 21, but a lot or a date.
# Output:   8008 260329123045, 21 51a: 8008=2026-03-29 12:30:45 21=51a
#           8008 26032912, 21 A: 8008=2026-03-29 12:^]2:1A
#           8008 26032912, 21 A1051: 8008=2026-03-29 12:^]2:1A 10=51
#           8008 2603291230, 21 10LOT: 8008=2026-03-29 12:30:^]2 11=2000-OT-
#           8008 2603291230, 21 0000051a: 8008=2026-03-29 12:30:^]2 10=000051a
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts bark-js@1.2.1 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.cjs <<'JS'
const bark = require('bark-js');

const separator = String.fromCharCode(29);
const read = (time, serial) => {
  try {
    const { elements } = bark(`8008${time}${separator}21${serial}`);
    return elements.map(({ ai, value }) => `${ai}=${value}`).join(' ').replaceAll(separator, '^]');
  } catch {
    return 'an error';
  }
};
const said = [['260329123045', '51a'], ['26032912', 'A'], ['26032912', 'A1051'], ['2603291230', '10LOT'], ['2603291230', '0000051a']]
  .map(([time, serial]) => `8008 ${time}, 21 ${serial}: ${read(time, serial)}`)
  .join('\n');
console.log(said);
const seen = `8008 260329123045, 21 51a: 8008=2026-03-29 12:30:45 21=51a
8008 26032912, 21 A: 8008=2026-03-29 12:^]2:1A
8008 26032912, 21 A1051: 8008=2026-03-29 12:^]2:1A 10=51
8008 2603291230, 21 10LOT: 8008=2026-03-29 12:30:^]2 11=2000-OT-
8008 2603291230, 21 0000051a: 8008=2026-03-29 12:30:^]2 10=000051a`;
process.exit(said === seen ? 0 : 1);
JS
timeout 20 node run.cjs
