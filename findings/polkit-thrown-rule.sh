#!/bin/sh
# polkitd 122 (Debian 12): a rule that throws, as one with Array.find() does, refuses everything to everybody, what is allowed by itself too.
#
# Rules are JavaScript, run by Duktape: const is understood, let, => and for … of keep the file from being compiled, which is told and leaves the
# other rules in force. What compiles and is not there (find and includes of arrays, Set, Object.values) is thrown only when the rule is asked, about
# whichever action: the question ends there with "not authorized", with no regard to the rules behind it or to the action's own default. A file for
# one service so takes shutting down, mounting and the network from everybody whom they are allowed.
#
# Expected: a rule that throws is passed over, as one that does not compile is.
# Seen:     the action that is allowed to all is refused; of two rules, those behind it are not asked.
# Output:   no rule: granted no, open yes
#           granted by a rule: granted yes, open yes
#           one before it with let: granted yes, open yes
#           one before it with find(): granted no, open no
#           one behind it with find(): granted yes, open no
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
[ "$(id -u)" = 0 ] && unshare --mount true 2> /dev/null || exit 2
for tool in /usr/lib/polkit-1/polkitd /usr/bin/pkcheck /usr/bin/dbus-daemon; do
  [ -x $tool ] || apt-get install -y -qq --no-install-recommends polkitd dbus > /dev/null 2>&1 || exit 2
done
dir=$(mktemp -d)
running=
trap 'for one in $running; do kill "$one" 2> /dev/null || true; done; rm -rf "$dir"' EXIT
trap 'exit 2' HUP INT TERM
chmod 755 "$dir"
cd "$dir"
mkdir -p actions rules
for action in granted:no open:yes; do
  cat > "actions/finding.${action%:*}.policy" << END
<?xml version="1.0" encoding="UTF-8"?>
<policyconfig><action id="finding.${action%:*}"><description>d</description><message>m</message><defaults>
<allow_any>${action#*:}</allow_any><allow_inactive>${action#*:}</allow_inactive><allow_active>${action#*:}</allow_active>
</defaults></action></policyconfig>
END
done
cat > ask << 'END'
# In a mount namespace: what polkitd reads is this folder's.
mount --bind actions /usr/share/polkit-1/actions
mount --bind rules /etc/polkit-1/rules.d
/usr/lib/polkit-1/polkitd > log 2>&1 < /dev/null &
daemon=$!
n=0
until grep -q 'Acquired the name' log || [ $n -ge 100 ]; do sleep 0.1; n=$((n + 1)); done
for action in granted open; do
  said=no
  timeout 10 pkcheck --action-id finding.$action --process "$1" > /dev/null 2>&1 && said=yes
  printf '%s%s %s' "${comma-}" $action $said
  comma=', '
done
kill $daemon
wait $daemon 2> /dev/null
END
export DBUS_SYSTEM_BUS_ADDRESS="unix:path=$dir/bus"
dbus-daemon --config-file=/usr/share/dbus-1/system.conf --nofork --nopidfile --nosyslog --address="$DBUS_SYSTEM_BUS_ADDRESS" > /dev/null 2>&1 &
running=$!
setpriv --reuid=65534 --regid=65534 --clear-groups sleep 120 &
asking=$!
running="$running $asking"
n=0
until [ -S bus ] || [ $n -ge 100 ]; do sleep 0.1; n=$((n + 1)); done
[ -S bus ] || exit 2
grant='if (action.id == "finding.granted") return polkit.Result.YES;'
find='if (["a"].find(function (one) { return one == action.id; })) return polkit.Result.YES;'
rule() { [ -z "$1" ] || echo "polkit.addRule(function (action, subject) { $1 });"; }
case_of() {
  rule "$2" > rules/50-first.rules
  rule "$3" > rules/60-second.rules
  echo "$1: $(unshare --mount sh ask "$asking")"
}
said=$(
  case_of 'no rule' '' ''
  case_of 'granted by a rule' '' "$grant"
  case_of 'one before it with let' 'let a = 1;' "$grant"
  case_of 'one before it with find()' "$find" "$grant"
  case_of 'one behind it with find()' "$grant" "$find"
)
echo "$said"
[ "$said" = 'no rule: granted no, open yes
granted by a rule: granted yes, open yes
one before it with let: granted yes, open yes
one before it with find(): granted no, open no
one behind it with find(): granted yes, open no' ]
