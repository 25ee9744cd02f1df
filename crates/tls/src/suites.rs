//! Cipher suites: their names in OpenSSL, and the language in which lists of them are written (`openssl-ciphers(1)`).
//!
//! Invariant: suites of TLS 1.3 are there whatever a list says.

use rustls::{CipherSuite, SupportedCipherSuite};

/// A suite as `get_ciphers` shows it.
#[derive(Debug)]
pub(crate) struct Suite {
    pub(crate) id: CipherSuite,
    pub(crate) name: &'static str,
    pub(crate) is_tls13: bool,
    pub(crate) authentication: &'static str,
    pub(crate) cipher: &'static str,
    pub(crate) bits: i32,
}

const fn tls13(id: CipherSuite, name: &'static str, cipher: &'static str, bits: i32) -> Suite {
    Suite { id, name, is_tls13: true, authentication: "any", cipher, bits }
}

const fn tls12(
    id: CipherSuite,
    name: &'static str,
    authentication: &'static str,
    cipher: &'static str,
    bits: i32,
) -> Suite {
    Suite { id, name, is_tls13: false, authentication, cipher, bits }
}

const AES: &str = "AESGCM";
const CHACHA: &str = "CHACHA20/POLY1305";

/// All suites, the most wanted first.
pub(crate) static SUITES: [Suite; 9] = [
    tls13(CipherSuite::TLS13_AES_256_GCM_SHA384, "TLS_AES_256_GCM_SHA384", AES, 256),
    tls13(CipherSuite::TLS13_CHACHA20_POLY1305_SHA256, "TLS_CHACHA20_POLY1305_SHA256", CHACHA, 256),
    tls13(CipherSuite::TLS13_AES_128_GCM_SHA256, "TLS_AES_128_GCM_SHA256", AES, 128),
    tls12(
        CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        "ECDHE-ECDSA-AES256-GCM-SHA384",
        "ECDSA",
        AES,
        256,
    ),
    tls12(CipherSuite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, "ECDHE-RSA-AES256-GCM-SHA384", "RSA", AES, 256),
    tls12(
        CipherSuite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        "ECDHE-ECDSA-CHACHA20-POLY1305",
        "ECDSA",
        CHACHA,
        256,
    ),
    tls12(
        CipherSuite::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        "ECDHE-RSA-CHACHA20-POLY1305",
        "RSA",
        CHACHA,
        256,
    ),
    tls12(
        CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        "ECDHE-ECDSA-AES128-GCM-SHA256",
        "ECDSA",
        AES,
        128,
    ),
    tls12(CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, "ECDHE-RSA-AES128-GCM-SHA256", "RSA", AES, 128),
];

impl Suite {
    pub(crate) fn protocol(&self) -> &'static str {
        if self.is_tls13 { "TLSv1.3" } else { "TLSv1.2" }
    }

    pub(crate) fn number(&self) -> u32 {
        0x0300_0000 | u32::from(u16::from(self.id))
    }

    /// As `SSL_CIPHER_description` lays it out.
    pub(crate) fn description(&self) -> String {
        let exchange = if self.is_tls13 { "any" } else { "ECDH" };
        let cipher = format!("{}({})", self.cipher, self.bits);
        format!(
            "{:<30} {:<7} Kx={:<8} Au={:<5} Enc={:<22} Mac=AEAD",
            self.name,
            self.protocol(),
            exchange,
            self.authentication,
            cipher
        )
    }

    pub(crate) fn symmetric(&self) -> String {
        match self.cipher {
            AES => format!("aes-{}-gcm", self.bits),
            _ => "chacha20-poly1305".to_owned(),
        }
    }

    pub(crate) fn exchange(&self) -> &'static str {
        if self.is_tls13 { "kx-any" } else { "kx-ecdhe" }
    }

    pub(crate) fn authentication(&self) -> String {
        format!("auth-{}", self.authentication.to_ascii_lowercase())
    }

    /// Is it one of those that a word of a list names?
    fn is(&self, word: &str) -> bool {
        match word {
            "ALL" | "HIGH" | "DEFAULT" | "COMPLEMENTOFALL" => word != "COMPLEMENTOFALL",
            "ECDHE" | "EECDH" | "kECDHE" | "kEECDH" | "ECDH" | "FIPS" => word != "FIPS" || self.cipher == AES,
            "ECDSA" | "aECDSA" => self.authentication == "ECDSA",
            "aRSA" => self.authentication == "RSA",
            "AES" | "AESGCM" => self.cipher == AES,
            "AES128" => self.cipher == AES && self.bits == 128,
            "AES256" => self.cipher == AES && self.bits == 256,
            "CHACHA20" => self.cipher == CHACHA,
            "TLSv1.2" => true,
            // Digests are those of the message codes, and these suites have none.
            _ => word == self.name,
        }
    }
}

/// The suite that a connection uses.
pub(crate) fn of_connection(suite: SupportedCipherSuite) -> Option<&'static Suite> {
    of_id(suite.suite())
}

pub(crate) fn of_id(id: CipherSuite) -> Option<&'static Suite> {
    SUITES.iter().find(|suite| suite.id == id)
}

/// The suites of a list, `None` where it selects none of TLS 1.2.
pub(crate) fn select(list: &str) -> Option<Vec<&'static Suite>> {
    let all: Vec<&'static Suite> = SUITES.iter().filter(|suite| !suite.is_tls13).collect();
    let mut chosen: Vec<&'static Suite> = Vec::new();
    let mut banned: Vec<&'static str> = Vec::new();
    for word in list.split([':', ',', ' ', ';']).filter(|word| !word.is_empty()) {
        if word == "@STRENGTH" {
            chosen.sort_by_key(|suite| -suite.bits);
            continue;
        }
        if word.starts_with('@') {
            continue;
        }
        let (action, names) = match word.as_bytes()[0] {
            sign @ (b'!' | b'-' | b'+') => (sign, &word[1..]),
            _ => (b' ', word),
        };
        let names: Vec<&str> = names.split('+').collect();
        let fits = |suite: &&'static Suite| names.iter().all(|name| suite.is(name));
        match action {
            b'!' => {
                banned.extend(all.iter().filter(|suite| fits(suite)).map(|suite| suite.name));
                chosen.retain(|suite| !fits(suite));
            }
            b'-' => chosen.retain(|suite| !fits(suite)),
            b'+' => {
                let (moved, mut kept): (Vec<_>, Vec<_>) = chosen.into_iter().partition(|suite| fits(suite));
                kept.extend(moved);
                chosen = kept;
            }
            _ => {
                for suite in all.iter().copied().filter(fits) {
                    let is_new = !chosen.iter().any(|known| known.name == suite.name);
                    if is_new && !banned.contains(&suite.name) {
                        chosen.push(suite);
                    }
                }
            }
        }
    }
    (!chosen.is_empty()).then_some(chosen)
}

/// All suites that a fresh context offers below TLS 1.3.
pub(crate) fn default() -> Vec<&'static Suite> {
    SUITES.iter().filter(|suite| !suite.is_tls13).collect()
}

#[cfg(test)]
mod tests {
    use super::{SUITES, select};

    fn names(list: &str) -> Vec<&'static str> {
        select(list).map_or(Vec::new(), |suites| suites.iter().map(|suite| suite.name).collect())
    }

    #[test]
    fn lists_select() {
        assert_eq!(names("ALL").len(), 6);
        assert_eq!(names("DEFAULT:!aRSA").len(), 3);
        assert_eq!(names("ECDHE+AESGCM")[0], "ECDHE-ECDSA-AES256-GCM-SHA384");
        assert_eq!(names("ECDHE-RSA-AES128-GCM-SHA256"), ["ECDHE-RSA-AES128-GCM-SHA256"]);
        assert!(names("foo").is_empty() && names("").is_empty() && names("ALL:!ALL").is_empty());
        assert_eq!(names("ALL:!AES128:AES128").len(), 4);
    }

    #[test]
    fn descriptions_have_columns() {
        let text = SUITES[0].description();
        assert_eq!(
            text,
            "TLS_AES_256_GCM_SHA384         TLSv1.3 Kx=any      Au=any   Enc=AESGCM(256)            Mac=AEAD"
        );
    }
}
