#!/bin/sh
# ical.js 2.2.1: the last day of several months, as a yearly rule, is from the second year on a day of the next month, or the last but one.
#
# FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1 is how the end of each quarter is written; -1 is the last day of each month, and a day that a month
# does not have is passed over (RFC 5545, 3.3.10). ical.js counts the days of the first month for all of the year: what begins with March has the
# end of June on 1 July, what begins with February has the end of May on 30 May. With FREQ=MONTHLY the same months are right, and so is
# a single month. A 29 February that is not there is 1 March.
#
# Expected: the same for YEARLY as for MONTHLY, and no 1 March.
# Seen:     two of four ends of a quarter are wrong.
# Output:   months 3,6,9,12: monthly 2027-03-31 2027-06-30 2027-09-30 2027-12-31, yearly 2027-03-31 2027-07-01 2027-10-01 2027-12-31
#           months 2,5,8,11: monthly 2027-02-28 2027-05-31 2027-08-31 2027-11-30, yearly 2027-03-02 2027-05-30 2027-08-30 2027-11-30
#           29th of months 2,12: 2026-12-29 2027-03-01 2027-12-29 2028-02-29
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

const days = (start, rule) => {
  const iterator = ICAL.Recur.fromString(`${rule};COUNT=8`).iterator(ICAL.Time.fromString(`${start}T09:00:00`));
  return Array.from({ length: 8 }, () => iterator.next().toString().slice(0, 10));
};
const of2027 = (start, rule) => days(start, rule).filter((day) => day.startsWith('2027')).join(' ');
const said = [
  ...[['2026-03-31', '3,6,9,12'], ['2026-02-28', '2,5,8,11']].map(([start, months]) => {
    const [monthly, yearly] = ['MONTHLY', 'YEARLY'].map((each) => of2027(start, `FREQ=${each};BYMONTH=${months};BYMONTHDAY=-1`));
    return `months ${months}: monthly ${monthly}, yearly ${yearly}`;
  }),
  `29th of months 2,12: ${days('2026-12-29', 'FREQ=YEARLY;BYMONTH=2,12;BYMONTHDAY=29').slice(0, 4).join(' ')}`,
].join('\n');
console.log(said);
const seen = [
  'months 3,6,9,12: monthly 2027-03-31 2027-06-30 2027-09-30 2027-12-31, yearly 2027-03-31 2027-07-01 2027-10-01 2027-12-31',
  'months 2,5,8,11: monthly 2027-02-28 2027-05-31 2027-08-31 2027-11-30, yearly 2027-03-02 2027-05-30 2027-08-30 2027-11-30',
  '29th of months 2,12: 2026-12-29 2027-03-01 2027-12-29 2028-02-29',
];
process.exit(said === seen.join('\n') ? 0 : 1);
JS
timeout 20 node run.mjs
