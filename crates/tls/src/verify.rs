//! Is a peer's certificate to be trusted? RFC 5280, in the order and the words of OpenSSL's `X509_verify_cert`.
//!
//! Invariant: a chain is good only if every check below has passed; what a check does not understand fails it.

use std::borrow::Cow;
use std::sync::Arc;

use crate::certificate::{Certificate, key_usage};
use crate::constraints;
use crate::failure::Unverified;
use crate::hostname;
use crate::store::Store;

/// Longest chain.
const DEPTH: usize = 100;
/// The smallest RSA key of security level 2.
const RSA_BITS: usize = 2048;

/// `X509_V_FLAG_*`.
pub(crate) mod flag {
    pub(crate) const CRL_CHECK: u64 = 0x4;
    pub(crate) const CRL_CHECK_ALL: u64 = 0x8;
    pub(crate) const X509_STRICT: u64 = 0x20;
    pub(crate) const ALLOW_PROXY_CERTS: u64 = 0x40;
    pub(crate) const TRUSTED_FIRST: u64 = 0x8000;
    pub(crate) const PARTIAL_CHAIN: u64 = 0x80000;
}

/// Who presented the certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Server,
    Client,
}

/// Whom the certificate is to name.
#[derive(Clone, Debug)]
pub(crate) enum Host {
    Any,
    Name(String),
    Address(Vec<u8>, String),
}

/// What is asked of a chain.
pub(crate) struct Demand<'a> {
    pub(crate) store: &'a Store,
    pub(crate) flags: u64,
    pub(crate) host_flags: u32,
    pub(crate) role: Role,
    pub(crate) host: Host,
    /// Seconds since 1970.
    pub(crate) now: i64,
}

type Verdict<T = ()> = std::result::Result<T, Unverified>;

fn fail<T>(code: i32, message: impl Into<Cow<'static, str>>) -> Verdict<T> {
    Err(Unverified { code, message: message.into() })
}

/// The chain from `leaf` to a trust anchor.
pub(crate) fn verify(
    demand: &Demand<'_>,
    leaf: Arc<Certificate>,
    others: &[Arc<Certificate>],
) -> Verdict<Vec<Arc<Certificate>>> {
    let chain = build(demand, leaf, others)?;
    check_extensions(demand, &chain)?;
    check_strength(&chain)?;
    check_host(demand, &chain[0])?;
    check_revocation(demand, &chain)?;
    check_signatures(demand, &chain)?;
    constraints::check(&chain)?;
    Ok(chain)
}

/// Adds issuers until one is trusted.
fn build(
    demand: &Demand<'_>,
    leaf: Arc<Certificate>,
    others: &[Arc<Certificate>],
) -> Verdict<Vec<Arc<Certificate>>> {
    let partial = demand.flags & flag::PARTIAL_CHAIN != 0;
    let mut chain = vec![leaf];
    loop {
        let last = chain[chain.len() - 1].clone();
        let self_signed = last.is_self_signed();
        if (partial || self_signed) && demand.store.contains(&last) {
            return Ok(chain);
        }
        if self_signed {
            return match chain.len() {
                1 => fail(18, "self-signed certificate"),
                _ => fail(19, "self-signed certificate in certificate chain"),
            };
        }
        if chain.len() > DEPTH {
            return fail(22, "certificate chain too long");
        }
        let trusted = demand.store.of_subject(&last.issuer);
        let Some(issuer) =
            issuer_among(demand, &chain, &trusted).or_else(|| issuer_among(demand, &chain, others))
        else {
            // A trusted certificate whose own issuer is not there.
            return match chain.len() > 1 && demand.store.contains(&last) {
                true => fail(2, "unable to get issuer certificate"),
                false => fail(20, "unable to get local issuer certificate"),
            };
        };
        chain.push(issuer);
    }
}

/// The best issuer of the chain's end: one whose key made the signature, valid now, and not in the chain already.
fn issuer_among(
    demand: &Demand<'_>,
    chain: &[Arc<Certificate>],
    candidates: &[Arc<Certificate>],
) -> Option<Arc<Certificate>> {
    let last = &chain[chain.len() - 1];
    candidates
        .iter()
        .filter(|issuer| last.may_be_issued_by(issuer) && !chain.iter().any(|known| known.der == issuer.der))
        .max_by_key(|issuer| {
            let signed = last.signature.verify(&issuer.key) == Some(true);
            (signed, in_time(issuer, demand.now), issuer.not_after)
        })
        .cloned()
}

fn in_time(certificate: &Certificate, now: i64) -> bool {
    (certificate.not_before..=certificate.not_after).contains(&now)
}

/// Extensions, purposes and path lengths (`check_extensions`).
fn check_extensions(demand: &Demand<'_>, chain: &[Arc<Certificate>]) -> Verdict {
    let mut path_length = 0;
    for (at, certificate) in chain.iter().enumerate() {
        let is_leaf = at == 0;
        if certificate.unhandled_critical {
            return fail(34, "unhandled critical extension");
        }
        if certificate.malformed {
            return fail(41, "invalid or inconsistent certificate extension");
        }
        let ca = certificate.ca_kind();
        let strict = demand.flags & flag::X509_STRICT != 0;
        if !is_leaf && (ca == 0 || strict && ca != 1) {
            return fail(79, "invalid CA certificate");
        }
        if strict && chain.len() > 1 {
            check_strictly(certificate, chain.len(), at)?;
        }
        check_purpose(certificate, demand.role, is_leaf)?;
        if !is_leaf
            && let Some((_, Some(limit))) = certificate.basic_constraints
            && path_length > limit
        {
            return fail(25, "path length constraint exceeded");
        }
        // Self-issued intermediates do not count.
        if !is_leaf && !certificate.is_self_issued() {
            path_length += 1;
        }
    }
    Ok(())
}

fn check_purpose(certificate: &Certificate, role: Role, is_leaf: bool) -> Verdict {
    let allowed = certificate.purposes.is_none_or(|purposes| match role {
        Role::Server => purposes.server,
        Role::Client => purposes.client,
    });
    let usage = match role {
        Role::Server => key_usage::DIGITAL_SIGNATURE | key_usage::KEY_ENCIPHERMENT | key_usage::KEY_AGREEMENT,
        Role::Client => key_usage::DIGITAL_SIGNATURE | key_usage::KEY_AGREEMENT,
    };
    let usable = !is_leaf || certificate.key_usage.is_none_or(|found| found & usage != 0);
    if allowed && usable { Ok(()) } else { fail(26, "unsuitable certificate purpose") }
}

/// What RFC 5280 asks for and OpenSSL wants only of those who ask for it.
fn check_strictly(certificate: &Certificate, length: usize, at: usize) -> Verdict {
    let signs = certificate.key_usage.is_some_and(|usage| usage & key_usage::CERTIFICATE_SIGNING != 0);
    let (is_ca, path_length) = certificate.basic_constraints.unwrap_or((false, None));
    let marks = certificate.marks;
    if path_length.is_some() && !is_ca {
        return fail(80, "Path length invalid for non-CA cert");
    }
    if path_length.is_some() && certificate.key_usage.is_some() && !signs {
        return fail(81, "Path length given without key usage keyCertSign");
    }
    if is_ca && !marks.basic_constraints {
        return fail(89, "Basic Constraints of CA cert not marked critical");
    }
    if is_ca && certificate.key_usage.is_none() {
        return fail(92, "CA cert does not include key usage extension");
    }
    if !is_ca && signs {
        return fail(82, "Key usage keyCertSign invalid for non-CA cert");
    }
    if certificate.issuer.is_empty() {
        return fail(83, "Issuer name empty");
    }
    if certificate.subject.is_empty() && (is_ca || signs || !marks.has_alternative_names) {
        return fail(84, "Subject name empty");
    }
    if certificate.subject.is_empty() && !marks.alternative_names {
        return fail(88, "Subject empty and Subject Alt Name extension not critical");
    }
    if marks.has_alternative_names && certificate.alternative_names.is_empty() {
        return fail(87, "Empty Subject Alternative Name extension");
    }
    if certificate.authority_key.is_some() && marks.authority_key {
        return fail(90, "Authority Key Identifier marked critical");
    }
    if certificate.subject_key.is_some() && marks.subject_key {
        return fail(91, "Subject Key Identifier marked critical");
    }
    if certificate.version >= 3 {
        let is_root = at + 1 == length && certificate.is_self_signed();
        if !is_root && certificate.authority_key.as_ref().is_none_or(Vec::is_empty) {
            return fail(85, "Missing Authority Key Identifier");
        }
        if is_ca && certificate.subject_key.is_none() {
            return fail(86, "Missing Subject Key Identifier");
        }
    } else if certificate.has_extensions {
        return fail(93, "Using cert extension requires at least X509v3");
    }
    Ok(())
}

/// Keys and digests that are too weak (`check_auth_level`).
fn check_strength(chain: &[Arc<Certificate>]) -> Verdict {
    for (at, certificate) in chain.iter().enumerate() {
        if certificate.key.rsa_bits().is_some_and(|bits| bits < RSA_BITS) {
            return match at {
                0 => fail(66, "EE certificate key too weak"),
                _ => fail(67, "CA certificate key too weak"),
            };
        }
        let is_anchor = at + 1 == chain.len();
        if !is_anchor && is_weak(&certificate.signature.algorithm) {
            return fail(68, "CA signature digest algorithm too weak");
        }
    }
    Ok(())
}

/// MD5 or SHA-1 under RSA or ECDSA.
fn is_weak(algorithm: &[u8]) -> bool {
    const RSA: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01];
    const ECDSA_SHA1: &[u8] = &[0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01];
    algorithm.starts_with(ECDSA_SHA1)
        || algorithm.strip_prefix(RSA).is_some_and(|rest| matches!(rest.first(), Some(2..=5)))
}

fn check_host(demand: &Demand<'_>, leaf: &Certificate) -> Verdict {
    match &demand.host {
        Host::Name(host) if !hostname::names_host(leaf, host, demand.host_flags) => {
            fail(62, format!("Hostname mismatch, certificate is not valid for '{host}'."))
        }
        Host::Address(address, host) if !hostname::names_address(leaf, address) => {
            fail(64, format!("IP address mismatch, certificate is not valid for '{host}'."))
        }
        _ => Ok(()),
    }
}

/// Revocation lists, of the leaf or of all.
fn check_revocation(demand: &Demand<'_>, chain: &[Arc<Certificate>]) -> Verdict {
    if demand.flags & flag::CRL_CHECK == 0 {
        return Ok(());
    }
    let all = demand.flags & flag::CRL_CHECK_ALL != 0;
    for (at, certificate) in chain.iter().enumerate().take(if all { chain.len() } else { 1 }) {
        let Some(list) = demand.store.list_of(&certificate.issuer) else {
            return fail(3, "unable to get certificate CRL");
        };
        let issuer = chain.get(at + 1).unwrap_or(&chain[chain.len() - 1]);
        if issuer.key_usage.is_some_and(|usage| usage & key_usage::CRL_SIGNING == 0) {
            return fail(35, "key usage does not include CRL signing");
        }
        if list.unhandled_critical {
            return fail(36, "unhandled critical CRL extension");
        }
        if list.last_update > demand.now {
            return fail(11, "CRL is not yet valid");
        }
        if list.next_update.is_some_and(|next| next < demand.now) {
            return fail(12, "CRL has expired");
        }
        if list.signature.verify(&issuer.key) != Some(true) {
            return fail(8, "CRL signature failure");
        }
        if list.revoked.contains(&certificate.serial) {
            return fail(23, "certificate revoked");
        }
    }
    Ok(())
}

/// Signatures and times, from the anchor down (`internal_verify`). What an anchor says of itself is not verified.
fn check_signatures(demand: &Demand<'_>, chain: &[Arc<Certificate>]) -> Verdict {
    for (at, certificate) in chain.iter().enumerate().rev() {
        if let Some(issuer) = chain.get(at + 1)
            && certificate.signature.verify(&issuer.key) != Some(true)
        {
            return fail(7, "certificate signature failure");
        }
        if demand.now < certificate.not_before {
            return fail(9, "certificate is not yet valid or the system clock is incorrect");
        }
        if demand.now > certificate.not_after {
            return fail(10, "certificate has expired");
        }
    }
    Ok(())
}
