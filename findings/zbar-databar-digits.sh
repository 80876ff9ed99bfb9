#!/bin/sh
# zbarimg 0.23.92 (Debian 12): of a GS1 DataBar Expanded label whose lot ends in a letter it reads another serial number.
#
# A serial number is often printed behind a lot: (10)LOT(21)0000051a. In this symbol a separator that follows a letter also switches to digits
# in pairs (ISO/IEC 24724); zbar goes on reading letters. 210000 becomes 2R00, 21 and a 1 become 2TI: characters that a serial number may
# have, and the symbol's check is right, so nothing warns. Behind a lot that ends in a digit all is well. ZXing (C++) reads each as it is.
#
# Expected: 10LOT<GS>210000051a, 10LOT<GS>211.
# Seen:     R for 1 and two digits fewer, and TI.
# Output:   (10)LOT7(21)0000051a: 10LOT7^]210000051a; ZXing 10LOT7^]210000051a
#           (10)LOT(21)0000051a: 10LOT^]2R00051a; ZXing 10LOT^]210000051a
#           (10)LOT(21)1: 10LOT^]2TI; ZXing 10LOT^]211
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
for tool in zint zbarimg; do
  command -v $tool > /dev/null || apt-get install -y -qq --no-install-recommends zint zbar-tools > /dev/null 2>&1 || exit 2
done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts zxing-wasm@3.1.6 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > read.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

const wasmBinary = new Uint8Array(readFileSync('node_modules/zxing-wasm/dist/reader/zxing_reader.wasm')).buffer;
await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
const [label] = await readBarcodes(new Blob([readFileSync(process.argv[2])]), { formats: ['DataBarExpanded'], textMode: 'Plain' });
process.stdout.write(label?.text ?? 'nothing');
JS
label() {
  zint -b DBAR_EXP --scale 2 -o label.png -d "$(echo "$1" | tr '()' '[]')"
  echo "$1: $(timeout 30 zbarimg -q --raw label.png 2> /dev/null | cat -v); ZXing $(timeout 30 node read.mjs label.png | cat -v)"
}
said=$(label '(10)LOT7(21)0000051a'; label '(10)LOT(21)0000051a'; label '(10)LOT(21)1')
echo "$said"
[ "$said" = '(10)LOT7(21)0000051a: 10LOT7^]210000051a; ZXing 10LOT7^]210000051a
(10)LOT(21)0000051a: 10LOT^]2R00051a; ZXing 10LOT^]210000051a
(10)LOT(21)1: 10LOT^]2TI; ZXing 10LOT^]211' ]
