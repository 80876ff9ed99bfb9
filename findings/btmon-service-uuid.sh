#!/bin/sh
# btmon of BlueZ 5.66 (Debian bluez 5.66-1+deb12u2): of a 128-bit service UUID in an advertisement it shows "Vendor specific" alone.
#
# Who looks for a maker's devices in a capture looks for the service's UUID. In GATT btmon shows it behind the same two words; in an
# advertisement it is nowhere, and service data of such a UUID (type 21, Supplement to the Core Specification, A 1.11) is an unknown
# field whose first 16 bytes are the UUID backwards.
#
# Expected: 6c617463-6870-7400-6c69-6e6b00000001 in all three.
# Seen:     in GATT alone.
# Output:   list: Vendor specific; data: Unknown EIR field 0x21; GATT: Vendor specific (6c617463-6870-7400-6c69-6e6b00000001)
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

service = bytes.fromhex("6c617463687074006c696e6b00000001")[::-1]
address = bytes.fromhex("0100000000c0")

def report(kind, data):
    told = bytes([2, 1, kind, 1]) + address + bytes([len(data)]) + data + b"\xc4"
    return b"\x04\x3e" + bytes([len(told)]) + told

# Advertised, in service data, asked for in GATT (Find By Type Value on handle 2a); the flags of a record say who sent it.
asked = struct.pack("<BHHH", 6, 1, 0xFFFF, 0x2800) + service
records = (
    (3, report(0, b"\x11\x07" + service)),
    (3, report(4, b"\x12\x21" + service + b"\x01")),
    (0, b"\x02" + struct.pack("<HHHH", 0x2A, len(asked) + 4, len(asked), 4) + asked),
)
# btsnoop, version 1, of type 1002 (H4); microseconds since the year 0, of 2026-01-01.
begin = 0x00DCDDB30F2F8000 + 1767225600 * 1000000
with open("capture.snoop", "wb") as file:
    file.write(b"btsnoop\0" + struct.pack(">II", 1, 1002))
    for number, (flags, packet) in enumerate(records):
        file.write(struct.pack(">IIIIq", len(packet), len(packet), flags, 0, begin + number) + packet)

shown = subprocess.run(
    ["usr/bin/btmon", "-r", "capture.snoop"], capture_output=True, stdin=subprocess.DEVNULL, timeout=20, text=True
).stdout
parts = {
    "list": r"Service UUIDs \(complete\): 1 entry\n +(.*)",
    "data": r"Event type: Scan response(?:.*\n){4} +([^:]*)",
    "GATT": r"UUID: (.*)",
}
said = []
for name, pattern in parts.items():
    found = re.search(pattern, shown)
    said.append(f"{name}: {found.group(1).strip() if found else 'nothing'}")
print("; ".join(said))
expected = (
    "list: Vendor specific; data: Unknown EIR field 0x21; "
    "GATT: Vendor specific (6c617463-6870-7400-6c69-6e6b00000001)"
)
sys.exit(0 if "; ".join(said) == expected else 1)
PY
timeout 60 python3 run.py
