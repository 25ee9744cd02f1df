//! Prepared statements. SQLite: `sqlite3_stmt`.
//!
//! Invariant: a statement is used through an entry to its database, which is there as long as the statement is; `generation` grows with
//! each use, so that the end of an abandoned use never disturbs a later one.

use std::ffi::{CString, c_char, c_int};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Weak};

use libsqlite3_sys as ffi;
use taipan_runtime::Context;

use super::database::{Database, Dead, Entry, Inner, Native};
use super::value::{Bound, Datum, parts, slice};
use super::{bytes, code};

pub(super) struct Prepared {
    /// Null for a text without a statement.
    raw: *mut ffi::sqlite3_stmt,
    database: Arc<Inner>,
    generation: AtomicU64,
    names: Box<[Option<CString>]>,
    is_readonly: bool,
}

// SAFETY: the pointer is used by who holds the database's lock, except when the last owner hands it over for burial.
unsafe impl Send for Prepared {}
// SAFETY: as above; what is read without the lock never changes or is atomic.
unsafe impl Sync for Prepared {}

impl Drop for Prepared {
    fn drop(&mut self) {
        // This may be the collector, which must not wait for the lock, nor run what finalizing may call.
        if !self.raw.is_null() {
            self.database.add_dead(Dead::Statement(self.raw));
        }
    }
}

impl Prepared {
    /// Ends a use that nobody else has ended.
    pub(super) fn end_abandoned(&self, generation: u64) {
        if self.generation.load(Ordering::Acquire) == generation {
            // SAFETY: the statement is valid while `self` lives, and who buries holds the lock.
            unsafe { ffi::sqlite3_reset(self.raw) };
        }
    }
}

/// A prepared statement, shared by a cache and its users.
#[derive(Clone)]
pub(crate) struct Statement(Arc<Prepared>);

/// How many uses have begun and not ended.
static IN_USE: AtomicUsize = AtomicUsize::new(0);

/// How many have begun in all.
static BEGUN: AtomicU64 = AtomicU64::new(0);

pub(super) fn in_use() -> usize {
    IN_USE.load(Ordering::Relaxed)
}

/// Counts what may hold a lock of a file once it is garbage: uses of statements, and connections.
pub(super) fn count_begun() {
    BEGUN.fetch_add(1, Ordering::Relaxed);
}

pub(crate) fn begun() -> u64 {
    BEGUN.load(Ordering::Relaxed)
}

/// A statement that has rows to give. When it is dropped the statement is reset by who enters the database next.
pub(crate) struct InUse {
    statement: Statement,
    generation: u64,
}

impl Drop for InUse {
    fn drop(&mut self) {
        IN_USE.fetch_sub(1, Ordering::Relaxed);
        let prepared = &self.statement.0;
        if prepared.generation.load(Ordering::Acquire) == self.generation {
            let dead = Dead::Use(Arc::downgrade(prepared), self.generation);
            prepared.database.add_dead(dead);
        }
    }
}

impl InUse {
    pub(crate) fn statement(&self) -> &Statement {
        &self.statement
    }
}

pub(super) type WeakStatement = Weak<Prepared>;

impl Native<'_> {
    /// Compiles the first statement of `sql` from `at` on; with it comes where the next one starts.
    pub(crate) fn prepare(&self, sql: &CString, at: usize) -> Result<(Statement, usize), i32> {
        let mut raw = std::ptr::null_mut();
        let mut tail: *const c_char = std::ptr::null();
        let start = sql.as_bytes_with_nul()[at..].as_ptr().cast();
        let size = c_int::try_from(sql.as_bytes_with_nul().len() - at).map_err(|_| code::TOOBIG)?;
        // SAFETY: the database is open, `size` counts the zero at the end, and both places are written to.
        let result = unsafe { ffi::sqlite3_prepare_v2(self.raw(), start, size, &mut raw, &mut tail) };
        if result != code::OK {
            return Err(result);
        }
        // SAFETY: the fresh statement; a null one has no parameters.
        let names = unsafe {
            (1..=ffi::sqlite3_bind_parameter_count(raw))
                .map(|index| bytes(ffi::sqlite3_bind_parameter_name(raw, index)))
                .map(|name| name.and_then(|name| CString::new(name).ok()))
                .collect()
        };
        let prepared = Prepared {
            raw,
            database: self.inner().clone(),
            generation: AtomicU64::new(0),
            names,
            // SAFETY: as above.
            is_readonly: raw.is_null() || unsafe { ffi::sqlite3_stmt_readonly(raw) } != 0,
        };
        Ok((Statement(Arc::new(prepared)), tail.addr().saturating_sub(sql.as_ptr().addr())))
    }
}

impl Statement {
    fn raw(&self, database: &Arc<Inner>) -> *mut ffi::sqlite3_stmt {
        assert!(Arc::ptr_eq(database, &self.0.database), "a statement of another database");
        self.0.raw
    }

    /// The database that it is of.
    pub(crate) fn database(&self) -> Database {
        Database::of(&self.0.database)
    }

    /// Is there a statement at all?
    pub(crate) fn is_empty(&self) -> bool {
        self.0.raw.is_null()
    }

    pub(crate) fn is_readonly(&self) -> bool {
        self.0.is_readonly
    }

    /// Names of the parameters, as written; None for `?`.
    pub(crate) fn names(&self) -> &[Option<CString>] {
        &self.0.names
    }

    /// Is it between its first row and its last?
    pub(crate) fn is_busy(&self, entry: &Entry<'_>) -> bool {
        // SAFETY: valid, under the lock.
        !self.is_empty() && unsafe { ffi::sqlite3_stmt_busy(self.raw(entry.inner())) } != 0
    }

    /// Runs to the next row.
    pub(crate) fn step(&self, native: &Native<'_>) -> i32 {
        if self.is_empty() {
            return code::MISUSE;
        }
        // SAFETY: valid, under the lock.
        unsafe { ffi::sqlite3_step(self.raw(native.inner())) }
    }

    /// Ends a use: back to the beginning.
    pub(crate) fn reset(&self, native: &Native<'_>) -> i32 {
        self.0.generation.fetch_add(1, Ordering::AcqRel);
        if self.is_empty() {
            return code::OK;
        }
        // SAFETY: valid, under the lock.
        unsafe { ffi::sqlite3_reset(self.raw(native.inner())) }
    }

    /// Ends the statement's life as well, if nobody shares it.
    pub(crate) fn finish(self, native: &Native<'_>) -> i32 {
        let result = self.reset(native);
        drop(self);
        native.bury();
        result
    }

    /// Begins a use that ends with `reset`, or when it is dropped.
    pub(crate) fn begin_use(&self, _entry: &Entry<'_>) -> InUse {
        IN_USE.fetch_add(1, Ordering::Relaxed);
        count_begun();
        let generation = self.0.generation.fetch_add(1, Ordering::AcqRel) + 1;
        InUse { statement: self.clone(), generation }
    }

    /// Binds parameter `index`, counted from 1.
    pub(crate) fn bind(&self, entry: &Entry<'_>, index: usize, value: Bound<'_>) -> i32 {
        let raw = self.raw(entry.inner());
        let index = index as c_int;
        // SAFETY: valid, under the lock; SQLite copies what it is shown.
        unsafe {
            match value {
                Bound::Null => ffi::sqlite3_bind_null(raw, index),
                Bound::Integer(value) => ffi::sqlite3_bind_int64(raw, index, value),
                Bound::Real(value) => ffi::sqlite3_bind_double(raw, index, value),
                Bound::Text(text) => {
                    let (start, size) = parts(text);
                    let copy = ffi::SQLITE_TRANSIENT();
                    ffi::sqlite3_bind_text64(raw, index, start.cast(), size, copy, ffi::SQLITE_UTF8 as u8)
                }
                Bound::Blob(blob) => {
                    let (start, size) = parts(blob);
                    ffi::sqlite3_bind_blob64(raw, index, start.cast(), size, ffi::SQLITE_TRANSIENT())
                }
            }
        }
    }

    pub(crate) fn column_count(&self, entry: &Entry<'_>) -> usize {
        // SAFETY: valid or null, under the lock.
        unsafe { ffi::sqlite3_column_count(self.raw(entry.inner())) as usize }
    }

    /// How many columns the present row has; 0 where there is no row.
    pub(crate) fn data_count(&self, entry: &Entry<'_>) -> usize {
        // SAFETY: valid or null, under the lock.
        unsafe { ffi::sqlite3_data_count(self.raw(entry.inner())) as usize }
    }

    pub(crate) fn column_name(&self, entry: &Entry<'_>, index: usize) -> Option<Vec<u8>> {
        // SAFETY: valid, under the lock; the name is copied at once.
        unsafe { bytes(ffi::sqlite3_column_name(self.raw(entry.inner()), index as c_int)) }
    }

    /// The type with which a column was declared.
    pub(crate) fn column_type(&self, entry: &Entry<'_>, index: usize) -> Option<Vec<u8>> {
        // SAFETY: as for the name.
        unsafe { bytes(ffi::sqlite3_column_decltype(self.raw(entry.inner()), index as c_int)) }
    }

    /// A column of the present row. While it is looked at no Python runs and SQLite is not entered: both need the context.
    #[inline]
    pub(crate) fn column<'a>(&'a self, entry: &'a Entry<'_>, cx: &'a Context, index: usize) -> Datum<'a> {
        let _ = cx;
        let (raw, index) = (self.raw(entry.inner()), index as c_int);
        // SAFETY: valid, under the lock. The bytes stay until the statement goes on or the column is asked for in another
        // type; both are done with a context that is not borrowed.
        unsafe {
            match ffi::sqlite3_column_type(raw, index) {
                ffi::SQLITE_INTEGER => Datum::Integer(ffi::sqlite3_column_int64(raw, index)),
                ffi::SQLITE_FLOAT => Datum::Real(ffi::sqlite3_column_double(raw, index)),
                ffi::SQLITE_TEXT => {
                    let start = ffi::sqlite3_column_text(raw, index);
                    match start.is_null() && entry.has_no_memory() {
                        true => Datum::NoMemory,
                        false => Datum::Text(slice(start, ffi::sqlite3_column_bytes(raw, index))),
                    }
                }
                ffi::SQLITE_BLOB => match self.column_bytes(entry, cx, index as usize) {
                    // There is no address for nothing.
                    Datum::Null => Datum::Blob(&[]),
                    datum => datum,
                },
                _ => Datum::Null,
            }
        }
    }

    /// A column of the present row as bytes, whatever it holds; `Null` for NULL and for nothing.
    pub(crate) fn column_bytes<'a>(
        &'a self,
        entry: &'a Entry<'_>,
        cx: &'a Context,
        index: usize,
    ) -> Datum<'a> {
        let _ = cx;
        let (raw, index) = (self.raw(entry.inner()), index as c_int);
        // SAFETY: as for `column`.
        unsafe {
            let start = ffi::sqlite3_column_blob(raw, index);
            if start.is_null() {
                return if entry.has_no_memory() { Datum::NoMemory } else { Datum::Null };
            }
            Datum::Blob(slice(start.cast(), ffi::sqlite3_column_bytes(raw, index)))
        }
    }
}
