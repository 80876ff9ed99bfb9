#!/bin/sh
# btmon of BlueZ 5.66 (Debian bluez 5.66-1+deb12u2): reading a capture (-r) it takes "only this controller" (-i) for no filter, and -w
# for nothing.
#
# Its manual has -i as "show only specified controller" and -w as "save traces", without an exception. A capture of a kiosk with two
# adapters, read for the one of them, is told as one controller that does all of it.
#
# Expected: with -i hci1 the Reset of hci1 alone; with -w a file.
# Seen:     with -i hci1 both controllers' commands, and the column that names the controller is gone; no file, and no word of it.
# Output:   -r: hci0 Reset, hci1 Read BD ADDR; -r -i hci1: Reset, Read BD ADDR; -r -w: exit 0, no file
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get download -qq bluez=5.66-1+deb12u2 > apt.log 2>&1 || { cat apt.log; exit 2; }
dpkg -x bluez_*.deb .
cat > run.py <<'PY'
import os, re, struct, subprocess, sys

# btsnoop, version 1, of type 2001 (Linux monitor): flags are the controller's number and the kind of record, 2 for a command.
# Microseconds since the year 0, of 2026-01-01.
begin = 0x00DCDDB30F2F8000 + 1767225600 * 1000000
with open("capture.snoop", "wb") as file:
    file.write(b"btsnoop\0" + struct.pack(">II", 1, 2001))
    for number, (controller, command) in enumerate(((0, "030c00"), (1, "091000"))):
        packet = bytes.fromhex(command)
        file.write(struct.pack(">IIIIq", len(packet), len(packet), controller << 16 | 2, 0, begin + number) + packet)

def shown(*options):
    """The commands that btmon shows, each with the controller where it names one; and its exit code."""
    run = subprocess.run(
        ["usr/bin/btmon", "-r", "capture.snoop", *options], capture_output=True, stdin=subprocess.DEVNULL, timeout=20, text=True
    )
    found = re.findall(r"< HCI Command: ([\w ]+) \(.*plen \d+ +(?:#\d+ )?(?:\[(\w+)\])?", run.stdout)
    return ", ".join(f"{controller} {name}".strip() for name, controller in found), run.returncode

said = ["-r: " + shown()[0], "-r -i hci1: " + shown("-i", "hci1")[0]]
code = shown("-w", "copy.snoop")[1]
said.append(f"-r -w: exit {code}, " + ("a file" if os.path.exists("copy.snoop") else "no file"))
print("; ".join(said))
expected = "-r: hci0 Reset, hci1 Read BD ADDR; -r -i hci1: Reset, Read BD ADDR; -r -w: exit 0, no file"
sys.exit(0 if "; ".join(said) == expected else 1)
PY
timeout 60 python3 run.py
