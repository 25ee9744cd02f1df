#!/bin/sh
# Makes the certificates of these tests, valid from 2020 to 2100. Needs OpenSSL 3.4. Keys are on P-256, so that the files are small.
set -e
begin=20200101000000Z
end=21000101000000Z
key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"; }
sign() { # NAME SUBJECT EXTENSIONS [END]: a certificate by the authority, with its key before it
    key "$1.key"
    openssl req -new -key "$1.key" -subj "$2" -out "$1.csr"
    printf '%s\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n' "$3" > "$1.cnf"
    openssl x509 -req -in "$1.csr" -CA authority.pem -CAkey authority.key -not_before $begin -not_after "${4:-$end}" \
        -extfile "$1.cnf" -out "$1.crt"
    cat "$1.key" "$1.crt" > "$1.pem"
    rm -f "$1.key" "$1.csr" "$1.cnf" "$1.crt"
}
key authority.key
openssl req -x509 -new -key authority.key -subj "/C=XY/O=Tests/CN=Test Authority" -not_before $begin -not_after $end \
    -addext "keyUsage=critical,keyCertSign,cRLSign" -out authority.pem
sign server "/C=XY/O=Tests/CN=localhost" "subjectAltName=DNS:localhost,DNS:*.example.test,IP:127.0.0.1,IP:::1"
sign client "/C=XY/O=Tests/CN=A Client" "extendedKeyUsage=clientAuth"
sign other "/C=XY/CN=other.test" "subjectAltName=DNS:other.test,email:root@other.test,URI:https://other.test/"
sign unnamed "/CN=plain.test" "keyUsage=critical,digitalSignature"
sign expired "/CN=localhost" "subjectAltName=DNS:localhost" 20210101000000Z
key selfsigned.key
openssl req -x509 -new -key selfsigned.key -subj "/CN=localhost" -addext "subjectAltName=DNS:localhost" \
    -not_before $begin -not_after $end -out selfsigned.crt
cat selfsigned.key selfsigned.crt > selfsigned.pem
openssl pkcs8 -topk8 -in selfsigned.key -passout pass:secret -v2 aes-256-cbc -out encrypted.pem
openssl ec -in selfsigned.key -aes128 -passout pass:secret -out traditional.pem
cat selfsigned.crt >> encrypted.pem
cat selfsigned.crt >> traditional.pem
rm -f selfsigned.key selfsigned.crt authority.key authority.srl
chmod 644 ./*.pem
