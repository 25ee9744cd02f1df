//! What is set for a database, and its content as a whole.
//!
//! Invariant: memory that SQLite gives is copied and given back at once.

use std::ffi::{CStr, c_int};

use libsqlite3_sys as ffi;

use super::code;
use super::database::{Entry, Native};
use super::text;

/// The options that are switches.
const SWITCHES: [i32; 16] = [
    ffi::SQLITE_DBCONFIG_ENABLE_FKEY,
    ffi::SQLITE_DBCONFIG_ENABLE_TRIGGER,
    ffi::SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER,
    ffi::SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION,
    ffi::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE,
    ffi::SQLITE_DBCONFIG_ENABLE_QPSG,
    ffi::SQLITE_DBCONFIG_TRIGGER_EQP,
    ffi::SQLITE_DBCONFIG_RESET_DATABASE,
    ffi::SQLITE_DBCONFIG_DEFENSIVE,
    ffi::SQLITE_DBCONFIG_WRITABLE_SCHEMA,
    ffi::SQLITE_DBCONFIG_DQS_DDL,
    ffi::SQLITE_DBCONFIG_DQS_DML,
    ffi::SQLITE_DBCONFIG_LEGACY_ALTER_TABLE,
    ffi::SQLITE_DBCONFIG_ENABLE_VIEW,
    ffi::SQLITE_DBCONFIG_LEGACY_FILE_FORMAT,
    ffi::SQLITE_DBCONFIG_TRUSTED_SCHEMA,
];

impl Entry<'_> {
    /// Sets a limit, unless the new one is negative; the former one, negative if there is no such limit.
    pub(crate) fn limit(&self, category: i32, limit: i32) -> i32 {
        // SAFETY: under the lock.
        unsafe { ffi::sqlite3_limit(self.raw(), category, limit) }
    }

    /// Sets a switch (1 or 0) or asks for it (-1): how it stands. `None` if there is no such switch.
    pub(crate) fn switch(&self, option: i32, value: i32) -> Option<Result<bool, i32>> {
        if !SWITCHES.contains(&option) {
            return None;
        }
        let mut actual: c_int = 0;
        // SAFETY: under the lock; the options in the table take an int and the address of one.
        let result = unsafe { ffi::sqlite3_db_config(self.raw(), option, value as c_int, &raw mut actual) };
        Some(if result == code::OK { Ok(actual != 0) } else { Err(result) })
    }

    /// Allows or forbids to load extensions; a result code.
    pub(crate) fn enable_load_extension(&self, on: bool) -> i32 {
        // SAFETY: under the lock.
        unsafe { ffi::sqlite3_enable_load_extension(self.raw(), c_int::from(on)) }
    }
}

impl Native<'_> {
    /// Loads a library of extensions, which the program has allowed.
    pub(crate) fn load_extension(&self, path: &CStr, entry_point: Option<&CStr>) -> Result<(), String> {
        let entry_point = entry_point.map_or(std::ptr::null(), CStr::as_ptr);
        let mut message = std::ptr::null_mut();
        // SAFETY: under the lock; the names end with zeros. What the library does is the program's responsibility, which has
        // to allow this kind of thing beforehand.
        unsafe {
            let result = ffi::sqlite3_load_extension(self.raw(), path.as_ptr(), entry_point, &mut message);
            let said = text(message);
            ffi::sqlite3_free(message.cast());
            if result == code::OK { Ok(()) } else { Err(said) }
        }
    }

    /// The bytes of a file with the database's content.
    pub(crate) fn serialize(&self, name: &CStr) -> Option<Vec<u8>> {
        let mut size = 0;
        // SAFETY: under the lock. What SQLite lends for nothing is copied before it can change, the rest is given back.
        unsafe {
            let lent =
                ffi::sqlite3_serialize(self.raw(), name.as_ptr(), &mut size, ffi::SQLITE_SERIALIZE_NOCOPY);
            if !lent.is_null() {
                return Some(std::slice::from_raw_parts(lent, size as usize).to_vec());
            }
            let given = ffi::sqlite3_serialize(self.raw(), name.as_ptr(), &mut size, 0);
            if given.is_null() {
                return None;
            }
            let copy = std::slice::from_raw_parts(given, size as usize).to_vec();
            ffi::sqlite3_free(given.cast());
            Some(copy)
        }
    }

    /// Puts a database in memory, with this content, in the place of another; a result code.
    pub(crate) fn deserialize(&self, name: &CStr, content: &[u8]) -> i32 {
        const FLAGS: u32 = ffi::SQLITE_DESERIALIZE_FREEONCLOSE | ffi::SQLITE_DESERIALIZE_RESIZEABLE;
        let size = content.len();
        // SAFETY: under the lock; the memory is SQLite's own, and becomes its property also when this fails.
        unsafe {
            let memory: *mut u8 = ffi::sqlite3_malloc64(size as u64).cast();
            if memory.is_null() && size > 0 {
                return code::NOMEM;
            }
            if size > 0 {
                std::ptr::copy_nonoverlapping(content.as_ptr(), memory, size);
            }
            ffi::sqlite3_deserialize(self.raw(), name.as_ptr(), memory, size as i64, size as i64, FLAGS)
        }
    }
}
