//! Copying a database page by page. SQLite: `sqlite3_backup`.
//!
//! Invariant: a backup borrows the entries of both databases, so neither of them closes below it.

use std::ffi::CStr;
use std::marker::PhantomData;

use libsqlite3_sys as ffi;

use super::database::{Entry, Native};

pub(crate) struct Backup<'a> {
    raw: *mut ffi::sqlite3_backup,
    _entries: PhantomData<(&'a Entry<'a>, &'a Entry<'a>)>,
}

impl<'a> Backup<'a> {
    /// Begins to copy `name` of the source into the main database of the target. `None`: the target has the error.
    pub(crate) fn begin(source: &'a Entry<'a>, target: &'a Entry<'a>, name: &CStr) -> Option<Backup<'a>> {
        let (from, to) = (source.raw(), target.raw());
        // SAFETY: both are under their locks; the names end with zeros.
        let raw = unsafe { ffi::sqlite3_backup_init(to, c"main".as_ptr(), from, name.as_ptr()) };
        (!raw.is_null()).then_some(Backup { raw, _entries: PhantomData })
    }

    /// Copies up to `pages` pages, all if negative; a result code.
    pub(crate) fn step(&self, _native: &Native<'_>, pages: i32) -> i32 {
        // SAFETY: begun and not finished; both locks are held.
        unsafe { ffi::sqlite3_backup_step(self.raw, pages) }
    }

    pub(crate) fn remaining(&self) -> i32 {
        // SAFETY: as above.
        unsafe { ffi::sqlite3_backup_remaining(self.raw) }
    }

    pub(crate) fn page_count(&self) -> i32 {
        // SAFETY: as above.
        unsafe { ffi::sqlite3_backup_pagecount(self.raw) }
    }

    /// Ends it; a result code.
    pub(crate) fn finish(mut self) -> i32 {
        self.end()
    }

    fn end(&mut self) -> i32 {
        let raw = std::mem::replace(&mut self.raw, std::ptr::null_mut());
        // SAFETY: finished once; nothing is done for null.
        unsafe { ffi::sqlite3_backup_finish(raw) }
    }
}

impl Drop for Backup<'_> {
    fn drop(&mut self) {
        self.end();
    }
}
