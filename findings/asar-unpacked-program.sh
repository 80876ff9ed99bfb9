#!/bin/sh
# @electron/asar 3.4.1: a program that was left beside the archive is extracted as one that can't be run, and is not found through a link.
#
# Compiled modules and helpers are left outside (unpack). The archive notes of each file whether it can be run, but of none that lies outside,
# so that extracting the whole (to look into a build, to mend one) gives such a program the mode 644, while what lay inside has 755. A folder
# that is a link leads to what lies inside, and to what lies outside with an ENOENT for a path that has the link in it.
#
# Expected: 755 for both programs, and both found through the link.
# Seen:     644 for the one that was left outside, and ENOENT.
# Output:   beside the archive 755; extracted: inside 755, outside 644; through the link: inside found, outside ENOENT
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts @electron/asar@3.4.1 > npm.log 2>&1 || { cat npm.log; exit 2; }
mkdir -p app/tools
echo '#!/bin/sh' > app/tools/inside.sh
echo '#!/bin/sh' > app/tools/outside.bin
chmod 755 app/tools/*
ln -s tools app/linked
cat > run.js <<'JS'
const { statSync } = require('node:fs');
const asar = require('@electron/asar');

const modeOf = (file) => (statSync(file).mode & 0o777).toString(8);
const found = (file) => {
  try {
    return asar.extractFile('app.asar', file).length > 0 ? 'found' : 'empty';
  } catch (error) {
    return error.code ?? error.message;
  }
};
(async () => {
  await asar.createPackageWithOptions('app', 'app.asar', { unpack: '*.bin' });
  asar.extractAll('app.asar', 'out');
  const said = `beside the archive ${modeOf('app.asar.unpacked/tools/outside.bin')}; extracted: inside ${modeOf('out/tools/inside.sh')}, outside ${modeOf('out/tools/outside.bin')}; through the link: inside ${found('linked/inside.sh')}, outside ${found('linked/outside.bin')}`;
  console.log(said);
  process.exit(said === 'beside the archive 755; extracted: inside 755, outside 644; through the link: inside found, outside ENOENT' ? 0 : 1);
})();
JS
timeout 20 node run.js
