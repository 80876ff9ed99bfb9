#!/bin/sh
# PostgreSQL 15 (Debian 12), with the settings that it comes with: 500 rows that are looked up by their primary key are shared out among
# processes, and take several times as long.
#
# A table of 100,000 events; in one statement, 500 ids by "= ANY" of the primary key, and with UNION ALL what stands at 1000 places of
# another index. What the planner expects that to cost is above parallel_setup_cost, so it starts two processes (Gather, Parallel Append), for
# an index that is read in a millisecond. Whoever asks many such things a second pays for it with processor time of the server. PostgreSQL 18
# does the same.
#
# Expected: no more than twice the time that one process takes.
# Seen:     ten times it.
# Output:   plan: Gather, 2 planned; at least 2 times as long: yes; with max_parallel_workers_per_gather = 0: no Gather
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
bin=/usr/lib/postgresql/15/bin
[ -x $bin/initdb ] || apt-get install -y -qq --no-install-recommends postgresql-15 > /dev/null 2>&1 || exit 2
dir=$(mktemp -d)
running=
trap 'kill $running 2> /dev/null || true; wait; rm -rf "$dir"' EXIT
trap 'exit 2' HUP INT TERM
# It refuses to run as root.
as=
if [ "$(id -u)" = 0 ]; then
  chown 65534:65534 "$dir"
  as='setpriv --reuid=65534 --regid=65534 --clear-groups'
fi
cd "$dir"
$as $bin/initdb -D "$dir/data" -U postgres -A trust > initdb.log 2>&1 || exit 2
# By a socket in the folder alone: no port is taken.
$as $bin/postgres -D "$dir/data" -h '' -k "$dir" > postgres.log 2>&1 &
running=$!
ask() { $bin/psql -h "$dir" -U postgres -X -q -A -t -v ON_ERROR_STOP=1 "$@"; }
tries=0
until ask -c 'SELECT 1' > /dev/null 2>&1; do
  tries=$((tries + 1))
  [ $tries -lt 60 ] || exit 2
  sleep 0.5
done
ask > made.log <<'SQL'
CREATE TABLE events (store uuid, id uuid, kiosk uuid, place bigint, body jsonb NOT NULL, PRIMARY KEY (store, id));
CREATE INDEX ON events (store, kiosk, place);
INSERT INTO events SELECT '00000000-0000-4000-8000-000000000001', gen_random_uuid(), '00000000-0000-4000-8000-000000000002', n,
  jsonb_build_object('text', repeat('x', 600)) FROM generate_series(1, 100000) AS n;
ANALYZE events;
SQL
ids=$(ask -c "SELECT string_agg(gen_random_uuid()::text, ',') FROM generate_series(1, 500)")
places=$(ask -c "SELECT string_agg(n::text, ',') FROM generate_series(100000, 100999) AS n")
cat > look-up.sql <<SQL
SELECT id, body, NULL::bigint AS place FROM events
  WHERE store = '00000000-0000-4000-8000-000000000001' AND id = ANY ('{$ids}'::uuid[])
UNION ALL SELECT NULL, NULL, place FROM events
  WHERE store = '00000000-0000-4000-8000-000000000001' AND kiosk = '00000000-0000-4000-8000-000000000002'
    AND place = ANY ('{$places}'::bigint[])
SQL
plan() { { echo "SET max_parallel_workers_per_gather = $1; EXPLAIN"; cat look-up.sql; } > plan.sql; ask -f plan.sql; }
# The middle one of 21, in microseconds.
middle() {
  {
    echo "SET max_parallel_workers_per_gather = $1;"
    n=0
    while [ $n -lt 21 ]; do
      echo 'EXPLAIN (ANALYZE, TIMING OFF)'
      cat look-up.sql
      echo ';'
      n=$((n + 1))
    done
  } > times.sql
  ask -f times.sql | sed -n 's/^Execution Time: \([0-9]*\)\.\([0-9][0-9][0-9]\) ms$/\1\2/p' | sed 's/^0*//' | sort -n | sed -n 11p
}
planned=$(plan 2 | sed -n 's/.*Workers Planned: //p')
gathers=$(plan 2 | grep -c '^Gather' || true)
alone=$(plan 0 | grep -c Gather || true)
shared=$(middle 2)
own=$(middle 0)
[ -n "$shared" ] && [ -n "$own" ] || exit 2
echo "microseconds: $shared shared out, $own by one process"
[ "$shared" -ge $((2 * own)) ] && slower=yes || slower=no
[ "$gathers" = 1 ] && gather=Gather || gather='no Gather'
[ "$alone" = 0 ] && left='no Gather' || left=Gather
said="plan: $gather, ${planned:-0} planned; at least 2 times as long: $slower; with max_parallel_workers_per_gather = 0: $left"
echo "$said"
[ "$said" = 'plan: Gather, 2 planned; at least 2 times as long: yes; with max_parallel_workers_per_gather = 0: no Gather' ] || exit 1
