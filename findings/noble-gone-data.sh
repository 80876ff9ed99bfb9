#!/bin/sh
# @abandonware/noble 1.9.2-26 and @stoprocent/noble 2.8.0: what a peer advertises no longer is told on.
#
# A peer that changes its advertisement (a sensor that turns from manufacturer data to nothing, a name that is shown in a setting
# mode only) is told with the name, the power and the manufacturer data of before: each report is written over the last, and only
# what it holds replaces anything. Of its services the first noble tells those of this report, the second all that ever were.
# Whoever reads a state from an advertisement has to look at the time of the report's own part, which neither tells.
#
# Expected: after a report with flags alone nothing is told but that the peer is there.
# Seen:     name, power and manufacturer data of before; services none, and those of before.
# Output:   @abandonware/noble: name Lock, data ffff0102, power -4, services none
#           @stoprocent/noble: name Lock, data ffff0102, power -4, services 180f
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
const flags = [2, 0x01, 0x06];
const all = [...flags, 5, 0xff, 0xff, 0xff, 1, 2, 5, 0x09, ...Buffer.from('Lock'), 2, 0x0a, 0xfc, 3, 0x03, 0x0f, 0x18];
const connectable = 0;
const lastTold = (name) => {
  const Gap = require(`${name}/lib/hci-socket/gap`);
  const gap = new Gap(new EventEmitter());
  let last;
  gap.on('discover', (...given) => {
    const { localName, manufacturerData, txPowerLevel, serviceUuids } = given.find((each) => each?.serviceUuids);
    const services = serviceUuids.join() || 'none';
    last = `name ${localName}, data ${manufacturerData?.toString('hex')}, power ${txPowerLevel}, services ${services}`;
  });
  for (const data of [all, all, flags, flags]) {
    gap.onHciLeAdvertisingReport(0, connectable, 'c0:00:00:00:00:01', 'random', Buffer.from(data), -60);
  }
  return `${name}: ${last}`;
};
const said = ['@abandonware/noble', '@stoprocent/noble'].map(lastTold);
for (const line of said) console.log(line);
const seen = [
  '@abandonware/noble: name Lock, data ffff0102, power -4, services none',
  '@stoprocent/noble: name Lock, data ffff0102, power -4, services 180f',
];
process.exit(said.join() === seen.join() ? 0 : 1);
JS
timeout 20 node run.js
