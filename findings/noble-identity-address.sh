#!/bin/sh
# @abandonware/noble 1.9.2-26 and @stoprocent/noble 2.8.0: a peer that the controller has recognised by its keys is told with the wrong kind
# of address, and asked for under it.
#
# A controller that resolves private addresses reports a bonded peer by its identity, with types of its own: 02 public identity, 03 random
# identity (Core 5.4, Vol 4 Part E, 7.7.65.2), and is told to connect by the same (7.8.12). Both nobles have 01 for random and all else
# for public: what was recognised as random is sought as public, which is another address, and the connect waits until it is cancelled.
#
# Expected: 03 is told as random, and the connect goes out with 03, or with 01 at least.
# Seen:     public, and 00.
# Output:   @abandonware/noble: type 01: random, connect 01; type 03: public, connect 00
#           @stoprocent/noble: type 01: random, connect 01; type 03: public, connect 00
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

const createConnection = 0x200d;
const told = (noble, type) => {
  const Hci = require(`${noble}/lib/hci-socket/hci`);
  const hci = Object.setPrototypeOf(new EventEmitter(), Hci.prototype);
  let sent = 'nothing';
  hci._socket = {
    write: (command) => {
      if (command.readUInt16LE(1) === createConnection) sent = `0${command[9]}`;
    },
  };
  let kind;
  let peer;
  hci.on('leAdvertisingReport', (...report) => {
    kind = report.find((value) => value === 'random' || value === 'public');
    peer = report.find((value) => /^([\da-f]{2}:){5}/.test(value));
  });
  // Connectable, the type, c0:00:00:00:00:01, no data, -60 dBm.
  hci.processLeAdvertisingReport(1, Buffer.from([0, type, 1, 0, 0, 0, 0, 0xc0, 0, 0xc4]));
  (hci.createLeConnAfterReset ?? hci.createLeConn).call(hci, peer, kind);
  return `type 0${type}: ${kind}, connect ${sent}`;
};
const said = ['@abandonware/noble', '@stoprocent/noble'].map((noble) => `${noble}: ${told(noble, 1)}; ${told(noble, 3)}`);
console.log(said.join('\n'));
const as = ': type 01: random, connect 01; type 03: public, connect 00';
process.exit(said.every((line) => line.endsWith(as)) ? 0 : 1);
JS
timeout 20 node run.js
