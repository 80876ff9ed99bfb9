#!/bin/sh
# @abandonware/noble 1.9.2-26: "scanStart" is told though the controller has refused to scan.
#
# noble begins each start with a stop (LE Set Scan Enable 0) and takes the answer to that for the answer to the start. Here a
# controller takes the stop and answers the start with 0x0C, Command Disallowed, as the standard allows (Core 5.4, Vol 4 Part E,
# 7.8.11). The socket is written here; nothing else is changed, and no native code is loaded.
#
# Expected: no "scanStart".
# Seen:     "scanStart", once.
# Output:   poweredOn; scanStart; start answered with 0x0c
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
    const isStart = opcode === 0x200c && command[4] === 1;
    const status = isStart ? 0x0c : 0;
    const results = { 0x1001: [9, 0, 0, 9, 0xff, 0xff, 0, 0], 0x2002: [27, 0, 4], 0x1009: [1, 2, 3, 4, 5, 6], 0x0c6c: [1, 0] };
    const body = [1, opcode & 0xff, opcode >> 8, status, ...(results[opcode] ?? [])];
    setImmediate(() => {
      if (isStart) said.push('start answered with 0x0c');
      this.emit('data', Buffer.from([4, 0x0e, body.length, ...body]));
    });
  }
}

const name = '@abandonware/bluetooth-hci-socket';
const load = Module._load;
Module._load = (request, ...rest) => (request === name ? Socket : load(request, ...rest));
const Bindings = require('@abandonware/noble/lib/hci-socket/bindings');
const noble = require('@abandonware/noble/with-bindings')(new Bindings({}));
noble.on('scanStart', () => said.push('scanStart'));
noble.on('stateChange', (state) => {
  said.push(state);
  noble.startScanning([], true);
});
setTimeout(() => {
  console.log(said.join('; '));
  process.exit(said.includes('scanStart') ? 0 : 1);
}, 500);
JS
node run.js
