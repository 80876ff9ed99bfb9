#!/bin/sh
# @abandonware/bleno 0.6.2: commands, which may never be answered, are answered by errors.
#
# A Write Command gets no answer, not even an error, and a command that a server does not know is ignored (Core 5.4, Vol 3 Part F,
# 3.4.5.3 and 3.3). A client with a request out that looks at the code alone takes such an error for its own.
#
# Expected: nothing is sent.
# Seen:     an Error Response with the command's opcode: write not permitted, and request not supported.
# Output:   write command 520300: 0152030003; signed write d20300: 01d2000006
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
const attChannel = 4;
const sent = [];
class Stream extends EventEmitter {
  write(_channel, pdu) { sent.push(pdu.toString('hex')); }
}
const stream = new Stream();
const server = new Server();
server.setAclStream(stream);
const answers = (hex) => {
  sent.length = 0;
  stream.emit('data', attChannel, Buffer.from(hex, 'hex'));
  return sent.join() || 'nothing';
};
const nameHandle = '0300';
const signature = '00'.repeat(12);
const said = [
  `write command 520300: ${answers(`52${nameHandle}01`)}`,
  `signed write d20300: ${answers(`d2${nameHandle}01${signature}`)}`,
].join('; ');
console.log(said);
process.exit(said === 'write command 520300: 0152030003; signed write d20300: 01d2000006' ? 0 : 1);
JS
timeout 20 node run.js
