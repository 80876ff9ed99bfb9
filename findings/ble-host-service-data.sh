#!/bin/sh
# ble-host 1.0.3: of service data that a peer advertises the wrong bytes are told, and a list of services that a peer looks for is told as data.
#
# Service data is a UUID of 2, 4 or 16 bytes and what follows it (Supplement to the Core Specification, A 1.11). The library cuts four bytes off,
# whatever the UUID: of the short one two bytes of the data are gone, of the long one twelve bytes of the UUID are before it. A 128-bit service
# that a peer solicits (A 1.10) is told as such, and once more as service data; of the wished connection interval (A 1.9) the upper end is made of
# one byte, twice. All of it is told in `parsedDataItems`; `rawDataItems` has the bytes. A controller of ten lines answers the library here.
#
# Expected: data 0102, data aabb, no service data, 6 to 800.
# Seen:     no data, twelve bytes more, service data of a service that has none, 6 to 8224.
# Output:   16-bit: 0000180F data (none)
#           32-bit: 0000180F data 0102
#           128-bit: 01020304 data 0c0b0a090807060504030201aabb
#           solicited 128-bit: solicitations 01020304, service data of 01020304
#           interval 6 to 800: 6 to 8224
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts ble-host@1.0.3 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.cjs <<'JS'
const { EventEmitter } = require('node:events');
const { BleManager } = require('ble-host');

// What is asked for by a command: the sizes of lists and buffers, and the states.
const answers = { 0x200f: '08', 0x2002: 'fb0008', 0x201c: 'ffffffffffffffff' };
class Controller extends EventEmitter {
  write(packet) {
    const answer = Buffer.from(`00${answers[packet.readUInt16LE(1)] ?? ''}`, 'hex');
    const event = Buffer.concat([Buffer.from([4, 0x0e, 3 + answer.length, 1, packet[1], packet[2]]), answer]);
    setImmediate(() => this.emit('data', event));
  }
  hears(hex) {
    const data = Buffer.from(hex, 'hex');
    const report = Buffer.concat([Buffer.from([2, 1, 0, 1, 1, 2, 3, 4, 5, 0xc6, data.length]), data, Buffer.from([0xc4])]);
    this.emit('data', Buffer.concat([Buffer.from([4, 0x3e, report.length]), report]));
  }
}
const short = (uuid) => uuid.slice(0, 8);
const told = (service) => `${short(service.uuid)} data ${service.data.toString('hex') || '(none)'}`;
const cases = [
  ['05160f180102', (items) => `16-bit: ${told(items.serviceData[0])}`],
  ['07200f1800000102', (items) => `32-bit: ${told(items.serviceData[0])}`],
  ['1321100f0e0d0c0b0a090807060504030201aabb', (items) => `128-bit: ${told(items.serviceData[0])}`],
  [
    '1115100f0e0d0c0b0a090807060504030201',
    ({ serviceSolicitations, serviceData }) =>
      `solicited 128-bit: solicitations ${short(serviceSolicitations[0])}, service data of ${serviceData ? short(serviceData[0].uuid) : 'none'}`,
  ],
  ['051206002003', ({ slaveConnectionIntervalRange: { min, max } }) => `interval 6 to 800: ${min} to ${max}`],
];
const controller = new Controller();
BleManager.create(controller, { staticRandomAddress: 'C6:05:04:03:02:01' }, (error, manager) => {
  if (error) throw error;
  let next = 0;
  controller.write = ((write) => (packet) => {
    write.call(controller, packet);
    // The scan has been switched on.
    if (packet.readUInt16LE(1) === 0x200c && packet[4] === 1) setTimeout(() => controller.hears(cases[0][0]), 100);
  })(controller.write);
  manager.startScan({ activeScan: false, filterDuplicates: false }).on('report', ({ parsedDataItems }) => {
    console.log(cases[next][1](parsedDataItems));
    next += 1;
    if (next === cases.length) process.exit(0);
    setImmediate(() => controller.hears(cases[next][0]));
  });
});
JS
said=$(timeout 20 node run.cjs)
echo "$said"
[ "$said" = '16-bit: 0000180F data (none)
32-bit: 0000180F data 0102
128-bit: 01020304 data 0c0b0a090807060504030201aabb
solicited 128-bit: solicitations 01020304, service data of 01020304
interval 6 to 800: 6 to 8224' ]
