#!/bin/sh
# rrule-temporal 2.2.8: a rule of every hour leaves one out when clocks go back, and the same rule in minutes does not.
#
# When clocks go back one hour is shown twice, and "every hour" means both or the first alone, according to whom one asks. Here it depends on how it is
# written: FREQ=HOURLY has the first 02:30 in Berlin (00:30 UTC) and nothing for two hours behind it; 60 minutes and 3600 seconds have both, and
# so has every second hour, which is due at the very 02:30 that every hour leaves out.
#
# Expected: the same for an hour, for 60 minutes and for 3600 seconds; what is due every second hour is due every hour.
# Seen:     HOURLY alone has nothing at 01:30 UTC.
# Output:   HOURLY: 23:30 00:30 02:30 03:30
#           HOURLY;INTERVAL=2: 23:30 01:30 03:30 05:30
#           MINUTELY;INTERVAL=60: 23:30 00:30 01:30 02:30
#           SECONDLY;INTERVAL=3600: 23:30 00:30 01:30 02:30
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts rrule-temporal@2.2.8 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.mjs <<'JS'
import { RRuleTemporal } from 'rrule-temporal';

const said = ['HOURLY', 'HOURLY;INTERVAL=2', 'MINUTELY;INTERVAL=60', 'SECONDLY;INTERVAL=3600'].map((rule) => {
  const rruleString = `DTSTART;TZID=Europe/Berlin:20271031T013000\nRRULE:FREQ=${rule};COUNT=4`;
  return `${rule}: ${new RRuleTemporal({ rruleString }).all().map((due) => due.toInstant().toString().slice(11, 16)).join(' ')}`;
}).join('\n');
console.log(said);
const seen = [
  'HOURLY: 23:30 00:30 02:30 03:30',
  'HOURLY;INTERVAL=2: 23:30 01:30 03:30 05:30',
  'MINUTELY;INTERVAL=60: 23:30 00:30 01:30 02:30',
  'SECONDLY;INTERVAL=3600: 23:30 00:30 01:30 02:30',
];
process.exit(said === seen.join('\n') ? 0 : 1);
JS
timeout 20 node run.mjs
