#!/bin/sh
# @abandonware/noble 1.9.2-26: a peer that can only be scanned is told to be connectable.
#
# A report of type 2 (ADV_SCAN_IND, Core 5.4, Vol 4 Part E, 7.7.65.2) is of a peer that answers scan requests and takes no
# connection. noble tells all types but 3 as connectable. The socket is written here; nothing else is changed, and no native code
# is loaded.
#
# Expected: connectable false, for types 2 and 3.
# Seen:     connectable true for type 2, false for type 3.
# Output:   type 0: true; type 2: true; type 3: false
#
# Exits 0 while it is so, 1 once noble behaves otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts @abandonware/noble@1.9.2-26 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.js <<'JS'
const { EventEmitter } = require('node:events');
const Module = require('node:module');
const said = [];

class Socket extends EventEmitter {
  bindRaw() { return 0; }
  start() {}
  stop() {}
  isDevUp() { return true; }
  setFilter() {}
  write(command) {
    const opcode = command.readUInt16LE(1);
    const results = { 0x1001: [9, 0, 0, 9, 0xff, 0xff, 0, 0], 0x2002: [27, 0, 4], 0x1009: [1, 2, 3, 4, 5, 6], 0x0c6c: [1, 0] };
    const body = [1, opcode & 0xff, opcode >> 8, 0, ...(results[opcode] ?? [])];
    setImmediate(() => {
      this.emit('data', Buffer.from([4, 0x0e, body.length, ...body]));
    });
  }
}

const name = '@abandonware/bluetooth-hci-socket';
const load = Module._load;
Module._load = (request, ...rest) => (request === name ? Socket : load(request, ...rest));
const Bindings = require('@abandonware/noble/lib/hci-socket/bindings');
const noble = require('@abandonware/noble/with-bindings')(new Bindings({}));
process.env.NOBLE_REPORT_ALL_HCI_EVENTS = '1';
const report = (type) => Buffer.from([4, 0x3e, 12, 2, 1, type, 1, type, 0, 0, 0, 0, 0xc0, 0, 0xc4]);
noble.on('discover', ({ address, connectable }) => said.push(`type ${Number(address.slice(-2))}: ${connectable}`));
noble.on('stateChange', () => noble.startScanning([], true));
noble.once('scanStart', () => {
  for (const type of [0, 2, 3]) noble._bindings._hci._socket.emit('data', report(type));
});
setTimeout(() => {
  console.log(said.join('; '));
  process.exit(said.join('; ') === 'type 0: true; type 2: true; type 3: false' ? 0 : 1);
}, 500);
JS
node run.js
