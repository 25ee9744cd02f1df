//! Certificates for Python: the dictionaries of `getpeercert`, and `_ssl.Certificate`. CPython: `_decode_certificate` in
//! `Modules/_ssl.c`, `Modules/_ssl/cert.c`.
//!
//! Invariant: what OpenSSL would print is printed in its words.

use std::net::Ipv4Addr;
use std::sync::Arc;

use taipan_runtime::prelude::*;
use x509_parser::extensions::{DistributionPointName, GeneralName, ParsedExtension};
use x509_parser::prelude::{FromDer, X509Certificate};
use x509_parser::x509::{AttributeTypeAndValue, X509Name};

use crate::certificate::{Certificate, text_of};
use crate::{objects, pem};

const OCSP: &str = "1.3.6.1.5.5.7.48.1";
const CA_ISSUERS: &str = "1.3.6.1.5.5.7.48.2";
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The dictionary that describes a certificate.
pub(crate) fn to_dict(cx: &mut Context, certificate: &Certificate) -> Result<Gc<Dict>> {
    let Ok((_, parsed)) = X509Certificate::from_der(&certificate.der) else {
        return Ok(cx.new_dict());
    };
    let tbs = &parsed.tbs_certificate;
    let dict = cx.new_dict();
    let put = |cx: &mut Context, key: &str, value: Value| dict.set_str(cx, cx.intern(key), value);
    let subject = name_tuple(cx, &tbs.subject);
    put(cx, "subject", subject);
    let issuer = name_tuple(cx, &tbs.issuer);
    put(cx, "issuer", issuer);
    put(cx, "version", Value::int(certificate.version.into()));
    let serial = cx.new_str(&serial_text(tbs.raw_serial())).value();
    put(cx, "serialNumber", serial);
    let time = cx.new_str(&time_text(certificate.not_before)).value();
    put(cx, "notBefore", time);
    let time = cx.new_str(&time_text(certificate.not_after)).value();
    put(cx, "notAfter", time);
    let mut names = None;
    let (mut ocsp, mut issuers, mut points) = (Vec::new(), Vec::new(), Vec::new());
    for extension in tbs.extensions() {
        match extension.parsed_extension() {
            ParsedExtension::SubjectAlternativeName(found) => names = Some(&found.general_names),
            ParsedExtension::AuthorityInfoAccess(found) => {
                for description in found.iter() {
                    let GeneralName::URI(uri) = &description.access_location else { continue };
                    match description.access_method.to_id_string().as_str() {
                        OCSP => ocsp.push(*uri),
                        CA_ISSUERS => issuers.push(*uri),
                        _ => {}
                    }
                }
            }
            ParsedExtension::CRLDistributionPoints(found) => {
                let full = found.points.iter().filter_map(|point| match &point.distribution_point {
                    Some(DistributionPointName::FullName(names)) => Some(names),
                    _ => None,
                });
                points.extend(full.flatten().filter_map(|name| match name {
                    GeneralName::URI(uri) => Some(*uri),
                    _ => None,
                }));
            }
            _ => {}
        }
    }
    if let Some(names) = names {
        let mut items = GVec::with_capacity(names.len());
        for name in names {
            let pair = general_name(cx, name);
            items.push(pair);
        }
        let tuple = cx.new_tuple(items.as_slice()).value();
        put(cx, "subjectAltName", tuple);
    }
    for (key, uris) in [("OCSP", ocsp), ("caIssuers", issuers), ("crlDistributionPoints", points)] {
        if !uris.is_empty() {
            let tuple = text_tuple(cx, &uris);
            put(cx, key, tuple);
        }
    }
    Ok(dict)
}

fn text_tuple(cx: &Context, texts: &[&str]) -> Value {
    let mut items = GVec::with_capacity(texts.len());
    for text in texts {
        items.push(cx.new_str(text).value());
    }
    cx.new_tuple(items.as_slice()).value()
}

fn pair(cx: &Context, first: &str, second: &str) -> Value {
    cx.new_tuple(&[cx.new_str(first).value(), cx.new_str(second).value()]).value()
}

/// `((('commonName', 'localhost'),), ...)`.
fn name_tuple(cx: &Context, name: &X509Name<'_>) -> Value {
    let mut parts = GVec::with_capacity(4);
    for part in name.iter() {
        let mut attributes = GVec::with_capacity(1);
        for attribute in part.iter() {
            attributes.push(pair(cx, &long_name(attribute), &attribute_text(attribute)));
        }
        parts.push(cx.new_tuple(attributes.as_slice()).value());
    }
    cx.new_tuple(parts.as_slice()).value()
}

fn long_name(attribute: &AttributeTypeAndValue<'_>) -> String {
    let identifier = attribute.attr_type().to_id_string();
    objects::by_identifier(&identifier).map_or(identifier, |object| object.long.to_owned())
}

fn attribute_text(attribute: &AttributeTypeAndValue<'_>) -> String {
    let value = attribute.attr_value();
    match text_of(value.tag().0 as u8, value.as_bytes()) {
        Some(text) => text,
        None => String::from_utf8_lossy(value.as_bytes()).into_owned(),
    }
}

fn general_name(cx: &Context, name: &GeneralName<'_>) -> Value {
    match name {
        GeneralName::DNSName(text) => pair(cx, "DNS", text),
        GeneralName::RFC822Name(text) => pair(cx, "email", text),
        GeneralName::URI(text) => pair(cx, "URI", text),
        GeneralName::DirectoryName(name) => {
            let (kind, name) = (cx.new_str("DirName").value(), name_tuple(cx, name));
            cx.new_tuple(&[kind, name]).value()
        }
        GeneralName::IPAddress(bytes) => pair(cx, "IP Address", &address_text(bytes)),
        GeneralName::RegisteredID(identifier) => {
            let identifier = identifier.to_id_string();
            let text =
                objects::by_identifier(&identifier).map_or(identifier, |object| object.long.to_owned());
            pair(cx, "Registered ID", &text)
        }
        GeneralName::X400Address(_) => pair(cx, "X400Name", "<unsupported>"),
        GeneralName::EDIPartyName(_) => pair(cx, "EdiPartyName", "<unsupported>"),
        GeneralName::OtherName(..) => pair(cx, "othername", "<unsupported>"),
        GeneralName::Invalid(tag, bytes) => {
            let kind = match tag.0 {
                1 => "email",
                2 => "DNS",
                6 => "URI",
                _ => "othername",
            };
            pair(cx, kind, &String::from_utf8_lossy(bytes))
        }
    }
}

fn address_text(bytes: &[u8]) -> String {
    match bytes {
        [a, b, c, d] => Ipv4Addr::new(*a, *b, *c, *d).to_string(),
        bytes if bytes.len() == 16 => {
            let groups =
                bytes.chunks_exact(2).map(|pair| format!("{:X}", u16::from_be_bytes([pair[0], pair[1]])));
            groups.collect::<Vec<_>>().join(":")
        }
        _ => "<invalid>".to_owned(),
    }
}

fn serial_text(serial: &[u8]) -> String {
    let zeros = serial.iter().take_while(|byte| **byte == 0).count();
    match &serial[zeros..] {
        [] => "00".to_owned(),
        digits => data_encoding::HEXUPPER.encode(digits),
    }
}

/// `Oct  8 11:51:12 2024 GMT`.
pub(crate) fn time_text(timestamp: i64) -> String {
    let (days, seconds) = (timestamp.div_euclid(86_400), timestamp.rem_euclid(86_400));
    // Civil from days: years start in March, eras have 400 of them.
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = (shifted_month + 2) % 12;
    let year = year_of_era + era * 400 + i64::from(month < 2);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{} {day:2} {hour:02}:{minute:02}:{second:02} {year} GMT", MONTHS[month as usize])
}

/// `CN=localhost,O=...`, the last part first (RFC 2253).
fn name_text(name: &X509Name<'_>) -> String {
    let mut parts: Vec<String> = Vec::new();
    for part in name.iter() {
        let attributes: Vec<String> = part
            .iter()
            .map(|attribute| {
                let identifier = attribute.attr_type().to_id_string();
                let kind =
                    objects::by_identifier(&identifier).map_or(identifier, |object| object.short.to_owned());
                format!("{kind}={}", escaped(&attribute_text(attribute)))
            })
            .collect();
        parts.push(attributes.join("+"));
    }
    parts.reverse();
    parts.join(",")
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    let last = text.chars().count().saturating_sub(1);
    for (at, c) in text.chars().enumerate() {
        match c {
            ',' | '+' | '"' | '\\' | '<' | '>' | ';' => out.extend(['\\', c]),
            '#' if at == 0 => out.extend(['\\', c]),
            ' ' if at == 0 || at == last => out.extend(['\\', c]),
            c if c < ' ' || c == '\x7f' => out.push_str(&format!("\\{:02X}", c as u32)),
            c if !c.is_ascii() => {
                for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                    out.push_str(&format!("\\{byte:02X}"));
                }
            }
            c => out.push(c),
        }
    }
    out
}

/// The body of `_ssl.Certificate`.
#[derive(Trace)]
pub struct PythonCertificate {
    certificate: Opaque<Arc<Certificate>>,
}

/// A certificate as an object.
pub(crate) fn to_object(cx: &Context, certificate: Arc<Certificate>) -> Value {
    cx.new_object(PythonCertificate { certificate: Opaque(certificate) }).value()
}

#[class(name = "Certificate", module = "_ssl", flags = DISALLOW_NEW)]
impl PythonCertificate {
    #[slot(repr)]
    fn repr(&self, cx: &mut Context) -> Gc<Str> {
        let name = match X509Certificate::from_der(&self.certificate.der) {
            Ok((_, parsed)) => name_text(&parsed.tbs_certificate.subject),
            Err(_) => String::new(),
        };
        cx.new_str(&format!("<_ssl.Certificate '{name}'>"))
    }

    #[slot(hash)]
    fn hash(&self) -> i64 {
        let hash = crate::certificate::name_hash(&self.certificate.der);
        i64::from(hash)
    }

    #[slot(compare)]
    fn compare(cx: &mut Context, left: Value, right: Value, op: CompareOp) -> Value {
        let _ = cx;
        let (a, b) = (left.downcast::<PythonCertificate>(), right.downcast::<PythonCertificate>());
        let (Some(a), Some(b)) = (a, b) else { return Value::NOT_IMPLEMENTED };
        let same = a.certificate.der == b.certificate.der;
        match op {
            CompareOp::Eq => Value::bool(same),
            CompareOp::Ne => Value::bool(!same),
            _ => Value::NOT_IMPLEMENTED,
        }
    }

    #[function("(format=<absent>)", text = "(format=Encoding.PEM)")]
    fn public_bytes(&self, cx: &mut Context, format: Option<Value>) -> Result {
        let format = match format {
            Some(format) => i32::from_arg(cx, format, "format")?,
            None => 1,
        };
        match format {
            1 => Ok(cx.new_str(&pem::encode("CERTIFICATE", &self.certificate.der)).value()),
            2 => Ok(cx.new_bytes(&self.certificate.der).value()),
            _ => Err(cx.value_error("Unsupported format")),
        }
    }

    #[function("()")]
    fn get_info(&self, cx: &mut Context) -> Result<Gc<Dict>> {
        let certificate = self.certificate.0.clone();
        to_dict(cx, &certificate)
    }
}

#[cfg(test)]
mod tests {
    use super::{escaped, time_text};

    #[test]
    fn times_are_dates() {
        assert_eq!(time_text(0), "Jan  1 00:00:00 1970 GMT");
        assert_eq!(time_text(1_728_388_272), "Oct  8 11:51:12 2024 GMT");
        assert_eq!(time_text(951_782_400), "Feb 29 00:00:00 2000 GMT");
        assert_eq!(time_text(-1), "Dec 31 23:59:59 1969 GMT");
    }

    #[test]
    fn special_characters_are_escaped() {
        assert_eq!(escaped("a,b"), "a\\,b");
        assert_eq!(escaped(" a "), "\\ a\\ ");
    }
}
