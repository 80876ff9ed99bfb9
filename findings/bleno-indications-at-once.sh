#!/bin/sh
# @abandonware/bleno 0.6.2 and @stoprocent/bleno 0.12.4: a second indication leaves before the first is confirmed, and of two
# confirmations one is told.
#
# A server sends no indication before the confirmation of the last one has come (Core 5.4, Vol 3 Part F, 3.3.2 and 3.4.7.2). Two
# values in a row (a state and the battery) go out at once; the application hears of one confirmation only, and which one that was
# it can't know.
#
# Expected: one indication; the second after the confirmation, and two of them told.
# Seen:     two indications; one told.
# Output:   @abandonware/bleno: sent 2 before a confirmation, told 1 of 2; @stoprocent/bleno: sent 2 before a confirmation, told 1 of 2
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
  let told = 0;
  const level = new Characteristic({
    uuid: '2a19',
    properties: ['indicate'],
    onSubscribe: (...given) => { update = given.find((each) => typeof each === 'function'); },
    onIndicate: () => { told += 1; },
  });
  const server = new Gatt();
  server.setServices([new Service({ uuid: '180f', characteristics: [level] })]);
  const stream = new Stream();
  // The second knows several peers, each by the number of its link.
  const link = server.setAclStream ? [] : [64];
  if (server.setAclStream) server.setAclStream(stream);
  else server.registerAclStream(stream, ...link);
  const say = (hex) => stream.emit('data', ...link, attChannel, Buffer.from(hex, 'hex'));
  say('080a00ffff0229');
  say(`12${sent[0].slice(4, 8)}0200`);
  sent.length = 0;
  update(Buffer.from([80]));
  update(Buffer.from([79]));
  const early = sent.filter((pdu) => pdu.startsWith('1d')).length;
  say('1e');
  say('1e');
  return `${name}: sent ${early} before a confirmation, told ${told} of 2`;
};
const said = ['@abandonware/bleno', '@stoprocent/bleno'].map(levelFor).join('; ');
console.log(said);
process.exit(said.match(/sent 2 before a confirmation, told 1 of 2/g)?.length === 2 ? 0 : 1);
JS
timeout 20 node run.js
