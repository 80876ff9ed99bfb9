#!/bin/sh
# @point-of-sale/barcode-parser 1.0.4: without a symbology identifier a UPC-E is no barcode, and a shop's own EAN-8 is another shop's article; with
# one, a case's ITF-14 has no GTIN.
#
# The eight digits of a UPC-E end with the check digit of the twelve that they stand for (ISO/IEC 15420), those of an EAN-8
# with one of their own; 0 begins the numbers that a shop gives itself (RCN-8). The detector checks a UPC-E as an EAN-8: of ten it knows about one, and
# what it takes for UPC-E is an EAN-8, which is then spread to twelve digits with a check digit that is wrong. The identifier ]I1 makes
# "interleaved-2-of-5", where the part that tells GTINs asks for "itf", which is the detector's name for it: with less known more is told.
#
# Expected: 042100005264; no GTIN or 01234565; 19506000134379 twice.
# Seen:     nothing; 012345000065; nothing and 19506000134379.
# Output:   04252614: detected as nothing; GTIN none
#           01234565: detected as upce; GTIN 00012345000065
#           ]I1 19506000134379: told as interleaved-2-of-5; GTIN none
#           19506000134379: detected as itf; GTIN 19506000134379
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts @point-of-sale/barcode-parser@1.0.4 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.mjs <<'JS'
import { Aim, Detector, GS1 } from '@point-of-sale/barcode-parser';

const gtin = (value, known) => GS1.parse({ value, ...known })?.gtin ?? 'none';
const detected = (value) => {
  const known = Detector.detect(value);
  return `${value}: detected as ${known?.symbology ?? 'nothing'}; GTIN ${gtin(value, known)}`;
};
const box = '19506000134379';
const told = Aim.decode(']I1', box);
const said = [
  detected('04252614'),
  detected('01234565'),
  `]I1 ${box}: told as ${told.symbology}; GTIN ${gtin(box, told)}`,
  detected(box),
].join('\n');
console.log(said);
const seen = `04252614: detected as nothing; GTIN none
01234565: detected as upce; GTIN 00012345000065
]I1 19506000134379: told as interleaved-2-of-5; GTIN none
19506000134379: detected as itf; GTIN 19506000134379`;
process.exit(said === seen ? 0 : 1);
JS
timeout 20 node run.mjs
