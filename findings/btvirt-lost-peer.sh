#!/bin/sh
# btvirt of BlueZ 5.66 (Debian bluez-test-tools 5.66-1+deb12u2): whose peer was reset or is gone keeps the link for ever.
#
# A controller that no longer hears its peer ends the link when the supervision timeout is over (Core 5.4, Vol 6 Part B, 4.5.2), 2 s
# here. In this air there is none: the other end is told nothing, and goes on not advertising.
#
# Expected: Disconnection Complete (05) at the other end within 2 s, for a reset and for a program that ended.
# Seen:     nothing for 5 s.
# Output:   connected; reset: nothing for 5 s; connected; program ended: nothing for 5 s
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
        return self.command(0x200D, bytes.fromhex('100010000001') + peer + bytes.fromhex('011800280000 00c80000000000'.replace(' ', '')), seconds)

    def advertise(self):
        self.command(0x2006, bytes.fromhex('a000a000000100') + bytes(6) + bytes.fromhex('0700'))
        self.command(0x2008, bytes.fromhex('03020106') + bytes(28))
        self.command(0x200A, b'\1')

said = []
for how in ("reset", "program ended"):
    ours, theirs = Controller(1), Controller(2)
    theirs.advertise()
    linked = any(event[0] == 0x3E and event[2] == 1 and event[3] == 0 for event in ours.connect(2))
    said.append("connected" if linked else "not connected")
    theirs.events(0.2)
    if how == "reset":
        ours.command(0x0C03)
    else:
        ours.socket.close()
    told = theirs.events(5)
    said.append(f"{how}: " + (told[0].hex() if told else "nothing for 5 s"))
    ours.socket.close()
    theirs.socket.close()
print("; ".join(said))
sys.exit(0 if "; ".join(said) == "connected; reset: nothing for 5 s; connected; program ended: nothing for 5 s" else 1)
PY
timeout 60 python3 run.py
