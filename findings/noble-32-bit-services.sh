#!/bin/sh
# @abandonware/noble 1.9.2-26 and @stoprocent/noble 2.8.0: a list of 32-bit service UUIDs in an advertisement is passed over.
#
# Services are listed by UUIDs of 16, 32 or 128 bits (types 02/03, 04/05 and 06/07, Supplement to the Core Specification, A 1.1). Both
# nobles know the 32-bit form of service data (20) and of solicitations (1f), and not of the lists. A scan that asks for such a
# service never tells of the peer.
#
# Expected: 12345678 in all three.
# Seen:     not among the services.
# Output:   @abandonware/noble: services none, service data 12345678, solicited 12345678
#           @stoprocent/noble: services none, service data 12345678, solicited 12345678
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
const uuid = '78563412';
const data = Buffer.from(`0505${uuid}0620${uuid}01051f${uuid}`, 'hex');
const told = (noble) => {
  const Gap = require(`${noble}/lib/hci-socket/gap`);
  const hci = new EventEmitter();
  let found;
  new Gap(hci).on('discover', (...report) => { found = report.find((value) => value?.serviceUuids); });
  // Not connectable: told at once.
  hci.emit('leAdvertisingReport', 0, 3, 'c0:00:00:00:00:01', 'random', data, -60);
  const services = found.serviceUuids.join(' ') || 'none';
  return `${noble}: services ${services}, service data ${found.serviceData[0]?.uuid}, solicited ${found.serviceSolicitationUuids.join(' ')}`;
};
const said = ['@abandonware/noble', '@stoprocent/noble'].map(told);
console.log(said.join('\n'));
const as = 'services none, service data 12345678, solicited 12345678';
process.exit(said.every((line) => line.endsWith(`: ${as}`)) ? 0 : 1);
JS
timeout 20 node run.js
