#!/bin/sh
# latchpoint-update.sh act | ended [ROOT]: the part of an update that has root's rights (docs/updates.md, "What installs").
#
# act: installs what the kiosk has handed over, or goes on with what a power cut has stopped, or goes back. ended: counts how the kiosk's
# service ended (systemd's EXIT_STATUS) while a new version is on trial. ROOT: everything lies below it; empty but for tests.
#
# The kiosk's account may be anybody's by now, so nothing of it is believed: its files are read with its rights and copied here first, and
# signature, hash, version and age are verified on the copy. What is remembered lies where the kiosk cannot write.
#
# It stays one file: power may go while dpkg replaces the package's files one after the other, and what goes on then must not be halves of
# two versions. First what is read, remembered and verified; then what is decided; then which of it is done.
set -u
umask 022
root=${2-}
account=latchpoint
key=$root/etc/latchpoint/update-key.pem
theirs=$root/var/lib/latchpoint/updates
own=$root/var/lib/latchpoint-update
data_version=$root/opt/Latchpoint/linux/data-version
# Of this start of the machine: at the first run there is none.
booted=$root/run/latchpoint-update
most_manifest=131072
most_failures=2
# Of the package's size: its copy, what is unpacked, and the version before packed up again.
room_factor=8

# -- What is read, remembered and verified --

say() { echo "latchpoint-update: $*" >&2; }
# put NAME TEXT: whole or not at all, and on the disk.
put() {
  printf '%s\n' "$2" > "$own/$1.part" && sync "$own/$1.part" && mv "$own/$1.part" "$own/$1" && sync "$own"
}
# step N: how far an installation has come, for the kiosk's screen.
step() { printf '%s\n' "$1" > "$own/step"; }
forget() { rm -f "$own/$1" && sync "$own"; }
# as_kiosk COMMAND …: with the rights of the kiosk's account, so that its links and pipes lead nowhere that it could not go itself. Whoever
# has that account can take what such a process holds open: never a file of root's, only /dev/null and a pipe.
as_kiosk() { timeout -k 10 300 runuser -u "$account" -- "$@" < /dev/null 2> /dev/null; }
# read_theirs NAME MOST: so many bytes at the most, and an end, whoever holds the pipe's other end open.
read_theirs() { as_kiosk head -c "$2" "$theirs/$1" | timeout -k 10 300 head -c "$2"; }
# take NAME MOST: a copy of a file of the kiosk's.
take() { rm -f "$own/$1.taken" && read_theirs "$1" "$2" > "$own/$1.taken"; }
is_asked() { as_kiosk test -e "$theirs/request" > /dev/null; }
withdraw() { as_kiosk rm -f "$theirs/request" > /dev/null; }
# field NAME: of the manifest that was verified.
field() { sed -n "s/^$1 //p" "$own/manifest" | head -n 1; }
version_now() { dpkg-query -W -f '${Version}' latchpoint; }
# install FILE [asked]: another program may be at the packages (2): it is waited for. 3: it is not asked for any more.
install() {
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    if [ "${2-}" = asked ] && ! is_asked; then return 3; fi
    DEBIAN_FRONTEND=noninteractive dpkg -i "$1" >&2
    code=$?
    [ "$code" = 2 ] || return "$code"
    sleep 30
  done
  return 2
}
# is_installed VERSION: whole, and not half.
is_installed() { [ "$(dpkg-query -W -f '${Version} ${db:Status-Status}' latchpoint)" = "$1 installed" ]; }
# The format in which what is installed leaves the kiosk's data.
data_now() { cat "$data_version" 2> /dev/null || echo 0; }
# What is of no installation that goes on.
clear() { rm -rf "$own/tree" "$own/list" "$own/packed" "$own/previous.part" "$own/previous.deb" "$own/package.deb" "$own/step" "$own/"*.taken; }
has_started_well() { [ "$(read_theirs started-well 40)" = "$1" ]; }
restart() { systemctl --no-block restart latchpoint.service || true; }

# -- What is decided --

# What was told before power went, of that with which this run goes on.
told=
# tell OUTCOME VERSION ISSUED [WHY]: what the kiosk shows under Health. Once: the journal would have it twice, and a refusal count twice.
tell() {
  case $told in "$1 $2 $3 "*"${4:+ $4}") return ;; esac
  put result "$1 $2 $3 $(date -u +%FT%TZ)${4:+ $4}"
  say "$1 $2 ${4-}"
}
refuse() {
  tell refused "$(field version)" "$(field issued)" "$1"
  clear
  withdraw
  exit 0
}

# The manifest that was taken, if IT has signed it.
verify_manifest() {
  if [ -z "$(find "$key" -maxdepth 0 -type f -user "$(id -un)" ! -perm /022)" ]; then
    say "$key is no file, or a link, or others than root can write to it"
    return 1
  fi
  head -n -1 "$own/manifest.taken" > "$own/body" || return 1
  [ "$(head -n 1 "$own/body")" = 'latchpoint-update 1' ] || return 1
  tail -n 1 "$own/manifest.taken" | sed -n 's/^signature \([A-Za-z0-9+/]*==\)$/\1/p' | base64 -d > "$own/signature" || return 1
  openssl pkeyutl -verify -pubin -inkey "$key" -rawin -in "$own/body" -sigfile "$own/signature" > /dev/null 2>&1
}

# The package at $1, if it is the one that the manifest names.
verify_package() {
  [ "$(sha256sum < "$1" | cut -d ' ' -f 1)" = "$sha256" ] || return 1
  [ "$(dpkg-deb -f "$1" Package)" = latchpoint ] || return 1
  [ "$(dpkg-deb -f "$1" Version)" = "$version" ]
}

read_manifest() {
  version=$(field version)
  issued=$(field issued)
  # linux-x64 FILE BYTES SHA256
  set -- $(field 'package linux-x64')
  bytes=${2-}
  sha256=${3-}
}

# What is installed, as a package: it may have come by any way, and its own package be nowhere any more.
pack_installed() {
  tree=$own/tree
  rm -rf "$tree"
  mkdir -p "$tree/DEBIAN" || return 1
  # A folder that is a link, because /opt lies elsewhere, is the system's and not the package's: what is in it is packed, and it is not.
  dpkg-query -L latchpoint | sed -n 's|^/||p' | while read -r path; do
    if [ -L "$root/$path" ] && [ -d "$root/$path" ]; then continue; fi
    # Nor what dpkg was told to leave out (path-exclude).
    if [ -e "$root/$path" ] || [ -L "$root/$path" ]; then echo "$path"; fi
  done > "$own/list"
  # What could not be read has to count: a pipe says only how its last command has ended.
  rm -f "$own/packed"
  { tar -C "$root/" --no-recursion -cf - -T "$own/list" && : > "$own/packed"; } | tar -C "$tree" -xpf - || return 1
  [ -e "$own/packed" ] || return 1
  dpkg-query -s latchpoint | sed '/^Status:/d; /^Config-Version:/d' > "$tree/DEBIAN/control"
  for script in preinst postinst prerm postrm md5sums; do
    found=$(dpkg-query --control-path latchpoint "$script" 2> /dev/null)
    if [ -n "$found" ]; then cp -p "$found" "$tree/DEBIAN/$script" || return 1; fi
  done
  dpkg-deb --root-owner-group -Zgzip -z1 --build "$tree" "$own/previous.part" > /dev/null || return 1
  rm -rf "$tree" "$own/list" "$own/packed"
  [ "$(dpkg-deb -f "$own/previous.part" Version)" = "$1" ] || return 1
  sync "$own/previous.part" && mv "$own/previous.part" "$own/previous.deb" && sync "$own"
}

# ended_well: what was on trial stays.
ended_well() {
  say "$1 has started well"
  clear
  forget state
}

# go_back VERSION BEFORE ISSUED DATA OUTCOME [WHY]
go_back() {
  # Whatever the manifest says: what is installed knows in which format it leaves the data.
  if [ "$(version_now)" = "$1" ] && [ "$(data_now)" -gt "$4" ]; then
    say "$1 does not install or start, and $2 cannot read the data that it may have written: IT has to act"
    forget state
    return
  fi
  put state "going-back $1 $2 $3 $4 $5 ${6-}"
  # Only what was installed and did not start: what did not install may do so another time.
  if [ "$5" = went-back ]; then echo "$1" >> "$own/gone-back" && sync "$own/gone-back"; fi
  LATCHPOINT_GOES_BACK_FROM=$1
  export LATCHPOINT_GOES_BACK_FROM
  if is_installed "$2" || install "$own/previous.deb"; then
    tell "$5" "$1" "$3" "${6-}"
  else
    say "$2 could not be installed again: IT has to act"
    tell refused "$1" "$3" system
  fi
  rm -f "$own/package.deb"
  forget state
  restart
}

# untouched VERSION ISSUED [WHY]: the version before is as it was, and goes on running.
untouched() {
  # First: with the state and without the copy, a cut would make it another refusal, and one for good; with the state and told, it would be
  # installed at the next boot all the same.
  forget state
  if [ -n "${3-}" ]; then tell refused "$1" "$2" "$3"; else say "$1 is not installed now: it is not asked for any more"; fi
  clear
}

# install_taken VERSION BEFORE ISSUED DATA [asked]: the copy was verified.
install_taken() {
  code=0
  # Power may have gone when it was done.
  is_installed "$1" || install "$own/package.deb" "${5-}" || code=$?
  if is_installed "$1"; then
    tell installed "$1" "$3"
    put state "trial $1 $2 $3 $4 0"
    systemctl --no-block start latchpoint.service || true
  elif is_installed "$2"; then
    case $code in
      2) untouched "$1" "$3" busy ;;
      3) untouched "$1" "$3" ;;
      *) untouched "$1" "$3" system ;;
    esac
  else
    go_back "$1" "$2" "$3" "$4" refused system
  fi
  withdraw
}

install_asked() {
  clear
  take manifest "$most_manifest"
  if ! verify_manifest; then
    say 'refused: no manifest that IT has signed'
    put result "refused $(version_now) $(date -u +%FT%TZ) $(date -u +%FT%TZ) signature"
    withdraw
    return
  fi
  mv "$own/manifest.taken" "$own/manifest"
  read_manifest
  now=$(version_now)
  # Of each key its own: a new pair begins anew.
  newest=newest-$(sha256sum < "$key" | cut -d ' ' -f 1)
  if [ -e "$own/$newest" ] && [ "$issued" \< "$(cat "$own/$newest")" ]; then refuse older; fi
  # Taken once, nothing that is issued before it would be taken any more.
  if [ "$issued" \> "$(date -u -d '1 day' +%FT%TZ)" ]; then refuse ahead; fi
  [ "$(field expires)" \> "$(date -u +%FT%TZ)" ] || refuse expired
  dpkg --compare-versions "$version" gt "$now" || refuse older
  dpkg --compare-versions "$now" ge "$(field from)" || refuse older
  if [ -e "$own/gone-back" ] && grep -qxF "$version" "$own/gone-back"; then refuse older; fi
  [ -n "$sha256" ] || refuse package
  put "$newest" "$issued" || refuse room
  [ "$(df --output=avail -B1 "$own" | tail -n 1)" -ge "$((bytes * room_factor))" ] || refuse room
  take package "$bytes"
  step 1
  verify_package "$own/package.taken" || refuse package
  mv "$own/package.taken" "$own/package.deb" && sync "$own/package.deb" || refuse room
  step 2
  pack_installed "$now" || refuse system
  step 3
  data=$(data_now)
  # Somebody has come meanwhile, and the kiosk has taken its request back.
  if ! is_asked; then
    untouched "$version" "$issued"
    return
  fi
  put state "installing $version $now $issued $data" || refuse room
  install_taken "$version" "$now" "$issued" "$data" asked
}

# While one is on trial there is no way back from a second one.
refuse_second() {
  [ "$(read_theirs request 40)" = "$(version_now)" ] || tell refused "$(version_now)" "$(date -u +%FT%TZ)" trial
  withdraw
}

# -- Which of it is done --

kind= version= before= issued= data= more= why=
if [ -e "$own/state" ]; then
  read -r kind version before issued data more why < "$own/state"
  if [ -e "$own/result" ] && [ -z "$(find "$own/state" -newer "$own/result")" ]; then told=$(cat "$own/result"); fi
fi

case ${1-} in
  ended)
    [ "$kind" = trial ] || exit 0
    if has_started_well "$version"; then
      ended_well "$version"
      exit 0
    fi
    case ${EXIT_STATUS-} in
      0 | 12) exit 0 ;;
      # The configuration is not as this version wants it: it would not be started a second time.
      78) more=$most_failures ;;
      *) more=$((more + 1)) ;;
    esac
    say "$version has not started well ($more of $most_failures)"
    put state "trial $version $before $issued $data $more"
    if [ "$more" -ge "$most_failures" ]; then systemctl --no-block start latchpoint-update.service; fi
    ;;
  act)
    mkdir -p "$own" && chmod 755 "$own" || exit 1
    # What was handed over before the machine started is of a night that is over, and of a kiosk that may not be updated any more.
    if [ ! -e "$booted" ]; then
      withdraw
      : > "$booted"
    fi
    case $kind in
      trial)
        if has_started_well "$version"; then
          ended_well "$version"
        elif [ "$more" -ge "$most_failures" ]; then
          go_back "$version" "$before" "$issued" "$data" went-back
        fi
        ;;
      going-back) go_back "$version" "$before" "$issued" "$data" "$more" "$why" ;;
      installing)
        say "$version goes on after a cut"
        asked_for=$version
        if ! is_installed "$version"; then read_manifest; fi
        if is_installed "$asked_for" || { [ "$version" = "$asked_for" ] && verify_package "$own/package.deb"; }; then
          install_taken "$asked_for" "$before" "$issued" "$data"
        elif is_installed "$before"; then
          untouched "$asked_for" "$issued" package
        else
          go_back "$asked_for" "$before" "$issued" "$data" refused package
        fi
        ;;
    esac
    told=
    if is_asked; then
      if [ -e "$own/state" ]; then refuse_second; else install_asked; fi
    fi
    ;;
  *) exit 2 ;;
esac
