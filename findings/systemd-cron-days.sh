#!/bin/sh
# systemd-cron 1.15.19 (Debian 12): "on the 1st and 15th, and on Fridays" is Fridays that are the 1st or 15th; 6-7 is every day, and 0-7 is Sunday.
#
# Where a day of the month and a day of the week are given, cron runs on each of both, and its own crontab(5) says so, with the first line here as
# its example; the timer that is made asks for both at once, so that a job of six times a month comes about once. Days of the week are 0 to 7 there,
# Sunday being both. A range that ends with 7 is "garbled" in the journal, and the timer is made all the same, without days of the week;
# 0-7 is a range from Sunday to Sunday. systemd.cron(7) has none of it among the limitations.
#
# Expected: the 1st, the 15th and every Friday; Sat,Sun twice; every day.
# Seen:     Friday the 1st or 15th; Sat,Sun, but every day for the range; Sunday.
# Output:   1,15 * 5: Fri *-*-1,15 3:0:00
#           * * 6,7: Sun,Sat *-*-* 3:0:00
#           * * 6-7:  *-*-* 3:0:00
#           * * 0-7: Sun *-*-* 3:0:00
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


def due(number, days):
    os.makedirs(f"{number}/timers")
    generator.TARGET_DIR, generator.TIMERS_DIR = str(number), f"{number}/timers"
    with open("crontab", "w") as file:
        file.write(f"0 3 {days} root /bin/true nightly\n")
    for job in generator.parse_crontab("crontab", withuser=True):
        generator.generate_timer_unit(job, seq=iter(range(9)))
    lines = [line for name in glob.glob(f"{number}/*.timer") for line in open(name) if line.startswith("OnCalendar=")]
    return f"{days}: {lines[0].strip().removeprefix('OnCalendar=') if lines else 'none'}"


said = "\n".join(due(number, days) for number, days in enumerate(["1,15 * 5", "* * 6,7", "* * 6-7", "* * 0-7"]))
print(said)
sys.exit(
    0
    if said
    == """1,15 * 5: Fri *-*-1,15 3:0:00
* * 6,7: Sun,Sat *-*-* 3:0:00
* * 6-7:  *-*-* 3:0:00
* * 0-7: Sun *-*-* 3:0:00"""
    else 1
)
PY
timeout 20 python3 run.py 2> err || { code=$?; cat err; exit $code; }
