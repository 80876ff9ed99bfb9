#!/bin/sh
# @abandonware/noble 1.9.2-26 and @stoprocent/noble 2.8.0: of a write, or a subscription, that the peer refuses nothing is ever told.
#
# A write and a subscription (a write to the client's configuration) are answered by a Write Response or by an Error Response with the
# reason (Core 5.4, Vol 3 Part F, 3.4.5.2). Both nobles tell the first as an event, which the promise and the callback wait for, and
# drop the second: who wrote waits until the link ends, and longer. What follows on the link is sent, so it isn't the queue that waits.
# The peer's end is written here; nothing else is changed.
#
# Expected: an end of each, with the reason (0x80 and 0x0e here).
# Seen:     none; the next read is told.
# Output:   @abandonware/noble: refused write nothing, refused subscription nothing; then read 07
#           @stoprocent/noble: refused write nothing, refused subscription nothing; then read 07
#
# Exits 0 while it is so, 1 once one of them behaves otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts @abandonware/noble@1.9.2-26 @stoprocent/noble@2.8.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.js <<'JS'
const { EventEmitter } = require('node:events');

// Battery Service on handles 1 to 4: the level is declared at 2, stands at 3 (read, write, notify), its configuration at 4.
const answers = {
  '100100ffff0028': '1106010004000f18',
  '08010004000328': '090702001a0300192a',
  '08020004000229': '090404000000',
  '12030001': '0112030080',
  '1204000100': '011204000e',
  '0a0300': '0b07',
};
const told = async (noble) => {
  const Client = require(`${noble}/lib/hci-socket/gatt`);
  const link = Object.assign(new EventEmitter(), {
    write: (channel, pdu) => {
      const asked = Buffer.from(pdu).toString('hex');
      // All else is the end of a discovery: "attribute not found".
      const answer = answers[asked] ?? `01${asked.slice(0, 6)}0a`;
      setImmediate(() => link.emit('data', channel, Buffer.from(answer, 'hex')));
    },
  });
  const client = new Client('peer', link);
  const next = (event, begin) => new Promise((resolve) => {
    client.once(event, (...given) => resolve(given.at(-1)));
    setTimeout(() => resolve('nothing'), 1000);
    begin();
  });
  await next('servicesDiscover', () => client.discoverServices([]));
  await next('characteristicsDiscover', () => client.discoverCharacteristics('180f', []));
  const write = await next('write', () => client.write('180f', '2a19', Buffer.from([1]), false));
  const subscription = await next('notify', () => client.notify('180f', '2a19', true));
  const level = await next('read', () => client.read('180f', '2a19'));
  return `${noble}: refused write ${write}, refused subscription ${subscription}; then read ${level.toString('hex')}`;
};

(async () => {
  const said = [await told('@abandonware/noble'), await told('@stoprocent/noble')];
  console.log(said.join('\n'));
  const as = ': refused write nothing, refused subscription nothing; then read 07';
  process.exit(said.every((line) => line.endsWith(as)) ? 0 : 1);
})();
JS
timeout 30 node run.js
