#!/bin/sh
# selfsigned 5.5.0: the client certificate that it makes beside a server's is refused by a server that trusts the one that has signed it.
#
# With clientCertificate it makes a second pair, for a client that the server knows by its certificate: a panel and its kiosk on one desk. Both are
# signed by the server's own key. Since 5 the server's certificate says that it signs none (basicConstraints without cA, and no keyCertSign, its
# default extensions), so nothing that it has signed is valid (RFC 5280, 4.2.1.9 and 6.1.4), and Node's server says UNSPECIFIED, from which nobody
# guesses why. Where authorized is not looked at, all seems well. With these two extensions asked for it is.
#
# Expected: authorized, as made.
# Seen:     refused; with cA and keyCertSign authorized.
# Output:   as made, rsa: server authorized false UNSPECIFIED; openssl verify: invalid CA certificate
#           as made, ec: server authorized false UNSPECIFIED; openssl verify: invalid CA certificate
#           with cA and keyCertSign: server authorized true null; openssl verify: OK
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts selfsigned@5.5.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.cjs <<'JS'
const { spawnSync } = require('node:child_process');
const { once } = require('node:events');
const { writeFileSync } = require('node:fs');
const { connect, createServer } = require('node:tls');
const { generate } = require('selfsigned');

const tell = async (name, options) => {
  // Its default, SHA-1, is refused by Node's TLS before anything else.
  const made = await generate([{ name: 'commonName', value: 'localhost' }], { algorithm: 'sha256', clientCertificate: { cn: 'panel' }, ...options });
  const server = createServer({ key: made.private, cert: made.cert, ca: made.cert, requestCert: true, rejectUnauthorized: false });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const own = { key: made.clientprivate, cert: made.clientcert };
  const client = connect({ port: server.address().port, host: '127.0.0.1', servername: 'localhost', ca: made.cert, ...own });
  const [peer] = await once(server, 'secureConnection');
  const answer = `server authorized ${peer.authorized} ${peer.authorizationError}`;
  peer.destroy();
  client.on('error', () => {}).destroy();
  server.close();
  writeFileSync('cert.pem', made.cert);
  writeFileSync('client.pem', made.clientcert);
  const { status, stderr } = spawnSync('openssl', ['verify', '-CAfile', 'cert.pem', 'client.pem'], { encoding: 'utf8' });
  console.log(`${name}: ${answer}; openssl verify: ${status === 0 ? 'OK' : /lookup: (.*)/.exec(stderr)[1]}`);
};
const extensions = [
  { name: 'basicConstraints', cA: true, critical: true },
  { name: 'keyUsage', keyCertSign: true, digitalSignature: true, keyEncipherment: true, critical: true },
  { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] },
];
const all = async () => {
  await tell('as made, rsa', {});
  await tell('as made, ec', { keyType: 'ec' });
  await tell('with cA and keyCertSign', { extensions });
};
all();
JS
said=$(timeout 60 node run.cjs)
echo "$said"
[ "$said" = 'as made, rsa: server authorized false UNSPECIFIED; openssl verify: invalid CA certificate
as made, ec: server authorized false UNSPECIFIED; openssl verify: invalid CA certificate
with cA and keyCertSign: server authorized true null; openssl verify: OK' ]
