//! Files of certificates and keys for contexts. CPython: `load_cert_chain`, `load_verify_locations` and `load_dh_params` in
//! `Modules/_ssl.c`.
//!
//! Invariant: files are read and keys decrypted without the heap; passwords are asked for in between.

use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::NamedGroup;
use rustls::sign::SigningKey;
use taipan_host::path;
use taipan_runtime::exception;
use taipan_runtime::finalize::flush_writers;
use taipan_runtime::prelude::*;
use taipan_runtime::types::bytearray::ByteArray;
use taipan_runtime::types::bytes::Bytes;

use crate::certificate::{Certificate, element};
use crate::failure::{Failure, line};
use crate::keylog::KeyLogFile;
use crate::pem::Section;
use crate::store::Store;
use crate::{keys, objects, pem};

/// `PEM lib`: an error below another one.
const PEM_LIBRARY: i32 = 524_297;
const ASN1_LIBRARY: i32 = 524_301;
/// The longest password.
const PASSWORD: usize = 1024;
pub(crate) const CURVE_LINE: u32 = 4990;

/// `os.fsencode` of a path.
pub(crate) fn path_bytes(cx: &mut Context, value: Value) -> Result<Vec<u8>> {
    let value = path::fspath(cx, value)?;
    let bytes = match (value.downcast::<Str>(), value.downcast::<Bytes>()) {
        (Some(text), _) => path::encode(cx, text)?,
        (None, Some(bytes)) => bytes.as_slice().to_vec(),
        (None, None) => return Err(cx.type_error("expected str, bytes or os.PathLike object")),
    };
    if bytes.contains(&0) {
        return Err(cx.value_error("embedded null byte"));
    }
    Ok(bytes)
}

/// `path_bytes` of an argument that has a name in the message.
fn path_of(cx: &mut Context, value: Value, name: &str) -> Result<PathBuf> {
    match path_bytes(cx, value) {
        Ok(bytes) => Ok(PathBuf::from(OsStr::from_bytes(&bytes))),
        Err(raised) => {
            cx.swallow(raised, exception::type_error)?;
            Err(cx.type_error(format!("{name} should be a valid filesystem path")))
        }
    }
}

fn read(cx: &mut Context, path: &Path) -> Result<Vec<u8>> {
    // The program may have written the file, and not closed it.
    flush_writers(cx);
    cx.blocking(|| std::fs::read(path)).map_err(|error| cx.io_error(&error, None))
}

fn pem_failure() -> Failure {
    Failure::of_library("SSL", None, "PEM lib").numbered(PEM_LIBRARY)
}

/// A chain of certificates in DER form, and what signs with its key.
pub(crate) fn certificate_chain(
    cx: &mut Context,
    certfile: Value,
    keyfile: Value,
    password: Value,
) -> Result<(Vec<Vec<u8>>, Arc<dyn SigningKey>)> {
    let certfile = path_of(cx, certfile, "certfile")?;
    let keyfile = match keyfile.not_none() {
        Some(keyfile) => path_of(cx, keyfile, "keyfile")?,
        None => certfile.clone(),
    };
    let mut given = match password.not_none() {
        None => Password::None,
        Some(password) if cx.is_callable(password) => Password::Callback(password),
        Some(password) => {
            Password::Bytes(password_bytes(cx, password, "password should be a string or callable")?)
        }
    };
    let text = read(cx, &certfile)?;
    let chain = match cx.blocking(|| read_chain(&text)) {
        Ok(chain) => chain,
        Err(failure) => return Err(failure.raise(cx, line::CERTIFICATE_CHAIN)),
    };
    let text = read(cx, &keyfile)?;
    let key = read_key(cx, &text, &mut given)?;
    match cx.blocking(|| check_key(&chain[0], &*key)) {
        Ok(()) => {}
        Err(failure) => return Err(failure.raise(cx, line::PRIVATE_KEY)),
    }
    Ok((chain.into_iter().map(|certificate| certificate.der.clone()).collect(), key))
}

fn read_chain(text: &[u8]) -> std::result::Result<Vec<Arc<Certificate>>, Failure> {
    let mut chain = Vec::new();
    for section in pem::sections(text) {
        let section = section.map_err(|_| pem_failure())?;
        if section.is_certificate() {
            chain.push(Certificate::parse(&section.content).ok_or_else(pem_failure)?);
        }
    }
    match chain.first() {
        None => Err(pem_failure()),
        Some(first) if first.key.rsa_bits().is_some_and(|bits| bits < 2048) => {
            Err(Failure::ssl("EE_KEY_TOO_SMALL").numbered(399))
        }
        Some(_) => Ok(chain),
    }
}

enum Password {
    None,
    Bytes(Vec<u8>),
    Callback(Value),
}

fn password_bytes(cx: &mut Context, value: Value, otherwise: &str) -> Result<Vec<u8>> {
    if let Some(text) = value.downcast::<Str>() {
        return text.to_utf8(cx).map(|text| text.as_bytes().to_vec());
    }
    if value.downcast::<Bytes>().is_some() || value.downcast::<ByteArray>().is_some() {
        return cx.with_buffer(value, <[u8]>::to_vec);
    }
    Err(cx.type_error(otherwise))
}

impl Password {
    fn get(&mut self, cx: &mut Context) -> Result<Option<Vec<u8>>> {
        let bytes = match self {
            Password::None => return Ok(None),
            Password::Bytes(bytes) => bytes.clone(),
            Password::Callback(callback) => {
                let given = cx.call(*callback, &[])?;
                password_bytes(cx, given, "password callback must return a string")?
            }
        };
        if bytes.len() > PASSWORD {
            return Err(cx.value_error(format!("password cannot be longer than {PASSWORD} bytes")));
        }
        Ok(Some(bytes))
    }
}

fn read_key(cx: &mut Context, text: &[u8], given: &mut Password) -> Result<Arc<dyn SigningKey>> {
    let mut found: Option<Section<'_>> = None;
    for section in pem::sections(text) {
        match section {
            Ok(section) if section.is_private_key() => {
                found = Some(section);
                break;
            }
            Ok(_) => {}
            Err(_) => return Err(pem_failure().raise(cx, line::PRIVATE_KEY)),
        }
    }
    let Some(section) = found else { return Err(pem_failure().raise(cx, line::PRIVATE_KEY)) };
    let password = match keys::is_encrypted(&section) {
        true => given.get(cx)?,
        false => Some(Vec::new()),
    };
    let key = password.and_then(|password| cx.blocking(|| keys::read(&section, &password)));
    let Some(key) = key else { return Err(pem_failure().raise(cx, line::PRIVATE_KEY)) };
    match cx.blocking(|| keys::signing_key(key)) {
        Some(key) => Ok(key),
        None => Err(Failure::ssl("UNKNOWN_CERTIFICATE_TYPE").numbered(247).raise(cx, line::PRIVATE_KEY)),
    }
}

/// Is it the certificate's key?
fn check_key(certificate: &Certificate, key: &dyn SigningKey) -> std::result::Result<(), Failure> {
    let Some(public) = key.public_key() else { return Ok(()) };
    let mine: &[u8] = public.as_ref();
    if mine == certificate.key.info {
        return Ok(());
    }
    let kind = |info: &[u8]| {
        let (outer, _) = element(info)?;
        let (algorithm, _) = element(outer.content)?;
        let (identifier, _) = element(algorithm.content)?;
        Some(identifier.whole.to_vec())
    };
    if kind(mine) == kind(&certificate.key.info) {
        Err(Failure::of_library("X509", Some("KEY_VALUES_MISMATCH"), "key values mismatch").numbered(116))
    } else {
        Err(Failure::ssl("NO_CERTIFICATE_ASSIGNED").numbered(177).at(line::KEY_CHECK))
    }
}

/// `load_verify_locations`.
pub(crate) fn verify_locations(
    cx: &mut Context,
    store: &Store,
    cafile: Value,
    capath: Value,
    cadata: Value,
) -> Result<()> {
    if cafile.is_none() && capath.is_none() && cadata.is_none() {
        return Err(cx.type_error("cafile, capath and cadata cannot be all omitted"));
    }
    let cafile = cafile.not_none().map(|cafile| path_of(cx, cafile, "cafile")).transpose()?;
    let capath = capath.not_none().map(|capath| path_of(cx, capath, "capath")).transpose()?;
    if let Some(cadata) = cadata.not_none() {
        add_data(cx, store, cadata)?;
    }
    if let Some(cafile) = cafile {
        let text = read(cx, &cafile)?;
        let failure = match cx.blocking(|| store.add_file(&text)) {
            Some(0) => Failure::of_library(
                "X509",
                Some("NO_CERTIFICATE_OR_CRL_FOUND"),
                "no certificate or crl found",
            )
            .numbered(136),
            Some(_) => return add_path(store, capath),
            None => Failure::of_library("X509", None, "PEM lib").numbered(PEM_LIBRARY),
        };
        return Err(failure.raise(cx, line::VERIFY_LOCATIONS));
    }
    add_path(store, capath)
}

fn add_path(store: &Store, capath: Option<PathBuf>) -> Result<()> {
    if let Some(capath) = capath {
        for part in capath.as_os_str().as_bytes().split(|byte| *byte == b':').filter(|part| !part.is_empty())
        {
            store.add_directory(PathBuf::from(OsStr::from_bytes(part)));
        }
    }
    Ok(())
}

/// Certificates in memory, in PEM form as str, in DER form as bytes.
fn add_data(cx: &mut Context, store: &Store, cadata: Value) -> Result<()> {
    let wrong = "cadata should be an ASCII string or a bytes-like object";
    let result = if let Some(text) = cadata.downcast::<Str>() {
        let Some(text) = text.as_ascii() else { return Err(cx.type_error(wrong)) };
        if text.is_empty() {
            return Err(cx.value_error("Empty certificate data"));
        }
        let text = text.as_bytes().to_vec();
        cx.blocking(|| add_pem(store, &text))
    } else if cx.has_buffer(cadata) {
        let bytes = cx.with_buffer(cadata, <[u8]>::to_vec)?;
        if bytes.is_empty() {
            return Err(cx.value_error("Empty certificate data"));
        }
        cx.blocking(|| add_der(store, &bytes))
    } else {
        return Err(cx.type_error(wrong));
    };
    result.map_err(|failure| failure.raise(cx, line::CA_DATA))
}

fn no_certificate(why: &str) -> Failure {
    Failure::plain(0, format!("{why}: cadata does not contain a certificate")).at(line::NO_CA_DATA)
}

fn add_pem(store: &Store, text: &[u8]) -> std::result::Result<(), Failure> {
    let broken = || Failure::of_library("PEM", None, "ASN1 lib").numbered(ASN1_LIBRARY);
    let mut count = 0;
    for section in pem::sections(text) {
        let section = section.map_err(|_| {
            Failure::of_library("PEM", Some("BAD_BASE64_DECODE"), "bad base64 decode").numbered(100)
        })?;
        if section.is_certificate() {
            store.add(Certificate::parse(&section.content).ok_or_else(broken)?);
            count += 1;
        }
    }
    if count == 0 { Err(no_certificate("no start line")) } else { Ok(()) }
}

fn add_der(store: &Store, bytes: &[u8]) -> std::result::Result<(), Failure> {
    let mut rest = bytes;
    while !rest.is_empty() {
        let whole = element(rest).and_then(|(whole, after)| Some((Certificate::parse(whole.whole)?, after)));
        match whole {
            Some((certificate, after)) => {
                store.add(certificate);
                rest = after;
            }
            None if rest.len() == bytes.len() => return Err(no_certificate("not enough data")),
            None => {
                let failure = Failure::of_library("ASN1", Some("NOT_ENOUGH_DATA"), "not enough data");
                return Err(failure.numbered(142));
            }
        }
    }
    Ok(())
}

/// Where the system keeps the certificates of authorities: a file, and a directory.
pub(crate) fn default_locations() -> (String, String) {
    const FILES: [&str; 6] = [
        "/etc/ssl/certs/ca-certificates.crt",
        "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/ssl/ca-bundle.pem",
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
        "/etc/ssl/cert.pem",
        "/usr/local/share/certs/ca-root-nss.crt",
    ];
    let file = FILES.into_iter().find(|file| Path::new(file).exists()).unwrap_or("/etc/ssl/cert.pem");
    let directory = openssl_probe::candidate_cert_dirs().next().unwrap_or(Path::new("/etc/ssl/certs"));
    (file.to_owned(), directory.to_string_lossy().into_owned())
}

/// Loads the system's file, and remembers its directory; the environment may name others. What is not there is no error.
pub(crate) fn default_verify_paths(store: &Store) {
    let (file, directory) = default_locations();
    let file = std::env::var_os("SSL_CERT_FILE").unwrap_or(file.into());
    let directory = std::env::var_os("SSL_CERT_DIR").unwrap_or(directory.into());
    if let Ok(text) = std::fs::read(file) {
        store.add_file(&text);
    }
    let _ = add_path(store, Some(directory.into()));
}

/// Checks that the file holds parameters; the key exchange that they are for is not there.
pub(crate) fn dh_parameters(cx: &mut Context, path: Value) -> Result<()> {
    cx.audit("open", |cx| [path, cx.new_str("rb").value(), Value::int(0)])?;
    let bytes = path_bytes(cx, path)?;
    let text = match cx.blocking(|| std::fs::read(OsStr::from_bytes(&bytes))) {
        Ok(text) => text,
        Err(error) => return Err(cx.io_error(&error, Some(path))),
    };
    let mut sections = pem::sections(&text).into_iter().flatten();
    if sections.any(|section| matches!(section.label, "DH PARAMETERS" | "X9.42 DH PARAMETERS")) {
        return Ok(());
    }
    let failure = Failure::of_library("PEM", Some("NO_START_LINE"), "no start line").numbered(108);
    Err(failure.raise(cx, line::DH_PARAMETERS))
}

/// A name of a curve.
pub(crate) enum Curve {
    Known(NamedGroup),
    Unsupported,
    Unknown,
}

pub(crate) fn curve(name: &[u8]) -> Curve {
    match name {
        b"prime256v1" => Curve::Known(NamedGroup::secp256r1),
        b"secp384r1" => Curve::Known(NamedGroup::secp384r1),
        b"X25519" => Curve::Known(NamedGroup::X25519),
        _ => {
            let known = std::str::from_utf8(name).ok().and_then(objects::by_name);
            let is_curve = known.is_some_and(|object| {
                object.identifier.starts_with("1.3.132.0.")
                    || object.identifier.starts_with("1.2.840.10045.3.")
                    || object.short == "X448"
            });
            if is_curve { Curve::Unsupported } else { Curve::Unknown }
        }
    }
}

/// Opens a file of secrets.
pub(crate) fn keylog(cx: &mut Context, path: Value) -> Result<KeyLogFile> {
    let bytes = path_bytes(cx, path)?;
    let opened: io::Result<KeyLogFile> =
        cx.blocking(|| KeyLogFile::open(Path::new(OsStr::from_bytes(&bytes))));
    opened.map_err(|error| cx.io_error(&error, Some(path)))
}
