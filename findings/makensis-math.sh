#!/bin/sh
# makensis 3.08 (Debian 12): !define /math takes 010 for 8 and 08 for 0, where !if takes both for decimal numbers, and goes round at 2 GiB.
#
# A build number from parts of a date (!define /date gives months and days as 08 and 09), and sizes in bytes from KiB, are worked out so.
# Numbers are read as C reads them, octal behind a zero, a digit that octal does not have ends the number, and the result has 32 bits with a
# sign; nothing is warned of. !if says that 08 and 8 are equal, and compares numbers beyond 32 bits right.
#
# Expected: 9, 11, 2684354560, or a warning.
# Seen:     1, 9, -1610612736.
# Output:   08 + 1 is 1; 010 + 1 is 9; 2621440 * 1024 is -1610612736; 5000000000 + 0 is 705032704; warnings 0
#           !if 08 = 8 yes; !if 010 = 10 yes; !if 010 = 8 no; !if 5000000000 > 4999999999 yes
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
command -v makensis > /dev/null || apt-get install -y -qq --no-install-recommends nsis > /dev/null 2>&1 || exit 2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat > math.nsi <<'NSI'
Name math
OutFile math.exe
!define /math A 08 + 1
!define /math B 010 + 1
!define /math C 2621440 * 1024
!define /math D 5000000000 + 0
!macro Compare LEFT OPERATOR RIGHT NAME
!if ${LEFT} ${OPERATOR} ${RIGHT}
!define ${NAME} "!if ${LEFT} ${OPERATOR} ${RIGHT} yes"
!else
!define ${NAME} "!if ${LEFT} ${OPERATOR} ${RIGHT} no"
!endif
!macroend
!insertmacro Compare 08 = 8 E
!insertmacro Compare 010 = 10 F
!insertmacro Compare 010 = 8 G
!insertmacro Compare 5000000000 > 4999999999 H
!appendfile said "08 + 1 is ${A}; 010 + 1 is ${B}; 2621440 * 1024 is ${C}; 5000000000 + 0 is ${D}"
!appendfile compared "${E}; ${F}; ${G}; ${H}"
Section
SectionEnd
NSI
makensis -V2 math.nsi > log 2>&1 || { cat log; exit 2; }
said="$(cat said); warnings $(grep -ci warning log || true)
$(cat compared)"
echo "$said"
[ "$said" = '08 + 1 is 1; 010 + 1 is 9; 2621440 * 1024 is -1610612736; 5000000000 + 0 is 705032704; warnings 0
!if 08 = 8 yes; !if 010 = 10 yes; !if 010 = 8 no; !if 5000000000 > 4999999999 yes' ]
