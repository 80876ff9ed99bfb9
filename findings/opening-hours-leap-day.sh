#!/bin/sh
# opening_hours 3.15.0: hours that end with 29 February are kept on 1 March as well, in each year that has no such day.
#
# "Until the end of February" is written with its last day, the leap day included, as in "Dec 01-Feb 29". The end is made a date of the year
# that is asked for, and JavaScript makes 29 February 2027 the first of March. The day before and the last day of a short February are right, and
# so is a leap year. What opens on 29 February alone is not found from a year before: no next change at all.
#
# Expected: closed on 1 March; 29 February 2028 as the next change, from each year.
# Seen:     open on 1 March 2027; no next change until 2028 has begun.
# Output:   Dec 01-Feb 29 09:00-18:00: 2027-02-28 open, 2027-03-01 open, 2027-03-02 closed, 2028-02-29 open, 2028-03-01 closed
#           Feb 29 09:00-18:00, asked 2027-12-01: no next change, asked 2028-01-01: 2028-02-29
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts opening_hours@3.15.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.mjs <<'JS'
import OpeningHours from 'opening_hours';

const winter = new OpeningHours('Dec 01-Feb 29 09:00-18:00');
const days = ['2027-02-28', '2027-03-01', '2027-03-02', '2028-02-29', '2028-03-01'];
console.log(`Dec 01-Feb 29 09:00-18:00: ${days.map((day) => `${day} ${winter.getState(new Date(`${day}T12:00Z`)) ? 'open' : 'closed'}`).join(', ')}`);
const leap = new OpeningHours('Feb 29 09:00-18:00');
const next = (day) => `asked ${day}: ${leap.getNextChange(new Date(`${day}T12:00Z`))?.toISOString().slice(0, 10) ?? 'no next change'}`;
console.log(`Feb 29 09:00-18:00, ${next('2027-12-01')}, ${next('2028-01-01')}`);
JS
said=$(TZ=UTC timeout 60 node run.mjs)
echo "$said"
[ "$said" = 'Dec 01-Feb 29 09:00-18:00: 2027-02-28 open, 2027-03-01 open, 2027-03-02 closed, 2028-02-29 open, 2028-03-01 closed
Feb 29 09:00-18:00, asked 2027-12-01: no next change, asked 2028-01-01: 2028-02-29' ]
