#!/bin/sh
# seal-passphrase.sh [--without-tpm] [FILE]: as root, seals the kiosk's passphrase for this computer, and has the unit hand it to the kiosk.
#
# The passphrase is drawn, or is that of FILE, which is left where it is. It is sealed with this computer's TPM and a key of its own below
# /var/lib/systemd; without a TPM with that key alone, which lies on the same disk, and only where --without-tpm says that this is understood.
#
# seal-passphrase.sh --check: whether what is sealed was sealed with a key at all. The unit asks before each start.
set -eu
umask 077
etc=${LATCHPOINT_ETC:-/etc}
sealed=$etc/latchpoint/passphrase.cred
drop_in=$etc/systemd/system/latchpoint.service.d/passphrase.conf
configuration=78
# What systemd writes in front where it has sealed with no key: systemd-creds takes it by itself where it finds nothing better.
no_key=058469daf6f54324800549da0f8ea2fb

complain() {
  echo "seal-passphrase: $1" >&2
  exit "${2:-1}"
}
has_key() {
  id=$(base64 -d "$1" 2> /dev/null | head -c 16 | od -An -v -tx1 | tr -d ' \n')
  [ "${#id}" = 32 ] && [ "$id" != "$no_key" ]
}

if [ "${1-}" = --check ]; then
  has_key "$sealed" || complain "$sealed is not sealed with a key; remove it and seal the passphrase anew" "$configuration"
  exit 0
fi
without_tpm=
if [ "${1-}" = --without-tpm ]; then
  without_tpm=yes
  shift
fi
case "${1-}" in -*) complain "there is no $1" 2 ;; esac
[ "$#" -le 1 ] || complain 'one file at the most' 2
[ "$(id -u)" = 0 ] || complain 'run it as root'
[ ! -e "$sealed" ] || complain "$sealed is there already: the kiosk's keys open with it"

if [ "$(systemd-creds has-tpm2 2> /dev/null | head -n 1)" = yes ]; then
  key=host+tpm2
elif [ -n "$without_tpm" ]; then
  key=host
else
  complain "this computer has no TPM that systemd can use (Debian: apt-get install libtss2-esys-3.0.2-0 libtss2-rc0 libtss2-mu0). \
With --without-tpm the key lies on the same disk: whoever takes the disk has it, unless the disk is encrypted"
fi

# In memory: what is written to a disk can be read there long after it was removed.
work=$(mktemp -d -p "${LATCHPOINT_RUN:-/run}" latchpoint-seal.XXXXXX)
trap 'rm -rf "$work"' EXIT
if [ "$#" = 1 ]; then
  cat -- "$1" > "$work/plain"
else
  head -c 32 /dev/urandom | base64 -w 0 > "$work/plain"
fi
[ "$(tr -d '\n' < "$work/plain" | wc -m)" -ge 16 ] || complain "$1 holds fewer than 16 characters"
systemd-creds encrypt --name=passphrase --with-key="$key" "$work/plain" "$work/sealed" 2> "$work/said" ||
  complain "systemd-creds: $(tail -n 1 "$work/said")"
has_key "$work/sealed" || complain 'systemd-creds has sealed with no key'
systemd-creds decrypt --name=passphrase "$work/sealed" "$work/again" 2> "$work/said" || complain "systemd-creds: $(tail -n 1 "$work/said")"
cmp -s "$work/plain" "$work/again" || complain 'what was sealed does not open again'

mkdir -p "${sealed%/*}" "${drop_in%/*}"
chmod 755 "${drop_in%/*}"
cat "$work/sealed" > "$sealed.part"
sync "$sealed.part"
cat > "$drop_in" << END
[Service]
LoadCredentialEncrypted=passphrase:$sealed
ExecCondition=+/opt/Latchpoint/linux/seal-passphrase.sh --check
END
chmod 644 "$drop_in"
mv "$sealed.part" "$sealed"
systemctl daemon-reload

echo "Sealed with $key. In /etc/latchpoint/kiosk.json set"
echo '  "passphraseFile": "/run/credentials/latchpoint.service/passphrase"'
[ "$#" = 0 ] || echo "and remove $1 once the kiosk has started with it."
