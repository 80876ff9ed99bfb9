#!/bin/sh
# jszpl 2.0.1: a serial number or a name is written into a label as it is, signs that are commands included, and what is printed is shorter.
#
# In ZPL ^ and ~ begin a command wherever they stand, so in field data they are written by ^FH as _5E and _7E; in Code 128 > and the character
# behind it change the code set or are FNC1, and > itself is >0 (ZPL II, ^FD, ^FH, ^BC). A serial number of GS1 may have > in it (AI 21, of 82
# characters), a name any. jszpl writes them plainly, and no error is told. Of DataMatrix it writes ~ as the format and 1 as the escape character
# (^BXo,h,s,c,r,f,g,a), one place too early. zpl-renderer-js 3.4.0 draws the labels here, ZXing (zxing-wasm 3.1.6) reads them.
#
# Expected: what was given; ^BXN,10,200,,,,~,1.
# Seen:     the beginning, up to the sign; ^BXN,10,200,,,~,1.
# Output:   Code128 7>5A: ^FD7>5A^FS, read as 7
#           Code128 7>05A: ^FD7>05A^FS, read as 7>5A
#           QRCode Counter ^7: ^FDQA,Counter ^7^FS, read as Counter
#           DataMatrix Counter ~7: ^BXN,10,200,,,~,1^FDCounter ~7^FS, read as Counter
#           DataMatrix 7>5A: ^BXN,10,200,,,~,1^FD7>5A^FS, read as 7>5A
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts jszpl@2.0.1 zpl-renderer-js@3.4.0 zxing-wasm@3.1.6 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.mjs <<'JS'
import { readFileSync } from 'node:fs';
import * as jszpl from 'jszpl';
import { ready } from 'zpl-renderer-js';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

const { Barcode, BarcodeType, BarcodeTypeName, Label, PrintDensity, PrintDensityName, Spacing } = jszpl;
const wasmBinary = new Uint8Array(readFileSync('node_modules/zxing-wasm/dist/reader/zxing_reader.wasm')).buffer;
await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
const { api } = await ready;

const written = (type, data) => {
  const label = new Label();
  Object.assign(label, { printDensity: new PrintDensity(PrintDensityName['8dpmm']), width: 100, height: 50, padding: new Spacing(40) });
  const barcode = new Barcode();
  Object.assign(barcode, { type: new BarcodeType(BarcodeTypeName[type]), data, height: 100 });
  label.content.push(barcode);
  return label.generateZPL();
};
const lines = [];
for (const [type, data] of [['Code128', '7>5A'], ['Code128', '7>05A'], ['QRCode', 'Counter ^7'], ['DataMatrix', 'Counter ~7'], ['DataMatrix', '7>5A']]) {
  const zpl = written(type, data);
  const [read] = await readBarcodes(new Blob([Buffer.from(await api.zplToBase64Async(zpl), 'base64')]));
  const [field] = zpl.match(type === 'DataMatrix' ? /\^BX.*\^FS/ : /\^FD.*\^FS/);
  lines.push(`${type} ${data}: ${field}, read as ${read.text.trim()}`);
}
const said = lines.join('\n');
console.log(said);
const seen = String.raw`Code128 7>5A: ^FD7>5A^FS, read as 7
Code128 7>05A: ^FD7>05A^FS, read as 7>5A
QRCode Counter ^7: ^FDQA,Counter ^7^FS, read as Counter
DataMatrix Counter ~7: ^BXN,10,200,,,~,1^FDCounter ~7^FS, read as Counter
DataMatrix 7>5A: ^BXN,10,200,,,~,1^FD7>5A^FS, read as 7>5A`;
process.exit(said === seen ? 0 : 1);
JS
timeout 100 node run.mjs
