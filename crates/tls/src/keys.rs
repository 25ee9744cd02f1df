//! Private keys in PEM form, encrypted or not, and the certificates that they belong to.
//!
//! Invariant: a password is asked for only where a key is encrypted.

use std::sync::Arc;

use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockDecryptMut, KeyIvInit};
use md5::{Digest, Md5};
use rustls::SignatureScheme;
use rustls::pki_types::{
    CertificateDer, PrivateKeyDer, PrivatePkcs1KeyDer, PrivatePkcs8KeyDer, PrivateSec1KeyDer,
};
use rustls::server::ClientHello;
use rustls::sign::{CertifiedKey, SigningKey};

use crate::certificate::Certificate;
use crate::pem::Section;
use crate::store::Store;

/// Is the key encrypted, in either of the two ways?
pub(crate) fn is_encrypted(section: &Section<'_>) -> bool {
    section.label == "ENCRYPTED PRIVATE KEY"
        || section.header("Proc-Type").is_some_and(|kind| kind.ends_with("ENCRYPTED"))
}

/// The key of a section. `None` where it cannot be read, or the password is wrong.
pub(crate) fn read(section: &Section<'_>, password: &[u8]) -> Option<PrivateKeyDer<'static>> {
    let mut der = section.content.clone();
    if let Some(information) = section.header("DEK-Info") {
        der = decrypt_traditional(information, &der, password)?;
    }
    match section.label {
        "PRIVATE KEY" => Some(PrivatePkcs8KeyDer::from(der).into()),
        "RSA PRIVATE KEY" => Some(PrivatePkcs1KeyDer::from(der).into()),
        "EC PRIVATE KEY" => Some(PrivateSec1KeyDer::from(der).into()),
        "ENCRYPTED PRIVATE KEY" => {
            let encrypted = pkcs8::EncryptedPrivateKeyInfo::try_from(der.as_slice()).ok()?;
            let plain = encrypted.decrypt(password).ok()?;
            Some(PrivatePkcs8KeyDer::from(plain.as_bytes().to_vec()).into())
        }
        _ => None,
    }
}

/// What can sign with a key; `None` where it is of a kind that is not supported.
pub(crate) fn signing_key(key: PrivateKeyDer<'static>) -> Option<Arc<dyn SigningKey>> {
    rustls::crypto::ring::default_provider().key_provider.load_private_key(key).ok()
}

/// RFC 1421 as OpenSSL has it: the key is made of MD5 of the password and the first bytes of the initial vector.
fn decrypt_traditional(information: &str, content: &[u8], password: &[u8]) -> Option<Vec<u8>> {
    let (cipher, vector) = information.split_once(',')?;
    let vector = data_encoding::HEXUPPER_PERMISSIVE.decode(vector.trim().as_bytes()).ok()?;
    let salt = vector.get(..8)?;
    let length = match cipher.trim() {
        "AES-128-CBC" => 16,
        "AES-192-CBC" | "DES-EDE3-CBC" => 24,
        "AES-256-CBC" => 32,
        _ => return None,
    };
    let key = traditional_key(password, salt, length);
    match cipher.trim() {
        "AES-128-CBC" => decrypt::<cbc::Decryptor<aes::Aes128>>(&key, &vector, content),
        "AES-192-CBC" => decrypt::<cbc::Decryptor<aes::Aes192>>(&key, &vector, content),
        "AES-256-CBC" => decrypt::<cbc::Decryptor<aes::Aes256>>(&key, &vector, content),
        _ => decrypt::<cbc::Decryptor<des::TdesEde3>>(&key, &vector, content),
    }
}

fn decrypt<D: KeyIvInit + BlockDecryptMut>(key: &[u8], vector: &[u8], content: &[u8]) -> Option<Vec<u8>> {
    D::new_from_slices(key, vector).ok()?.decrypt_padded_vec_mut::<Pkcs7>(content).ok()
}

/// `EVP_BytesToKey` with MD5 and one round.
fn traditional_key(password: &[u8], salt: &[u8], length: usize) -> Vec<u8> {
    let mut key: Vec<u8> = Vec::new();
    let mut last = Vec::new();
    while key.len() < length {
        let mut hash = Md5::new();
        hash.update(&last);
        hash.update(password);
        hash.update(salt);
        last = hash.finalize().to_vec();
        key.extend_from_slice(&last);
    }
    key.truncate(length);
    key
}

/// The certificates that a context presents, one chain for each kind of key.
#[derive(Clone, Debug, Default)]
pub(crate) struct Identities(Vec<Arc<CertifiedKey>>);

impl Identities {
    /// Adds a chain, in the place of one whose key is of the same kind.
    pub(crate) fn add(&mut self, chain: Vec<Vec<u8>>, key: Arc<dyn SigningKey>) {
        let kind = key.algorithm();
        self.0.retain(|known| known.key.algorithm() != kind);
        let chain = chain.into_iter().map(CertificateDer::from).collect();
        self.0.push(Arc::new(CertifiedKey::new(chain, key)));
    }

    /// The same with the authorities that the store knows behind certificates that stand alone.
    pub(crate) fn completed(&self, store: &Store) -> Identities {
        Identities(self.0.iter().map(|known| complete(known, store)).collect())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn fitting(&self, schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.0.iter().find(|known| known.key.choose_scheme(schemes).is_some()).cloned()
    }
}

fn complete(known: &Arc<CertifiedKey>, store: &Store) -> Arc<CertifiedKey> {
    let [alone] = &known.cert[..] else { return known.clone() };
    let mut chain = vec![alone.clone()];
    let mut last = Certificate::parse(alone);
    while let Some(certificate) = last {
        if certificate.is_self_signed() || chain.len() > 10 {
            break;
        }
        let issuers = store.of_subject(&certificate.issuer);
        last = issuers.into_iter().find(|issuer| certificate.may_be_issued_by(issuer));
        chain.extend(last.iter().map(|issuer| CertificateDer::from(issuer.der.clone())));
    }
    Arc::new(CertifiedKey::new(chain, known.key.clone()))
}

impl rustls::client::ResolvesClientCert for Identities {
    fn resolve(&self, _hints: &[&[u8]], schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.fitting(schemes)
    }

    fn has_certs(&self) -> bool {
        !self.is_empty()
    }
}

impl rustls::server::ResolvesServerCert for Identities {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.fitting(hello.signature_schemes())
    }
}
