#!/bin/sh
# msiinfo 0.101 of msitools (Debian 12): a text with a line break or a tab in it breaks the row of the table that it exports.
#
# An exported table is a line for each row and a tab between columns, so Windows' own tools write a tab, a line feed and a carriage return within
# a text as the characters 16, 25 and 17 (Windows Installer, Archive File Format), and read them so. msiinfo writes them as they are: a licence's
# text, a note or a script in a table is several rows to whoever reads the lines, also to a comparison of two packages, and is not told
# from rows that are there. The text itself is stored whole.
#
# Expected: two lines behind the three of the header, each of three columns.
# Seen:     three lines, of two, two and four columns.
# Output:   rows 2; lines 3, of columns 2 2 4; characters 16 and 25: 0
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
command -v msibuild > /dev/null || apt-get install -y -qq --no-install-recommends msitools > /dev/null 2>&1 || exit 2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
msibuild notes.msi -q 'CREATE TABLE `Note` (`Id` CHAR(72) NOT NULL, `Text` CHAR(0), `Number` LONG PRIMARY KEY `Id`)' || exit 2
msibuild notes.msi -q "INSERT INTO \`Note\` (\`Id\`, \`Text\`, \`Number\`) VALUES ('break', 'first
second', 1)" || exit 2
msibuild notes.msi -q "INSERT INTO \`Note\` (\`Id\`, \`Text\`, \`Number\`) VALUES ('tab', 'left	right', 2)" || exit 2
msiinfo export notes.msi Note | tr -d '\r' > note.idt
rows=$(grep -c '^\(break\|tab\)	' note.idt)
columns=$(sed 1,3d note.idt | awk -F '\t' '{ printf "%s%s", sep, NF; sep = " " }')
said="rows $rows; lines $(sed 1,3d note.idt | wc -l), of columns $columns; characters 16 and 25: $(tr -cd '\020\031' < note.idt | wc -c)"
echo "$said"
[ "$said" = 'rows 2; lines 3, of columns 2 2 4; characters 16 and 25: 0' ]
