#!/bin/sh
# @abandonware/bleno 0.6.2 and @stoprocent/bleno 0.12.4: a peer that asks for indications is sent notifications.
#
# Where a characteristic can do both, the client's configuration says which: bit 0 notifications, bit 1 indications (Core 5.4,
# Vol 3 Part G, 3.3.3.3). Both servers look at what the characteristic can do, not at what was asked for. The client never
# confirms, and who sends does not learn whether anything arrived.
#
# Expected: an indication (opcode 1d).
# Seen:     a notification (opcode 1b).
# Output:   @abandonware/bleno: asked for 0002, sent 1b; @stoprocent/bleno: asked for 0002, sent 1b
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
const attChannel = 4;
const levelFor = (name) => {
  const Gatt = require(`${name}/lib/hci-socket/gatt`);
  const Characteristic = require(`${name}/lib/characteristic`);
  const Service = require(`${name}/lib/primary-service`);
  const sent = [];
  class Stream extends EventEmitter {
    write(_channel, pdu) { sent.push(pdu.toString('hex')); }
  }
  let update;
  const onSubscribe = (...given) => { update = given.find((each) => typeof each === 'function'); };
  const level = new Characteristic({ uuid: '2a19', properties: ['notify', 'indicate'], onSubscribe });
  const server = new Gatt();
  server.setServices([new Service({ uuid: '180f', characteristics: [level] })]);
  const stream = new Stream();
  // The second knows several peers, each by the number of its link.
  const link = server.setAclStream ? [] : [64];
  if (server.setAclStream) server.setAclStream(stream);
  else server.registerAclStream(stream, ...link);
  const say = (hex) => stream.emit('data', ...link, attChannel, Buffer.from(hex, 'hex'));
  say('080a00ffff0229');
  const configuration = sent[0].slice(4, 8);
  say(`12${configuration}0200`);
  sent.length = 0;
  update(Buffer.from([80]));
  return `${name}: asked for 0002, sent ${sent[0]?.slice(0, 2) ?? 'nothing'}`;
};
const said = ['@abandonware/bleno', '@stoprocent/bleno'].map(levelFor).join('; ');
console.log(said);
process.exit(said.match(/sent 1b/g)?.length === 2 ? 0 : 1);
JS
timeout 20 node run.js
