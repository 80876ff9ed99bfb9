#!/bin/sh
# @abandonware/noble 1.9.2-26 and @stoprocent/noble 2.8.0: a read that the peer refuses, also one refused half-way, is told as a value.
#
# A value longer than the MTU is read in parts (Core 5.4, Vol 3 Part F, 3.4.4.5), and any part may be refused: a resource that ran
# out, a value that is not to be read any more. The peer's end is written here; nothing else is changed.
#
# Expected: the read fails, as a write is to, with the peer's reason (0x02, "read not permitted", and 0x0e here).
# Seen:     the value comes as far as it got, 22 bytes of more or none at all, and nothing says that it was refused.
# Output:   abandonware: refused at once: value of 0 bytes; refused half-way: value of 22 bytes
#           stoprocent: refused at once: value of 0 bytes; refused half-way: value of 22 bytes
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
const attChannel = 4;
const [service, characteristic] = ['180a', '2a29'];

/** Reads a characteristic whose peer answers with these packets, one after the other; what it is told. */
const told = (Client, answers) => {
  class Stream extends EventEmitter {
    write() {
      const next = answers.shift();
      if (next) setImmediate(() => this.emit('data', attChannel, Buffer.from(next, 'hex')));
    }
  }
  const client = new Client('peer', new Stream());
  client._characteristics = { [service]: { [characteristic]: { valueHandle: 3 } } };
  return new Promise((resolve) => {
    client.on('read', (_peer, _service, _characteristic, value, error) =>
      resolve(error ? `error ${error}` : `value of ${value.length} bytes`));
    setTimeout(resolve, 2000, 'nothing').unref();
    client.read(service, characteristic);
  });
};

(async () => {
  let isSo = true;
  for (const name of ['abandonware', 'stoprocent']) {
    const Client = require(`@${name}/noble/lib/hci-socket/gatt`);
    const atOnce = await told(Client, ['010a030002']);
    const halfWay = await told(Client, [`0b${'61'.repeat(22)}`, '010c03000e']);
    console.log(`${name}: refused at once: ${atOnce}; refused half-way: ${halfWay}`);
    isSo &&= atOnce === 'value of 0 bytes' && halfWay === 'value of 22 bytes';
  }
  process.exit(isSo ? 0 : 1);
})();
JS
timeout 30 node run.js
