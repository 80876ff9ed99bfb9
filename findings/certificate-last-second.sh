#!/bin/sh
# OpenSSL 3.0 against NSS 3.87 (Debian 12) and pkijs 4.0.0: in the second of notAfter a certificate has expired to the first alone.
#
# A certificate is valid "from notBefore through notAfter, inclusive" (RFC 5280, 4.1.2.5). Where lives are short and one begins when the
# other ends, the second between them belongs to both by the standard, and to the newer alone by OpenSSL, which Node's TLS goes by.
#
# Expected: at 12:00:00 all three say valid.
# Seen:     OpenSSL says expired; a second before all say valid, a second later none.
# Output:   11:59:59: OpenSSL valid, NSS valid, pkijs valid
#           12:00:00: OpenSSL expired, NSS valid, pkijs valid
#           12:00:01: OpenSSL expired, NSS expired, pkijs expired
#
# Exits 0 while it is so, 1 once it is otherwise, 2 when it could not be run.
set -eu
for tool in certutil openssl; do
  command -v $tool > /dev/null || apt-get install -y -qq --no-install-recommends libnss3-tools openssl > /dev/null 2>&1 || exit 2
done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts asn1js@4.0.0 pkijs@4.0.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
for name in root leaf; do openssl ecparam -name prime256v1 -genkey -noout -out $name.key; done
openssl req -new -x509 -key root.key -subj '/CN=Root' -days 7300 -out root.pem 2> /dev/null
openssl req -new -key leaf.key -subj '/CN=Leaf' -out leaf.csr
mkdir ca
: > ca/index.txt
echo 07 > ca/serial
printf '[ca]\ndefault_ca=d\n[d]\ndatabase=ca/index.txt\nserial=ca/serial\nnew_certs_dir=ca\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n' > ca.cnf
# Today is within the root's life and behind the leaf's beginning, whenever this is run.
day=$(date -u -d tomorrow +%Y-%m-%d)
end=$(date -u -d "$day 12:00:00" +%s)
openssl ca -batch -notext -config ca.cnf -cert root.pem -keyfile root.key -in leaf.csr -out leaf.pem \
  -startdate 20260101000000Z -enddate "$(date -u -d "@$end" +%Y%m%d%H%M%SZ)" 2> ca.log || { cat ca.log; exit 2; }
certutil -N -d "$dir" --empty-password
certutil -A -d "$dir" -n root -t C,C,C -i root.pem
certutil -A -d "$dir" -n leaf -t ,, -i leaf.pem
cat > run.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { Certificate, CertificateChainValidationEngine } from 'pkijs';

const read = (name) => Certificate.fromBER(Buffer.from(readFileSync(name, 'utf8').replace(/-----.*-----|\s/g, ''), 'base64'));
const checkDate = new Date(Number(process.argv[2]) * 1000);
const engine = new CertificateChainValidationEngine({ trustedCerts: [read('root.pem')], certs: [read('leaf.pem')], checkDate });
process.exit((await engine.verify()).result ? 0 : 1);
JS
if_so() { if "$@" > /dev/null 2>&1; then echo valid; else echo expired; fi; }
at() {
  moment=$((end + $1))
  openssl=$(if_so openssl verify -attime $moment -CAfile root.pem leaf.pem)
  nss=$(if_so certutil -V -d "$dir" -n leaf -u V -b "$(date -u -d "@$moment" +%y%m%d%H%M%SZ)")
  echo "$(date -u -d "@$moment" +%H:%M:%S): OpenSSL $openssl, NSS $nss, pkijs $(if_so timeout 30 node run.mjs $moment)"
}
said=$(at -1; at 0; at 1)
echo "$said"
[ "$said" = '11:59:59: OpenSSL valid, NSS valid, pkijs valid
12:00:00: OpenSSL expired, NSS valid, pkijs valid
12:00:01: OpenSSL expired, NSS expired, pkijs expired' ]
