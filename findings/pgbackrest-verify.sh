#!/bin/sh
# pgBackRest 2.45 (Debian 12): verify ends with 0 whatever it finds, and does not miss the WAL without which the only backup cannot be restored.
#
# What a nightly job asks of a repository is whether it can be restored from, and it goes by the exit code, as of check (55 where the stanza is not
# there). verify tells a backup's lost file as "status: error", at the level of information alone, and that it was "completed successfully". That the
# file with which the backup's own WAL begins is gone it does not tell at all, nor do check and info, which says "status: ok" in both cases.
#
# Expected: another code than 0, twice, and the WAL told.
# Seen:     0 each time; nothing of the WAL.
# Output:   whole: verify 0, no error
#           a file of the backup lost: verify 0, status: error, missing: 1; at the level of warnings nothing; info status: ok
#           its first WAL lost: verify 0, no error; check 0; info status: ok; restored, PostgreSQL does not start
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
bin=/usr/lib/postgresql/15/bin
[ -x $bin/initdb ] || apt-get install -y -qq --no-install-recommends postgresql-15 > /dev/null 2>&1 || exit 2
command -v pgbackrest > /dev/null || apt-get install -y -qq --no-install-recommends pgbackrest > /dev/null 2>&1 || exit 2
dir=$(mktemp -d)
# They refuse to run as root, or should not.
as=
if [ "$(id -u)" = 0 ]; then
  chown 65534:65534 "$dir"
  as='setpriv --reuid=65534 --regid=65534 --clear-groups'
fi
stop() { $as $bin/pg_ctl -D "$dir/$1" -m immediate -w stop > /dev/null 2>&1 || true; }
trap 'stop data; stop again; rm -rf "$dir"' EXIT
trap 'exit 2' HUP INT TERM
cd "$dir"
$as mkdir repo log lock spool
cat > conf << END
[global]
repo1-path=$dir/repo
repo1-retention-full=2
log-path=$dir/log
lock-path=$dir/lock
spool-path=$dir/spool
log-level-stderr=off
start-fast=y
archive-timeout=30
[shop]
pg1-path=$dir/data
pg1-socket-path=$dir
pg1-user=postgres
END
backrest() { $as pgbackrest --config="$dir/conf" --stanza=shop "$@"; }
$as $bin/initdb -D data -U postgres -A trust > /dev/null 2>&1 || exit 2
cat << END | $as tee -a data/postgresql.conf > /dev/null
listen_addresses = ''
unix_socket_directories = '$dir'
archive_mode = on
archive_command = 'pgbackrest --config=$dir/conf --stanza=shop archive-push %p'
END
$as $bin/pg_ctl -D data -l log/server -w start > /dev/null || exit 2
backrest stanza-create > /dev/null && backrest backup > log/backup 2>&1 || { cat log/backup; exit 2; }
verified() {
  code=0
  backrest --log-level-console=info verify > said 2>&1 || code=$?
  errors=$(sed -n 's/^ *\(status: error\|missing: [1-9]\)/\1/p' said | paste -sd, | sed 's/,/, /g')
  echo "verify $code, ${errors:-no error}"
}
status() { backrest info | sed -n 's/^ *\(status: .*\)/\1/p' | head -n 1; }
code_of() { code=0; "$@" > /dev/null 2>&1 || code=$?; echo $code; }
whole=$(verified)
lost=$(find repo/backup -name 'postgresql.conf.gz')
first=$(backrest info --output=json | sed 's/.*"archive":{"start":"\([0-9A-F]*\)".*/\1/')
$as mv "$lost" kept
file="$(verified); at the level of warnings $(backrest --log-level-console=warn verify 2>&1 | grep . || echo nothing); info $(status)"
$as mv kept "$lost"
$as rm "$(find repo/archive -name "$first-*")"
wal="$(verified); check $(code_of backrest check); info $(status)"
$as mkdir -m 700 again
restored=not
[ "$(code_of backrest --pg1-path="$dir/again" restore)" = 0 ] && restored=restored
stop data
started='PostgreSQL does not start'
$as $bin/pg_ctl -D again -l log/again -w -t 30 start > /dev/null 2>&1 && started='PostgreSQL starts'
said="whole: $whole
a file of the backup lost: $file
its first WAL lost: $wal; $restored, $started"
echo "$said"
[ "$said" = 'whole: verify 0, no error
a file of the backup lost: verify 0, status: error, missing: 1; at the level of warnings nothing; info status: ok
its first WAL lost: verify 0, no error; check 0; info status: ok; restored, PostgreSQL does not start' ]
