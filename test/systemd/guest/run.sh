# All cases, in the order in which a kiosk's computer meets them; what each said goes to /out/said, and what it did to /out/log.
exec > /out/log 2>&1
set -u
cd /given
. ./kiosk.sh

# A shell of its own for each: `set -e` means nothing in a condition.
holds() {
  echo "== $1"
  sh -eu -c '. ./lib.sh; . ./cases.sh; '"$2"
  if [ "$?" = 0 ]; then echo "held    $1" >> /out/said; else echo "FAILED  $1" >> /out/said; fi
}
holds 'the playbook installs the package, seals a passphrase, and the kiosk has it' the_playbook_sets_a_kiosk_up
holds 'run again it takes the code away, and then changes nothing' the_playbook_again
holds 'with a passphrase that was sealed with no key the kiosk is not started, nor tried again' not_sealed_with_a_key
holds 'without a key of the channel nothing that is handed over is looked at' nothing_without_a_key
holds 'a signed version is installed, and stays once it has started well' updated
holds 'asked for now it says how far it is, and whoever signs in before it has begun puts it off' now_and_put_off
holds 'a version that does not start is gone back from, and never tried again' gone_back
holds 'a kiosk that was left, or whose configuration is broken, is not started again' other_codes
echo 'the end' >> /out/said
