//! Name constraints: what a CA may sign for. RFC 5280, 4.2.1.10; OpenSSL: `NAME_CONSTRAINTS_check`.
//!
//! Invariant: a constraint of a kind that is not understood refuses every name of the certificates below.

use std::borrow::Cow;
use std::sync::Arc;

use crate::certificate::{Certificate, Constraints, Name};
use crate::failure::Unverified;

type Verdict = Result<(), Unverified>;

fn fail(code: i32, message: &'static str) -> Verdict {
    Err(Unverified { code, message: Cow::Borrowed(message) })
}

/// Do the names of all certificates of a chain obey the constraints above them?
pub(crate) fn check(chain: &[Arc<Certificate>]) -> Verdict {
    for (at, certificate) in chain.iter().enumerate() {
        // A self-issued intermediate is not constrained.
        if at > 0 && certificate.is_self_issued() {
            continue;
        }
        for above in &chain[at + 1..] {
            if let Some(constraints) = &above.constraints {
                check_names(certificate, constraints, at == 0)?;
            }
        }
    }
    Ok(())
}

fn check_names(certificate: &Certificate, constraints: &Constraints, is_leaf: bool) -> Verdict {
    let mut names = certificate.alternative_names.clone();
    if !certificate.subject.is_empty() {
        names.push(Name::Directory(certificate.subject.clone()));
    }
    names.extend(certificate.subject_emails.iter().cloned().map(Name::Email));
    // A certificate without DNS names may be matched by its common name, so that is one.
    let has_dns = names.iter().any(|name| matches!(name, Name::Dns(_)));
    if is_leaf && !has_dns {
        let like_hosts = certificate.common_names.iter().filter(|name| name.contains('.'));
        names.extend(like_hosts.map(|name| Name::Dns(name.as_bytes().to_vec())));
    }
    for name in &names {
        if let Name::Uri(uri) = name
            && host_of(uri).is_none()
            && constraints.permitted.iter().chain(&constraints.excluded).any(|base| same_kind(base, name))
        {
            return fail(53, "unsupported or invalid name syntax");
        }
        let mut relevant = constraints.permitted.iter().filter(|base| same_kind(base, name)).peekable();
        if relevant.peek().is_some() && !relevant.any(|base| covers(base, name)) {
            return fail(47, "permitted subtree violation");
        }
        if constraints.excluded.iter().any(|base| same_kind(base, name) && covers(base, name)) {
            return fail(48, "excluded subtree violation");
        }
    }
    let unknown = |base: &Name| matches!(base, Name::Other);
    if constraints.permitted.iter().chain(&constraints.excluded).any(unknown) {
        return fail(51, "unsupported name constraint type");
    }
    Ok(())
}

fn same_kind(base: &Name, name: &Name) -> bool {
    std::mem::discriminant(base) == std::mem::discriminant(name)
}

fn covers(base: &Name, name: &Name) -> bool {
    match (base, name) {
        (Name::Dns(base), Name::Dns(name)) => covers_host(base, name),
        (Name::Email(base), Name::Email(name)) => covers_email(base, name),
        (Name::Uri(base), Name::Uri(name)) => match host_of(name) {
            Some(host) if base.starts_with('.') => ends_with(host.as_bytes(), base.as_bytes()),
            Some(host) => host.eq_ignore_ascii_case(base),
            None => false,
        },
        (Name::Ip(base), Name::Ip(name)) => {
            let (network, mask) = base.split_at(base.len() / 2);
            network.len() == name.len()
                && network
                    .iter()
                    .zip(mask)
                    .zip(name)
                    .all(|((network, mask), byte)| network & mask == byte & mask)
        }
        (Name::Directory(base), Name::Directory(name)) => name.starts_with(base),
        _ => false,
    }
}

fn ends_with(name: &[u8], end: &[u8]) -> bool {
    name.len() >= end.len() && name[name.len() - end.len()..].eq_ignore_ascii_case(end)
}

/// The host itself, or what lies below it.
fn covers_host(base: &[u8], name: &[u8]) -> bool {
    if base.is_empty() || name.eq_ignore_ascii_case(base) {
        return true;
    }
    ends_with(name, base) && (base[0] == b'.' || name[name.len() - base.len() - 1] == b'.')
}

fn covers_email(base: &str, name: &str) -> bool {
    let Some((local, host)) = name.rsplit_once('@') else { return false };
    match base.rsplit_once('@') {
        Some((wanted, base_host)) if !wanted.is_empty() => {
            wanted == local && base_host.eq_ignore_ascii_case(host)
        }
        Some((_, base_host)) => base_host.eq_ignore_ascii_case(host),
        None if base.starts_with('.') => ends_with(host.as_bytes(), base.as_bytes()),
        None => base.eq_ignore_ascii_case(host),
    }
}

fn host_of(uri: &str) -> Option<&str> {
    let (_, rest) = uri.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |parts| parts.1);
    let host = host.split(':').next()?;
    (!host.is_empty()).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::covers;
    use crate::certificate::Name;

    fn dns(name: &str) -> Name {
        Name::Dns(name.as_bytes().to_vec())
    }

    #[test]
    fn subtrees_are_whole_labels() {
        assert!(covers(&dns("example.com"), &dns("a.EXAMPLE.com")));
        assert!(covers(&dns("example.com"), &dns("example.com")));
        assert!(!covers(&dns("example.com"), &dns("badexample.com")));
        assert!(covers(&dns(".example.com"), &dns("a.example.com")));
        assert!(!covers(&dns(".example.com"), &dns("example.com")));
    }

    #[test]
    fn networks_are_masked() {
        let base = Name::Ip(vec![10, 0, 0, 0, 255, 0, 0, 0]);
        assert!(covers(&base, &Name::Ip(vec![10, 1, 2, 3])));
        assert!(!covers(&base, &Name::Ip(vec![11, 1, 2, 3])));
        assert!(!covers(&base, &Name::Ip(vec![0; 16])));
    }
}
