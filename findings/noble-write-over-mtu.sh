#!/bin/sh
# @abandonware/noble 1.9.2-26: a write without response that is longer than the MTU allows goes out whole, and is said to be written.
#
# No PDU may be longer than the MTU (Core 5.4, Vol 3 Part F, 3.2.8), so such a write can take MTU - 3 bytes, and a peer may drop or
# refuse more. A write with response of the same length is split in prepared writes, as it has to be. The peer's end is written here.
#
# Expected: an error, or nothing above 23 bytes on the wire.
# Seen:     one Write Command of 53 bytes at an MTU of 23, and the event "write".
# Output:   opcode 52, 53 bytes, mtu 23; write; with response: opcode 16, 23 bytes
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
const Client = require('@abandonware/noble/lib/hci-socket/gatt');
const attChannel = 4;
const said = [];
const sent = [];
class Stream extends EventEmitter {
  write(_channel, pdu) { sent.push(pdu); }
}
const stream = new Stream();
const client = new Client('peer', stream);
const hears = (hex) => stream.emit('data', attChannel, Buffer.from(hex, 'hex'));
const shown = (pdu) => `opcode ${pdu[0].toString(16)}, ${pdu.length} bytes`;
client.on('write', () => said.push('write'));

client.discoverServices([]);
hears('110601000500f0ff');
hears('011006000a');
client.discoverCharacteristics('fff0', []);
hears('090702000c0300f1ff');
hears('010804000a');
client.write('fff0', 'fff1', Buffer.alloc(50), true);
said.unshift(`${shown(sent.at(-1))}, mtu ${client._mtu}`);
client.write('fff0', 'fff1', Buffer.alloc(50), false);
said.push(`with response: ${shown(sent.at(-1))}`);
console.log(said.join('; '));
process.exit(said.join('; ') === 'opcode 52, 53 bytes, mtu 23; write; with response: opcode 16, 23 bytes' ? 0 : 1);
JS
timeout 20 node run.js
