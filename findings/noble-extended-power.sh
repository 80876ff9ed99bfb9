#!/bin/sh
# @abandonware/noble 1.9.2-26 and @stoprocent/noble 2.8.0, with `extended`: a power below 0 dBm is told as 200 and more, none as 127.
#
# An extended report has a field for the power that was sent with, -127 to 20 dBm, and 127 where there is none to tell (Core 5.4, Vol 4
# Part E, 7.7.65.13), which is so for all who advertise as before. Both nobles read the field as an unsigned number and tell whatever
# it is; from the same power in the advertisement itself (type 0a) they tell -4. What works out a distance by it is far off. The socket
# is written here; nothing else is changed, and no native code is loaded.
#
# Expected: -4, and undefined.
# Seen:     252, and 127.
# Output:   @abandonware/noble: -4 in the report 252, in the data -4; none in the report 127
#           @stoprocent/noble: -4 in the report 252, in the data -4; none in the report 127
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
const Module = require('node:module');

class Socket extends EventEmitter {}
const sockets = {
  '@abandonware/bluetooth-hci-socket': Socket,
  '@stoprocent/bluetooth-hci-socket': { loadDriver: () => Socket },
};
const load = Module._load;
Module._load = (request, ...rest) => sockets[request] ?? load(request, ...rest);

const told = (noble, power, data) => {
  const Hci = require(`${noble}/lib/hci-socket/hci`);
  const Gap = require(`${noble}/lib/hci-socket/gap`);
  const hci = Object.setPrototypeOf(new EventEmitter(), Hci.prototype);
  let found;
  new Gap(hci).on('discover', (...report) => { found = report.find((value) => value?.serviceUuids); });
  // Takes no connection; c0:00:00:00:00:01, random; on the first channels alone; `power`; -60 dBm; not to anybody in particular.
  const report = Buffer.concat([
    Buffer.from('0000010100000000c00100ff', 'hex'),
    Buffer.from([power & 0xff, 0xc4]),
    Buffer.from('000000000000000000', 'hex'),
    Buffer.from([data.length]),
    Buffer.from(data),
  ]);
  hci.processLeExtendedAdvertisingReport(1, report);
  return found.localName === 'A' ? found.txPowerLevel : 'not read';
};
const name = [2, 0x09, 0x41];
const said = ['@abandonware/noble', '@stoprocent/noble'].map((noble) => {
  const inData = told(noble, -4, [...name, 2, 0x0a, 0xfc]);
  return `${noble}: -4 in the report ${told(noble, -4, name)}, in the data ${inData}; none in the report ${told(noble, 127, name)}`;
});
console.log(said.join('\n'));
const as = ': -4 in the report 252, in the data -4; none in the report 127';
process.exit(said.every((line) => line.endsWith(as)) ? 0 : 1);
JS
timeout 20 node run.js
