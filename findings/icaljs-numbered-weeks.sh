#!/bin/sh
# ical.js 2.2.1: "the 20th Monday of the year" and "Monday of week 20", once a year by the standard's own examples, come every week.
#
# RFC 5545 has both among its examples, with these dates (3.8.5.3). ical.js begins right, and then takes the weekday alone: no number, no week, to the
# end of the rule. The first and the last weekday of a year are right. What opens once a year by such a rule opens each Monday.
#
# Expected: 19 May 1997, 18 May 1998, 17 May 1999; 12 May 1997, 11 May 1998, 17 May 1999.
# Seen:     Mondays in a row, for both; 12 May, in week 20, is not among them.
# Output:   BYDAY=20MO: 1997-05-19 1997-05-26 1997-06-02
#           BYWEEKNO=20;BYDAY=MO: 1997-05-19 1997-05-26 1997-06-02
#           BYDAY=-1MO: 1997-12-29 1998-12-28 1999-12-27
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

const said = [['1997-05-19', 'BYDAY=20MO'], ['1997-05-12', 'BYWEEKNO=20;BYDAY=MO'], ['1997-12-29', 'BYDAY=-1MO']].map(([start, when]) => {
  const iterator = ICAL.Recur.fromString(`FREQ=YEARLY;${when}`).iterator(ICAL.Time.fromString(`${start}T09:00:00`));
  return `${when}: ${Array.from({ length: 3 }, () => iterator.next().toString().slice(0, 10)).join(' ')}`;
}).join('\n');
console.log(said);
const weekly = '1997-05-19 1997-05-26 1997-06-02';
const seen = `BYDAY=20MO: ${weekly}\nBYWEEKNO=20;BYDAY=MO: ${weekly}\nBYDAY=-1MO: 1997-12-29 1998-12-28 1999-12-27`;
process.exit(said === seen ? 0 : 1);
JS
timeout 20 node run.mjs
