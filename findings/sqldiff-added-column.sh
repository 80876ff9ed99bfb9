#!/bin/sh
# sqldiff of SQLite 3.40.1 (Debian 12): a column that was added comes without its type, its default and its NOT NULL, and the version of the schema
# not at all; compared again, the two databases are the same.
#
# A migration is tried on a copy, and sqldiff prints the SQL that makes the one database into the other. For a column at the end of a table that is
# ALTER TABLE … ADD COLUMN with its name alone. What is there is filled in; what is written afterwards gets NULL where the other has the default.
# In a STRICT table the statement is refused. PRAGMA user_version, by which programs know whether they have migrated, is not compared. Its manual
# names triggers, views and virtual tables as what it leaves out.
#
# Expected: ADD COLUMN power INTEGER NOT NULL DEFAULT 100; 100 for a new row; user_version 2.
# Seen:     ADD COLUMN power; NULL; 1; and no difference any more.
# Output:   ALTER TABLE lock ADD COLUMN power; UPDATE lock SET power=100 WHERE rowid=1;
#           compared again: no difference
#           a new row: 100, and null; its type: INTEGER, and none; user_version: 2, and 1
#           a STRICT table: missing datatype
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get download -qq sqlite3 sqlite3-tools > apt.log 2>&1 || { cat apt.log; exit 2; }
for package in *.deb; do dpkg -x "$package" .; done
sqlite=$dir/usr/bin/sqlite3
[ "$($sqlite --version | cut -d ' ' -f 1)" = 3.40.1 ] || exit 2

$sqlite old.db "CREATE TABLE lock (serial TEXT PRIMARY KEY); INSERT INTO lock VALUES ('51a'); PRAGMA user_version = 1"
cp old.db new.db
$sqlite new.db 'ALTER TABLE lock ADD COLUMN power INTEGER NOT NULL DEFAULT 100; PRAGMA user_version = 2'
usr/bin/sqldiff old.db new.db > difference.sql
cp old.db migrated.db
$sqlite migrated.db < difference.sql
again=$(usr/bin/sqldiff migrated.db new.db)
both() {
  printf '%s, and %s' "$($sqlite -nullvalue null new.db "$1")" "$($sqlite -nullvalue null migrated.db "$1")"
}
for database in new.db migrated.db; do $sqlite $database "INSERT INTO lock (serial) VALUES ('51b')"; done
type=$(both "SELECT iif(type = '', 'none', type) FROM pragma_table_info('lock') WHERE name = 'power'")

$sqlite strict.db 'CREATE TABLE lock (serial TEXT PRIMARY KEY) STRICT'
cp strict.db stricter.db
$sqlite stricter.db 'ALTER TABLE lock ADD COLUMN power INTEGER'
refused=$(usr/bin/sqldiff strict.db stricter.db | $sqlite strict.db 2>&1 | grep -o 'missing datatype' || true)

said="$(tr '\n' ' ' < difference.sql | sed 's/ $//')
compared again: ${again:-no difference}
a new row: $(both "SELECT power FROM lock WHERE serial = '51b'"); its type: $type; user_version: $(both 'PRAGMA user_version')
a STRICT table: $refused"
echo "$said"
[ "$said" = 'ALTER TABLE lock ADD COLUMN power; UPDATE lock SET power=100 WHERE rowid=1;
compared again: no difference
a new row: 100, and null; its type: INTEGER, and none; user_version: 2, and 1
a STRICT table: missing datatype' ]
