#!/bin/sh
# ble-central-advertisements 1.1.0: of one and the same peer it tells other services, another power and another "connectable" on Android than on iOS.
#
# It puts an advertisement into one form, whether it came as bytes (Android) or as iOS's own fields. From bytes its list of services has those of the
# complete list of 16-bit UUIDs alone, so a maker's own service, of 128 bits, is never in it, nor is one of an incomplete list (Supplement to the
# Core Specification, A 1.1). A power of -4 dBm, a signed byte (A 1.5), is 252. "Connectable" is the flag for general discoverability (A 1.3): a
# lock that is discoverable for a while only, or never says so, is "not connectable" or undefined.
#
# Expected: as iOS tells the same: the service, -4, and nothing of connectable where the bytes do not say it.
# Seen:     no service, 252, false.
# Output:   bytes, 128-bit service: services none, power 252, connectable false
#           bytes, 16-bit, complete: services 180f, power 252, connectable true
#           bytes, 16-bit, incomplete: services none, power 252, connectable true
#           iOS, 128-bit service: services 01020304-0506-0708-090a-0b0c0d0e0f10, power -4, connectable true
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts ble-central-advertisements@1.1.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.cjs <<'JS'
const { AdvertisementDecoder, Convert } = require('ble-central-advertisements');

const decoder = new AdvertisementDecoder();
const tell = (name, { advDataServiceUUIDs: services, advDataTxPowerLevel: power, advDataIsConnectable: connectable }) =>
  console.log(`${name}: services ${services?.join(' ') || 'none'}, power ${power}, connectable ${connectable}`);
const bytes = (hex) => decoder.decode(Convert.hexToUint8Array(hex).buffer);
// Limited (05) or general (06) discoverability, -4 dBm, a list of services.
tell('bytes, 128-bit service', bytes('020105020afc1107100f0e0d0c0b0a090807060504030201'));
tell('bytes, 16-bit, complete', bytes('020106020afc03030f18'));
tell('bytes, 16-bit, incomplete', bytes('020106020afc03020f18'));
const ios = {
  kCBAdvDataServiceUUIDs: ['01020304-0506-0708-090a-0b0c0d0e0f10'],
  kCBAdvDataTxPowerLevel: -4,
  kCBAdvDataIsConnectable: true,
  kCBAdvDataChannel: 37,
  kCBAdvDataLocalName: 'Latch',
};
tell('iOS, 128-bit service', decoder.decode({ advertising: ios }));
JS
said=$(timeout 20 node run.cjs)
echo "$said"
[ "$said" = 'bytes, 128-bit service: services none, power 252, connectable false
bytes, 16-bit, complete: services 180f, power 252, connectable true
bytes, 16-bit, incomplete: services none, power 252, connectable true
iOS, 128-bit service: services 01020304-0506-0708-090a-0b0c0d0e0f10, power -4, connectable true' ]
