//! A server's answer to a greeting: the callback for server names, then the configuration. CPython: `_servername_callback` in
//! `Modules/_ssl.c`.
//!
//! Invariant: the callback runs between two steps of the handshake, when nobody holds the connection.

use std::sync::Arc;

use rustls::ServerConfig;
use taipan_runtime::prelude::*;

use crate::connection::{Greeting, Pause};
use crate::failure::Failure;
use crate::settings::Shared;
use crate::socket::SslSocket;

const HANDSHAKE_FAILURE: u8 = 40;
const INTERNAL_ERROR: u8 = 80;

/// Chooses the configuration for a connection whose client has greeted.
pub(crate) fn choose(this: Gc<SslSocket>, cx: &mut Context, line: u32) -> Result<()> {
    let greeting = this.with(cx, |connection| connection.greeting().clone());
    if let Some(alert) = call_back(this, cx, &greeting)? {
        return Err(refuse(this, cx, Failure::ssl("CALLBACK_FAILED"), alert, line));
    }
    let shared = this.context_value(cx)?.shared();
    let config = match cx.blocking(|| config_for(&shared, &greeting)) {
        Ok(config) => config,
        Err((failure, alert)) => return Err(refuse(this, cx, failure, alert, line)),
    };
    let wire = this.wire();
    match this.with(cx, |connection| connection.choose(config, &wire)) {
        Err(Pause::Fail(failure)) => Err(failure.raise(cx, line)),
        _ => Ok(()),
    }
}

fn refuse(this: Gc<SslSocket>, cx: &mut Context, failure: Failure, alert: u8, line: u32) -> Raised {
    let wire = this.wire();
    match this.with(cx, |connection| connection.refuse(failure, alert, &wire)) {
        Pause::Fail(failure) => failure.raise(cx, line),
        Pause::Wait(_) | Pause::Choose => Failure::dead().raise(cx, line),
    }
}

/// Calls the context's callback; gives the alert with which it ends the handshake.
fn call_back(this: Gc<SslSocket>, cx: &mut Context, greeting: &Greeting) -> Result<Option<u8>> {
    let context = this.context_value(cx)?;
    let Some(callback) = context.sni_callback_value() else { return Ok(None) };
    let Some(face) = SslSocket::face(this) else { return Ok(Some(INTERNAL_ERROR)) };
    let name = match &greeting.server_name {
        Some(name) => cx.new_str(name).value(),
        None => Value::NONE,
    };
    match cx.call(callback, &[face, name, context.value()]) {
        Ok(answer) if answer.is_none() => Ok(None),
        Ok(answer) => match i64::from_arg(cx, answer, "alert") {
            Ok(alert) => Ok(Some(alert as u8)),
            Err(raised) => {
                cx.unraisable_in(raised, answer);
                Ok(Some(INTERNAL_ERROR))
            }
        },
        Err(raised) => {
            cx.unraisable_in(raised, callback);
            Ok(Some(HANDSHAKE_FAILURE))
        }
    }
}

/// The context's configuration. Without a common protocol there is none, and no error: OpenSSL's way.
fn config_for(shared: &Shared, greeting: &Greeting) -> std::result::Result<Arc<ServerConfig>, (Failure, u8)> {
    const PROTOCOL_VERSION: u8 = 70;
    let parts = shared.server().map_err(|failure| (failure, PROTOCOL_VERSION))?;
    if shared.get(|settings| settings.identities.is_empty()) {
        return Err((Failure::ssl("NO_SHARED_CIPHER"), HANDSHAKE_FAILURE));
    }
    let offered = greeting.protocols.as_deref().unwrap_or_default();
    let is_common = parts.config.alpn_protocols.iter().any(|protocol| offered.contains(protocol));
    if is_common || parts.config.alpn_protocols.is_empty() {
        return Ok(parts.config);
    }
    let mut config = ServerConfig::clone(&parts.config);
    config.alpn_protocols.clear();
    Ok(Arc::new(config))
}
