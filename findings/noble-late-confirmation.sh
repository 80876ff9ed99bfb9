#!/bin/sh
# @abandonware/noble 1.9.2-26: an indication is confirmed only once noble's own request has been answered.
#
# Requests and indications are two flows that do not wait for each other (Core 5.4, Vol 3 Part F, 3.3.2). noble puts the confirmation
# in the queue of its requests. A peer that indicates before it answers, and waits for the confirmation, is confirmed nothing until
# its 30 s are over. The peer's end is written here; nothing else is changed.
#
# Expected: a confirmation (1e) at once.
# Seen:     none for as long as the read is out; the answer sets it free.
# Output:   read 0a0300; indication; nothing for 300 ms; answer; 1e
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
const sent = [];
class Stream extends EventEmitter {
  write(_channel, pdu) { sent.push(pdu.toString('hex')); }
}
const stream = new Stream();
const client = new Client('peer', stream);
const hears = (hex) => stream.emit('data', attChannel, Buffer.from(hex, 'hex'));
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

(async () => {
  const said = [];
  client.readHandle(3);
  said.push(`read ${sent.join()}`);
  sent.length = 0;
  hears('1d05002a');
  said.push('indication');
  await pause(300);
  said.push(sent.length === 0 ? 'nothing for 300 ms' : sent.join());
  sent.length = 0;
  hears('0b07');
  await pause(20);
  said.push('answer', sent.join());
  console.log(said.join('; '));
  process.exit(said.join('; ') === 'read 0a0300; indication; nothing for 300 ms; answer; 1e' ? 0 : 1);
})();
JS
timeout 20 node run.js
