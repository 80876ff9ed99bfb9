#!/bin/sh
# @abandonware/bleno 0.6.2 and @stoprocent/bleno 0.12.4: a name with an umlaut is advertised as a field that ends beyond the packet, and
# is heard as no name.
#
# A field of an advertisement begins with its length in bytes (Core 5.4, Vol 3 Part C, 11). bleno makes room for as many bytes as the name has
# characters, and writes the length of all its bytes: "Tür 7" loses its last byte, and whoever keeps to the length finds the field
# cut off. noble, with whose own reading of advertisements it is read here, leaves it out.
#
# Expected: 0708 and the six bytes of Tür 7, or fewer characters and their length.
# Seen:     0708 and five bytes; no name.
# Output:   @abandonware/bleno: "Door 7" is 0708446f6f722037, heard as Door 7; "Tür 7" is 070854c3bc7220, heard as no name
#           @stoprocent/bleno: "Door 7" is 0708446f6f722037, heard as Door 7; "Tür 7" is 070854c3bc7220, heard as no name
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts @abandonware/bleno@0.6.2 @stoprocent/bleno@0.12.4 @abandonware/noble@1.9.2-26 > npm.log 2>&1 || { cat npm.log; exit 2; }
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

const advertised = (bleno, name) => {
  const Gap = require(`${bleno}/lib/hci-socket/gap`);
  const sent = {};
  const hci = Object.assign(new EventEmitter(), {
    setAdvertisingParameters: () => undefined,
    setAdvertisingData: () => undefined,
    setAdvertiseEnable: () => undefined,
    setScanResponseData: (data) => { sent.response = data; },
  });
  new Gap(hci).startAdvertising(name, []);
  return sent.response;
};
const heard = (data) => {
  const Gap = require('@abandonware/noble/lib/hci-socket/gap');
  const hci = new EventEmitter();
  let found;
  new Gap(hci).on('discover', (...report) => { found = report.find((value) => value?.serviceUuids); });
  hci.emit('leAdvertisingReport', 0, 0, 'c0:00:00:00:00:01', 'random', Buffer.from('020106', 'hex'), -60);
  hci.emit('leAdvertisingReport', 0, 4, 'c0:00:00:00:00:01', 'random', data, -60);
  return found.localName ?? 'no name';
};
const told = (bleno, name) => {
  const data = advertised(bleno, name);
  return `"${name}" is ${data.toString('hex')}, heard as ${heard(data)}`;
};
const said = ['@abandonware/bleno', '@stoprocent/bleno'].map((bleno) => `${bleno}: ${told(bleno, 'Door 7')}; ${told(bleno, 'Tür 7')}`);
console.log(said.join('\n'));
const as = ': "Door 7" is 0708446f6f722037, heard as Door 7; "Tür 7" is 070854c3bc7220, heard as no name';
process.exit(said.every((line) => line.endsWith(as)) ? 0 : 1);
JS
timeout 20 node run.js
