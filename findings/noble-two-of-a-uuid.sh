#!/bin/sh
# @abandonware/noble 1.9.2-26: of two services, or characteristics, of one UUID only the last can be read.
#
# A peer may have several of a kind (Core 5.4, Vol 3 Part G, 2.2: a service may exist more than once; two battery packs are two
# Battery Services). noble keeps them in tables by UUID. Its GATT client speaks here with the GATT server of bleno 0.6.2, byte for
# byte, without a controller between them.
#
# Expected: 180f twice, a level of 11 and one of 22; of two characteristics of one UUID in a service, each one's own value.
# Seen:     180f once, a level of 22; the two characteristics are told as two, and the last one's value is read.
# Output:   services 1800 1801 180f; characteristics 2a19 2a1b 2a1b; 2a19 is 22; 2a1b is 44
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts @abandonware/noble@1.9.2-26 @abandonware/bleno@0.6.2 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.js <<'JS'
const { EventEmitter } = require('node:events');
const Client = require('@abandonware/noble/lib/hci-socket/gatt');
const Server = require('@abandonware/bleno/lib/hci-socket/gatt');
const PrimaryService = require('@abandonware/bleno/lib/primary-service');
const Characteristic = require('@abandonware/bleno/lib/characteristic');

class End extends EventEmitter {
  write(channel, pdu) { setImmediate(() => this.peer.emit('data', channel, Buffer.from(pdu))); }
}
const ours = new End();
const theirs = new End();
ours.peer = theirs;
theirs.peer = ours;

const fixed = (uuid, value) => new Characteristic({ uuid, properties: ['read'], value: Buffer.from([value]) });
const server = new Server();
server.setServices([
  new PrimaryService({ uuid: '180f', characteristics: [fixed('2a19', 11)] }),
  new PrimaryService({ uuid: '180f', characteristics: [fixed('2a19', 22), fixed('2a1b', 33), fixed('2a1b', 44)] }),
]);
server.setAclStream(theirs);
const client = new Client('peer', ours);
const next = (event) => new Promise((resolve) => client.once(event, (_peer, ...rest) => resolve(rest)));

(async () => {
  client.discoverServices([]);
  const [services] = await next('servicesDiscover');
  client.discoverCharacteristics('180f', []);
  const [, characteristics] = await next('characteristicsDiscover');
  const values = [];
  for (const uuid of ['2a19', '2a1b']) {
    client.read('180f', uuid);
    const [, , value] = await next('read');
    values.push(`${uuid} is ${value[0]}`);
  }
  const list = characteristics.map(({ uuid }) => uuid).join(' ');
  const said = `services ${services.join(' ')}; characteristics ${list}; ${values.join('; ')}`;
  console.log(said);
  process.exit(said === 'services 1800 1801 180f; characteristics 2a19 2a1b 2a1b; 2a19 is 22; 2a1b is 44' ? 0 : 1);
})();
JS
timeout 20 node run.js
