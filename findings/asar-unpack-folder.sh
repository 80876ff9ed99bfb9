#!/bin/sh
# @electron/asar 3.4.1: a pattern of `unpack` that names a folder matches nothing, or not, by how the source's path was written.
#
# Some files must lie beside the archive (compiled modules, programs). `unpackDir` is looked for from the source's folder on; `unpack` is
# held against the path as it was given, the source's included: sub/*.node, which is right for the one, never matches in the other,
# app/sub/*.node does where the source is "app" and no longer does in the same build with an absolute path. Nothing is said.
#
# Expected: sub/*.node leaves /sub/x.node outside, whichever way the source is written.
# Seen:     it is packed.
# Output:   unpack sub/*.node: app none, /…/app none
#           unpack app/sub/*.node: app /sub/x.node, /…/app none
#           unpack **/sub/*.node: app /sub/x.node, /…/app /sub/x.node
#           unpackDir sub: app /sub /sub/x.node, /…/app /sub /sub/x.node
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts @electron/asar@3.4.1 > npm.log 2>&1 || { cat npm.log; exit 2; }
mkdir -p app/sub
echo 1 > app/sub/x.node
cat > run.mjs <<'JS'
import { resolve } from 'node:path';
import { createPackageWithOptions, listPackage } from '@electron/asar';

let count = 0;
const outside = async (source, options) => {
  const archive = `out-${(count += 1)}.asar`;
  await createPackageWithOptions(source, archive, options);
  const listed = listPackage(archive, { isPack: true });
  return listed.filter((line) => line.startsWith('unpack')).map((line) => line.replace(/^unpack *: /, '')).join(' ') || 'none';
};
const said = [];
for (const options of [{ unpack: 'sub/*.node' }, { unpack: 'app/sub/*.node' }, { unpack: '**/sub/*.node' }, { unpackDir: 'sub' }]) {
  const [[name, pattern]] = Object.entries(options);
  said.push(`${name} ${pattern}: app ${await outside('app', options)}, /…/app ${await outside(resolve('app'), options)}`);
}
console.log(said.join('\n'));
const expected = [
  'unpack sub/*.node: app none, /…/app none',
  'unpack app/sub/*.node: app /sub/x.node, /…/app none',
  'unpack **/sub/*.node: app /sub/x.node, /…/app /sub/x.node',
  'unpackDir sub: app /sub /sub/x.node, /…/app /sub /sub/x.node',
];
process.exit(said.join('\n') === expected.join('\n') ? 0 : 1);
JS
timeout 30 node run.mjs
