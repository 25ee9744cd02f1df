//! A certificate, and what the checks of chains ask of it. CPython leaves these to OpenSSL's `X509`.
//!
//! Invariant: everything is taken out of the DER form once; what could not be read makes the certificate `malformed`, which fails
//! its verification.

use std::sync::Arc;

use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use rustls::pki_types::AlgorithmIdentifier;
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::prelude::{FromDer, X509Certificate};
use x509_parser::x509::X509Name;

/// Bits of a `KeyUsage`.
pub(crate) mod key_usage {
    pub(crate) const DIGITAL_SIGNATURE: u16 = 1;
    pub(crate) const KEY_ENCIPHERMENT: u16 = 1 << 2;
    pub(crate) const KEY_AGREEMENT: u16 = 1 << 4;
    pub(crate) const CERTIFICATE_SIGNING: u16 = 1 << 5;
    pub(crate) const CRL_SIGNING: u16 = 1 << 6;
}

/// A name in a certificate, of the kinds that are compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    Dns(Vec<u8>),
    Email(String),
    Uri(String),
    Ip(Vec<u8>),
    /// A directory name in its canonical form.
    Directory(Vec<u8>),
    Other,
}

/// Subtrees that a CA may sign for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Constraints {
    pub(crate) permitted: Vec<Name>,
    pub(crate) excluded: Vec<Name>,
}

/// The purposes of an extended key usage.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Purposes {
    pub(crate) server: bool,
    pub(crate) client: bool,
}

/// Marks and absences that only strict verification minds.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Marks {
    pub(crate) basic_constraints: bool,
    pub(crate) authority_key: bool,
    pub(crate) subject_key: bool,
    pub(crate) alternative_names: bool,
    pub(crate) has_alternative_names: bool,
}

/// A parsed certificate.
#[derive(Debug)]
pub(crate) struct Certificate {
    pub(crate) der: Vec<u8>,
    /// The canonical forms of the names, by which certificates are looked up.
    pub(crate) subject: Vec<u8>,
    pub(crate) issuer: Vec<u8>,
    pub(crate) serial: Vec<u8>,
    pub(crate) version: u32,
    pub(crate) not_before: i64,
    pub(crate) not_after: i64,
    pub(crate) has_extensions: bool,
    /// (is a CA, path length), where the extension is there.
    pub(crate) basic_constraints: Option<(bool, Option<u32>)>,
    pub(crate) key_usage: Option<u16>,
    pub(crate) purposes: Option<Purposes>,
    pub(crate) authority_key: Option<Vec<u8>>,
    pub(crate) subject_key: Option<Vec<u8>>,
    pub(crate) alternative_names: Vec<Name>,
    pub(crate) common_names: Vec<String>,
    /// E-mail addresses in the subject, which name constraints cover.
    pub(crate) subject_emails: Vec<String>,
    pub(crate) constraints: Option<Constraints>,
    pub(crate) unhandled_critical: bool,
    pub(crate) malformed: bool,
    pub(crate) marks: Marks,
    pub(crate) key: PublicKey,
    pub(crate) signature: Signature,
}

/// A subject's public key.
#[derive(Clone, Debug)]
pub(crate) struct PublicKey {
    /// The whole `SubjectPublicKeyInfo`.
    pub(crate) info: Vec<u8>,
    /// The content of its algorithm.
    pub(crate) algorithm: Vec<u8>,
    pub(crate) bits: Vec<u8>,
}

/// A signature and what it signs.
#[derive(Clone, Debug)]
pub(crate) struct Signature {
    pub(crate) algorithm: Vec<u8>,
    pub(crate) message: Vec<u8>,
    pub(crate) value: Vec<u8>,
}

impl Signature {
    /// Was it made with this key? `None` where the algorithm is unknown here.
    pub(crate) fn verify(&self, key: &PublicKey) -> Option<bool> {
        let known = rustls::crypto::ring::default_provider().signature_verification_algorithms;
        let mut tried = None;
        for algorithm in known.all {
            if is(algorithm.signature_alg_id(), &self.algorithm)
                && is(algorithm.public_key_alg_id(), &key.algorithm)
            {
                let good = algorithm.verify_signature(&key.bits, &self.message, &self.value).is_ok();
                tried = Some(good);
                if good {
                    break;
                }
            }
        }
        tried
    }
}

fn is(id: AlgorithmIdentifier, bytes: &[u8]) -> bool {
    id.as_ref() == bytes
}

impl PublicKey {
    /// Verifies a signature of a handshake with one of the algorithms that a scheme stands for.
    pub(crate) fn verifies(&self, scheme: rustls::SignatureScheme, message: &[u8], signature: &[u8]) -> bool {
        let known = rustls::crypto::ring::default_provider().signature_verification_algorithms;
        known.mapping.iter().filter(|row| row.0 == scheme).flat_map(|row| row.1).any(|algorithm| {
            is(algorithm.public_key_alg_id(), &self.algorithm)
                && algorithm.verify_signature(&self.bits, message, signature).is_ok()
        })
    }

    /// The size of an RSA key in bits.
    pub(crate) fn rsa_bits(&self) -> Option<usize> {
        const RSA: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
        if !self.algorithm.starts_with(RSA) {
            return None;
        }
        let (key, _) = element(&self.bits)?;
        let (modulus, _) = element(key.content)?;
        let digits: &[u8] = modulus.content;
        let first = digits.iter().position(|byte| *byte != 0)?;
        Some((digits.len() - first) * 8 - digits[first].leading_zeros() as usize)
    }
}

/// One element of DER.
#[derive(Clone, Copy)]
pub(crate) struct Element<'a> {
    pub(crate) tag: u8,
    pub(crate) content: &'a [u8],
    pub(crate) whole: &'a [u8],
}

/// The first element of `bytes`, and what follows it.
pub(crate) fn element(bytes: &[u8]) -> Option<(Element<'_>, &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let count = usize::from(first & 0x7f);
        if count == 0 || count > 4 || rest.len() < count {
            return None;
        }
        let (digits, rest) = rest.split_at(count);
        (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
    };
    if rest.len() < length {
        return None;
    }
    let (content, rest) = rest.split_at(length);
    Some((Element { tag, content, whole: &bytes[..bytes.len() - rest.len()] }, rest))
}

/// The elements inside `bytes`.
pub(crate) fn elements(mut bytes: &[u8]) -> Vec<Element<'_>> {
    let mut found = Vec::new();
    while let Some((next, rest)) = element(bytes) {
        found.push(next);
        bytes = rest;
    }
    found
}

/// The content of the algorithm and of the bit string of a signed structure, and the signed part.
pub(crate) fn signed(der: &[u8]) -> Option<Signature> {
    let (outer, _) = element(der)?;
    let parts = elements(outer.content);
    let [message, algorithm, value] = parts[..] else { return None };
    let (_, value) = value.content.split_first()?;
    Some(Signature {
        algorithm: algorithm.content.to_vec(),
        message: message.whole.to_vec(),
        value: value.to_vec(),
    })
}

fn public_key(info: &[u8]) -> Option<PublicKey> {
    let (outer, _) = element(info)?;
    let parts = elements(outer.content);
    let [algorithm, bits] = parts[..] else { return None };
    let (_, bits) = bits.content.split_first()?;
    Some(PublicKey { info: info.to_vec(), algorithm: algorithm.content.to_vec(), bits: bits.to_vec() })
}

/// The form in which OpenSSL compares names: strings in UTF-8, lower case, blanks collapsed (`x509_name_canon`).
pub(crate) fn canonical(name: &X509Name<'_>) -> Vec<u8> {
    let Some((outer, _)) = element(name.as_raw()) else { return name.as_raw().to_vec() };
    let mut canonical = Vec::new();
    for set in elements(outer.content) {
        let mut entries: Vec<Vec<u8>> = elements(set.content).iter().map(canonical_entry).collect();
        entries.sort();
        put(&mut canonical, 0x31, &entries.concat());
    }
    canonical
}

fn canonical_entry(entry: &Element<'_>) -> Vec<u8> {
    let mut whole = Vec::new();
    let parts = elements(entry.content);
    let [kind, value] = parts[..] else { return entry.whole.to_vec() };
    let mut content = kind.whole.to_vec();
    match text_of(value.tag, value.content) {
        Some(text) => {
            let words: Vec<&str> = text.split_ascii_whitespace().collect();
            put(&mut content, 0x0c, words.join(" ").to_ascii_lowercase().as_bytes());
        }
        None => content.extend_from_slice(value.whole),
    }
    put(&mut whole, 0x30, &content);
    whole
}

/// A string of one of the types of ASN.1; `None` for what is none.
pub(crate) fn text_of(tag: u8, content: &[u8]) -> Option<String> {
    match tag {
        0x0c | 0x12 | 0x13 | 0x16 | 0x1a => Some(match std::str::from_utf8(content) {
            Ok(text) => text.to_owned(),
            Err(_) => content.iter().map(|byte| char::from(*byte)).collect(),
        }),
        0x14 => Some(content.iter().map(|byte| char::from(*byte)).collect()),
        0x1e => {
            let units = content.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            Some(char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect())
        }
        0x1c => {
            let units = content.chunks_exact(4).map(|q| u32::from_be_bytes([q[0], q[1], q[2], q[3]]));
            Some(units.map(|unit| char::from_u32(unit).unwrap_or('\u{fffd}')).collect())
        }
        _ => None,
    }
}

fn put(out: &mut Vec<u8>, tag: u8, content: &[u8]) {
    out.push(tag);
    match content.len() {
        length @ 0..0x80 => out.push(length as u8),
        length @ 0x80..0x100 => out.extend([0x81, length as u8]),
        length => out.extend([0x82, (length >> 8) as u8, length as u8]),
    }
    out.extend_from_slice(content);
}

/// The number that names of files in a directory of certificates have (`X509_NAME_hash`).
pub(crate) fn name_hash(canonical: &[u8]) -> u32 {
    let hash = digest(&SHA1_FOR_LEGACY_USE_ONLY, canonical);
    let bytes = hash.as_ref();
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

fn name_of(name: &GeneralName<'_>) -> Name {
    match name {
        GeneralName::DNSName(name) => Name::Dns(name.as_bytes().to_vec()),
        GeneralName::RFC822Name(name) => Name::Email((*name).to_owned()),
        GeneralName::URI(name) => Name::Uri((*name).to_owned()),
        GeneralName::IPAddress(bytes) => Name::Ip(bytes.to_vec()),
        GeneralName::DirectoryName(name) => Name::Directory(canonical(name)),
        _ => Name::Other,
    }
}

impl Certificate {
    /// Reads one certificate that takes all of `der`; what follows it is left.
    pub(crate) fn parse(der: &[u8]) -> Option<Arc<Certificate>> {
        let (rest, parsed) = X509Certificate::from_der(der).ok()?;
        let der = &der[..der.len() - rest.len()];
        let tbs = &parsed.tbs_certificate;
        let mut certificate = Certificate {
            der: der.to_vec(),
            subject: canonical(&tbs.subject),
            issuer: canonical(&tbs.issuer),
            serial: tbs.raw_serial().to_vec(),
            version: tbs.version.0 + 1,
            not_before: tbs.validity.not_before.timestamp(),
            not_after: tbs.validity.not_after.timestamp(),
            has_extensions: !tbs.extensions().is_empty(),
            basic_constraints: None,
            key_usage: None,
            purposes: None,
            authority_key: None,
            subject_key: None,
            alternative_names: Vec::new(),
            common_names: Vec::new(),
            subject_emails: Vec::new(),
            constraints: None,
            unhandled_critical: false,
            malformed: false,
            marks: Marks::default(),
            key: public_key(tbs.subject_pki.raw)?,
            signature: signed(der)?,
        };
        certificate.take_names(&tbs.subject);
        for extension in tbs.extensions() {
            certificate.take(extension.parsed_extension(), extension.critical);
        }
        Some(Arc::new(certificate))
    }

    fn take_names(&mut self, subject: &X509Name<'_>) {
        for attribute in subject.iter_attributes() {
            let value = attribute.attr_value();
            let Some(text) = text_of(value.tag().0 as u8, value.as_bytes()) else { continue };
            match attribute.attr_type().as_bytes() {
                [0x55, 4, 3] => self.common_names.push(text),
                [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1] => self.subject_emails.push(text),
                _ => {}
            }
        }
    }

    fn take(&mut self, extension: &ParsedExtension<'_>, critical: bool) {
        match extension {
            ParsedExtension::BasicConstraints(found) => {
                self.malformed |= self.basic_constraints.is_some();
                self.basic_constraints = Some((found.ca, found.path_len_constraint));
                self.marks.basic_constraints = critical;
            }
            ParsedExtension::KeyUsage(found) => self.key_usage = Some(found.flags),
            ParsedExtension::ExtendedKeyUsage(found) => {
                self.purposes = Some(Purposes { server: found.server_auth, client: found.client_auth });
            }
            ParsedExtension::AuthorityKeyIdentifier(found) => {
                self.authority_key =
                    Some(found.key_identifier.as_ref().map_or(Vec::new(), |id| id.0.to_vec()));
                self.marks.authority_key = critical;
            }
            ParsedExtension::SubjectKeyIdentifier(found) => {
                self.subject_key = Some(found.0.to_vec());
                self.marks.subject_key = critical;
            }
            ParsedExtension::SubjectAlternativeName(found) => {
                self.alternative_names = found.general_names.iter().map(name_of).collect();
                self.marks.alternative_names = critical;
                self.marks.has_alternative_names = true;
            }
            ParsedExtension::NameConstraints(found) => {
                let names = |trees: &Option<Vec<x509_parser::extensions::GeneralSubtree<'_>>>| {
                    trees.iter().flatten().map(|tree| name_of(&tree.base)).collect()
                };
                self.constraints = Some(Constraints {
                    permitted: names(&found.permitted_subtrees),
                    excluded: names(&found.excluded_subtrees),
                });
            }
            ParsedExtension::CertificatePolicies(_)
            | ParsedExtension::PolicyMappings(_)
            | ParsedExtension::PolicyConstraints(_)
            | ParsedExtension::InhibitAnyPolicy(_)
            | ParsedExtension::NSCertType(_)
            | ParsedExtension::CRLDistributionPoints(_) => {}
            ParsedExtension::ParseError { .. } => self.malformed = true,
            _ => self.unhandled_critical |= critical,
        }
    }

    pub(crate) fn is_self_issued(&self) -> bool {
        self.subject == self.issuer
    }

    /// Self-issued, and nothing says that another key signed it.
    pub(crate) fn is_self_signed(&self) -> bool {
        self.is_self_issued() && self.may_be_issued_by(self)
    }

    /// Do the names and key identifiers fit?
    pub(crate) fn may_be_issued_by(&self, issuer: &Certificate) -> bool {
        if self.issuer != issuer.subject {
            return false;
        }
        match (&self.authority_key, &issuer.subject_key) {
            (Some(wanted), Some(found)) => wanted.is_empty() || wanted == found,
            _ => true,
        }
    }

    /// What kind of CA it is (`X509_check_ca`): 0 is none.
    pub(crate) fn ca_kind(&self) -> i32 {
        if self.key_usage.is_some_and(|usage| usage & key_usage::CERTIFICATE_SIGNING == 0) {
            return 0;
        }
        match self.basic_constraints {
            Some((ca, _)) => i32::from(ca),
            None if self.version == 1 && self.is_self_signed() => 3,
            None if self.key_usage.is_some() => 4,
            None => 0,
        }
    }
}
