#!/bin/sh
# systemd 252 (Debian 12): a timer of every 20 minutes pauses for an hour when clocks go back, whether it names a zone or not.
#
# OnCalendar=*:0/20 is due three times an hour by the clock on the wall, and in autumn that clock shows one hour twice. systemd has it due in
# the first of the two alone, where clocks go back by an hour as by half of one (Lord Howe). A watch, an archiving or a rotation that is to
# come round every few minutes does not for that hour. In spring nothing is missing.
#
# Expected: 00:40, 01:00, 01:20, 01:40, 02:00 UTC.
# Seen:     from 00:40 to 02:00 UTC nothing.
# Output:   Europe/Berlin: 00:00 00:20 00:40 02:00 02:20; the machine's own zone: 00:00 00:20 00:40 02:00 02:20
#           spring: 00:40 01:00 01:20 01:40 02:00; *:15 Australia/Lord_Howe: 13:15 14:15 15:45 16:45 17:45
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
command -v systemd-analyze > /dev/null || exit 2
export LC_ALL=C TZ=UTC
due() {
  systemd-analyze calendar --base-time="$1" --iterations=5 "$2" |
    awk '/Next elapse|Iter/ { line = $0 } /\(in UTC\)/ { line = $0; times[count] = "" } /Next elapse|Iter/ { count++ } { times[count] = line } END { for (n = 1; n <= count; n++) print times[n] }' |
    sed 's/.* \([0-9:]*\):00 [A-Z]*$/\1/' | paste -sd' '
}
autumn='2027-10-30 23:50:00 UTC'
said="Europe/Berlin: $(due "$autumn" '*:0/20 Europe/Berlin'); the machine's own zone: $(TZ=Europe/Berlin due "$autumn" '*:0/20')
spring: $(due '2027-03-28 00:30:00 UTC' '*:0/20 Europe/Berlin'); *:15 Australia/Lord_Howe: $(due '2027-04-03 13:00:00 UTC' '*:15 Australia/Lord_Howe')"
echo "$said"
[ "$said" = "Europe/Berlin: 00:00 00:20 00:40 02:00 02:20; the machine's own zone: 00:00 00:20 00:40 02:00 02:20
spring: 00:40 01:00 01:20 01:40 02:00; *:15 Australia/Lord_Howe: 13:15 14:15 15:45 16:45 17:45" ]
