# A program in the kiosk's place: it says that it has started well, and goes on until it is told to end. 9.0.3 ends with 1.
cat > /usr/local/bin/in-place << 'END'
#!/bin/sh
version=$(dpkg-query -W -f '${Version}' latchpoint)
[ "$version" = 9.0.3 ] && exit 1
if [ -e /etc/latchpoint/passphrase.cred ]; then wc -c < /run/credentials/latchpoint.service/passphrase || exit 78; fi
mkdir -p /var/lib/latchpoint/updates
echo "$version" > /var/lib/latchpoint/updates/started-well
trap 'exit 0' TERM
while :; do sleep 1 & wait $!; done
END
chmod 755 /usr/local/bin/in-place
mkdir -p /etc/systemd/system/latchpoint.service.d
# No screen, and so no session on one: that is for the machine.
cat > /etc/systemd/system/latchpoint.service.d/in-place.conf << 'END'
[Unit]
ConditionPathExists=
[Service]
PAMName=
TTYPath=
StandardInput=null
UtmpIdentifier=
ExecStart=
ExecStart=/usr/local/bin/in-place
END
