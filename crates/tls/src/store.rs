//! What a context trusts: certificates, revocation lists, and directories from which more are taken when they are needed.
//! OpenSSL: `X509_STORE` with its lookups by file and by directory.
//!
//! Invariant: a certificate is in the store once.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use x509_parser::prelude::{CertificateRevocationList, FromDer};

use crate::certificate::{Certificate, Signature, canonical, name_hash, signed};
use crate::pem;

/// A revocation list.
#[derive(Debug)]
pub(crate) struct RevocationList {
    pub(crate) issuer: Vec<u8>,
    pub(crate) last_update: i64,
    pub(crate) next_update: Option<i64>,
    pub(crate) revoked: Vec<Vec<u8>>,
    pub(crate) unhandled_critical: bool,
    pub(crate) signature: Signature,
    der: Vec<u8>,
}

impl RevocationList {
    pub(crate) fn parse(der: &[u8]) -> Option<Arc<RevocationList>> {
        let (rest, list) = CertificateRevocationList::from_der(der).ok()?;
        let der = &der[..der.len() - rest.len()];
        // The number and the key of the issuer are for the reader; what else is critical changes the meaning.
        let known = ["2.5.29.20", "2.5.29.35"];
        let critical = |extension: &x509_parser::extensions::X509Extension<'_>| {
            extension.critical && !known.contains(&extension.oid.to_id_string().as_str())
        };
        Some(Arc::new(RevocationList {
            issuer: canonical(list.issuer()),
            last_update: list.last_update().timestamp(),
            next_update: list.next_update().map(|time| time.timestamp()),
            revoked: list.iter_revoked_certificates().map(|entry| entry.raw_serial().to_vec()).collect(),
            unhandled_critical: list.extensions().iter().any(critical),
            signature: signed(der)?,
            der: der.to_vec(),
        }))
    }
}

#[derive(Debug, Default)]
struct Content {
    certificates: Vec<Arc<Certificate>>,
    by_subject: HashMap<Vec<u8>, Vec<Arc<Certificate>>>,
    lists: Vec<Arc<RevocationList>>,
    directories: Vec<PathBuf>,
    /// Names that the directories were searched for.
    searched: HashMap<Vec<u8>, ()>,
}

/// A store that its context and the connections share.
#[derive(Debug, Default)]
pub(crate) struct Store(Mutex<Content>);

impl Store {
    fn content(&self) -> MutexGuard<'_, Content> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn add(&self, certificate: Arc<Certificate>) {
        self.content().add(certificate);
    }

    pub(crate) fn add_list(&self, list: Arc<RevocationList>) {
        let mut content = self.content();
        if !content.lists.iter().any(|known| known.der == list.der) {
            content.lists.push(list);
        }
    }

    pub(crate) fn add_directory(&self, path: PathBuf) {
        let mut content = self.content();
        if !content.directories.contains(&path) {
            content.directories.push(path);
            content.searched.clear();
        }
    }

    /// Adds all certificates and revocation lists of a file in PEM form. `None` for a broken one, else how many there were.
    pub(crate) fn add_file(&self, text: &[u8]) -> Option<usize> {
        let mut count = 0;
        for section in pem::sections(text) {
            let section = section.ok()?;
            if section.is_certificate() {
                self.add(Certificate::parse(&section.content)?);
            } else if section.label == "X509 CRL" {
                self.add_list(RevocationList::parse(&section.content)?);
            } else {
                continue;
            }
            count += 1;
        }
        Some(count)
    }

    /// All that was loaded so far.
    pub(crate) fn certificates(&self) -> Vec<Arc<Certificate>> {
        self.content().certificates.clone()
    }

    pub(crate) fn count_lists(&self) -> usize {
        self.content().lists.len()
    }

    /// The trusted certificates of a subject.
    pub(crate) fn of_subject(&self, subject: &[u8]) -> Vec<Arc<Certificate>> {
        let mut content = self.content();
        content.search(subject);
        content.by_subject.get(subject).cloned().unwrap_or_default()
    }

    pub(crate) fn contains(&self, certificate: &Certificate) -> bool {
        self.of_subject(&certificate.subject).iter().any(|known| known.der == certificate.der)
    }

    /// The newest revocation list of an issuer.
    pub(crate) fn list_of(&self, issuer: &[u8]) -> Option<Arc<RevocationList>> {
        let mut content = self.content();
        content.search(issuer);
        content.lists.iter().filter(|list| list.issuer == issuer).max_by_key(|list| list.last_update).cloned()
    }
}

impl Content {
    fn add(&mut self, certificate: Arc<Certificate>) {
        let of_subject = self.by_subject.entry(certificate.subject.clone()).or_default();
        if !of_subject.iter().any(|known| known.der == certificate.der) {
            of_subject.push(certificate.clone());
            self.certificates.push(certificate);
        }
    }

    /// Loads what the directories have under the hash of a name: `HASH.0`, `HASH.1` and on, `HASH.r0` and on.
    fn search(&mut self, name: &[u8]) {
        if self.directories.is_empty() || self.searched.contains_key(name) {
            return;
        }
        self.searched.insert(name.to_vec(), ());
        let hash = name_hash(name);
        for directory in self.directories.clone() {
            for number in 0.. {
                let Ok(text) = std::fs::read(directory.join(format!("{hash:08x}.{number}"))) else { break };
                for section in pem::sections(&text).into_iter().flatten().filter(pem::Section::is_certificate)
                {
                    if let Some(certificate) = Certificate::parse(&section.content) {
                        self.add(certificate);
                    }
                }
            }
            for number in 0.. {
                let Ok(text) = std::fs::read(directory.join(format!("{hash:08x}.r{number}"))) else { break };
                for section in pem::sections(&text).into_iter().flatten().filter(|s| s.label == "X509 CRL") {
                    if let Some(list) = RevocationList::parse(&section.content) {
                        self.lists.push(list);
                    }
                }
            }
        }
    }
}
