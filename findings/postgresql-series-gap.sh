#!/bin/sh
# PostgreSQL 15 (Debian 12): of "each day at 02:30" made by generate_series, every day behind the night when clocks go forward is at 03:30.
#
# A day is added to a time with a zone by the clock on the wall, and 02:30 that night, which is not there, is 03:30 (both as its manual says, 8.5.4
# and B.2). generate_series adds its step to what it has given last, not to its beginning, so the hour stays for all that follows; in steps of a week it
# is the same. What plans runs, or shifts, by such a series is an hour late from the end of March on. The first time plus a number of days is
# right, and in autumn nothing happens. The zone is the session's here.
#
# Expected: 28 March 02:30, 29 March 03:30, 30 March 02:30, 31 March 02:30.
# Seen:     03:30 on 30 and 31 March, too.
# Output:   series, days: 28 02:30, 29 03:30, 30 03:30, 31 03:30
#           first + days: 28 02:30, 29 03:30, 30 02:30, 31 02:30
#           series, Sundays: 22 02:30, 29 03:30, 05 03:30
#           series, October: 24 02:30, 25 02:30, 26 02:30
#
# Runs a server of its own, on a socket. Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
bin=/usr/lib/postgresql/15/bin
[ -x $bin/initdb ] || apt-get install -y -qq --no-install-recommends postgresql-15 > /dev/null 2>&1 || exit 2
dir=$(mktemp -d)
as() { if [ "$(id -u)" = 0 ]; then su postgres -s /bin/sh -c "$1"; else sh -c "$1"; fi; }
end() {
  as "$bin/pg_ctl -D $dir/data -m immediate stop" > /dev/null 2>&1 || true
  rm -rf "$dir"
}
trap end EXIT
trap 'exit 2' HUP INT TERM
[ "$(id -u)" != 0 ] || chown postgres "$dir"
as "cd $dir && $bin/initdb -D data -A trust -U kiosk > log 2>&1 &&
  $bin/pg_ctl -D data -w -l log -o \"-c listen_addresses= -c unix_socket_directories=$dir -c fsync=off\" start >> log 2>&1" || { cat "$dir/log"; exit 2; }
said=$($bin/psql -h "$dir" -U kiosk -X -q -A -t postgres << 'SQL'
SET timezone = 'Europe/Berlin';
\set told 'string_agg(to_char(time, \'DD HH24:MI\'), \', \' ORDER BY time)'
SELECT 'series, days: ' || :told FROM generate_series('2026-03-28 02:30'::timestamptz, '2026-03-31 12:00', '1 day') AS time;
SELECT 'first + days: ' || :told FROM (SELECT '2026-03-28 02:30'::timestamptz + days * interval '1 day' AS time FROM generate_series(0, 3) AS days) AS each;
SELECT 'series, Sundays: ' || :told FROM generate_series('2026-03-22 02:30'::timestamptz, '2026-04-05 12:00', '1 week') AS time;
SELECT 'series, October: ' || :told FROM generate_series('2026-10-24 02:30'::timestamptz, '2026-10-26 12:00', '1 day') AS time;
SQL
)
echo "$said"
[ "$said" = 'series, days: 28 02:30, 29 03:30, 30 03:30, 31 03:30
first + days: 28 02:30, 29 03:30, 30 02:30, 31 02:30
series, Sundays: 22 02:30, 29 03:30, 05 03:30
series, October: 24 02:30, 25 02:30, 26 02:30' ]
