#!/bin/sh
# @abandonware/bleno 0.6.2: who has unsubscribed is still sent each value that goes to the function of its subscription.
#
# A client's configuration says whether it is notified, and 0 says no (Core 5.4, Vol 3 Part G, 3.3.3.3). bleno gives onSubscribe a function for
# values, which looks at nothing when it is called: a peripheral that keeps it in a timer, or in a list from which onUnsubscribe has to take it,
# goes on notifying the client, which does not expect it. The configuration reads as 0.
#
# Expected: nothing is sent after the client has written 0000.
# Seen:     a notification (1b).
# Output:   subscribed: 1b0c0001; unsubscribed, told 1 time: configuration 0b0000, sent 1b0c0002
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
const Characteristic = require('@abandonware/bleno/lib/characteristic');
const PrimaryService = require('@abandonware/bleno/lib/primary-service');

const attChannel = 4;
const sent = [];
class Stream extends EventEmitter {
  write(_channel, pdu) { sent.push(pdu.toString('hex')); }
}
let tell;
let ends = 0;
const battery = new Characteristic({ uuid: '2a19', properties: ['notify'], onSubscribe: (_most, notify) => (tell = notify), onUnsubscribe: () => ends++ });
const stream = new Stream();
const server = new Server();
server.setServices([new PrimaryService({ uuid: '180f', characteristics: [battery] })]);
server.setAclStream(stream);
const answers = (work) => {
  sent.length = 0;
  work();
  return sent.join() || 'nothing';
};
const receive = (hex) => answers(() => stream.emit('data', attChannel, Buffer.from(hex, 'hex')));
// 0c is the value, 0d its configuration.
receive('120d000100');
const subscribed = answers(() => tell(Buffer.from([1])));
receive('120d000000');
const configuration = receive('0a0d00');
const said = `subscribed: ${subscribed}; unsubscribed, told ${ends} time: configuration ${configuration}, sent ${answers(() => tell(Buffer.from([2])))}`;
console.log(said);
process.exit(said === 'subscribed: 1b0c0001; unsubscribed, told 1 time: configuration 0b0000, sent 1b0c0002' ? 0 : 1);
JS
timeout 20 node run.js
