#!/bin/sh
# rrule-temporal 2.2.8: the 53rd Thursday of a year that has 52 is one of January.
#
# Most years have 52 of a weekday. BYDAY=53TH is a day in the years that have it, and what a rule gives that is not there is passed over
# (RFC 5545, 3.3.10), as the fifth Friday of a month is here. By the year the days are counted on beyond its end: a stocktaking on the 53rd
# Thursday comes each January.
#
# Expected: 31 December 2026, 30 December 2032 (a leap year that begins on a Thursday), 31 December 2037, as for rrule 2.8.1.
# Seen:     a Thursday of January in the years between.
# Output:   YEARLY;BYDAY=53TH: rrule-temporal 2026-12-31 2028-01-06 2029-01-04; rrule 2026-12-31 2032-12-30 2037-12-31
#           MONTHLY;BYDAY=5FR: rrule-temporal 2026-01-30 2026-05-29 2026-07-31; rrule 2026-01-30 2026-05-29 2026-07-31
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts rrule-temporal@2.2.8 rrule@2.8.1 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.cjs <<'JS'
const { RRuleTemporal } = require('rrule-temporal');
const { rrulestr } = require('rrule');

const said = [['20261231', 'YEARLY;BYDAY=53TH'], ['20260130', 'MONTHLY;BYDAY=5FR']].map(([start, rule]) => {
  const text = `DTSTART:${start}T080000Z\nRRULE:FREQ=${rule};COUNT=3`;
  const temporal = new RRuleTemporal({ rruleString: text }).all().map((due) => due.toPlainDate().toString());
  const dates = rrulestr(text).all().map((due) => due.toISOString().slice(0, 10));
  return `${rule}: rrule-temporal ${temporal.join(' ')}; rrule ${dates.join(' ')}`;
}).join('\n');
console.log(said);
const fifth = '2026-01-30 2026-05-29 2026-07-31';
const seen = `YEARLY;BYDAY=53TH: rrule-temporal 2026-12-31 2028-01-06 2029-01-04; rrule 2026-12-31 2032-12-30 2037-12-31
MONTHLY;BYDAY=5FR: rrule-temporal ${fifth}; rrule ${fifth}`;
process.exit(said === seen ? 0 : 1);
JS
timeout 20 node run.cjs
