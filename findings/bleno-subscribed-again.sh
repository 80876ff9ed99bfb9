#!/bin/sh
# @abandonware/bleno 0.6.2: a client that writes the same configuration again is told as a new subscriber, and its end but once.
#
# A write to the client's configuration sets what it is (Core 5.4, Vol 3 Part G, 3.3.3.3); the same value again changes nothing, and
# clients do so after each change of their own state. bleno calls onSubscribe at each write that is not 0, with a new function for
# values, and onUnsubscribe at the end. A server that counts its subscribers, or begins a timer with each, is left with some.
#
# Expected: subscribed once, unsubscribed once.
# Seen:     subscribed three times, unsubscribed once.
# Output:   written 0100, 0100, 0300: subscribed 3; link ends: unsubscribed 1
#
# Exits 0 while it is so, 1 once bleno behaves otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts @abandonware/bleno@0.6.2 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.js <<'JS'
const { EventEmitter } = require('node:events');
const Server = require('@abandonware/bleno/lib/hci-socket/gatt');
const PrimaryService = require('@abandonware/bleno/lib/primary-service');
const Characteristic = require('@abandonware/bleno/lib/characteristic');

let subscribed = 0;
let unsubscribed = 0;
const characteristic = new Characteristic({
  uuid: '2a19',
  properties: ['notify', 'indicate'],
  onSubscribe: () => { subscribed += 1; },
  onUnsubscribe: () => { unsubscribed += 1; },
});
const answers = [];
const link = Object.assign(new EventEmitter(), { write: (_channel, pdu) => answers.push(pdu.toString('hex')) });
const server = new Server();
server.setServices([new PrimaryService({ uuid: '180f', characteristics: [characteristic] })]);
server.setAclStream(link);
// GAP and GATT have the handles to 9; the service is a, the characteristic b, its value c.
for (const value of ['0100', '0100', '0300']) link.emit('data', 4, Buffer.from(`120d00${value}`, 'hex'));
if (answers.join() !== '13,13,13') { console.log(`answered ${answers.join()}`); process.exit(1); }
let said = `written 0100, 0100, 0300: subscribed ${subscribed}`;
link.emit('end');
said += `; link ends: unsubscribed ${unsubscribed}`;
console.log(said);
process.exit(said === 'written 0100, 0100, 0300: subscribed 3; link ends: unsubscribed 1' ? 0 : 1);
JS
timeout 20 node run.js
