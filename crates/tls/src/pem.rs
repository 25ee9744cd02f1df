//! Sections between `-----BEGIN` and `-----END` lines (RFC 7468, RFC 1421).
//!
//! Invariant: a section whose content is no base64 is a broken one.

use data_encoding::BASE64;

/// A section as it stands.
pub(crate) struct Section<'a> {
    pub(crate) label: &'a str,
    /// Lines like `DEK-Info: ...` before the content.
    pub(crate) headers: Vec<(&'a str, &'a str)>,
    pub(crate) content: Vec<u8>,
}

impl Section<'_> {
    pub(crate) fn is_certificate(&self) -> bool {
        matches!(self.label, "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE")
    }

    pub(crate) fn is_private_key(&self) -> bool {
        self.label == "PRIVATE KEY" || self.label.ends_with(" PRIVATE KEY")
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|header| header.0 == name).map(|header| header.1)
    }
}

/// A section that never ends, that another one interrupts, or that is no base64.
pub(crate) struct Broken;

/// All sections in their order.
pub(crate) fn sections(text: &[u8]) -> Vec<Result<Section<'_>, Broken>> {
    let mut found = Vec::new();
    let mut open: Option<Section<'_>> = None;
    let mut body = String::new();
    for line in text.split(|byte| *byte == b'\n') {
        let Ok(line) = std::str::from_utf8(line) else { continue };
        let line = line.trim_end();
        if let Some(label) = boundary(line, "-----BEGIN ") {
            if open.is_some() {
                found.push(Err(Broken));
            }
            body.clear();
            open = Some(Section { label, headers: Vec::new(), content: Vec::new() });
        } else if let Some(label) = boundary(line, "-----END ") {
            if let Some(section) = open.take() {
                let content = BASE64.decode(body.as_bytes()).ok().filter(|_| section.label == label);
                found.push(content.map(|content| Section { content, ..section }).ok_or(Broken));
            }
        } else if let Some(section) = &mut open {
            match line.split_once(':') {
                Some((name, value)) if body.is_empty() => section.headers.push((name, value.trim())),
                _ => body.extend(line.chars().filter(|c| !c.is_whitespace())),
            }
        }
    }
    if open.is_some() {
        found.push(Err(Broken));
    }
    found
}

fn boundary<'a>(line: &'a str, start: &str) -> Option<&'a str> {
    line.strip_prefix(start)?.strip_suffix("-----")
}

/// A section around `der`, as OpenSSL writes it.
pub(crate) fn encode(label: &str, der: &[u8]) -> String {
    let body = BASE64.encode(der);
    let mut text = format!("-----BEGIN {label}-----\n");
    for line in body.as_bytes().chunks(64) {
        text.push_str(&String::from_utf8_lossy(line));
        text.push('\n');
    }
    text.push_str(&format!("-----END {label}-----\n"));
    text
}

#[cfg(test)]
mod tests {
    use super::{encode, sections};

    #[test]
    fn sections_come_back() {
        let text = format!("words\n{}more\n{}", encode("CERTIFICATE", b"abc"), encode("X", &[7; 100]));
        let found: Vec<_> = sections(text.as_bytes()).into_iter().filter_map(Result::ok).collect();
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].content, b"abc");
        assert!(found[0].is_certificate() && !found[1].is_certificate());
        assert_eq!(found[1].content.len(), 100);
    }

    #[test]
    fn what_does_not_end_is_broken() {
        let found = sections(b"-----BEGIN A-----\nYWJj\n-----BEGIN B-----\nYWJj\n-----END B-----\n");
        assert!(found[0].is_err() && found[1].is_ok());
    }
}
