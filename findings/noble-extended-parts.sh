#!/bin/sh
# @abandonware/noble 1.9.2-26 and @stoprocent/noble 2.8.0, with `extended`: an advertisement that comes in two reports is not
# joined.
#
# An extended advertisement of more bytes than an event holds comes in parts, cut anywhere, all but the last with the data status
# "incomplete, more data to come" (Core 5.4, Vol 4 Part E, 7.7.65.13); the host joins them. Each noble reads every part as if it
# were all: what is cut in two is dropped. The socket is written here; nothing else is changed, and no native code is loaded.
#
# Expected: in one part and in two parts the same: manufacturer data of 28 bytes.
# Seen:     cut within the manufacturer data there is none.
# Output:   @abandonware/noble: one part 28 bytes, two parts none
#           @stoprocent/noble: one part 28 bytes, two parts none
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

let socket;
class Socket extends EventEmitter {
  constructor() { super(); socket = this; }
  bindRaw() { return 0; }
  start() {}
  stop() {}
  reset() {}
  isDevUp() { return true; }
  setFilter() {}
  write(command) {
    const opcode = command.readUInt16LE(1);
    const results = {
      0x1001: [9, 0, 0, 9, 0xff, 0xff, 0, 0],
      0x2002: [27, 0, 4],
      0x2003: [0, 0x10, 0, 0, 0, 0, 0, 0],
      0x1009: [1, 2, 3, 4, 5, 6],
      0x0c6c: [1, 0],
    };
    const body = [1, opcode & 0xff, opcode >> 8, 0, ...(results[opcode] ?? [])];
    setImmediate(() => {
      this.emit('data', Buffer.from([4, 0x0e, body.length, ...body]));
    });
  }
}

const loads = {
  '@abandonware/bluetooth-hci-socket': Socket,
  '@stoprocent/bluetooth-hci-socket': { loadDriver: () => Socket },
};
const load = Module._load;
Module._load = (request, ...rest) => loads[request] ?? load(request, ...rest);

const name = process.argv[2];
const opened = {
  '@abandonware/noble': () => {
    const Bindings = require('@abandonware/noble/lib/hci-socket/bindings');
    return require('@abandonware/noble/with-bindings')(new Bindings({ extended: true }));
  },
  '@stoprocent/noble': () => require('@stoprocent/noble').withBindings('hci', { extended: true }),
};
const noble = opened[name]();

/** LE Extended Advertising Report of an advertisement that takes no connection and no scan request. */
const report = (last, incomplete, data) => {
  const type = [incomplete ? 0x20 : 0, 0];
  const address = [last, 0, 0, 0, 0, 0xc0];
  const told = [...type, 1, ...address, 1, 1, 0, 0x7f, 0xc4, 0, 0, 0, 0, 0, 0, 0, 0, 0, data.length, ...data];
  socket.emit('data', Buffer.from([4, 0x3e, 2 + told.length, 0x0d, 1, ...told]));
};
const found = new Map();
noble.on('discover', ({ address, advertisement }) => {
  const { manufacturerData } = advertisement;
  found.set(Number(address.slice(-2)), manufacturerData === undefined ? 'none' : `${manufacturerData.length} bytes`);
});
const data = [29, 0xff, 0xff, 0xff, ...Array(26).fill(7)];
noble.on('stateChange', (state) => {
  if (state === 'poweredOn') noble.startScanning([], true);
});
noble.once('scanStart', () => {
  report(1, false, data);
  report(2, true, data.slice(0, 10));
  report(2, false, data.slice(10));
});
setTimeout(() => {
  const said = `one part ${found.get(1)}, two parts ${found.get(2)}`;
  console.log(`${name}: ${said}`);
  process.exit(said === 'one part 28 bytes, two parts none' ? 0 : 1);
}, 1000);
JS
timeout 20 node run.js @abandonware/noble
timeout 20 node run.js @stoprocent/noble
