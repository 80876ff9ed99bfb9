#!/bin/sh
# @datasert/cronjs-matcher 1.4.0: in the night when clocks go forward its list of times goes back an hour, and a range of days to 7 has no Sunday.
#
# A list of coming times (getFutureMatches) is walked by whoever sets timers or shows what comes next. For "every half hour" in Europe/Berlin it has
# 03:00 and 03:30 on 29 March twice, the second time after 03:30; every hour has 03:00 twice, one after the other. 0 and 7 are both Sunday in cron
# (crontab(5) of Debian's cron: "0-7 (0 or 7 is Sunday)"); alone 7 is Sunday, in 1-7 and 6-7 it is not, and 7-7 is every day. Nothing of it
# is an error.
#
# Expected: each time once, in order; seven days.
# Seen:     03:00 after 03:30; six days, without Sunday.
# Output:   */30 * * * *: 01:30 03:00 03:30 03:00 03:30 04:00
#           0 * * * *: 01:00 03:00 03:00 04:00
#           7: Sun Sun; 1-7: Sat Mon; 6-7: Sat Sat; 7-7: Sat Sun; 0-7: Sat Sun
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts @datasert/cronjs-matcher@1.4.0 @datasert/cronjs-parser@1.4.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
cat > run.cjs <<'JS'
const { getFutureMatches } = require('@datasert/cronjs-matcher');

const timezone = 'Europe/Berlin';
const next = (expression, startAt, matchCount) => getFutureMatches(expression, { timezone, matchCount, startAt, formatInTimezone: true });
for (const [expression, from, count] of [['*/30 * * * *', '2026-03-29T00:10:00Z', 6], ['0 * * * *', '2026-03-28T23:30:00Z', 4]])
  console.log(`${expression}: ${next(expression, from, count).map((time) => time.slice(11, 16)).join(' ')}`);
// From Friday, 27 November 2026, on.
const day = (time) => new Intl.DateTimeFormat('en', { weekday: 'short', timeZone: timezone }).format(new Date(time));
const two = (days) => next(`0 9 * * ${days}`, '2026-11-27T12:00:00Z', 2).map(day).join(' ');
console.log(['7', '1-7', '6-7', '7-7', '0-7'].map((days) => `${days}: ${two(days)}`).join('; '));
JS
said=$(TZ=UTC timeout 60 node run.cjs)
echo "$said"
[ "$said" = '*/30 * * * *: 01:30 03:00 03:30 03:00 03:30 04:00
0 * * * *: 01:00 03:00 03:00 04:00
7: Sun Sun; 1-7: Sat Mon; 6-7: Sat Sat; 7-7: Sat Sun; 0-7: Sat Sun' ]
