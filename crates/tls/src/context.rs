//! `_ssl._SSLContext`. CPython: `PySSLContext` in `Modules/_ssl.c`.
//!
//! Invariant: everything that is no Python object is in `Shared`, which connections hold too; its mutexes are not held while
//! Python runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use taipan_runtime::exception;
use taipan_runtime::prelude::*;
use taipan_runtime::types::int::is_int;

use crate::bio::MemoryBio;
use crate::decode;
use crate::exceptions;
use crate::load;
use crate::settings::{Settings, Shared, VerifyMode, option, protocol, version};
use crate::socket::{SslSocket, Underlying};
use crate::suites;

/// The body of `_SSLContext`.
#[derive(Trace)]
pub struct SslContext {
    shared: Opaque<Arc<Shared>>,
    sni_callback: Slot,
    message_callback: Slot,
    keylog_filename: Slot,
    post_handshake_auth: AtomicBool,
}

impl SslContext {
    pub(crate) fn shared(&self) -> Arc<Shared> {
        self.shared.0.clone()
    }

    pub(crate) fn sni_callback_value(&self) -> Option<Value> {
        self.sni_callback.load()
    }

    fn protocol_number(&self) -> i32 {
        self.shared.get(|settings| settings.protocol)
    }

    fn set_version(&self, cx: &mut Context, value: Value, is_minimum: bool) -> Result<()> {
        let mut wanted = i64::from_arg(cx, value, "version")?;
        let kind = self.protocol_number();
        if !matches!(kind, protocol::TLS | protocol::TLS_CLIENT | protocol::TLS_SERVER) {
            return Err(cx.value_error(
                "The context's protocol doesn't support modification of highest and lowest version.",
            ));
        }
        let (minimum, maximum) = (i64::from(version::MINIMUM), i64::from(version::MAXIMUM));
        if let Some(name) = deprecated_version(wanted) {
            cx.warn(exception::deprecation_warning, &format!("ssl.TLSVersion.{name} is deprecated"), 2)?;
        }
        if wanted == minimum {
            wanted = if is_minimum { minimum } else { version::TLS1_2.into() };
        } else if wanted == maximum {
            wanted = if is_minimum { version::TLS1_3.into() } else { maximum };
        } else if !(i64::from(version::SSL3)..=i64::from(version::TLS1_3)).contains(&wanted) {
            return Err(cx.value_error(format!("Unsupported TLS/SSL version 0x{:x}", wanted as i32)));
        }
        self.shared.change(|settings| {
            let place = if is_minimum { &mut settings.minimum } else { &mut settings.maximum };
            *place = wanted as i32;
        });
        Ok(())
    }

    fn wrap(
        this: Gc<Self>,
        cx: &mut Context,
        underlying: Underlying,
        server_side: bool,
        names: (Value, Value, Value),
    ) -> Result {
        let (server_hostname, owner, session) = names;
        SslSocket::make(cx, this, underlying, server_side, server_hostname, owner, session)
    }
}

fn deprecated_version(number: i64) -> Option<&'static str> {
    match number {
        0x300 => Some("SSLv3"),
        0x301 => Some("TLSv1"),
        0x302 => Some("TLSv1_1"),
        _ => None,
    }
}

/// The value that a setter is given; there is always one.
fn present(cx: &Context, value: Option<Value>, name: &str) -> Result<Value> {
    let gone = || format!("attribute '{name}' of '_ssl._SSLContext' objects cannot be deleted");
    value.ok_or_else(|| cx.attribute_error_message(gone()))
}

/// An int as C's unsigned types take it: what is too large is cut off.
fn masked(cx: &mut Context, value: Value) -> Result<u64> {
    let wide = cx.index(value)?;
    let mask = cx.new_int_i128(u64::MAX.into());
    let low = cx.binary(taipan_runtime::protocol::number::BinaryOp::And, wide, mask)?;
    cx.index_i128(low).map(|low| low as u64)
}

#[class(name = "_SSLContext", module = "_ssl", flags = BASETYPE)]
impl SslContext {
    #[new("(protocol, /)", text = "")]
    fn new(cx: &mut Context, class: Gc<Class>, protocol: i32) -> Result<Gc<SslContext>> {
        let deprecated = match protocol {
            protocol::TLS => Some("ssl.PROTOCOL_TLS is deprecated"),
            protocol::TLS1_2 => Some("ssl.PROTOCOL_TLSv1_2 is deprecated"),
            protocol::TLS_CLIENT | protocol::TLS_SERVER => None,
            other => return Err(cx.value_error(format!("invalid or unsupported protocol version {other}"))),
        };
        if let Some(message) = deprecated {
            cx.warn(exception::deprecation_warning, message, 2)?;
        }
        let body = SslContext {
            shared: Opaque(Arc::new(Shared::new(protocol))),
            sni_callback: Slot::EMPTY,
            message_callback: Slot::EMPTY,
            keylog_filename: Slot::EMPTY,
            post_handshake_auth: AtomicBool::new(false),
        };
        Ok(cx.new_instance(class, body))
    }

    #[function("(sock, server_side, server_hostname=None, *, owner=None, session=None)")]
    fn _wrap_socket(
        this: Gc<Self>,
        cx: &mut Context,
        sock: Gc<taipan_host::socket::Socket>,
        server_side: i32,
        server_hostname: Value,
        owner: Value,
        session: Value,
    ) -> Result {
        let socket = cx.new_weakref(sock.value())?;
        SslContext::wrap(
            this,
            cx,
            Underlying::Socket(socket),
            server_side != 0,
            (server_hostname, owner, session),
        )
    }

    #[function("(incoming, outgoing, server_side, server_hostname=None, *, owner=None, session=None)")]
    fn _wrap_bio(
        this: Gc<Self>,
        cx: &mut Context,
        incoming: Gc<MemoryBio>,
        outgoing: Gc<MemoryBio>,
        server_side: i32,
        server_hostname: Value,
        owner: Value,
        session: Value,
    ) -> Result {
        let underlying = Underlying::Memory(incoming.pipe(), outgoing.pipe());
        SslContext::wrap(this, cx, underlying, server_side != 0, (server_hostname, owner, session))
    }

    #[function("(cipherlist, /)")]
    fn set_ciphers(&self, cx: &mut Context, cipherlist: String) -> Result<()> {
        match suites::select(&cipherlist) {
            Some(chosen) => {
                self.shared.change(|settings| settings.suites = chosen);
                Ok(())
            }
            None => Err(exceptions::raise_message(cx, "No cipher can be selected.")),
        }
    }

    #[function("()")]
    fn get_ciphers(&self, cx: &mut Context) -> Result<Gc<List>> {
        let chosen = self.shared.get(|settings| settings.suites.clone());
        let list = cx.new_list(&[]);
        for suite in suites::SUITES.iter().filter(|suite| suite.is_tls13).chain(chosen) {
            let row = cx.new_dict();
            let (description, symmetric) = (suite.description(), suite.symmetric());
            let authentication = suite.authentication();
            let texts = [
                ("name", suite.name),
                ("protocol", suite.protocol()),
                ("description", description.as_str()),
                ("symmetric", symmetric.as_str()),
                ("kea", suite.exchange()),
                ("auth", authentication.as_str()),
            ];
            let numbers = [
                ("id", Value::int(suite.number().into())),
                ("strength_bits", Value::int(suite.bits.into())),
                ("alg_bits", Value::int(suite.bits.into())),
                ("aead", Value::TRUE),
                ("digest", Value::NONE),
            ];
            let order = [
                "id",
                "name",
                "protocol",
                "description",
                "strength_bits",
                "alg_bits",
                "aead",
                "symmetric",
                "digest",
                "kea",
                "auth",
            ];
            for key in order {
                let number = numbers.iter().find(|row| row.0 == key).map(|row| row.1);
                let text = texts.iter().find(|row| row.0 == key).map(|row| row.1).unwrap_or_default();
                let value = number.unwrap_or_else(|| cx.new_str(text).value());
                row.set_str(cx, cx.intern(key), value);
            }
            list.push(cx, row.value());
        }
        Ok(list)
    }

    #[function("(protos, /)")]
    fn _set_alpn_protocols(&self, cx: &mut Context, protos: Value) -> Result<()> {
        let bytes = cx.bytes_like(protos)?;
        let mut rest = &bytes[..];
        let mut protocols = Vec::new();
        while let Some((length, after)) = rest.split_first() {
            let length = usize::from(*length);
            if length == 0 || after.len() < length {
                return Err(cx.memory_error());
            }
            protocols.push(after[..length].to_vec());
            rest = &after[length..];
        }
        self.shared.change(|settings| settings.alpn = protocols);
        Ok(())
    }

    #[function("(certfile, keyfile=None, password=None)")]
    fn load_cert_chain(
        &self,
        cx: &mut Context,
        certfile: Value,
        keyfile: Value,
        password: Value,
    ) -> Result<()> {
        let (chain, key) = load::certificate_chain(cx, certfile, keyfile, password)?;
        self.shared.change(|settings| settings.identities.add(chain, key));
        Ok(())
    }

    #[function("(path, /)")]
    fn load_dh_params(&self, cx: &mut Context, path: Value) -> Result<()> {
        load::dh_parameters(cx, path)
    }

    #[function("(cafile=None, capath=None, cadata=None)")]
    fn load_verify_locations(
        &self,
        cx: &mut Context,
        cafile: Value,
        capath: Value,
        cadata: Value,
    ) -> Result<()> {
        let shared = self.shared();
        let loaded = load::verify_locations(cx, &shared.store, cafile, capath, cadata);
        // Chains that are presented may be completed with what was loaded.
        shared.change(|_| ());
        loaded
    }

    #[function("()")]
    fn set_default_verify_paths(&self, cx: &mut Context) {
        let shared = self.shared();
        cx.blocking(|| load::default_verify_paths(&shared.store));
        shared.change(|_| ());
    }

    #[function("()")]
    fn session_stats(&self, cx: &mut Context) -> Gc<Dict> {
        let statistics = &self.shared.statistics;
        let number = |counter: &std::sync::atomic::AtomicU64| counter.load(Ordering::Relaxed) as i64;
        let rows = [
            ("number", 0),
            ("connect", number(&statistics.connect)),
            ("connect_good", number(&statistics.connect_good)),
            ("connect_renegotiate", 0),
            ("accept", number(&statistics.accept)),
            ("accept_good", number(&statistics.accept_good)),
            ("accept_renegotiate", 0),
            ("hits", number(&statistics.hits)),
            ("misses", 0),
            ("timeouts", 0),
            ("cache_full", 0),
        ];
        let dict = cx.new_dict();
        for (name, value) in rows {
            dict.set_str(cx, cx.intern(name), Value::int(value));
        }
        dict
    }

    #[function("(name, /)")]
    fn set_ecdh_curve(&self, cx: &mut Context, name: Value) -> Result<()> {
        let bytes = load::path_bytes(cx, name)?;
        match load::curve(&bytes) {
            load::Curve::Known(group) => {
                self.shared.change(|settings| settings.group = Some(group));
                Ok(())
            }
            load::Curve::Unsupported => {
                let failure = crate::failure::Failure::ssl("UNSUPPORTED_ELLIPTIC_CURVE");
                Err(failure.raise(cx, load::CURVE_LINE))
            }
            load::Curve::Unknown => {
                let shown = cx.repr(name)?;
                Err(cx.value_error(format!("unknown elliptic curve name {}", shown.to_str())))
            }
        }
    }

    /// Returns quantities of loaded X.509 certificates.
    ///
    /// X.509 certificates with a CA extension and certificate revocation
    /// lists inside the context's cert store.
    ///
    /// NOTE: Certificates in a capath directory aren't loaded unless they
    /// have been used at least once.
    #[function("()")]
    fn cert_store_stats(&self, cx: &mut Context) -> Gc<Dict> {
        let certificates = self.shared.store.certificates();
        let authorities = certificates.iter().filter(|certificate| certificate.ca_kind() != 0).count();
        let rows = [
            ("x509", certificates.len()),
            ("crl", self.shared.store.count_lists()),
            ("x509_ca", authorities),
        ];
        let dict = cx.new_dict();
        for (name, count) in rows {
            dict.set_str(cx, cx.intern(name), Value::int(count as i64));
        }
        dict
    }

    /// Returns a list of dicts with information of loaded CA certs.
    ///
    /// If the optional argument is True, returns a DER-encoded copy of the
    /// CA certificate.
    ///
    /// NOTE: Certificates in a capath directory aren't loaded unless they
    /// have been used at least once.
    #[function("(binary_form=False)")]
    fn get_ca_certs(&self, cx: &mut Context, binary_form: bool) -> Result<Gc<List>> {
        let list = cx.new_list(&[]);
        for certificate in self.shared.store.certificates() {
            if certificate.ca_kind() == 0 {
                continue;
            }
            let item = match binary_form {
                true => cx.new_bytes(&certificate.der).value(),
                false => decode::to_dict(cx, &certificate)?.value(),
            };
            list.push(cx, item);
            cx.poll()?;
        }
        Ok(list)
    }

    #[function("(callback)")]
    fn set_psk_client_callback(&self, cx: &mut Context, callback: Value) -> Result<()> {
        let _ = callback;
        Err(cx.not_implemented_error("TLS-PSK is not supported by your OpenSSL version."))
    }

    #[function("(callback, identity_hint=None)")]
    fn set_psk_server_callback(&self, cx: &mut Context, callback: Value, identity_hint: Value) -> Result<()> {
        let _ = (callback, identity_hint);
        Err(cx.not_implemented_error("TLS-PSK is not supported by your OpenSSL version."))
    }

    #[getter]
    fn check_hostname(&self) -> bool {
        self.shared.get(|settings| settings.check_hostname)
    }

    #[setter]
    fn set_check_hostname(&self, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let value = present(cx, value, "check_hostname")?;
        let on = cx.truth(value)?;
        self.shared.change(|settings| {
            if on && settings.verify_mode == VerifyMode::None {
                settings.verify_mode = VerifyMode::Required;
            }
            settings.check_hostname = on;
        });
        Ok(())
    }

    #[getter]
    fn _host_flags(&self) -> u32 {
        self.shared.get(|settings| settings.host_flags)
    }

    #[setter]
    fn set__host_flags(&self, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let value = present(cx, value, "_host_flags")?;
        let flags = masked(cx, value)? as u32;
        self.shared.change(|settings| settings.host_flags = flags);
        Ok(())
    }

    #[getter]
    fn minimum_version(&self) -> i32 {
        self.shared.get(|settings| settings.minimum)
    }

    #[setter]
    fn set_minimum_version(&self, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let value = present(cx, value, "minimum_version")?;
        self.set_version(cx, value, true)
    }

    #[getter]
    fn maximum_version(&self) -> i32 {
        self.shared.get(|settings| settings.maximum)
    }

    #[setter]
    fn set_maximum_version(&self, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let value = present(cx, value, "maximum_version")?;
        self.set_version(cx, value, false)
    }

    #[getter]
    fn keylog_filename(&self) -> Value {
        self.keylog_filename.load_or_none()
    }

    #[setter]
    fn set_keylog_filename(&self, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let value = present(cx, value, "keylog_filename")?;
        self.keylog_filename.clear();
        self.shared.change(|settings| settings.keylog = None);
        if value.is_none() {
            return Ok(());
        }
        let file = load::keylog(cx, value)?;
        self.keylog_filename.store(value);
        self.shared.change(|settings| settings.keylog = Some(Arc::new(file)));
        Ok(())
    }

    #[getter]
    fn _msg_callback(&self) -> Value {
        self.message_callback.load_or_none()
    }

    #[setter]
    fn set__msg_callback(&self, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let value = present(cx, value, "_msg_callback")?;
        self.message_callback.clear();
        if value.is_none() {
            return Ok(());
        }
        if !cx.is_callable(value) {
            return Err(cx.type_error("not a callable object"));
        }
        self.message_callback.store(value);
        Ok(())
    }

    /// Set a callback that will be called when a server name is provided by the SSL/TLS client in the SNI extension.
    ///
    /// If the argument is None then the callback is disabled.  The method
    /// is called with the SSLSocket, the server name as a string, and the
    /// SSLContext object.
    ///
    /// See RFC 6066 for details of the SNI extension.
    #[getter]
    fn sni_callback(&self) -> Value {
        self.sni_callback.load_or_none()
    }

    #[setter]
    fn set_sni_callback(&self, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let value = present(cx, value, "sni_callback")?;
        if self.protocol_number() == protocol::TLS_CLIENT {
            return Err(cx.value_error("sni_callback cannot be set on TLS_CLIENT context"));
        }
        self.sni_callback.clear();
        if value.is_none() {
            return Ok(());
        }
        if !cx.is_callable(value) {
            return Err(cx.type_error("not a callable object"));
        }
        self.sni_callback.store(value);
        Ok(())
    }

    /// Control the number of TLSv1.3 session tickets.
    #[getter]
    fn num_tickets(&self) -> usize {
        self.shared.get(|settings| settings.num_tickets)
    }

    #[setter]
    fn set_num_tickets(&self, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let value = present(cx, value, "num_tickets")?;
        let count = i64::from_arg(cx, value, "num_tickets")?;
        let Ok(count) = usize::try_from(count) else {
            return Err(cx.value_error("value must be non-negative"));
        };
        if self.protocol_number() != protocol::TLS_SERVER {
            return Err(cx.value_error("SSLContext is not a server context."));
        }
        self.shared.change(|settings| settings.num_tickets = count);
        Ok(())
    }

    #[getter]
    fn options(&self) -> u64 {
        self.shared.get(|settings| settings.options)
    }

    #[setter]
    fn set_options(&self, cx: &mut Context, value: Option<Value>) -> Result<()> {
        const VERSIONS: u64 =
            option::NO_SSL3 | option::NO_TLS1 | option::NO_TLS1_1 | option::NO_TLS1_2 | option::NO_TLS1_3;
        let value = present(cx, value, "options")?;
        let wide = cx.index_i128(value)?;
        let Ok(options) = u64::try_from(wide) else {
            return Err(match wide < 0 {
                true => cx.value_error("Cannot convert negative int"),
                false => cx.overflow_error("Python int too large for C unsigned long long"),
            });
        };
        let added = options & !self.shared.get(|settings| settings.options);
        if added & VERSIONS != 0 {
            let message = "ssl.OP_NO_SSL*/ssl.OP_NO_TLS* options are deprecated";
            cx.warn(exception::deprecation_warning, message, 2)?;
        }
        self.shared.change(|settings| settings.options = options);
        Ok(())
    }

    #[getter]
    fn post_handshake_auth(&self) -> bool {
        self.post_handshake_auth.load(Ordering::Relaxed)
    }

    #[setter]
    fn set_post_handshake_auth(&self, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let Some(value) = value else {
            return Err(cx.attribute_error_message("cannot delete attribute"));
        };
        let on = cx.truth(value)?;
        self.post_handshake_auth.store(on, Ordering::Relaxed);
        Ok(())
    }

    #[getter]
    fn protocol(&self) -> i32 {
        self.protocol_number()
    }

    #[getter]
    fn verify_flags(&self) -> u64 {
        self.shared.get(|settings| settings.verify_flags)
    }

    #[setter]
    fn set_verify_flags(&self, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let value = present(cx, value, "verify_flags")?;
        if !is_int(value) {
            let got = cx.argument_type_name(value);
            return Err(cx.type_error(format!("argument must be int, not {got}")));
        }
        let flags = masked(cx, value)?;
        self.shared.change(|settings| settings.verify_flags = flags);
        Ok(())
    }

    #[getter]
    fn verify_mode(&self) -> i32 {
        self.shared.get(|settings| settings.verify_mode as i32)
    }

    #[setter]
    fn set_verify_mode(&self, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let value = present(cx, value, "verify_mode")?;
        let number = i64::from_arg(cx, value, "verify_mode")?;
        let checks_host = self.shared.get(|settings| settings.check_hostname);
        let mode = match number {
            0 if checks_host => {
                return Err(
                    cx.value_error("Cannot set verify_mode to CERT_NONE when check_hostname is enabled.")
                );
            }
            0 => VerifyMode::None,
            1 => VerifyMode::Optional,
            2 => VerifyMode::Required,
            _ => return Err(cx.value_error("invalid value for verify_mode")),
        };
        self.shared.change(|settings: &mut Settings| settings.verify_mode = mode);
        Ok(())
    }

    /// The current security level.
    #[getter]
    fn security_level(&self) -> i32 {
        2
    }
}
