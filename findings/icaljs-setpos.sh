#!/bin/sh
# ical.js 2.2.1: BYSETPOS, "of these the first" or "the last", is passed over in a weekly or daily rule, and in a yearly one without a month.
#
# The first or last of what a rule gives within each of its intervals is BYSETPOS (RFC 5545, 3.3.10), for every frequency. ical.js does so by
# the month, takes it elsewhere without a word, and all of the set is due: "the last working day of the week" is every working day.
#
# Expected: one day a week, one a year, one hour a day.
# Seen:     each of them; the month's is right.
# Output:   WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1: 2026-01-30T09 2026-02-02T09 2026-02-03T09
#           DAILY;BYHOUR=9,17;BYSETPOS=1: 2026-01-30T09 2026-01-30T17 2026-01-31T09
#           YEARLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1: 2026-12-31T09 2027-01-01T09 2027-01-04T09
#           MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1: 2026-01-30T09 2026-02-27T09 2026-03-31T09
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts ical.js@2.2.1 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.mjs <<'JS'
import ICAL from 'ical.js';

const workdays = 'BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1';
const rules = [
  ['2026-01-30', `WEEKLY;${workdays}`],
  ['2026-01-30', 'DAILY;BYHOUR=9,17;BYSETPOS=1'],
  ['2026-12-31', `YEARLY;${workdays}`],
  ['2026-01-30', `MONTHLY;${workdays}`],
];
const said = rules.map(([start, rule]) => {
  const iterator = ICAL.Recur.fromString(`FREQ=${rule}`).iterator(ICAL.Time.fromString(`${start}T09:00:00`));
  return `${rule}: ${Array.from({ length: 3 }, () => iterator.next().toString().slice(0, 13)).join(' ')}`;
}).join('\n');
console.log(said);
const seen = [
  `WEEKLY;${workdays}: 2026-01-30T09 2026-02-02T09 2026-02-03T09`,
  'DAILY;BYHOUR=9,17;BYSETPOS=1: 2026-01-30T09 2026-01-30T17 2026-01-31T09',
  `YEARLY;${workdays}: 2026-12-31T09 2027-01-01T09 2027-01-04T09`,
  `MONTHLY;${workdays}: 2026-01-30T09 2026-02-27T09 2026-03-31T09`,
];
process.exit(said === seen.join('\n') ? 0 : 1);
JS
timeout 20 node run.mjs
