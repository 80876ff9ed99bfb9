#!/bin/sh
# systemd 252 (Debian 12): what is due at 02:30 in a time zone is left out on the day when clocks go forward, and for a timer of those days
# alone the error is "Resource deadlock avoided".
#
# A nightly job, a backup or a report, "at 02:30 Europe/Berlin" has no 02:30 on one day a year. cron runs it as soon as the clock has gone on,
# mktime() and Temporal take 03:30. systemd passes the day over, and goes to the next; when clocks go back it is run once.
#
# Expected: 28 March 2027 at 01:00 or 01:30 UTC, as one of those has it.
# Seen:     from 27 March, 01:30 UTC, it is due on 29 March, 47 hours after the last time.
# Output:   after 2027-03-27 02:30: 2027-03-29 00:30 UTC; on the day alone: never; its Sundays: Resource deadlock avoided
#           after 2027-10-30 02:30: 2027-10-31 00:30 UTC, 2027-11-01 01:30 UTC
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
command -v systemd-analyze > /dev/null || exit 2
export TZ=UTC LC_ALL=C
due() {
  systemd-analyze calendar --base-time="$1" --iterations="$2" "$3" 2>&1 |
    sed -n 's/.*Next elapse: [A-Z][a-z]* \(.*\):00 UTC$/\1 UTC/p; s/.*Iter. #2: [A-Z][a-z]* \(.*\):00 UTC$/\1 UTC/p; s/.*Next elapse: never$/never/p; s/^Failed.*: //p' |
    paste -sd, | sed 's/,/, /'
}
night='*-*-* 02:30 Europe/Berlin'
said="after 2027-03-27 02:30: $(due '2027-03-27 01:30:00 UTC' 1 "$night"); on the day alone: $(due '2027-01-01 00:00:00 UTC' 1 '2027-03-28 02:30 Europe/Berlin')"
said="$said; its Sundays: $(due '2027-01-01 00:00:00 UTC' 1 'Sun *-03~07/1 02:30 Europe/Berlin')
after 2027-10-30 02:30: $(due '2027-10-30 00:30:00 UTC' 2 "$night")"
echo "$said"
[ "$said" = 'after 2027-03-27 02:30: 2027-03-29 00:30 UTC; on the day alone: never; its Sundays: Resource deadlock avoided
after 2027-10-30 02:30: 2027-10-31 00:30 UTC, 2027-11-01 01:30 UTC' ]
