#!/bin/sh
# @abandonware/noble 1.9.2-26 and @stoprocent/noble 2.8.0: a shortened name takes the place of the whole one that was heard before.
#
# A name is whole (type 09) or the beginning of a longer one (08), so that a peer whose advertisement and scan response have room for different
# things may have either in each (Supplement to the Core Specification, A 1.2). Both nobles know one name and take whichever came last, an empty one
# too: which of two locks it is, where names differ at the end, depends on which packet was heard.
#
# Expected: Shelf 17 each time.
# Seen:     Shelf, or nothing.
# Output:   @abandonware/noble: whole then shortened "Shelf"; shortened then whole "Shelf 17"; whole then empty ""
#           @stoprocent/noble: whole then shortened "Shelf"; shortened then whole "Shelf 17"; whole then empty ""
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts @abandonware/noble@1.9.2-26 @stoprocent/noble@2.8.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.js <<'JS'
const { EventEmitter } = require('node:events');
const field = (type, text) => Buffer.from([text.length + 1, type, ...Buffer.from(text)]);
const [whole, shortened, empty] = [field(0x09, 'Shelf 17'), field(0x08, 'Shelf'), field(0x08, '')];
const [scannable, scanResponse] = [2, 4];
const told = (name, advertised, answered) => {
  const Gap = require(`${name}/lib/hci-socket/gap`);
  const gap = new Gap(new EventEmitter());
  let last = 'nothing';
  gap.on('discover', (...given) => (last = given.find((each) => each?.serviceUuids).localName));
  gap.onHciLeAdvertisingReport(0, scannable, 'c0:00:00:00:00:01', 'random', advertised, -60);
  gap.onHciLeAdvertisingReport(0, scanResponse, 'c0:00:00:00:00:01', 'random', answered, -60);
  return JSON.stringify(last);
};
const tell = (name) =>
  `${name}: whole then shortened ${told(name, whole, shortened)}; shortened then whole ${told(name, shortened, whole)}; whole then empty ${told(name, whole, empty)}`;
const said = ['@abandonware/noble', '@stoprocent/noble'].map(tell).join('\n');
console.log(said);
process.exit(
  said ===
    `@abandonware/noble: whole then shortened "Shelf"; shortened then whole "Shelf 17"; whole then empty ""
@stoprocent/noble: whole then shortened "Shelf"; shortened then whole "Shelf 17"; whole then empty ""`
    ? 0
    : 1,
);
JS
timeout 20 node run.js
