#!/bin/sh
# @zxing/library 0.23.0: of an Aztec label of GS1 it reads a text that nobody has written, and no error.
#
# Such a symbol begins with FLG(0), which stands for FNC1 (ISO/IEC 24778). The library does not know it, goes on in the wrong place, and
# answers letters: the error correction had found nothing, so it is a success. A label without FNC1 is read right. Of a QR code the same
# library tells the separator, of Code 128 it drops it.
#
# Expected: 210000051a00000105, 217A; or an exception, as for what it can't read.
# Seen:     other letters, as many as there is room for.
# Output:   plain LOT-7 0000051a: LOT-7 0000051a
#           GS1 (21)0000051a00000105: BX QCGPFFZOJWPACGXF
#           GS1 (21)7A: BX Xd
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
command -v zint > /dev/null || apt-get install -y -qq --no-install-recommends zint > /dev/null 2>&1 || exit 2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts @zxing/library@0.23.0 pngjs@7.0.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > read.cjs <<'JS'
const { readFileSync } = require('node:fs');
const { PNG } = require('pngjs');
const { AztecCodeReader, BinaryBitmap, HybridBinarizer, RGBLuminanceSource } = require('@zxing/library');

const { width, height, data } = PNG.sync.read(readFileSync(process.argv[2]));
const grey = Uint8ClampedArray.from({ length: width * height }, (_, index) => data[index * 4]);
const bitmap = new BinaryBitmap(new HybridBinarizer(new RGBLuminanceSource(grey, width, height)));
try {
  process.stdout.write(new AztecCodeReader().decode(bitmap).getText());
} catch (error) {
  process.stdout.write(error.constructor.name);
}
JS
label() {
  name=$1
  shift
  zint -b AZTEC --scale 4 -o label.png "$@"
  echo "$name: $(timeout 30 node read.cjs label.png)"
}
said=$(
  label 'plain LOT-7 0000051a' -d 'LOT-7 0000051a'
  label 'GS1 (21)0000051a00000105' --gs1 -d '[21]0000051a00000105'
  label 'GS1 (21)7A' --gs1 -d '[21]7A'
)
echo "$said"
[ "$said" = 'plain LOT-7 0000051a: LOT-7 0000051a
GS1 (21)0000051a00000105: BX QCGPFFZOJWPACGXF
GS1 (21)7A: BX Xd' ]
