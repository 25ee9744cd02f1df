//! The module `_ssl`. CPython: `Modules/_ssl.c`.
//!
//! Invariant: nothing of it, and nothing of rustls, runs before it is imported.

use ring::rand::{SecureRandom, SystemRandom};
use taipan_runtime::prelude::*;

use crate::bio::MemoryBio;
use crate::context::SslContext;
use crate::decode::PythonCertificate;
use crate::session::SslSession;
use crate::socket::SslSocket;
use crate::{certificate, constants, decode, exceptions, load, objects, pem};

pub struct SslModule;

fn object_tuple(cx: &Context, object: &objects::Object) -> Value {
    let text = |text: &str| cx.new_str(text).value();
    let number = Value::int(object.number.into());
    cx.new_tuple(&[number, text(object.short), text(object.long), text(object.identifier)]).value()
}

/// Implementation module for SSL socket operations.  See the socket module
/// for documentation.
#[module("_ssl", classes(SslContext, SslSocket, MemoryBio, SslSession, PythonCertificate))]
impl SslModule {
    #[function("(path, /)")]
    fn _test_decode_cert(cx: &mut Context, path: Value) -> Result<Gc<Dict>> {
        let bytes = load::path_bytes(cx, path)?;
        let path = String::from_utf8_lossy(&bytes).into_owned();
        let Ok(text) = cx.blocking(|| std::fs::read(path)) else {
            return Err(exceptions::raise_message(cx, "Can't open file"));
        };
        let mut sections = pem::sections(&text).into_iter().flatten();
        let section = sections.find(pem::Section::is_certificate);
        match section.and_then(|section| certificate::Certificate::parse(&section.content)) {
            Some(certificate) => decode::to_dict(cx, &certificate),
            None => Err(exceptions::raise_message(cx, "Error decoding PEM-encoded file")),
        }
    }

    /// Mix string into the OpenSSL PRNG state.
    ///
    /// entropy (a float) is a lower bound on the entropy contained in
    /// string.  See RFC 4086.
    #[function("(string, entropy, /)")]
    fn RAND_add(cx: &mut Context, string: Value, entropy: f64) -> Result<()> {
        let _ = entropy;
        if string.downcast::<Str>().is_none() {
            // The system's generator needs no seed.
            cx.with_buffer(string, |_| ())?;
        }
        Ok(())
    }

    /// Generate n cryptographically strong pseudo-random bytes.
    #[function("(n, /)")]
    fn RAND_bytes(cx: &mut Context, n: i32) -> Result<Vec<u8>> {
        let Ok(count) = usize::try_from(n) else { return Err(cx.value_error("num must be positive")) };
        let mut bytes = cx.zeroed_bytes(count)?;
        match cx.blocking(|| SystemRandom::new().fill(&mut bytes)) {
            Ok(()) => Ok(bytes),
            Err(_) => Err(exceptions::raise_message(cx, "the system gives no random numbers")),
        }
    }

    /// Returns True if the OpenSSL PRNG has been seeded with enough data and False if not.
    ///
    /// It is necessary to seed the PRNG with RAND_add() on some platforms
    /// before using the ssl() function.
    #[function("()")]
    fn RAND_status() -> bool {
        true
    }

    /// Return search paths and environment vars that are used by SSLContext's set_default_verify_paths() to load default CAs.
    ///
    /// The values are 'cert_file_env', 'cert_file', 'cert_dir_env', 'cert_dir'.
    #[function("()")]
    fn get_default_verify_paths(cx: &mut Context) -> Value {
        let (file, directory) = load::default_locations();
        let text = |text: &str| cx.new_str(text).value();
        cx.new_tuple(&[text("SSL_CERT_FILE"), text(&file), text("SSL_CERT_DIR"), text(&directory)]).value()
    }

    /// Lookup NID, short name, long name and OID of an ASN1_OBJECT by NID.
    #[function("(nid, /)")]
    fn nid2obj(cx: &mut Context, nid: i32) -> Result {
        match nid {
            ..0 => Err(cx.value_error("NID must be positive.")),
            0 => Err(cx.value_error("Unknown object")),
            nid => match objects::by_number(nid) {
                Some(object) => Ok(object_tuple(cx, &object)),
                None => Err(cx.value_error(format!("unknown NID {nid}"))),
            },
        }
    }

    /// Lookup NID, short name, long name and OID of an ASN1_OBJECT.
    ///
    /// By default objects are looked up by OID. With name=True short and
    /// long name are also matched.
    #[function("(txt, name=False)")]
    fn txt2obj(cx: &mut Context, txt: String, name: bool) -> Result {
        let named = if name { objects::by_name(&txt) } else { None };
        match named.or_else(|| objects::by_identifier(&txt)) {
            Some(object) => Ok(object_tuple(cx, &object)),
            None if objects::is_identifier(&txt) => Err(cx.value_error("Unknown object")),
            None => {
                let shortened: String = txt.chars().take(100).collect();
                Err(cx.value_error(format!("unknown object '{shortened}'")))
            }
        }
    }

    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        constants::add(cx, module);
        exceptions::add_to(cx, module)
    }
}
