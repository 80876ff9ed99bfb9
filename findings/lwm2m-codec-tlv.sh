#!/bin/sh
# lwm2m-codec 0.1.1: a number of eight bytes is read as another one, and the voltages of a device's power sources as text.
#
# A device's battery and sensors are read as TLV (OMA LwM2M 1.0, 6.4.3): a float has four or eight bytes, as its length says, and a resource with
# several instances has theirs within it, each of the resource's type. lwm2m-codec reads four bytes of eight, and takes an instance's number for a
# resource's: instance 0 of whatever is of the type of resource 0, which in the object Device is the maker's name. Both are without an error. The
# second is the standard's own example (6.4.3.1): 3800 and 5000 mV, 125 and 900 mA.
#
# Expected: 21.5 of either length; 3800 and 5000.
# Seen:     2.8359375, and text of two characters each.
# Output:   four bytes: 21.5; eight bytes: 2.8359375
#           voltages: {"0":"\u000e\ufffd","1":"\u0013\ufffd"}
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts lwm2m-codec@0.1.1 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.cjs <<'JS'
const codec = require('lwm2m-codec');

const read = (path, hex) => codec.decode('tlv', path, Buffer.from(hex, 'hex'));
const four = Buffer.alloc(4);
four.writeFloatBE(21.5);
const eight = Buffer.alloc(8);
eight.writeDoubleBE(21.5);
// Temperature (3303), its value (5700 is 1644).
const value = (number) => read('/3303/0/5700', number.length === 4 ? `e41644${number.toString('hex')}` : `e8164408${number.toString('hex')}`);
// Device (3): the voltages (7) of two power sources, as in the example.
const { pwrSrcVoltage } = read('/3/0', '880708' + '42000ed8' + '42011388');
const told = JSON.stringify(pwrSrcVoltage).replace(/[^ -~]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
const said = `four bytes: ${value(four)}; eight bytes: ${value(eight)}\nvoltages: ${told}`;
console.log(said);
const seen = String.raw`four bytes: 21.5; eight bytes: 2.8359375
voltages: {"0":"\u000e\ufffd","1":"\u0013\ufffd"}`;
process.exit(said === seen ? 0 : 1);
JS
timeout 20 node run.cjs
