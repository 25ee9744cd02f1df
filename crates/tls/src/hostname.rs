//! Does a certificate name a host? OpenSSL: `X509_check_host` and `X509_check_ip`.
//!
//! Invariant: names are compared as bytes, so that a zero byte in one ends nothing.

use crate::certificate::{Certificate, Name};

/// `X509_CHECK_FLAG_*`.
pub(crate) mod flag {
    pub(crate) const ALWAYS_CHECK_SUBJECT: u32 = 1;
    pub(crate) const NO_WILDCARDS: u32 = 2;
    pub(crate) const NO_PARTIAL_WILDCARDS: u32 = 4;
    pub(crate) const MULTI_LABEL_WILDCARDS: u32 = 8;
    pub(crate) const SINGLE_LABEL_SUBDOMAINS: u32 = 16;
    pub(crate) const NEVER_CHECK_SUBJECT: u32 = 32;
}

/// Is the certificate one of the host's?
pub(crate) fn names_host(certificate: &Certificate, host: &str, flags: u32) -> bool {
    let mut has_names = false;
    for name in &certificate.alternative_names {
        if let Name::Dns(pattern) = name {
            has_names = true;
            if matches(pattern, host.as_bytes(), flags) {
                return true;
            }
        }
    }
    if flags & flag::NEVER_CHECK_SUBJECT != 0 || has_names && flags & flag::ALWAYS_CHECK_SUBJECT == 0 {
        return false;
    }
    certificate.common_names.iter().any(|name| matches(name.as_bytes(), host.as_bytes(), flags))
}

/// Is the certificate one of the address's?
pub(crate) fn names_address(certificate: &Certificate, address: &[u8]) -> bool {
    certificate.alternative_names.iter().any(|name| matches!(name, Name::Ip(bytes) if bytes == address))
}

fn matches(pattern: &[u8], host: &[u8], flags: u32) -> bool {
    match star_of(pattern, flags) {
        Some(star) => matches_star(&pattern[..star], &pattern[star + 1..], host, flags),
        None => pattern.eq_ignore_ascii_case(host),
    }
}

/// Where the asterisk of a valid pattern is: in the first label, followed by two labels at least.
fn star_of(pattern: &[u8], flags: u32) -> Option<usize> {
    if flags & flag::NO_WILDCARDS != 0 {
        return None;
    }
    let labels: Vec<&[u8]> = pattern.split(|byte| *byte == b'.').collect();
    let fine = |label: &[u8]| {
        !label.is_empty()
            && label.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'*' | b'_'))
            && label.first() != Some(&b'-')
            && label.last() != Some(&b'-')
    };
    if labels.len() < 3 || !labels.iter().all(|label| fine(label)) {
        return None;
    }
    let star = pattern.iter().position(|byte| *byte == b'*')?;
    let first = labels[0];
    let elsewhere = pattern.iter().filter(|byte| **byte == b'*').count() > 1 || star >= first.len();
    let partial = first.len() > 1;
    if elsewhere || partial && (flags & flag::NO_PARTIAL_WILDCARDS != 0 || is_encoded(first)) {
        return None;
    }
    Some(star)
}

fn is_encoded(label: &[u8]) -> bool {
    label.len() >= 4 && label[..4].eq_ignore_ascii_case(b"xn--")
}

fn matches_star(before: &[u8], after: &[u8], host: &[u8], flags: u32) -> bool {
    if host.len() < before.len() + after.len() {
        return false;
    }
    let (start, rest) = host.split_at(before.len());
    let (covered, end) = rest.split_at(rest.len() - after.len());
    if !start.eq_ignore_ascii_case(before) || !end.eq_ignore_ascii_case(after) {
        return false;
    }
    let whole_label = before.is_empty() && after.first() == Some(&b'.');
    if whole_label {
        if covered.is_empty() {
            return false;
        }
    } else if is_encoded(host) {
        return false;
    }
    let dots = whole_label && flags & flag::MULTI_LABEL_WILDCARDS != 0;
    covered.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-' || dots && *byte == b'.')
}

#[cfg(test)]
mod tests {
    use super::{flag, matches};

    #[test]
    fn wildcards_cover_one_label() {
        let yes = |pattern: &str, host: &str| {
            matches(pattern.as_bytes(), host.as_bytes(), flag::NO_PARTIAL_WILDCARDS)
        };
        assert!(yes("example.com", "EXAMPLE.com"));
        assert!(yes("*.example.com", "a.example.com"));
        assert!(!yes("*.example.com", "example.com"));
        assert!(!yes("*.example.com", "a.b.example.com"));
        assert!(!yes("*.example.com", ".example.com"));
        assert!(!yes("*.com", "example.com"));
        assert!(!yes("*", "example"));
        assert!(!yes("a*.example.com", "ab.example.com"));
        assert!(!yes("a.*.com", "a.b.com"));
        assert!(!yes("example.com\0.org", "example.com"));
    }

    #[test]
    fn parts_of_labels_match_where_that_is_allowed() {
        assert!(matches(b"a*.example.com", b"ab.example.com", 0));
        assert!(!matches(b"a*.example.com", b"b.example.com", 0));
        assert!(!matches(b"x*.example.com", b"xn--abc.example.com", 0));
        assert!(!matches(b"*.example.com", b"a.example.com", flag::NO_WILDCARDS));
    }
}
