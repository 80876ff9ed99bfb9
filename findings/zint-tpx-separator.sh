#!/bin/sh
# zint 2.11.1 (Debian 12): in a GS1 label there is no separator behind a TPX (235), and the lot that follows becomes part of it.
#
# AI 235, the third party controlled serial number, has up to 28 characters, so a separator ends it where another element follows (GS1 General
# Specifications, 3.5.4 and 7.8.5; 23, a lot number of old with a fixed length, is not among those that need none). zint leaves it out, in each
# symbol: whoever reads (235)T7(10)L7 has a TPX T710L7, and no lot. bwip-js 4.11.4 writes one, and zint does behind 240.
#
# Expected: (01)…235T7<GS>10L7.
# Seen:     235T710L7.
# Output:   (240)T7(10)L7: zint 240T7^]10L7, bwip-js 240T7^]10L7
#           (235)T7(10)L7: zint 235T710L7, bwip-js 235T7^]10L7
#           (235)T7(10)L7 in Code 128: zint 235T710L7, bwip-js 235T7^]10L7
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
command -v zint > /dev/null || apt-get install -y -qq --no-install-recommends zint > /dev/null 2>&1 || exit 2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts zxing-wasm@3.1.6 bwip-js@4.11.4 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.mjs <<'JS'
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import bwipjs from 'bwip-js/node';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

const wasmBinary = new Uint8Array(readFileSync('node_modules/zxing-wasm/dist/reader/zxing_reader.wasm')).buffer;
await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
const read = async (png) => {
  const [label] = await readBarcodes(new Blob([png]), { formats: ['DataMatrix', 'Code128'], textMode: 'Plain' });
  return label ? label.text.replaceAll('\x1d', '^]') : 'nothing';
};
// Behind a GTIN, without which neither may be.
const gtin = '0109506000134352';
const tell = async (elements, zint, bcid) => {
  const text = `(01)${gtin.slice(2)}${elements}`;
  execFileSync('zint', ['-b', zint, '--gs1', '--scale', '3', '-w', '10', '-o', 'label.png', '-d', text.replaceAll('(', '[').replaceAll(')', ']')]);
  const other = await bwipjs.toBuffer({ bcid, text, scale: 3, padding: 10, backgroundcolor: 'FFFFFF' });
  return `zint ${await read(readFileSync('label.png'))}, bwip-js ${await read(other)}`.replaceAll(gtin, '');
};
const said = `(240)T7(10)L7: ${await tell('(240)T7(10)L7', 'DATAMATRIX', 'gs1datamatrix')}
(235)T7(10)L7: ${await tell('(235)T7(10)L7', 'DATAMATRIX', 'gs1datamatrix')}
(235)T7(10)L7 in Code 128: ${await tell('(235)T7(10)L7', 'GS1_128', 'gs1-128')}`;
console.log(said);
process.exit(
  said ===
    `(240)T7(10)L7: zint 240T7^]10L7, bwip-js 240T7^]10L7
(235)T7(10)L7: zint 235T710L7, bwip-js 235T7^]10L7
(235)T7(10)L7 in Code 128: zint 235T710L7, bwip-js 235T7^]10L7`
    ? 0
    : 1,
);
JS
timeout 60 node run.mjs
