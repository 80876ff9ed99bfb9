#!/bin/sh
# @abandonware/noble 1.9.2-26 and @stoprocent/noble 2.8.0, on Linux: a peripheral that asks for other connection parameters is not answered.
#
# A peripheral asks for the interval that its battery wants by a Connection Parameter Update Request, and the central answers, yes or no (Core
# 5.4, Vol 3 Part A, 4.20 and 4.21); it waits 30 s for that. On Linux both leave the answer to the kernel, whatever socket they have: over one of
# one's own (H4 over TCP or a serial line, the usual way with a virtual controller) there is no kernel. On other systems, taken here by
# their name, they say yes. What they do not know (a channel with credits) is refused by neither, as it has to be (4.1).
#
# Expected: 13 for the request, 01 (Command Reject) for the channel.
# Seen:     nothing on Linux; nothing for the channel anywhere.
# Output:   @abandonware/noble: Linux nothing, elsewhere 130702000000; channel nothing
#           @stoprocent/noble: Linux nothing, elsewhere 130702000000; channel nothing
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts @abandonware/noble@1.9.2-26 @stoprocent/noble@2.8.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.js <<'JS'
const { EventEmitter } = require('node:events');
const os = require('node:os');

const signalling = 5;
// 100 to 200 ms, no latency, 4 s; and a channel with credits.
const request = '120708005000a00000009001';
const channel = '14010a002500420017001700640000';
const answers = (noble, platform, hex) => {
  os.platform = () => platform;
  const Signaling = require(`${noble}/lib/hci-socket/signaling`);
  const sent = [];
  const stream = Object.assign(new EventEmitter(), { write: (_channel, data) => sent.push(data.toString('hex')) });
  new Signaling(0, stream, false);
  stream.emit('data', signalling, Buffer.from(hex, 'hex'));
  return sent.join() || 'nothing';
};
const told = (noble) =>
  `${noble}: Linux ${answers(noble, 'linux', request)}, elsewhere ${answers(noble, 'darwin', request)}; channel ${answers(noble, 'darwin', channel)}`;
const said = ['@abandonware/noble', '@stoprocent/noble'].map(told);
console.log(said.join('\n'));
const as = ': Linux nothing, elsewhere 130702000000; channel nothing';
process.exit(said.every((line) => line.endsWith(as)) ? 0 : 1);
JS
timeout 20 node run.js
