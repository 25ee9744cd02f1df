//! TLS: the native module `_ssl`, over rustls.
//!
//! Invariant: a connection, a certificate and a context's settings are plain data behind mutexes; only the classes in
//! `context`, `socket`, `session`, `bio` and `decode` know the heap.

mod bio;
mod certificate;
mod connection;
mod constants;
mod constraints;
mod context;
mod decode;
mod exceptions;
mod failure;
mod handshake;
mod hostname;
mod keylog;
mod keys;
mod load;
mod module;
mod objects;
mod pem;
mod reason;
mod session;
mod settings;
mod socket;
mod store;
mod suites;
mod verifier;
mod verify;

use taipan_runtime::native::{ModuleDef, NativeModule};

/// The native modules of this crate.
pub static MODULES: &[&ModuleDef] = &[module::SslModule::DEF];
