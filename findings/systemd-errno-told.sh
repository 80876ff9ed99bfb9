#!/bin/sh
# systemd 252 (Debian 12): one of its tools that fails within a service tells the service manager an error as if it were the service's.
#
# A service of Type=notify has NOTIFY_SOCKET in its environment, and so has all that it starts. systemctl, systemd-escape, systemd-analyze
# and others send ERRNO=… there when they end with an error, a question with the answer no included: the manager keeps it as the service's
# last error ("Error:" in its status) where NotifyAccess lets children speak, and warns of who spoke where it doesn't. journalctl and whatever
# succeeds send nothing.
#
# Expected: nothing is sent by a tool that was only asked something.
# Seen:     ERRNO=22 (invalid argument), 5 and 2.
# Output:   systemd-escape without a text: ERRNO=22
#           systemd-analyze condition that does not hold: ERRNO=5
#           systemd-creds cat of one that is not there: ERRNO=2
#           systemd-escape a/b: nothing
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
for tool in systemd-escape systemd-analyze systemd-creds; do command -v $tool > /dev/null || exit 2; done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/creds"
cat > "$dir/run.py" <<'PY'
import os, socket, subprocess, sys

path = os.path.join(sys.argv[1], "notify")
listening = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listening.bind(path)
listening.setblocking(False)

def told(*command):
    env = {**os.environ, "NOTIFY_SOCKET": path, "CREDENTIALS_DIRECTORY": os.path.join(sys.argv[1], "creds")}
    subprocess.run(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    # The tool has ended: what it has sent is there.
    try:
        return listening.recv(200).decode()
    except BlockingIOError:
        return "nothing"

print("systemd-escape without a text:", told("systemd-escape"))
print("systemd-analyze condition that does not hold:", told("systemd-analyze", "condition", "ConditionPathExists=" + sys.argv[1] + "/none"))
print("systemd-creds cat of one that is not there:", told("systemd-creds", "cat", "none"))
print("systemd-escape a/b:", told("systemd-escape", "a/b"))
PY
said=$(timeout 60 /usr/bin/python3 "$dir/run.py" "$dir")
echo "$said"
[ "$said" = 'systemd-escape without a text: ERRNO=22
systemd-analyze condition that does not hold: ERRNO=5
systemd-creds cat of one that is not there: ERRNO=2
systemd-escape a/b: nothing' ]
