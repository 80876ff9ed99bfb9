#!/bin/sh
# electron-log 5.4.4, in Node: a program whose name it does not find logs nothing, also where the file's path is given.
#
# Without Electron the name is looked for in package.json, near what was started; a single file, or a package that has no name, as
# here, has none. The name is for the default path. With a path of one's own (resolvePathFn) it isn't needed, and the file is not written
# all the same: info() returns, nothing is said.
#
# Expected: a line in the file, or an error from info().
# Seen:     no file and no error; getFile() tells the reason; with setAppName() the line is written.
# Output:   no name: no error, no file; getFile: electron-log can't determine the app name; setAppName: 1 line
#
# Exits 0 while it is so, 1 once electron-log behaves otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts electron-log@5.4.4 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.mjs <<'JS'
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import log from 'electron-log/node';

const make = (name) => {
  const logger = log.create({ logId: name });
  logger.transports.console.level = false;
  logger.transports.file.format = '{text}';
  logger.transports.file.resolvePathFn = () => resolve(`${name}.log`);
  return logger;
};
const first = make('first');
let said = 'no name: ';
try {
  first.info('hello');
  said += 'no error, ';
} catch {
  said += 'an error, ';
}
said += existsSync('first.log') ? 'a file' : 'no file';
try {
  first.transports.file.getFile();
  said += '; getFile: a file';
} catch (thrown) {
  said += `; getFile: ${thrown.message.split('.')[0]}`;
}
const second = make('second');
second.transports.file.setAppName('any');
second.info('hello');
said += `; setAppName: ${readFileSync('second.log', 'utf8').trim().split('\n').length} line`;
console.log(said);
const expected = "no name: no error, no file; getFile: electron-log can't determine the app name; setAppName: 1 line";
process.exit(said === expected ? 0 : 1);
JS
timeout 20 node run.mjs
