#!/bin/sh
# PostgreSQL 15 (Debian 12): recovery_target_time takes no time that ends in Z, which the type itself takes.
#
# The moment to which a database is restored is a timestamp with time zone. 2026-11-30T11:51:44Z, as ISO 8601 has it and programs write it,
# is one for SELECT; in this setting it keeps the server from starting. +00 in its place is taken.
#
# Expected: the setting takes what the type takes.
# Seen:     the server does not start.
# Output:   Z: refused; +00: taken; SELECT of Z: taken
#
# Exits 0 while it is so, 1 once PostgreSQL behaves otherwise, 2 when it could not be run.
set -eu
bin=/usr/lib/postgresql/15/bin
[ -x $bin/initdb ] || apt-get install -y -qq --no-install-recommends postgresql-15 > /dev/null 2>&1 || exit 2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
# It refuses to run as root.
as=
if [ "$(id -u)" = 0 ]; then
  chown 65534:65534 "$dir"
  as='setpriv --reuid=65534 --regid=65534 --clear-groups'
fi
cd "$dir"
$as $bin/initdb -D "$dir/data" -U postgres -A trust > /dev/null 2>&1 || exit 2
moment=2026-11-30T11:51:44
setting() {
  if $as $bin/postgres -D "$dir/data" -c "recovery_target_time=$1" -C recovery_target_time > /dev/null 2>&1; then echo taken; else echo refused; fi
}
of_type() {
  if echo "SELECT '$1'::timestamptz" | $as $bin/postgres --single -D "$dir/data" postgres 2> /dev/null | grep -q '2026-11-30 11:51:44'; then echo taken; else echo refused; fi
}
seen="Z: $(setting ${moment}Z); +00: $(setting $moment+00); SELECT of Z: $(TZ=UTC of_type ${moment}Z)"
echo "$seen"
[ "$seen" = 'Z: refused; +00: taken; SELECT of Z: taken' ]
