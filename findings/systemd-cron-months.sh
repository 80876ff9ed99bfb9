#!/bin/sh
# systemd-cron 1.15.19 (Debian 12): what is due in December by its name runs in November, and what is due in October does not run.
#
# On a computer without cron, systemd-cron makes timers of crontabs, also of those that packages bring; its crontab(5) takes a month by its first
# three letters. Its list of them has no "oct", so that the two behind it stand one place too early. By numbers all is well. A yearly job, such as
# the turn of a certificate or of a year's figures, is a month early, or never; for October alone the journal has "garbled time".
#
# Expected: months 9, 10, 11, 12.
# Seen:     9, none, 10, 11.
# Output:   sep: *-9-1 3:0:00
#           oct: none
#           nov: *-10-1 3:0:00
#           dec: *-11-1 3:0:00
#           #           12: *-12-1 3:0:00
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get download -qq systemd-cron=1.15.19-5 > apt.log 2>&1 || { cat apt.log; exit 2; }
dpkg -x systemd-cron_*.deb .
cat > run.py <<'PY'
import glob, importlib.machinery, importlib.util, os, sys

# The generator itself, which reads /etc; here one crontab alone is given to it.
sys.dont_write_bytecode = True
loader = importlib.machinery.SourceFileLoader("generator", "lib/systemd/system-generators/systemd-crontab-generator")
generator = importlib.util.module_from_spec(importlib.util.spec_from_loader("generator", loader))
loader.exec_module(generator)


def due(number, months):
    os.makedirs(f"{number}/timers")
    generator.TARGET_DIR, generator.TIMERS_DIR = str(number), f"{number}/timers"
    with open("crontab", "w") as file:
        file.write(f"0 3 1 {months} * root /bin/true yearly\n")
    for job in generator.parse_crontab("crontab", withuser=True):
        generator.generate_timer_unit(job, seq=iter(range(9)))
    lines = [line for name in glob.glob(f"{number}/*.timer") for line in open(name) if line.startswith("OnCalendar=")]
    return f"{months}: {lines[0].strip().removeprefix('OnCalendar=') if lines else 'none'}"


said = "\n".join(due(number, months) for number, months in enumerate(["sep", "oct", "nov", "dec", "12"]))
print(said)
sys.exit(
    0
    if said
    == """sep: *-9-1 3:0:00
oct: none
nov: *-10-1 3:0:00
dec: *-11-1 3:0:00
12: *-12-1 3:0:00"""
    else 1
)
PY
timeout 20 python3 run.py 2> err || { code=$?; cat err; exit $code; }
