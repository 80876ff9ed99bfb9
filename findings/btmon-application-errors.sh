#!/bin/sh
# btmon of BlueZ 5.66 (Debian bluez 5.66-1+deb12u2): an error that a device's maker has defined is shown as "Reserved", and a power that nobody has
# told as 127 dBm.
#
# 80 to 9f are the application's errors (Core 5.4, Vol 3 Part F, 3.4.1.1): what a lock says in its own words, "wrong code" or "busy". a0 to df are the
# reserved ones, and btmon has one word for both, so the capture of a sound device looks like that of a broken one. Of an extended report 127 is
# "not available" for the power as for the strength (Vol 4 Part E, 7.7.65.13); btmon says so of the strength alone.
#
# Expected: Application Error (0x80); no power.
# Seen:     Reserved (0x80), as a0; 127 dBm beside a strength that is not available.
# Output:   80: Reserved (0x80); 9f: Reserved (0x9f); a0: Reserved (0xa0); power: 127 dBm, strength: not available (0x7f)
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get download -qq bluez=5.66-1+deb12u2 > apt.log 2>&1 || { cat apt.log; exit 2; }
dpkg -x bluez_*.deb .
cat > run.py <<'PY'
import re, struct, subprocess, sys

handle = 0x2A
address = bytes.fromhex("0100000000c0")

def refused(code):
    # A read (0a) of handle 3, on the channel of ATT (4).
    error = struct.pack("<BBHB", 1, 0x0A, 3, code)
    return 1, b"\x02" + struct.pack("<HHHH", handle, len(error) + 4, len(error), 4) + error

# One legacy advertisement in an extended report: type 13, random address, PHYs, set, power, strength, interval, no other address, flags.
entry = struct.pack("<HB", 0x13, 1) + address + bytes([1, 0, 0xFF, 127, 127]) + struct.pack("<HB", 0, 0) + bytes(6) + b"\x03\x02\x01\x06"
extended = 3, b"\x04\x3e" + bytes([len(entry) + 2, 0x0D, 1]) + entry
records = [refused(0x80), refused(0x9F), refused(0xA0), extended]
# btsnoop, version 1, of type 1002 (H4); microseconds since the year 0, of 2026-01-01.
begin = 0x00DCDDB30F2F8000 + 1767225600 * 1000000
with open("capture.snoop", "wb") as file:
    file.write(b"btsnoop\0" + struct.pack(">II", 1, 1002))
    for number, (flags, packet) in enumerate(records):
        file.write(struct.pack(">IIIIq", len(packet), len(packet), flags, 0, begin + number) + packet)

shown = subprocess.run(
    ["usr/bin/btmon", "-r", "capture.snoop"], capture_output=True, stdin=subprocess.DEVNULL, timeout=20, text=True
).stdout
errors = re.findall(r"Error: (.*)", shown)
power, strength = (re.search(name + r": (.*)", shown) for name in ("TX power", "RSSI"))
said = "; ".join(f"{code}: {error}" for code, error in zip(("80", "9f", "a0"), errors))
said += f"; power: {power and power.group(1)}, strength: {strength and strength.group(1)}"
print(said)
sys.exit(
    0 if said == "80: Reserved (0x80); 9f: Reserved (0x9f); a0: Reserved (0xa0); power: 127 dBm, strength: not available (0x7f)" else 1
)
PY
timeout 60 python3 run.py
