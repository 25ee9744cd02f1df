//! Values of SQLite: what is bound, what a column or an argument holds.
//!
//! Invariant: a [`Datum`] borrows the context, so nothing that could make SQLite move it runs while it is looked at.

use std::ffi::c_int;

use libsqlite3_sys as ffi;

/// A value for SQLite, which copies it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Bound<'a> {
    Null,
    Integer(i64),
    Real(f64),
    Text(&'a [u8]),
    Blob(&'a [u8]),
}

/// A value of SQLite's.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Datum<'a> {
    Null,
    Integer(i64),
    Real(f64),
    Text(&'a [u8]),
    Blob(&'a [u8]),
    /// SQLite had no memory to show the value.
    NoMemory,
}

/// `size` bytes at `start`; none at null.
/// # Safety
/// The bytes stay as they are for `'a`.
pub(super) unsafe fn slice<'a>(start: *const u8, size: c_int) -> &'a [u8] {
    match usize::try_from(size) {
        // SAFETY: the caller's contract.
        Ok(size) if size > 0 && !start.is_null() => unsafe { std::slice::from_raw_parts(start, size) },
        _ => &[],
    }
}

/// Address and size for SQLite: never null, which would mean NULL.
pub(super) fn parts(bytes: &[u8]) -> (*const u8, u64) {
    (bytes.as_ptr(), bytes.len() as u64)
}

/// What a value holds.
/// # Safety
/// The value is valid, and neither changed nor asked for in another type during `'a`; `failed` tells whether SQLite has
/// just run out of memory.
pub(super) unsafe fn read<'a>(value: *mut ffi::sqlite3_value, failed: impl Fn() -> bool) -> Datum<'a> {
    // SAFETY: the caller's contract; the size is asked for after the bytes, as SQLite wants it.
    unsafe {
        match ffi::sqlite3_value_type(value) {
            ffi::SQLITE_INTEGER => Datum::Integer(ffi::sqlite3_value_int64(value)),
            ffi::SQLITE_FLOAT => Datum::Real(ffi::sqlite3_value_double(value)),
            ffi::SQLITE_TEXT => {
                let start = ffi::sqlite3_value_text(value);
                match start.is_null() && failed() {
                    true => Datum::NoMemory,
                    false => Datum::Text(slice(start, ffi::sqlite3_value_bytes(value))),
                }
            }
            ffi::SQLITE_BLOB => {
                let start = ffi::sqlite3_value_blob(value);
                match start.is_null() && failed() {
                    true => Datum::NoMemory,
                    false => Datum::Blob(slice(start.cast(), ffi::sqlite3_value_bytes(value))),
                }
            }
            _ => Datum::Null,
        }
    }
}
