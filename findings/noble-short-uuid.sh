#!/bin/sh
# @abandonware/noble 1.9.2-26 and @stoprocent/noble 2.8.0: a 16-bit UUID that begins with zeros is told without them, and is not
# found by its four digits.
#
# 0x00ff is the service of ESP32's GATT server example, with which many devices were begun. Both nobles write 180f with four digits
# and 00ff with two, in advertisements and in GATT, and with four again in service data; what a caller asks for is compared as text.
# Their GATT clients speak here with the GATT server of bleno 0.6.2, byte for byte.
#
# Expected: 00ff everywhere, and the service found by 00ff.
# Seen:     ff, but for service data; nothing is found by 00ff.
# Output:   @abandonware/noble: advertised ff, service data 00ff; services 1800 1801 ff; asked for 00ff: nothing; asked for ff: ff
#           @stoprocent/noble: the same
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts @abandonware/noble@1.9.2-26 @stoprocent/noble@2.8.0 @abandonware/bleno@0.6.2 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.js <<'JS'
const { EventEmitter } = require('node:events');
const Server = require('@abandonware/bleno/lib/hci-socket/gatt');
const PrimaryService = require('@abandonware/bleno/lib/primary-service');

class End extends EventEmitter {
  write(channel, pdu) { setImmediate(() => this.peer.emit('data', channel, Buffer.from(pdu))); }
}

const advertised = (noble) => {
  const Gap = require(`${noble}/lib/hci-socket/gap`);
  const hci = new EventEmitter();
  const gap = new Gap(hci);
  let found;
  gap.on('discover', (...report) => { found = report.find((value) => value?.serviceUuids); });
  // Complete list of 16-bit UUIDs, and service data, both of 00ff; a report of type 3 (not connectable) is told at once.
  hci.emit('leAdvertisingReport', 0, 3, 'c0:00:00:00:00:01', 'random', Buffer.from('0303ff000416ff0001', 'hex'), -60);
  return `advertised ${found.serviceUuids.join(' ')}, service data ${found.serviceData[0].uuid}`;
};

const told = async (noble) => {
  const Client = require(`${noble}/lib/hci-socket/gatt`);
  const ours = new End();
  const theirs = new End();
  ours.peer = theirs;
  theirs.peer = ours;
  const server = new Server();
  server.setServices([new PrimaryService({ uuid: '00ff', characteristics: [] })]);
  server.setAclStream(theirs);
  const client = new Client('peer', ours);
  const services = (asked) => new Promise((resolve) => {
    client.once('servicesDiscover', (_peer, uuids) => resolve(uuids.join(' ') || 'nothing'));
    client.discoverServices(asked);
  });
  const all = await services([]);
  const padded = await services(['00ff']);
  return `services ${all}; asked for 00ff: ${padded}; asked for ff: ${await services(['ff'])}`;
};

(async () => {
  const as = 'advertised ff, service data 00ff; services 1800 1801 ff; asked for 00ff: nothing; asked for ff: ff';
  let same = true;
  for (const noble of ['@abandonware/noble', '@stoprocent/noble']) {
    const said = `${advertised(noble)}; ${await told(noble)}`;
    console.log(`${noble}: ${said}`);
    same &&= said === as;
  }
  process.exit(same ? 0 : 1);
})();
JS
timeout 20 node run.js
