//! The constants of `_ssl`. CPython: `sslmodule_init_constants` in `Modules/_ssl.c`.
//!
//! Invariant: numbers are OpenSSL's, so that programs may compare and store them.

use taipan_runtime::prelude::*;

use crate::hostname::flag as host;
use crate::settings::{option, protocol, version};
use crate::verify::flag as verify;

/// The version of OpenSSL whose behaviour and words are followed.
const VERSION: [i64; 5] = [3, 6, 0, 0, 0];
const VERSION_TEXT: &str = "OpenSSL 3.6.0 (compatible; rustls 0.23)";

static NUMBERS: &[(&str, i64)] = &[
    ("SSL_ERROR_ZERO_RETURN", 6),
    ("SSL_ERROR_WANT_READ", 2),
    ("SSL_ERROR_WANT_WRITE", 3),
    ("SSL_ERROR_WANT_X509_LOOKUP", 4),
    ("SSL_ERROR_SYSCALL", 5),
    ("SSL_ERROR_SSL", 1),
    ("SSL_ERROR_WANT_CONNECT", 7),
    ("SSL_ERROR_EOF", 8),
    ("SSL_ERROR_INVALID_ERROR_CODE", 10),
    ("CERT_NONE", 0),
    ("CERT_OPTIONAL", 1),
    ("CERT_REQUIRED", 2),
    ("VERIFY_DEFAULT", 0),
    ("VERIFY_CRL_CHECK_LEAF", verify::CRL_CHECK as i64),
    ("VERIFY_CRL_CHECK_CHAIN", (verify::CRL_CHECK | verify::CRL_CHECK_ALL) as i64),
    ("VERIFY_X509_STRICT", verify::X509_STRICT as i64),
    ("VERIFY_ALLOW_PROXY_CERTS", verify::ALLOW_PROXY_CERTS as i64),
    ("VERIFY_X509_TRUSTED_FIRST", verify::TRUSTED_FIRST as i64),
    ("VERIFY_X509_PARTIAL_CHAIN", verify::PARTIAL_CHAIN as i64),
    ("PROTOCOL_SSLv23", protocol::TLS as i64),
    ("PROTOCOL_TLS", protocol::TLS as i64),
    ("PROTOCOL_TLS_CLIENT", protocol::TLS_CLIENT as i64),
    ("PROTOCOL_TLS_SERVER", protocol::TLS_SERVER as i64),
    ("PROTOCOL_TLSv1", 3),
    ("PROTOCOL_TLSv1_1", 4),
    ("PROTOCOL_TLSv1_2", protocol::TLS1_2 as i64),
    ("OP_ALL", option::ALL as i64),
    ("OP_NO_SSLv2", 0),
    ("OP_NO_SSLv3", option::NO_SSL3 as i64),
    ("OP_NO_TLSv1", option::NO_TLS1 as i64),
    ("OP_NO_TLSv1_1", option::NO_TLS1_1 as i64),
    ("OP_NO_TLSv1_2", option::NO_TLS1_2 as i64),
    ("OP_NO_TLSv1_3", option::NO_TLS1_3 as i64),
    ("OP_CIPHER_SERVER_PREFERENCE", option::CIPHER_SERVER_PREFERENCE as i64),
    ("OP_SINGLE_DH_USE", 0),
    ("OP_NO_TICKET", option::NO_TICKET as i64),
    ("OP_LEGACY_SERVER_CONNECT", option::LEGACY_SERVER_CONNECT as i64),
    ("OP_SINGLE_ECDH_USE", 0),
    ("OP_NO_COMPRESSION", option::NO_COMPRESSION as i64),
    ("OP_ENABLE_MIDDLEBOX_COMPAT", option::ENABLE_MIDDLEBOX_COMPAT as i64),
    ("OP_NO_RENEGOTIATION", option::NO_RENEGOTIATION as i64),
    ("OP_IGNORE_UNEXPECTED_EOF", option::IGNORE_UNEXPECTED_EOF as i64),
    ("OP_ENABLE_KTLS", option::ENABLE_KTLS as i64),
    ("HOSTFLAG_ALWAYS_CHECK_SUBJECT", host::ALWAYS_CHECK_SUBJECT as i64),
    ("HOSTFLAG_NEVER_CHECK_SUBJECT", host::NEVER_CHECK_SUBJECT as i64),
    ("HOSTFLAG_NO_WILDCARDS", host::NO_WILDCARDS as i64),
    ("HOSTFLAG_NO_PARTIAL_WILDCARDS", host::NO_PARTIAL_WILDCARDS as i64),
    ("HOSTFLAG_MULTI_LABEL_WILDCARDS", host::MULTI_LABEL_WILDCARDS as i64),
    ("HOSTFLAG_SINGLE_LABEL_SUBDOMAINS", host::SINGLE_LABEL_SUBDOMAINS as i64),
    ("ENCODING_PEM", 1),
    ("ENCODING_DER", 2),
    ("PROTO_MINIMUM_SUPPORTED", version::MINIMUM as i64),
    ("PROTO_MAXIMUM_SUPPORTED", version::MAXIMUM as i64),
    ("PROTO_SSLv3", version::SSL3 as i64),
    ("PROTO_TLSv1", 0x301),
    ("PROTO_TLSv1_1", 0x302),
    ("PROTO_TLSv1_2", version::TLS1_2 as i64),
    ("PROTO_TLSv1_3", version::TLS1_3 as i64),
    ("ALERT_DESCRIPTION_CLOSE_NOTIFY", 0),
    ("ALERT_DESCRIPTION_UNEXPECTED_MESSAGE", 10),
    ("ALERT_DESCRIPTION_BAD_RECORD_MAC", 20),
    ("ALERT_DESCRIPTION_RECORD_OVERFLOW", 22),
    ("ALERT_DESCRIPTION_DECOMPRESSION_FAILURE", 30),
    ("ALERT_DESCRIPTION_HANDSHAKE_FAILURE", 40),
    ("ALERT_DESCRIPTION_BAD_CERTIFICATE", 42),
    ("ALERT_DESCRIPTION_UNSUPPORTED_CERTIFICATE", 43),
    ("ALERT_DESCRIPTION_CERTIFICATE_REVOKED", 44),
    ("ALERT_DESCRIPTION_CERTIFICATE_EXPIRED", 45),
    ("ALERT_DESCRIPTION_CERTIFICATE_UNKNOWN", 46),
    ("ALERT_DESCRIPTION_ILLEGAL_PARAMETER", 47),
    ("ALERT_DESCRIPTION_UNKNOWN_CA", 48),
    ("ALERT_DESCRIPTION_ACCESS_DENIED", 49),
    ("ALERT_DESCRIPTION_DECODE_ERROR", 50),
    ("ALERT_DESCRIPTION_DECRYPT_ERROR", 51),
    ("ALERT_DESCRIPTION_PROTOCOL_VERSION", 70),
    ("ALERT_DESCRIPTION_INSUFFICIENT_SECURITY", 71),
    ("ALERT_DESCRIPTION_INTERNAL_ERROR", 80),
    ("ALERT_DESCRIPTION_USER_CANCELLED", 90),
    ("ALERT_DESCRIPTION_NO_RENEGOTIATION", 100),
    ("ALERT_DESCRIPTION_UNSUPPORTED_EXTENSION", 110),
    ("ALERT_DESCRIPTION_CERTIFICATE_UNOBTAINABLE", 111),
    ("ALERT_DESCRIPTION_UNRECOGNIZED_NAME", 112),
    ("ALERT_DESCRIPTION_BAD_CERTIFICATE_STATUS_RESPONSE", 113),
    ("ALERT_DESCRIPTION_BAD_CERTIFICATE_HASH_VALUE", 114),
    ("ALERT_DESCRIPTION_UNKNOWN_PSK_IDENTITY", 115),
];

static SWITCHES: &[(&str, bool)] = &[
    ("HAS_SNI", true),
    ("HAS_TLS_UNIQUE", false),
    ("HAS_ECDH", true),
    ("HAS_NPN", false),
    ("HAS_ALPN", true),
    ("HAS_SSLv2", false),
    ("HAS_SSLv3", false),
    ("HAS_TLSv1", false),
    ("HAS_TLSv1_1", false),
    ("HAS_TLSv1_2", true),
    ("HAS_TLSv1_3", true),
    ("HAS_PSK", false),
    ("HAS_PHA", false),
];

pub(crate) fn add(cx: &mut Context, module: Gc<Module>) {
    let dict = module.dict();
    let put = |name: &str, value: Value| dict.set_str(cx, cx.intern(name), value);
    for (name, number) in NUMBERS {
        put(name, Value::int(*number));
    }
    for (name, on) in SWITCHES {
        put(name, Value::bool(*on));
    }
    let [major, minor, fix, patch, status] = VERSION;
    let number = major << 28 | minor << 20 | fix << 12 | patch << 4 | status;
    put("OPENSSL_VERSION_NUMBER", Value::int(number));
    for name in ["OPENSSL_VERSION_INFO", "_OPENSSL_API_VERSION"] {
        put(name, cx.new_tuple(&VERSION.map(Value::int)).value());
    }
    put("OPENSSL_VERSION", cx.new_str(VERSION_TEXT).value());
    put("_DEFAULT_CIPHERS", cx.new_str("ALL:!COMPLEMENTOFDEFAULT:!eNULL").value());
}
