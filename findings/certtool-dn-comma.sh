#!/bin/sh
# certtool 3.7.9 (Debian 12): a comma that is escaped in the name of a template is left out of the certificate, in its manual's own example, too.
#
# A template's dn is a name as RFC 4514 has it, and a comma within a value has a backslash before it (2.4); the manual's template has
# "st = New\, Something" (certtool(1), Files). It becomes "New Something", and no error is told. A CA named by a company whose name has a comma is
# then another issuer than the one that others write, and a chain that goes by names does not hold. organization = "…" takes the comma as it is.
#
# Expected: ST=New\, Something; O=A\, Inc, twice.
# Seen:     ST=New Something, O=A Inc; the comma in the last alone.
# Output:   dn = "cn = Nikos,st = New\, Something,C=GR": CN=Nikos,ST=New Something,C=GR
#           dn = "cn = Lock CA,o = A\, Inc": CN=Lock CA,O=A Inc
#           organization = "A, Inc": O=A\, Inc
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
for tool in certtool openssl; do
  command -v $tool > /dev/null || apt-get install -y -qq --no-install-recommends gnutls-bin openssl > /dev/null 2>&1 || exit 2
done
certtool --version | grep -q ' 3\.7\.9$' || exit 2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
certtool --generate-privkey --key-type ecdsa --curve secp256r1 --outfile key.pem 2> log || { cat log; exit 2; }
made() {
  printf '%s\n' "$1" > template
  certtool --generate-self-signed --load-privkey key.pem --template template --outfile certificate.pem 2> log || { cat log; exit 2; }
  printf '%s: %s\n' "$1" "$(openssl x509 -in certificate.pem -noout -subject -nameopt RFC2253 | sed 's/^subject=//')"
}
said=$(
  made 'dn = "cn = Nikos,st = New\, Something,C=GR"'
  made 'dn = "cn = Lock CA,o = A\, Inc"'
  made 'organization = "A, Inc"'
)
printf '%s\n' "$said"
[ "$said" = 'dn = "cn = Nikos,st = New\, Something,C=GR": CN=Nikos,ST=New Something,C=GR
dn = "cn = Lock CA,o = A\, Inc": CN=Lock CA,O=A Inc
organization = "A, Inc": O=A\, Inc' ]
