//! SQLite: its handles as types that cannot be used wrongly. The one place of this crate with unsafe code.
//!
//! Invariant: SQLite is called for a database only while the database's lock is held, which an [`Entry`] or a [`Native`]
//! proves; a handle that nobody owns any more is closed by who enters the database next. `docs/decisions/0023-sqlite.md`
//! has the argument.
#![allow(unsafe_code)]

mod backup;
mod blob;
mod callbacks;
mod database;
mod lock;
mod settings;
mod statement;
mod value;

use std::ffi::{CStr, c_char};

use libsqlite3_sys as ffi;

pub(crate) use backup::Backup;
pub(crate) use blob::Blob;
pub(crate) use callbacks::{Call, Host, Kind};
pub(crate) use database::{Database, Entry, Failure, Native, OpenError, bury_all, crowded};
pub(crate) use statement::{InUse, Statement, begun};
pub(crate) use value::{Bound, Datum};

/// Result codes that are looked at.
pub(crate) mod code {
    use libsqlite3_sys as ffi;

    pub(crate) const OK: i32 = ffi::SQLITE_OK;
    pub(crate) const ERROR: i32 = ffi::SQLITE_ERROR;
    pub(crate) const ROW: i32 = ffi::SQLITE_ROW;
    pub(crate) const DONE: i32 = ffi::SQLITE_DONE;
    pub(crate) const BUSY: i32 = ffi::SQLITE_BUSY;
    pub(crate) const LOCKED: i32 = ffi::SQLITE_LOCKED;
    pub(crate) const NOMEM: i32 = ffi::SQLITE_NOMEM;
    pub(crate) const TOOBIG: i32 = ffi::SQLITE_TOOBIG;
    pub(crate) const MISUSE: i32 = ffi::SQLITE_MISUSE;
    pub(crate) const DENY: i32 = ffi::SQLITE_DENY;
}

/// Sets the library up; a result code.
pub(crate) fn initialize() -> i32 {
    // SAFETY: may be called at any time, from any thread.
    unsafe { ffi::sqlite3_initialize() }
}

/// `3.50.1`.
pub(crate) fn version() -> String {
    // SAFETY: a static string.
    unsafe { text(ffi::sqlite3_libversion()) }
}

/// The mode of threading that SQLite was built with: 0, 1 or 2.
pub(crate) fn threading() -> i32 {
    // SAFETY: reads a constant.
    unsafe { ffi::sqlite3_threadsafe() }
}

/// What a result code means, in English.
pub(crate) fn message_of(code: i32) -> String {
    // SAFETY: gives a static string for any number.
    unsafe { text(ffi::sqlite3_errstr(code)) }
}

/// Does the text end where a statement ends?
pub(crate) fn is_complete(statement: &CStr) -> bool {
    // SAFETY: a string that ends with a zero; it is looked at only.
    unsafe { ffi::sqlite3_complete(statement.as_ptr()) != 0 }
}

/// A copy of what SQLite says.
/// # Safety
/// Null, or a string that ends with a zero and stays for the time of this call.
unsafe fn bytes(text: *const c_char) -> Option<Vec<u8>> {
    // SAFETY: the caller's contract.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_bytes().to_vec())
}

/// The same as text.
/// # Safety
/// As for `bytes`.
unsafe fn text(text: *const c_char) -> String {
    // SAFETY: the caller's contract.
    String::from_utf8_lossy(&unsafe { bytes(text) }.unwrap_or_default()).into_owned()
}
