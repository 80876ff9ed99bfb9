#!/bin/sh
# btvirt of BlueZ 5.66 (Debian bluez-test-tools 5.66-1+deb12u2): what the peer of a second link says is lost.
#
# A connection handle is each controller's own: the one that was told when the link came about is the one for all that is said on it
# and of it (Core 5.4, Vol 4 Part E, 5.3.1). Here a central opens links to two peripherals. The second one is told 2b, which is the
# central's handle, and goes by 2a in its own controller: what it sends on 2b goes nowhere, and is never said to be completed.
#
# Expected: the second peripheral hears and is heard on the handle that it was told, and is told the end of that one.
# Seen:     it hears on 2b, is not heard on it, is heard on 2a as if the first one spoke, and is told the end of 2a.
# Output:   told 2a, 2b; hears on 2b; on 2b it is not heard, 0 completed; on 2a it is heard on 2a, 1 completed; told the end of 2a
#
# btvirt wants the kernel's ciphers (AF_ALG) at its start; it uses them for pairing alone. Where there are none and a C compiler is,
# sockets that do nothing take their place.
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
air=
end() {
  if [ -n "$air" ]; then kill "$air" 2> /dev/null || true; rm -f /tmp/bt-server-le /tmp/bt-server-bredr /tmp/bt-server-bredrle /tmp/bt-server-amp /tmp/bt-server-mon; fi
  rm -rf "$dir"
}
trap end EXIT
trap 'exit 2' HUP INT TERM
cd "$dir"
[ ! -e /tmp/bt-server-le ] || { echo 'another btvirt runs'; exit 2; }
apt-get download -qq bluez-test-tools=5.66-1+deb12u2 > apt.log 2>&1 || { cat apt.log; exit 2; }
dpkg -x bluez-test-tools_*.deb .
if ! python3 -c 'import socket; socket.socket(38, socket.SOCK_SEQPACKET, 0)' 2> /dev/null; then
  cat > idle.c <<'C'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/socket.h>
int socket(int domain, int type, int protocol) {
  int (*next)(int, int, int) = dlsym(RTLD_NEXT, "socket");
  return domain == AF_ALG ? open("/dev/null", O_RDWR) : next(domain, type, protocol);
}
int bind(int fd, const struct sockaddr *address, socklen_t length) {
  int (*next)(int, const struct sockaddr *, socklen_t) = dlsym(RTLD_NEXT, "bind");
  return address->sa_family == AF_ALG ? 0 : next(fd, address, length);
}
C
  cc -shared -fPIC -o idle.so idle.c -ldl || exit 2
  LD_PRELOAD="$dir/idle.so" usr/bin/btvirt -s > btvirt.log 2>&1 &
else
  usr/bin/btvirt -s > btvirt.log 2>&1 &
fi
air=$!
cat > run.py <<'PY'
import select, socket, struct, sys, time

class Controller:
    """One of btvirt's; each connection is one."""

    def __init__(self, last):
        self.socket = socket.socket(socket.AF_UNIX)
        for _ in range(50):
            try:
                self.socket.connect('/tmp/bt-server-le')
                break
            except OSError:
                time.sleep(0.1)
        else:
            sys.exit(2)
        self.kept = b''
        self.command(0x0C03)
        self.command(0x0C01, b'\xff' * 8)
        self.command(0x2001, b'\x1f' + bytes(7))
        self.command(0x2005, bytes([last, 0, 0, 0, 0, 0xC0]))

    def events(self, seconds):
        until = time.time() + seconds
        while time.time() < until:
            if select.select([self.socket], [], [], max(0, until - time.time()))[0]:
                self.kept += self.socket.recv(4096)
        found = []
        while len(self.kept) >= 5:
            length = 3 + self.kept[2] if self.kept[0] == 4 else 5 + struct.unpack('<H', self.kept[3:5])[0]
            if len(self.kept) < length:
                break
            found.append(self.kept[:length])
            self.kept = self.kept[length:]
        return found

    def says(self, handle, text):
        data = struct.pack('<HH', len(text), 4) + text
        self.socket.send(b'\x02' + struct.pack('<HH', handle, len(data)) + data)
        return self.events(0.2)

    def command(self, opcode, parameters=b'', seconds=0.2):
        self.socket.send(b'\x01' + struct.pack('<HB', opcode, len(parameters)) + parameters)
        return self.events(seconds)

    def connect(self, last, seconds=0.5):
        peer = bytes([last, 0, 0, 0, 0, 0xC0])
        return self.command(0x200D, bytes.fromhex('100010000001') + peer + bytes.fromhex('01180028000000c80000000000'), seconds)

    def advertise(self):
        self.command(0x2006, bytes.fromhex('a000a000000100') + bytes(6) + bytes.fromhex('0700'))
        self.command(0x2008, bytes.fromhex('03020106') + bytes(28))
        self.command(0x200A, b'\1')

# Both told handles are below 0x100.
completed = lambda events: sum(event[6] for event in events if event[1] == 0x13)
heard = lambda events: [f"{event[1]:02x}" for event in events if event[0] == 2]
told = lambda events: [f"{event[5]:02x}" for event in events if event[1] == 0x3E and event[3] == 1 and event[4] == 0]

central, first, second = Controller(1), Controller(2), Controller(3)
handles = []
for last, peripheral in ((2, first), (3, second)):
    peripheral.advertise()
    central.connect(last, 1)
    handles += told(peripheral.events(0.3))
said = ["told " + ", ".join(handles)]
central.says(0x2B, b"abc")
said.append("hears on " + ", ".join(heard(second.events(0.3))))
for handle in (0x2B, 0x2A):
    count = completed(second.says(handle, b"abc"))
    where = heard(central.events(0.3))
    said.append(f"on {handle:02x} it is " + (f"heard on {', '.join(where)}" if where else "not heard") + f", {count} completed")
central.command(0x0406, b"\x2b\0\x13")
ends = [f"{event[4]:02x}" for event in second.events(0.3) if event[1] == 5]
said.append("told the end of " + ", ".join(ends))
print("; ".join(said))
expected = (
    "told 2a, 2b; hears on 2b; on 2b it is not heard, 0 completed; "
    "on 2a it is heard on 2a, 1 completed; told the end of 2a"
)
sys.exit(0 if "; ".join(said) == expected else 1)
PY
timeout 60 python3 run.py
