//! Incremental access to one value of a table. SQLite: `sqlite3_blob`.
//!
//! Invariant: the address is null once closed, and is taken out by who closes.

use std::ffi::{CStr, c_int};
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use libsqlite3_sys as ffi;

use super::code;
use super::database::{Dead, Entry, Inner, Native};

pub(super) struct Handle {
    raw: AtomicPtr<ffi::sqlite3_blob>,
    database: Arc<Inner>,
}

impl Handle {
    /// Leaves the closing to who enters the database next.
    pub(super) fn abandon(&self) {
        let raw = self.raw.swap(std::ptr::null_mut(), Ordering::AcqRel);
        if !raw.is_null() {
            self.database.add_dead(Dead::Blob(raw));
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.abandon();
    }
}

/// An open value.
pub(crate) struct Blob(Arc<Handle>);

fn all(database: &Inner) -> MutexGuard<'_, Vec<std::sync::Weak<Handle>>> {
    let blobs: &Mutex<_> = &database.blobs;
    blobs.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Native<'_> {
    /// Opens a value, to be written to unless `is_readonly`.
    pub(crate) fn open_blob(
        &self,
        database: &CStr,
        table: &CStr,
        column: &CStr,
        row: i64,
        is_readonly: bool,
    ) -> Result<Blob, i32> {
        let mut raw = std::ptr::null_mut();
        let (name, table, column) = (database.as_ptr(), table.as_ptr(), column.as_ptr());
        // SAFETY: under the lock; the names end with zeros, and the place is written to.
        let result = unsafe {
            ffi::sqlite3_blob_open(self.raw(), name, table, column, row, c_int::from(!is_readonly), &mut raw)
        };
        if result != code::OK {
            return Err(result);
        }
        let handle = Arc::new(Handle { raw: AtomicPtr::new(raw), database: self.inner().clone() });
        let mut blobs = all(self.inner());
        blobs.retain(|known| known.strong_count() > 0);
        blobs.push(Arc::downgrade(&handle));
        Ok(Blob(handle))
    }
}

impl Blob {
    pub(crate) fn is_open(&self) -> bool {
        !self.0.raw.load(Ordering::Acquire).is_null()
    }

    fn raw(&self, database: &Arc<Inner>) -> *mut ffi::sqlite3_blob {
        assert!(Arc::ptr_eq(database, &self.0.database), "a blob of another database");
        self.0.raw.load(Ordering::Acquire)
    }

    /// Closes it when the entry is left.
    pub(crate) fn close(&self) {
        self.0.abandon();
    }

    /// Bytes of the value; 0 once closed.
    pub(crate) fn len(&self, entry: &Entry<'_>) -> usize {
        let raw = self.raw(entry.inner());
        // SAFETY: open or null; what has been taken out is closed by who holds the lock, and that is the caller.
        usize::try_from(unsafe { ffi::sqlite3_blob_bytes(raw) }).unwrap_or(0)
    }

    pub(crate) fn read(&self, native: &Native<'_>, at: usize, to: &mut [u8]) -> i32 {
        let (raw, size) = (self.raw(native.inner()), to.len() as c_int);
        // SAFETY: as for `len`; `to` has room for `size` bytes.
        unsafe { ffi::sqlite3_blob_read(raw, to.as_mut_ptr().cast(), size, at as c_int) }
    }

    pub(crate) fn write(&self, native: &Native<'_>, at: usize, from: &[u8]) -> i32 {
        let (raw, size) = (self.raw(native.inner()), from.len() as c_int);
        // SAFETY: as for `len`; `from` has `size` bytes.
        unsafe { ffi::sqlite3_blob_write(raw, from.as_ptr().cast(), size, at as c_int) }
    }
}
