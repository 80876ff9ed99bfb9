#!/bin/sh
# mqtt-pattern 2.1.1 and mqtt-match 3.0.0: which message belongs to which filter is another answer than a broker's, at empty levels and at "$".
#
# One connection has several filters, and a client sorts what comes by them again. "+" stands for one level, an empty one included, as before the
# first slash or between two (MQTT 5.0, 4.7.1.3), and a filter that begins with "#" or "+" takes no topic that begins with "$" (4.7.2). A
# topic that begins with a slash, or with a level that is empty yet, comes from the broker and belongs to none of mqtt-pattern's filters; mqtt-match
# knows empty levels. Both give what is the broker's own ($SYS) to whoever has "#", too, where another filter asked for it.
#
# Expected: yes, yes, yes, yes, no, no.
# Seen:     the opposite by mqtt-pattern, and of the last two by mqtt-match.
# Output:   +/state takes /state: mqtt-pattern no, mqtt-match yes
#           lock/+/state takes lock//state: mqtt-pattern no, mqtt-match yes
#           lock/+ takes lock/: mqtt-pattern no, mqtt-match yes
#           +/+ takes /: mqtt-pattern no, mqtt-match yes
#           # takes $SYS/uptime: mqtt-pattern yes, mqtt-match yes
#           +/uptime takes $SYS/uptime: mqtt-pattern yes, mqtt-match yes
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts mqtt-pattern@2.1.1 mqtt-match@3.0.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.cjs <<'JS'
const match = require('mqtt-match');
const { matches } = require('mqtt-pattern');

const word = (taken) => (taken ? 'yes' : 'no');
const said = [['+/state', '/state'], ['lock/+/state', 'lock//state'], ['lock/+', 'lock/'], ['+/+', '/'], ['#', '$SYS/uptime'], ['+/uptime', '$SYS/uptime']]
  .map(([filter, topic]) => `${filter} takes ${topic}: mqtt-pattern ${word(matches(filter, topic))}, mqtt-match ${word(match(filter, topic))}`)
  .join('\n');
console.log(said);
const seen = `+/state takes /state: mqtt-pattern no, mqtt-match yes
lock/+/state takes lock//state: mqtt-pattern no, mqtt-match yes
lock/+ takes lock/: mqtt-pattern no, mqtt-match yes
+/+ takes /: mqtt-pattern no, mqtt-match yes
# takes $SYS/uptime: mqtt-pattern yes, mqtt-match yes
+/uptime takes $SYS/uptime: mqtt-pattern yes, mqtt-match yes`;
process.exit(said === seen ? 0 : 1);
JS
timeout 20 node run.cjs
