//! `_ssl._SSLSocket`: a connection over a socket or over memory. CPython: `PySSLSocket` in `Modules/_ssl.c`.
//!
//! Invariant: the connection's mutex is taken only in state NATIVE and is never held while Python runs or a descriptor is waited
//! for, so that one thread may read while another one writes.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustls::pki_types::ServerName;
use rustls::{HandshakeKind, ProtocolVersion};
use taipan_host::socket::Socket;
use taipan_host::socket::transport::{self, Direction};
use taipan_runtime::exception;
use taipan_runtime::prelude::*;
use taipan_runtime::types::weakref::WeakRef;

use crate::bio::Pipe;
use crate::certificate::Certificate;
use crate::connection::{Connection, Pause, Step, Wire};
use crate::context::SslContext;
use crate::decode;
use crate::exceptions;
use crate::failure::{Failure, line};
use crate::handshake;
use crate::session::{Identity, SessionStore, SslSession};
use crate::settings::{Statistics, count, option, protocol};
use crate::suites::{self, Suite};
use crate::verify::Host;

/// What a connection is over.
pub(crate) enum Underlying {
    Socket(Gc<WeakRef>),
    Memory(Pipe, Pipe),
}

/// What a connection takes outside the heap, in bytes.
const CONNECTION_WEIGHT: usize = 32 << 10;

/// The parts that are no Python objects.
pub(crate) struct Native {
    pub(crate) connection: Mutex<Connection>,
    pipes: Option<(Pipe, Pipe)>,
    server_side: bool,
    store: Mutex<Arc<SessionStore>>,
    identity: Mutex<Option<Identity>>,
    verifier: Option<Arc<crate::verifier::PeerVerifier>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The body of `_SSLSocket`.
#[derive(Trace)]
pub struct SslSocket {
    native: Opaque<Native>,
    context: TypedSlot<SslContext>,
    socket: TypedSlot<WeakRef>,
    owner: TypedSlot<WeakRef>,
    server_hostname: Slot,
}

/// An operation's name in messages, and its line.
#[derive(Clone, Copy)]
struct Operation {
    name: &'static str,
    line: u32,
    gone: u32,
}

const HANDSHAKE: Operation = Operation { name: "handshake", line: 1130, gone: 1064 };
const READ: Operation = Operation { name: "read", line: 2778, gone: 2690 };
const WRITE: Operation = Operation { name: "write", line: 2616, gone: 2538 };
const SHUTDOWN: Operation = Operation { name: "read", line: 2906, gone: 2825 };

/// The socket below, as long as it lives.
enum Below {
    Socket(Gc<Socket>),
    Memory,
}

/// A name for rustls; `None` for one that cannot stand in a greeting.
fn server_name(host: Option<&str>) -> Option<ServerName<'static>> {
    match host {
        // An address is not sent; this one is compared with nothing.
        None => Some(ServerName::IpAddress(IpAddr::from([0, 0, 0, 0]).into())),
        Some(host) => match host.parse::<IpAddr>() {
            Ok(address) => Some(ServerName::IpAddress(address.into())),
            Err(_) => ServerName::try_from(host.to_owned()).ok(),
        },
    }
}

impl SslSocket {
    pub(crate) fn make(
        cx: &mut Context,
        context: Gc<SslContext>,
        underlying: Underlying,
        server_side: bool,
        server_hostname: Value,
        owner: Value,
        session: Value,
    ) -> Result {
        let shared = context.shared();
        let host = match server_hostname.not_none() {
            Some(hostname) => Some(host_argument(cx, hostname)?),
            None => None,
        };
        let kind = shared.get(|settings| settings.protocol);
        if kind == protocol::TLS_CLIENT && server_side {
            let text = "Cannot create a server socket with a PROTOCOL_TLS_CLIENT context";
            return Err(Failure::plain(0, text).raise(cx, line::SERVER_OF_CLIENT));
        }
        if kind == protocol::TLS_SERVER && !server_side {
            let text = "Cannot create a client socket with a PROTOCOL_TLS_SERVER context";
            return Err(Failure::plain(0, text).raise(cx, line::CLIENT_OF_SERVER));
        }
        if host.as_ref().is_some_and(|host| host.is_empty() || host.starts_with('.')) {
            return Err(
                cx.value_error("server_hostname cannot be an empty string or start with a leading dot.")
            );
        }
        let Some(name) = server_name(host.as_deref()) else {
            let failure = Failure::ssl("SSL3_EXT_INVALID_SERVERNAME").numbered(319);
            return Err(failure.raise(cx, line::SERVER_NAME));
        };
        let ignores_eof = shared.get(|settings| settings.options & option::IGNORE_UNEXPECTED_EOF != 0);
        let store = Arc::new(SessionStore::default());
        // What is wrong with the settings is found out when the handshake begins.
        let parts = if server_side { None } else { shared.client().ok() };
        let verifier = parts.as_ref().map(|parts| parts.verifier.clone());
        let connection = match parts {
            Some(parts) => Connection::client(parts.config, name, store.clone(), ignores_eof),
            None => Connection::server(ignores_eof),
        };
        let (pipes, socket) = match underlying {
            Underlying::Socket(socket) => (None, Some(socket)),
            Underlying::Memory(incoming, outgoing) => (Some((incoming, outgoing)), None),
        };
        let native = Native {
            connection: Mutex::new(connection),
            pipes,
            server_side,
            store: Mutex::new(store),
            identity: Mutex::new(None),
            verifier,
        };
        cx.took_memory(CONNECTION_WEIGHT);
        let this = cx.new_object(SslSocket {
            native: Opaque(native),
            context: TypedSlot::new(context),
            socket: TypedSlot::new_option(socket),
            owner: TypedSlot::EMPTY,
            server_hostname: Slot::new_option(host.map(|host| cx.new_str(&host).value())),
        });
        if let Some(owner) = owner.not_none() {
            this.owner.store(cx.new_weakref(owner)?);
        }
        if let Some(session) = session.not_none() {
            this.resume(cx, session)?;
        }
        Ok(this.value())
    }

    pub(crate) fn context_value(&self, cx: &mut Context) -> Result<Gc<SslContext>> {
        self.context.load().ok_or_else(|| cx.system_error("a connection without a context"))
    }

    fn statistics<T>(&self, f: impl FnOnce(&Statistics) -> T) -> Option<T> {
        self.context.load().map(|context| f(&context.shared().statistics))
    }

    /// Who is passed to a callback for this connection.
    pub(crate) fn face(this: Gc<Self>) -> Option<Value> {
        match (this.owner.load(), this.socket.load()) {
            (Some(owner), _) => owner.referent(),
            (None, Some(socket)) => socket.referent(),
            (None, None) => Some(this.value()),
        }
    }

    fn below(&self, cx: &mut Context, operation: Operation) -> Result<Below> {
        let Some(reference) = self.socket.load() else { return Ok(Below::Memory) };
        match reference.referent().and_then(|socket| socket.downcast::<Socket>()) {
            Some(socket) => Ok(Below::Socket(socket)),
            None => {
                let failure = Failure::plain(0, "Underlying socket connection gone");
                Err(failure.raise(cx, operation.gone))
            }
        }
    }

    pub(crate) fn wire(&self) -> Wire {
        match &self.native.pipes {
            Some((incoming, outgoing)) => {
                Wire::Memory { incoming: incoming.clone(), outgoing: outgoing.clone() }
            }
            None => {
                let socket = self.socket.load().and_then(|reference| reference.referent());
                let socket = socket.and_then(|socket| socket.downcast::<Socket>());
                Wire::Descriptor(socket.map_or(-1, |socket| socket.descriptor()))
            }
        }
    }

    /// Looks at the connection without the heap.
    pub(crate) fn with<T>(&self, cx: &mut Context, f: impl FnOnce(&mut Connection) -> T) -> T {
        cx.blocking(|| f(&mut locked(&self.native.connection)))
    }

    /// Makes a step until it ends, waiting for the socket in between as its timeout says.
    fn drive<T>(
        this: Gc<Self>,
        cx: &mut Context,
        operation: Operation,
        mut step: impl FnMut(&mut Connection, &Wire) -> Step<T>,
    ) -> Result<T> {
        let below = this.below(cx, operation)?;
        let timeout = match &below {
            Below::Socket(socket) => socket.timeout_nanoseconds(),
            Below::Memory => 0,
        };
        let deadline = (timeout > 0).then(|| transport::now() + i128::from(timeout));
        loop {
            let wire = this.wire();
            let result = this.with(cx, |connection| step(connection, &wire));
            cx.poll()?;
            let direction = match result {
                Ok(value) => return Ok(value),
                Err(Pause::Choose) => {
                    handshake::choose(this, cx, operation.line)?;
                    continue;
                }
                Err(Pause::Fail(failure)) => return Err(this.raise(cx, &failure, operation)),
                Err(Pause::Wait(direction)) => direction,
            };
            let (Wire::Descriptor(fd), true) = (&wire, timeout != 0) else {
                let failure = match direction {
                    Direction::Reading => Failure::want_read(),
                    Direction::Writing => Failure::want_write(),
                };
                return Err(failure.raise(cx, operation.line));
            };
            let ready = transport::wait_ready(cx, *fd, direction, deadline)?;
            match ready {
                Ok(true) => {}
                Ok(false) => return Err(timed_out(cx, operation)),
                Err(error) => return Err(cx.io_error(&error, None)),
            }
        }
    }

    fn raise(&self, cx: &mut Context, failure: &Failure, operation: Operation) -> Raised {
        let over_socket = self.native.pipes.is_none();
        let is_dead = failure.kind == exceptions::Kind::Eof && failure.reason.is_none();
        let line = if is_dead && over_socket { line::SYSTEM_EOF } else { operation.line };
        failure.raise(cx, line)
    }

    fn handshake(this: Gc<Self>, cx: &mut Context) -> Result<()> {
        let before = this.with(cx, |connection| connection.is_established());
        this.check_settings(cx)?;
        SslSocket::drive(this, cx, HANDSHAKE, Connection::handshake)?;
        if !before {
            this.statistics(|statistics| this.count_handshake(statistics));
        }
        Ok(())
    }

    /// A client whose settings allow no handshake says so now.
    fn check_settings(&self, cx: &mut Context) -> Result<()> {
        if self.native.server_side || self.native.verifier.is_some() {
            return Ok(());
        }
        let shared = self.context_value(cx)?.shared();
        match shared.client() {
            Ok(_) => Err(Failure::ssl("NO_PROTOCOLS_AVAILABLE").raise(cx, HANDSHAKE.line)),
            Err(failure) => Err(failure.raise(cx, HANDSHAKE.line)),
        }
    }

    fn count_handshake(&self, statistics: &Statistics) {
        let connection = locked(&self.native.connection);
        let (began, good) = match self.native.server_side {
            true => (&statistics.accept, &statistics.accept_good),
            false => (&statistics.connect, &statistics.connect_good),
        };
        count(began);
        count(good);
        if was_resumed(&connection) {
            count(&statistics.hits);
        }
    }

    fn resume(&self, cx: &mut Context, session: Value) -> Result<()> {
        let Some(session) = session.downcast::<SslSession>() else {
            return Err(cx.type_error("Value is not a SSLSession."));
        };
        if session.context() != self.context.load() {
            return Err(cx.value_error("Session refers to a different SSLContext."));
        }
        if self.native.server_side {
            return Err(cx.value_error("Cannot set session for server-side SSLSocket."));
        }
        let store = session.store();
        let identity = session.identity();
        let is_set = {
            let (store, native) = (store.clone(), &self.native);
            self.with(cx, |connection| {
                let is_set = connection.set_session(store.clone());
                if is_set {
                    *locked(&native.store) = store;
                    *locked(&native.identity) = Some(identity);
                }
                is_set
            })
        };
        if is_set { Ok(()) } else { Err(cx.value_error("Cannot set session after handshake.")) }
    }

    fn chain(&self, cx: &mut Context, certificates: Vec<Arc<Certificate>>) -> Gc<List> {
        let list = cx.new_list(&[]);
        for certificate in certificates {
            let object = decode::to_object(cx, certificate);
            list.push(cx, object);
        }
        list
    }

    fn peer(&self, cx: &mut Context) -> Vec<Arc<Certificate>> {
        self.with(cx, |connection| {
            connection.peer().iter().filter_map(|der| Certificate::parse(der)).collect()
        })
    }

    fn suite(&self, cx: &mut Context) -> Option<&'static Suite> {
        self.with(cx, |connection| {
            connection.common(|common| common.negotiated_cipher_suite()).and_then(suites::of_connection)
        })
    }
}

fn was_resumed(connection: &Connection) -> bool {
    connection.common(|common| common.handshake_kind()) == Some(HandshakeKind::Resumed)
}

fn timed_out(cx: &Context, operation: Operation) -> Raised {
    let mut message = format!("The {} operation timed out", operation.name);
    if operation.line == HANDSHAKE.line {
        message = format!("_ssl.c:{}: {message}", line::HANDSHAKE_TIMEOUT);
    }
    cx.raise_message(exception::timeout_error, &message)
}

/// A host name in ASCII.
fn host_argument(cx: &mut Context, value: Value) -> Result<String> {
    let text = if let Some(text) = value.downcast::<Str>() {
        match text.as_ascii() {
            Some(ascii) => ascii.to_owned(),
            None => {
                let at = text.chars().position(|code| code > 127).unwrap_or(0);
                return Err(cx.unicode_encode_error("ascii", value, at, at + 1, "ordinal not in range(128)"));
            }
        }
    } else if cx.has_buffer(value) {
        cx.with_buffer(value, |bytes| String::from_utf8_lossy(bytes).into_owned())?
    } else {
        let got = cx.argument_type_name(value);
        return Err(cx.type_error(format!("argument must be str, not {got}")));
    };
    if text.contains('\0') {
        let got = cx.argument_type_name(value);
        return Err(cx.type_error(format!("argument must be encoded string without null bytes, not {got}")));
    }
    Ok(text)
}

/// The value that a setter is given; there is always one.
fn present(cx: &Context, value: Option<Value>, name: &str) -> Result<Value> {
    let gone = || format!("attribute '{name}' of '_ssl._SSLSocket' objects cannot be deleted");
    value.ok_or_else(|| cx.attribute_error_message(gone()))
}

fn suite_tuple(cx: &Context, suite: &Suite) -> Value {
    let (name, protocol) = (cx.new_str(suite.name).value(), cx.new_str(suite.protocol()).value());
    cx.new_tuple(&[name, protocol, Value::int(suite.bits.into())]).value()
}

#[class(name = "_SSLSocket", module = "_ssl", flags = DISALLOW_NEW)]
impl SslSocket {
    #[function("()")]
    fn do_handshake(this: Gc<Self>, cx: &mut Context) -> Result<()> {
        SslSocket::handshake(this, cx)
    }

    /// Writes the bytes-like object b into the SSL object.
    ///
    /// Returns the number of bytes written.
    #[function("(b, /)")]
    fn write(this: Gc<Self>, cx: &mut Context, b: Value) -> Result<usize> {
        let bytes = cx.with_buffer(b, <[u8]>::to_vec)?;
        this.check_settings(cx)?;
        let mut at = this.with(cx, Connection::take_written);
        if at > bytes.len() {
            return Err(Failure::ssl("BAD_LENGTH").raise(cx, WRITE.line));
        }
        let result =
            SslSocket::drive(this, cx, WRITE, |connection, wire| connection.write(&bytes, &mut at, wire));
        if result.is_err() && at > 0 {
            this.with(cx, |connection| connection.keep_written(at));
        }
        result?;
        Ok(bytes.len())
    }

    /// read(size, [buffer])
    /// Read up to size bytes from the SSL socket.
    #[function("(*args)", text = "")]
    fn read(this: Gc<Self>, cx: &mut Context, args: Gc<Tuple>) -> Result {
        let (size, buffer) = match *args.items() {
            [size] => (size, None),
            [size, buffer] => (size, Some(buffer)),
            _ => return Err(cx.type_error("_ssl._SSLSocket.read requires 1 to 2 arguments")),
        };
        let size = i32::from_arg(cx, size, "size")?;
        let target = match buffer {
            Some(buffer) => Some(cx.writable_buffer(buffer, "read() argument 2")?),
            None if size < 0 => return Err(cx.value_error("size should not be negative")),
            None => None,
        };
        let length = match &target {
            Some(target) if size <= 0 || size as usize > target.len() => target.len(),
            _ => size as usize,
        };
        this.check_settings(cx)?;
        let mut bytes = cx.zeroed_bytes(length)?;
        let count = match length {
            0 => 0,
            _ => SslSocket::drive(this, cx, READ, |connection, wire| connection.read(&mut bytes, wire))?,
        };
        match target {
            Some(target) => {
                target.fill_from(&bytes[..count]);
                Ok(Value::int(count as i64))
            }
            None => Ok(cx.new_bytes(&bytes[..count]).value()),
        }
    }

    /// Returns the number of already decrypted bytes available for read, pending on the connection.
    #[function("()")]
    fn pending(&self, cx: &mut Context) -> usize {
        self.with(cx, Connection::pending)
    }

    /// Does the SSL shutdown handshake with the remote end.
    #[function("()")]
    fn shutdown(this: Gc<Self>, cx: &mut Context) -> Result {
        let socket = match this.below(cx, SHUTDOWN)? {
            Below::Socket(socket) if socket.descriptor() < 0 => {
                let failure = Failure::plain(0, "Underlying socket connection gone");
                return Err(failure.raise(cx, SHUTDOWN.gone));
            }
            Below::Socket(socket) => socket.value(),
            Below::Memory => Value::NONE,
        };
        SslSocket::drive(this, cx, SHUTDOWN, Connection::shutdown)?;
        Ok(socket)
    }

    /// Returns the certificate for the peer.
    ///
    /// If no certificate was provided, returns None.  If a certificate was
    /// provided, but not validated, returns an empty dictionary.  Otherwise
    /// returns a dict containing information about the peer certificate.
    ///
    /// If the optional argument is True, returns a DER-encoded copy of the
    /// peer certificate, or None if no certificate was provided.  This will
    /// return the certificate even if it wasn't validated.
    #[function("(der=False, /)")]
    fn getpeercert(&self, cx: &mut Context, der: bool) -> Result {
        if !self.with(cx, |connection| connection.is_established()) {
            return Err(cx.value_error("handshake not done yet"));
        }
        let peer = self.peer(cx);
        let Some(certificate) = peer.first() else { return Ok(Value::NONE) };
        if der {
            return Ok(cx.new_bytes(&certificate.der).value());
        }
        let verifies = self.context_value(cx)?.shared().get(|settings| settings.verify_mode as i32 != 0);
        if verifies { decode::to_dict(cx, certificate).map(Gc::value) } else { Ok(cx.new_dict().value()) }
    }

    #[function("()")]
    fn get_unverified_chain(&self, cx: &mut Context) -> Value {
        let peer = self.peer(cx);
        if peer.is_empty() { Value::NONE } else { self.chain(cx, peer).value() }
    }

    #[function("()")]
    fn get_verified_chain(&self, cx: &mut Context) -> Value {
        let verifier = match &self.native.verifier {
            Some(verifier) => Some(verifier.clone()),
            None => {
                let shared = self.context.load().map(|context| context.shared());
                shared.and_then(|shared| shared.server().ok()).map(|parts| parts.verifier)
            }
        };
        let now = Identity::new().time;
        let chain = self.with(cx, |connection| {
            let verifier = verifier?;
            verifier.chain(connection.peer(), Host::Any, now).ok()
        });
        match chain {
            Some(chain) => self.chain(cx, chain).value(),
            None => self.get_unverified_chain(cx),
        }
    }

    #[function("()")]
    fn version(&self, cx: &mut Context) -> Option<&'static str> {
        let version = self.with(cx, |connection| match connection.is_established() {
            true => connection.common(|common| common.protocol_version()),
            false => None,
        });
        match version? {
            ProtocolVersion::TLSv1_3 => Some("TLSv1.3"),
            ProtocolVersion::TLSv1_2 => Some("TLSv1.2"),
            _ => None,
        }
    }

    #[function("()")]
    fn cipher(&self, cx: &mut Context) -> Value {
        self.suite(cx).map_or(Value::NONE, |suite| suite_tuple(cx, suite))
    }

    #[function("()")]
    fn shared_ciphers(&self, cx: &mut Context) -> Result {
        let offered = self.with(cx, |connection| connection.greeting().suites.clone());
        if offered.is_empty() {
            return Ok(Value::NONE);
        }
        let mine = self.context_value(cx)?.shared().get(|settings| settings.suites.clone());
        let list = cx.new_list(&[]);
        for suite in offered {
            if suite.is_tls13 || mine.iter().any(|known| known.name == suite.name) {
                let row = suite_tuple(cx, suite);
                list.push(cx, row);
            }
        }
        Ok(list.value())
    }

    #[function("()")]
    fn compression(&self) -> Value {
        Value::NONE
    }

    #[function("()")]
    fn selected_alpn_protocol(&self, cx: &mut Context) -> Option<String> {
        self.with(cx, |connection| {
            connection.common(|common| {
                common.alpn_protocol().map(|name| String::from_utf8_lossy(name).into_owned())
            })
        })
    }

    /// Get channel binding data for current connection.
    ///
    /// Raise ValueError if the requested `cb_type` is not supported.
    /// Return bytes of the data or None if the data is not available (e.g.
    /// before the handshake).
    /// Only 'tls-unique' channel binding data from RFC 5929 is supported.
    #[function("(cb_type='tls-unique')")]
    fn get_channel_binding(&self, cx: &mut Context, cb_type: String) -> Result {
        if cb_type == "tls-unique" {
            return Ok(Value::NONE);
        }
        Err(cx.value_error(format!("'{cb_type}' channel binding type not implemented")))
    }

    /// Initiate TLS 1.3 post-handshake authentication
    #[function("()")]
    fn verify_client_post_handshake(&self, cx: &mut Context) -> Result<()> {
        Err(cx.not_implemented_error("Post-handshake auth is not supported by your OpenSSL version."))
    }

    /// This changes the context associated with the SSLSocket.
    ///
    /// This is typically used from within a callback function set by the
    /// sni_callback on the SSLContext to change the certificate information
    /// associated with the SSLSocket before the cryptographic exchange
    /// handshake messages.
    #[getter]
    fn context(&self) -> Option<Gc<SslContext>> {
        self.context.load()
    }

    #[setter]
    fn set_context(&self, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let value = present(cx, value, "context")?;
        match value.downcast::<SslContext>() {
            Some(context) => {
                self.context.store(context);
                Ok(())
            }
            None => Err(cx.type_error("The value must be a SSLContext")),
        }
    }

    /// Whether this is a server-side socket.
    #[getter]
    fn server_side(&self) -> bool {
        self.native.server_side
    }

    /// The currently set server hostname (for SNI).
    #[getter]
    fn server_hostname(&self) -> Value {
        self.server_hostname.load_or_none()
    }

    /// The Python-level owner of this object.
    ///
    /// Passed as "self" in servername callback.
    #[getter]
    fn owner(&self) -> Option<Value> {
        self.owner.load().and_then(|owner| owner.referent())
    }

    #[setter]
    fn set_owner(&self, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let value = present(cx, value, "owner")?;
        let reference = cx.new_weakref(value)?;
        self.owner.store(reference);
        Ok(())
    }

    /// The underlying SSLSession object.
    #[getter]
    fn session(&self, cx: &mut Context) -> Result {
        let context = self.context_value(cx)?;
        let native = &self.native;
        let found = cx.blocking(|| {
            let is_established = locked(&native.connection).is_established();
            let mut identity = locked(&native.identity);
            if !is_established && identity.is_none() {
                return None;
            }
            let identity = *identity.get_or_insert_with(Identity::new);
            Some((locked(&native.store).clone(), identity))
        });
        match found {
            Some((store, identity)) => Ok(SslSession::make(cx, context, store, identity).value()),
            None => Ok(Value::NONE),
        }
    }

    #[setter]
    fn set_session(&self, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let value = present(cx, value, "session")?;
        self.resume(cx, value)
    }

    /// Was the client session reused during handshake?
    #[getter]
    fn session_reused(&self, cx: &mut Context) -> bool {
        self.with(cx, |connection| was_resumed(connection))
    }
}
