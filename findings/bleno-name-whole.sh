#!/bin/sh
# @abandonware/bleno 0.6.2 and @stoprocent/bleno 0.12.4: a whole name is advertised as a shortened one.
#
# A field of type 09 is the whole name, one of type 08 the beginning of a longer one (Supplement to the Core Specification, A 1.2). bleno writes
# 08 for every name, and refuses one that does not fit: it never shortens any. Who looks for the whole name, or connects to read it where it was
# shortened, is misled.
#
# Expected: 09.
# Seen:     08 for four characters as for 29, and an error for 30.
# Output:   @abandonware/bleno: Lock is 05 08; 29 characters are 1e 08; 30: Scan data is over maximum limit of 31 bytes
#           @stoprocent/bleno: Lock is 05 08; 29 characters are 1e 08; 30: Scan data is over maximum limit of 31 bytes
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts @abandonware/bleno@0.6.2 @stoprocent/bleno@0.12.4 > npm.log 2>&1 || { cat npm.log; exit 2; }
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
  const gap = new Gap(hci);
  let failure;
  gap.on('advertisingStart', (error) => { failure = error; });
  gap.startAdvertising(name, []);
  return failure?.message ?? sent.response.toString('hex').slice(0, 4).replace(/../, '$& ');
};
const told = (bleno) =>
  `${bleno}: Lock is ${advertised(bleno, 'Lock')}; 29 characters are ${advertised(bleno, 'x'.repeat(29))}; 30: ${advertised(bleno, 'x'.repeat(30))}`;
const said = ['@abandonware/bleno', '@stoprocent/bleno'].map(told);
console.log(said.join('\n'));
const as = ': Lock is 05 08; 29 characters are 1e 08; 30: Scan data is over maximum limit of 31 bytes';
process.exit(said.every((line) => line.endsWith(as)) ? 0 : 1);
JS
timeout 20 node run.js
