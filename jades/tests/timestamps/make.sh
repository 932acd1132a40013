#!/bin/sh
# Makes the files of this folder with openssl 3: certificates, and timestamps of the signature in
# signature.jws. Run it in this folder. Afterwards change the times in ../timestamp.rs.
set -eu
here=$(pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp signature.jws "$work"
cd "$work"

cat > ca.cnf <<'CNF'
[ca]
default_ca = here
[here]
database = index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
default_crl_days = 7000
crlnumber = crlnumber
crl_extensions = list
[any]
commonName = supplied
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[intermediate]
basicConstraints = critical, CA:true, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[list]
authorityKeyIdentifier = keyid
[tsa]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
authorityKeyIdentifier = keyid
[no-purpose]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
[not-critical]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = timeStamping
[two-purposes]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping, emailProtection
CNF
touch index.txt
echo 01 > crlnumber

key() {
    case $2 in
        rsa) openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$1.key" ;;
        *) openssl genpkey -quiet -algorithm EC -pkeyopt "ec_paramgen_curve:$2" -out "$1.key" ;;
    esac
}
# certificate NAME SUBJECT ISSUER KIND KEY FROM TO
certificate() {
    key "$1" "$5"
    openssl req -new -config ca.cnf -key "$1.key" -subj "/CN=$2" -out "$1.csr"
    if [ "$3" = self ]; then issuer="-selfsign -keyfile $1.key"; else issuer="-cert $3.pem -keyfile $3.key"; fi
    # shellcheck disable=SC2086
    openssl ca -batch -notext -config ca.cnf -extensions "$4" $issuer \
        -startdate "$6" -enddate "$7" -in "$1.csr" -out "$1.pem" 2> /dev/null
}
begin=20260101000000Z
end=20460101000000Z
certificate root "Test timestamp root" self root P-256 $begin $end
certificate other-root "Other root" self root P-256 $begin $end
certificate intermediate "Test timestamp intermediate" root intermediate P-256 $begin $end
certificate p256 "Test timestamp authority" intermediate tsa P-256 $begin 20360101000000Z
certificate p384 "Test timestamp authority P-384" root tsa P-384 $begin 20360101000000Z
certificate rsa "Test timestamp authority RSA" root tsa rsa $begin 20360101000000Z
certificate expired "Expired authority" root tsa P-256 $begin 20260601000000Z
certificate future "Future authority" root tsa P-256 20300101000000Z 20360101000000Z
for kind in no-purpose not-critical two-purposes; do
    certificate $kind "Authority with $kind" root $kind P-256 $begin 20360101000000Z
done

cat > tsa.cnf <<'CNF'
[tsa]
default_tsa = authority
[authority]
serial = serial
default_policy = 1.2.3.4
signer_digest = sha256
digests = sha1, sha256, sha384, sha512
accuracy = secs:1, millisecs:500
clock_precision_digits = 3
ess_cert_id_alg = sha256
CNF
sed 's/ess_cert_id_alg.*/ess_cert_id_alg = sha1/' tsa.cnf > tsa-v1.cnf
sed 's/sha1, sha256, /sha1, /' tsa.cnf > tsa-refuses.cnf

# The signature value is the text after the last dot.
tr -d '\n' < signature.jws | sed 's/.*\.//' | tr -d '\n' > value
printf other > other-value
# The request of `TimestampRequest::new` with the nonce 0102030405060708.
{
    printf '\060\103\002\001\001\060\061\060\015\006\011\140\206\110\001\145\003\004\002\001\005\000\004\040'
    openssl dgst -sha256 -binary value
    printf '\002\010\101\002\003\004\005\006\007\010\001\001\377'
} > query.tsq
reply() {
    openssl ts -reply -config "$3" -queryfile "$1" -signer "$2.pem" -inkey "$2.key" \
        ${5:+-chain "$5.pem"} -out "$4.tsr" 2> /dev/null
}
reply query.tsq p256 tsa.cnf p256 intermediate
reply query.tsq rsa tsa.cnf rsa
reply query.tsq rsa tsa-v1.cnf signing-certificate-v1
reply query.tsq rsa tsa-refuses.cnf refused || true
openssl ts -query -data value -sha512 -cert -no_nonce -out q.tsq 2> /dev/null
reply q.tsq p384 tsa.cnf p384
openssl ts -query -data value -sha1 -cert -no_nonce -out q.tsq 2> /dev/null
reply q.tsq rsa tsa.cnf sha1
openssl ts -query -data other-value -sha256 -cert -no_nonce -out q.tsq 2> /dev/null
reply q.tsq rsa tsa.cnf other-signature
openssl ts -query -data value -sha256 -no_nonce -out q.tsq 2> /dev/null
reply q.tsq rsa tsa.cnf no-certificate
for name in p256 rsa p384 signing-certificate-v1 sha1 other-signature no-certificate; do
    openssl ts -reply -in $name.tsr -token_out -out $name.token 2> /dev/null
done

# Authorities whose certificate `openssl ts` itself refuses: the same content, signed by `openssl cms`.
openssl cms -verify -noverify -binary -inform DER -in rsa.token -out content 2> /dev/null
sign() {
    openssl cms -sign -binary -nodetach -nosmimecap -cades -md sha256 -outform DER \
        -econtent_type 1.2.840.113549.1.9.16.1.4 -in content \
        -signer "$1.pem" -inkey "$1.key" -out "$2.token" ${3:-}
}
for name in no-purpose not-critical two-purposes expired future; do
    sign $name $name
done
openssl cms -sign -binary -nodetach -nosmimecap -cades -md sha256 -outform DER \
    -econtent_type 1.2.840.113549.1.9.16.1.4 -in content \
    -signer rsa.pem -inkey rsa.key -signer p384.pem -inkey p384.key -out two-signers.token
openssl cms -sign -binary -nodetach -nosmimecap -md sha256 -outform DER \
    -econtent_type 1.2.840.113549.1.9.16.1.4 -in content \
    -signer rsa.pem -inkey rsa.key -out no-signing-certificate.token
openssl cms -sign -binary -nodetach -nosmimecap -cades -md sha256 -outform DER -in content \
    -signer rsa.pem -inkey rsa.key -out no-timestamp.token

# The first list of the root, and the next one, which revokes the authority with RSA.
crl() {
    openssl ca -gencrl -config ca.cnf -cert root.pem -keyfile root.key 2> /dev/null |
        openssl crl -outform DER -out "$1"
}
crl root.crl
openssl ca -revoke rsa.pem -config ca.cnf -cert root.pem -keyfile root.key 2> /dev/null
crl revoked.crl

cp root.crl revoked.crl root.pem other-root.pem p256.tsr refused.tsr "$here"
for name in *.token; do
    cp "$name" "$here/${name%.token}.der"
done
