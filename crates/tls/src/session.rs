//! `SSLSession`: what a client needs to take a session up again. CPython: `PySSLSession` in `Modules/_ssl.c`.
//!
//! Invariant: a ticket of TLS 1.3 is used once; a session that is taken up again keeps its identity.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use ring::rand::{SecureRandom, SystemRandom};
use rustls::NamedGroup;
use rustls::client::{ClientSessionStore, Tls12ClientSessionValue, Tls13ClientSessionValue};
use rustls::pki_types::ServerName;
use taipan_runtime::prelude::*;

use crate::context::SslContext;

/// Seconds that a session lasts.
const LIFETIME: i64 = 7200;

#[derive(Default, Debug)]
struct Tickets {
    group: Option<NamedGroup>,
    tls12: Option<Tls12ClientSessionValue>,
    tls13: Vec<Tls13ClientSessionValue>,
}

/// The tickets of a session, as rustls stores and takes them; connections that take the session up share them.
#[derive(Debug, Default)]
pub(crate) struct SessionStore(Mutex<Tickets>);

impl SessionStore {
    fn tickets(&self) -> MutexGuard<'_, Tickets> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has_ticket(&self) -> bool {
        let tickets = self.tickets();
        tickets.tls12.is_some() || !tickets.tls13.is_empty()
    }
}

impl ClientSessionStore for SessionStore {
    fn set_kx_hint(&self, _server_name: ServerName<'static>, group: NamedGroup) {
        self.tickets().group = Some(group);
    }

    fn kx_hint(&self, _server_name: &ServerName<'_>) -> Option<NamedGroup> {
        self.tickets().group
    }

    fn set_tls12_session(&self, _server_name: ServerName<'static>, value: Tls12ClientSessionValue) {
        self.tickets().tls12 = Some(value);
    }

    fn tls12_session(&self, _server_name: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        self.tickets().tls12.clone()
    }

    fn remove_tls12_session(&self, _server_name: &ServerName<'static>) {
        self.tickets().tls12 = None;
    }

    fn insert_tls13_ticket(&self, _server_name: ServerName<'static>, value: Tls13ClientSessionValue) {
        let mut tickets = self.tickets();
        if tickets.tls13.len() < 8 {
            tickets.tls13.push(value);
        }
    }

    fn take_tls13_ticket(&self, _server_name: &ServerName<'static>) -> Option<Tls13ClientSessionValue> {
        self.tickets().tls13.pop()
    }
}

/// A session's identity, its own where the protocol keeps none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) id: [u8; 32],
    pub(crate) time: i64,
}

impl Identity {
    pub(crate) fn new() -> Identity {
        let mut id = [0; 32];
        // Without randomness no handshake would have come this far.
        let _ = SystemRandom::new().fill(&mut id);
        let time = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs() as i64);
        Identity { id, time }
    }
}

/// The body of `SSLSession`.
#[derive(Trace)]
pub struct SslSession {
    context: TypedSlot<SslContext>,
    store: Opaque<Arc<SessionStore>>,
    identity: Opaque<Identity>,
}

impl SslSession {
    pub(crate) fn make(
        cx: &Context,
        context: Gc<SslContext>,
        store: Arc<SessionStore>,
        identity: Identity,
    ) -> Gc<SslSession> {
        cx.new_object(SslSession {
            context: TypedSlot::new(context),
            store: Opaque(store),
            identity: Opaque(identity),
        })
    }

    pub(crate) fn context(&self) -> Option<Gc<SslContext>> {
        self.context.load()
    }

    pub(crate) fn store(&self) -> Arc<SessionStore> {
        self.store.0.clone()
    }

    pub(crate) fn identity(&self) -> Identity {
        self.identity.0
    }
}

#[class(name = "SSLSession", module = "_ssl", flags = DISALLOW_NEW)]
impl SslSession {
    #[slot(compare)]
    fn compare(cx: &mut Context, left: Value, right: Value, op: CompareOp) -> Value {
        let _ = cx;
        let (Some(a), Some(b)) = (left.downcast::<SslSession>(), right.downcast::<SslSession>()) else {
            return Value::NOT_IMPLEMENTED;
        };
        let same = a.identity().id == b.identity().id;
        match op {
            CompareOp::Eq => Value::bool(same),
            CompareOp::Ne => Value::bool(!same),
            _ => Value::NOT_IMPLEMENTED,
        }
    }

    /// Does the session contain a ticket?
    #[getter]
    fn has_ticket(&self) -> bool {
        self.store.has_ticket()
    }

    /// Session ID.
    #[getter]
    fn id(&self) -> Vec<u8> {
        self.identity.id.to_vec()
    }

    /// Ticket life time hint.
    #[getter]
    fn ticket_lifetime_hint(&self) -> i64 {
        if self.store.has_ticket() { LIFETIME } else { 0 }
    }

    /// Session creation time (seconds since epoch).
    #[getter]
    fn time(&self) -> i64 {
        self.identity.time
    }

    /// Session timeout (delta in seconds).
    #[getter]
    fn timeout(&self) -> i64 {
        LIFETIME
    }
}
