#!/bin/sh
# btvirt of BlueZ 5.66 (Debian bluez-test-tools 5.66-1+deb12u2): new connection parameters wait for a host that can't be asked.
#
# A controller asks its host about a peer's parameters by an event (LE Remote Connection Parameter Request) that the mask of LE events
# leaves out as long as nobody asks for it (Core 5.4, Vol 4 Part E, 7.8.1: 1f is the default, and this is bit 5); a central's
# controller then just changes them, and tells both hosts (7.7.65.3). noble 1.9.2-26 and bleno 0.6.2 set 1f and know no such event.
#
# Expected: LE Connection Update Complete (03) at both ends, and no request (06).
# Seen:     the request at the peer, and no end of it for 2 s, whoever asks; both are told once the peer's host has answered.
# Output:   central asks: central nothing, peripheral 06; answered: 03, 03; peripheral asks: peripheral nothing, central 06; answered: 03, 03
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
        while len(self.kept) >= 3 and self.kept[0] == 4 and len(self.kept) >= 3 + self.kept[2]:
            found.append(self.kept[1:3 + self.kept[2]])
            self.kept = self.kept[3 + self.kept[2]:]
        return found

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

told = lambda events: " ".join(f"{event[2]:02x}" for event in events if event[0] == 0x3E) or "nothing"

central, peripheral = Controller(1), Controller(2)
peripheral.advertise()
central.connect(2, 1)
peripheral.events(0.3)
ends = {"central": central, "peripheral": peripheral}
said = []
for asks, hears in (("central", "peripheral"), ("peripheral", "central")):
    parameters = b"\x2a\0" + struct.pack("<HHHHHH", 6, 12, 0, 200, 0, 0)
    asking = told(ends[asks].command(0x2013, parameters, 2))
    said.append(f"{asks} asks: {asks} {asking}, {hears} {told(ends[hears].events(0.3))}")
    answering = told(ends[hears].command(0x2020, parameters, 0.5))
    said.append(f"answered: {answering}, {told(ends[asks].events(0.3))}")
print("; ".join(said))
expected = (
    "central asks: central nothing, peripheral 06; answered: 03, 03; "
    "peripheral asks: peripheral nothing, central 06; answered: 03, 03"
)
sys.exit(0 if "; ".join(said) == expected else 1)
PY
timeout 60 python3 run.py
