//! SQLite: the native module `_sqlite3`.
//!
//! Invariant: only `sys` calls SQLite; everything else is safe code over its handles.

mod adapt;
mod arguments;
mod backup;
mod bind;
mod blob;
mod connection;
mod constants;
mod cursor;
mod exceptions;
mod execute;
mod fetch;
mod hooks;
mod methods;
mod module;
mod patience;
mod row;
mod statement;
mod sys;

use taipan_runtime::native::{ModuleDef, NativeModule};

/// The native modules of this crate.
pub static MODULES: &[&ModuleDef] = &[module::SqliteModule::DEF];
