#!/bin/sh
# Fastify 5.12.8: a caller that a proxy names with its port is another caller at each connection, and a proxy so named is not trusted.
#
# Some proxies write into X-Forwarded-For whom they were connected to by, port included (Azure's gateways do; RFC 7239, 6, has node and port
# together as well). Fastify with trustProxy tells that as request.ip: what counts by address counts connections. Of a chain of trusted
# proxies it stops at the first that is written so, and tells the proxy as the caller.
#
# Expected: 203.0.113.9 each time, and 2001:db8::1.
# Seen:     the port is part of the address; behind two proxies, the second one.
# Output:   203.0.113.9: 203.0.113.9
#           203.0.113.9:51234: 203.0.113.9:51234
#           [2001:db8::1]:51234: [2001:db8::1]:51234
#           203.0.113.9, 10.0.0.5: 203.0.113.9
#           203.0.113.9, 10.0.0.5:4431: 10.0.0.5:4431
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts fastify@5.12.8 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.mjs <<'JS'
import Fastify from 'fastify';

const app = Fastify({ trustProxy: ['127.0.0.1', '10.0.0.0/8'] });
app.get('/', (request) => request.ip);
const tell = async (forwarded) => {
  const { body } = await app.inject({ url: '/', remoteAddress: '127.0.0.1', headers: { 'x-forwarded-for': forwarded } });
  return `${forwarded}: ${body}`;
};
const said = [];
for (const forwarded of ['203.0.113.9', '203.0.113.9:51234', '[2001:db8::1]:51234', '203.0.113.9, 10.0.0.5', '203.0.113.9, 10.0.0.5:4431'])
  said.push(await tell(forwarded));
console.log(said.join('\n'));
process.exit(
  said.join('\n') ===
    `203.0.113.9: 203.0.113.9
203.0.113.9:51234: 203.0.113.9:51234
[2001:db8::1]:51234: [2001:db8::1]:51234
203.0.113.9, 10.0.0.5: 203.0.113.9
203.0.113.9, 10.0.0.5:4431: 10.0.0.5:4431`
    ? 0
    : 1,
);
JS
timeout 20 node run.mjs
