# One function for each case; it ends with the first command that fails.
playbook() { ansible-playbook -i here.yml latchpoint.yml; }
changed() { sed -n 's/.*changed=\([0-9]*\) .*failed=0 .*/\1/p' "$1"; }

the_playbook_sets_a_kiosk_up() {
  mkdir -p /tmp/roll-out
  cp /given/roll-out/* /given/here.yml /given/*.deb /tmp/roll-out/
  cd /tmp/roll-out
  playbook | tee first
  [ "$(changed first)" -gt 3 ]
  until_ 'the kiosk' runs
  [ "$(stat -c '%U:%G %a' /etc/latchpoint/kiosk.json)" = 'root:latchpoint 640' ]
  grep -q '"registrationCode": "a-code"' /etc/latchpoint/kiosk.json
}

the_playbook_again() {
  cd /tmp/roll-out
  sed -i /latchpoint_code/d here.yml
  playbook | tee second
  # The settings, and the kiosk that reads them.
  [ "$(changed second)" = 2 ]
  not grep -q registrationCode /etc/latchpoint/kiosk.json
  playbook | tee third
  [ "$(changed third)" = 0 ]
}

not_sealed_with_a_key() {
  cp /etc/latchpoint/passphrase.cred /tmp/kept
  echo 'another passphrase altogether' |
    systemd-creds encrypt --name=passphrase --with-key=auto-initrd - /etc/latchpoint/passphrase.cred
  systemctl restart latchpoint || true
  until_ 'no kiosk' not runs
  journalctl -u latchpoint -n 20 -o cat | grep 'is not sealed with a key'
  sleep 5
  [ "$(systemctl show --value -p NRestarts latchpoint)" = 0 ]
  cp /tmp/kept /etc/latchpoint/passphrase.cred
  systemctl start latchpoint
  until_ 'the kiosk' runs
}

nothing_without_a_key() {
  hand_over 9.0.2
  sleep 5
  is_version 9.0.1
  [ ! -e /var/lib/latchpoint-update/result ]
}

updated() {
  install -m 644 /given/update-key.pem /etc/latchpoint/update-key.pem
  systemctl start latchpoint-update.path
  # Handed over before the first run: withdrawn, and the kiosk hands over again.
  until_ 'the withdrawal' test ! -e /var/lib/latchpoint/updates/request
  hand_over 9.0.2
  until_ 'the new version' is_version 9.0.2
  until_ 'its word' said_last 'installed 9.0.2'
  until_ 'the kiosk' runs
  until_ 'its start' grep -qx 9.0.2 /var/lib/latchpoint/updates/started-well
  systemctl restart latchpoint
  until_ 'the end of the trial' test ! -e /var/lib/latchpoint-update/state
  [ ! -e /var/lib/latchpoint/updates/request ]
}

# Where what is installed is packed up, which is after what was handed over was verified: dpkg-deb uses tar, too.
holds_packing() {
  cat > /usr/local/bin/tar << 'END'
#!/bin/sh
case "$*" in *--no-recursion*) while [ -e /run/held ]; do sleep 0.2; done ;; esac
exec /usr/bin/tar "$@"
END
  chmod 755 /usr/local/bin/tar
  touch /run/held
}
kiosk_reads_step() { [ "$(runuser -u latchpoint -- cat /var/lib/latchpoint-update/step)" = "$1" ]; }

now_and_put_off() {
  before=$(systemctl show --value -p MainPID latchpoint)
  holds_packing
  hand_over 9.0.3
  until_ 'two of its steps' kiosk_reads_step 2
  # Somebody signs in: the kiosk takes it back.
  runuser -u latchpoint -- rm /var/lib/latchpoint/updates/request
  rm /run/held
  until_ 'nothing of it' test ! -e /var/lib/latchpoint-update/step
  rm /usr/local/bin/tar
  is_version 9.0.2
  said_last 'installed 9.0.2'
  [ ! -e /var/lib/latchpoint-update/state ]
  [ "$(systemctl show --value -p MainPID latchpoint)" = "$before" ]
}

gone_back() {
  hand_over 9.0.3
  until_ 'its word' said_last 'went-back 9.0.3'
  is_version 9.0.2
  until_ 'the kiosk' runs
  hand_over 9.0.3
  until_ 'the refusal' said_last 'refused 9.0.3'
  is_version 9.0.2
}

other_codes() {
  for code in 12 78; do
    printf '#!/bin/sh\nexit %s\n' $code > /usr/local/bin/in-place
    systemctl restart latchpoint || true
    until_ "an end with $code" not runs
    sleep 4
    [ "$(systemctl show --value -p ExecMainStatus latchpoint)" = $code ]
    [ "$(systemctl show --value -p NRestarts latchpoint)" = 0 ]
  done
}

