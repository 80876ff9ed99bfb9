#!/usr/bin/busybox sh
# First process of the small system. What the checks say goes to the second serial port, everything else to the first.
/usr/bin/busybox mkdir -p /bb
/usr/bin/busybox --install -s /bb
export PATH=/usr/bin:/usr/sbin:/bb
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t debugfs debug /sys/kernel/debug
mkdir -p /run/dbus /var/lib/bluetooth
chmod 1777 /tmp
ip link set lo up
for module in /modules/*.ko; do insmod "$module"; done
node --disable-warning=ExperimentalWarning /app/guest-process.js < /dev/null > /dev/ttyS1 2>&1
poweroff -f
