#!/bin/sh
# @abandonware/noble 1.9.2-26 and @stoprocent/noble 2.8.0: of two makers' data in one advertisement only the second is told.
#
# Manufacturer data may be there more than once (Supplement to the Core Specification, A 1.4): a module's beacon beside the maker's own, or one in the
# advertisement and one in the scan response. What looks for its own company among manufacturerData finds it or not by the order of the two.
# Of service data, which may be there several times as well, the first noble tells each.
#
# Expected: ffff0102 and 4c000215, or a list of them.
# Seen:     the later one.
# Output:   @abandonware/noble: one packet 4c000215; other order ffff0102; scan response 4c000215
#           @stoprocent/noble: one packet 4c000215; other order ffff0102; scan response 4c000215
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
const [own, beacon] = ['05ffffff0102', '05ff4c000215'];
const [scannable, nonConnectable, scanResponse] = [2, 3, 4];
const lastTold = (name, reports) => {
  const Gap = require(`${name}/lib/hci-socket/gap`);
  const gap = new Gap(new EventEmitter());
  let last = 'nothing';
  gap.on('discover', (...given) => (last = given.find((each) => each?.serviceUuids).manufacturerData?.toString('hex') ?? 'none'));
  for (const [type, data] of reports) gap.onHciLeAdvertisingReport(0, type, 'c0:00:00:00:00:01', 'random', Buffer.from(data, 'hex'), -60);
  return last;
};
const tell = (name) =>
  `${name}: one packet ${lastTold(name, [[nonConnectable, own + beacon]])}; other order ${lastTold(name, [[nonConnectable, beacon + own]])}; scan response ${lastTold(name, [[scannable, own], [scanResponse, beacon]])}`;
const said = ['@abandonware/noble', '@stoprocent/noble'].map(tell).join('\n');
console.log(said);
process.exit(
  said ===
    `@abandonware/noble: one packet 4c000215; other order ffff0102; scan response 4c000215
@stoprocent/noble: one packet 4c000215; other order ffff0102; scan response 4c000215`
    ? 0
    : 1,
);
JS
timeout 20 node run.js
