//! Statements, and the cache of those that were used last. CPython: `Modules/_sqlite/statement.c`.
//!
//! Invariant: a text holds one statement; whether it changes data is told by its first word.

use std::collections::HashMap;
use std::ffi::CString;

use taipan_runtime::prelude::*;

use crate::exceptions::{self, Kind};
use crate::patience;
use crate::sys::{self, Entry, code};

/// A statement, and what is known of its text.
#[derive(Clone)]
pub(crate) struct Compiled {
    pub(crate) statement: sys::Statement,
    /// INSERT, UPDATE, DELETE or REPLACE.
    pub(crate) is_dml: bool,
}

/// The body of `Statement`.
#[derive(Trace)]
pub struct StatementObject {
    #[allow(dead_code, reason = "held for its destructor")]
    compiled: Opaque<Compiled>,
}

#[class(name = "Statement", module = "sqlite3", flags = DISALLOW_NEW)]
impl StatementObject {}

impl StatementObject {
    pub(crate) fn make(cx: &Context, compiled: Compiled) -> Gc<StatementObject> {
        cx.new_object(StatementObject { compiled: Opaque(compiled) })
    }
}

/// The text from its first word on, after blanks and comments; `None` if there is none.
fn first_word(sql: &[u8]) -> Option<&[u8]> {
    let mut rest = sql;
    loop {
        match rest {
            [] => return None,
            [b' ' | b'\t' | b'\x0c' | b'\n' | b'\r', after @ ..] => rest = after,
            [b'-', b'-', after @ ..] => {
                let end = after.iter().position(|byte| *byte == b'\n')?;
                rest = &after[end + 1..];
            }
            [b'/', b'*', after @ ..] => {
                let end = after.windows(2).position(|pair| pair == b"*/")?;
                rest = &after[end + 2..];
            }
            _ => return Some(rest),
        }
    }
}

fn changes_data(sql: &[u8]) -> bool {
    let Some(sql) = first_word(sql) else { return false };
    ["insert", "update", "delete", "replace"]
        .iter()
        .any(|word| sql.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes())))
}

/// Compiles a text. CPython: `pysqlite_statement_create`.
pub(crate) fn compile(cx: &mut Context, entry: &Entry<'_>, sql: Gc<Str>) -> Result<Compiled> {
    let text = sql.to_utf8(cx)?.into_owned();
    if text.len() as i64 > i64::from(entry.limit(SQL_LENGTH, -1)) {
        return Err(exceptions::raise(cx, Kind::Data, "query string is too large"));
    }
    let is_dml = changes_data(text.as_bytes());
    if text.contains("busy_timeout") {
        entry.note_timeout();
    }
    let Ok(text) = CString::new(text) else {
        return Err(exceptions::programming_error(cx, "the query contains a null character"));
    };
    match patience::wait(cx, entry, |native| native.prepare(&text, 0))? {
        Ok((statement, end)) => {
            if first_word(text.as_bytes().get(end..).unwrap_or_default()).is_some() {
                let message = "You can only execute one statement at a time.";
                return Err(exceptions::programming_error(cx, message));
            }
            Ok(Compiled { statement, is_dml })
        }
        Err(code::TOOBIG) => Err(exceptions::raise(cx, Kind::Data, "query string is too large")),
        Err(_) => match exceptions::check_last(cx, entry) {
            Err(raised) => Err(raised),
            Ok(()) => Err(exceptions::raise(cx, Kind::Database, "not an error")),
        },
    }
}

/// `SQLITE_LIMIT_SQL_LENGTH`.
pub(crate) const SQL_LENGTH: i32 = libsqlite3_sys::SQLITE_LIMIT_SQL_LENGTH;

/// The statements that were used last, by their texts.
pub(crate) struct Cache {
    statements: HashMap<Box<str>, (Compiled, u64)>,
    capacity: usize,
    clock: u64,
}

impl Cache {
    pub(crate) fn new(capacity: usize) -> Cache {
        Cache { statements: HashMap::new(), capacity, clock: 0 }
    }

    pub(crate) fn get(&mut self, sql: &str) -> Option<Compiled> {
        let (compiled, used) = self.statements.get_mut(sql)?;
        self.clock += 1;
        *used = self.clock;
        Some(compiled.clone())
    }

    pub(crate) fn insert(&mut self, sql: &str, compiled: &Compiled) {
        if self.capacity == 0 {
            return;
        }
        if self.statements.len() >= self.capacity {
            let oldest = self.statements.iter().min_by_key(|(_, (_, used))| *used);
            if let Some(oldest) = oldest.map(|(sql, _)| sql.clone()) {
                self.statements.remove(&oldest);
            }
        }
        self.clock += 1;
        self.statements.insert(sql.into(), (compiled.clone(), self.clock));
    }

    pub(crate) fn clear(&mut self) {
        self.statements.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::{changes_data, first_word};

    #[test]
    fn blanks_and_comments_come_before_the_first_word() {
        assert_eq!(first_word(b" \n-- one\n/* two */ x;"), Some(&b"x;"[..]));
        for none in [&b""[..], b" ", b"-- one", b"/* two", b"/* two */", b"-- one\n"] {
            assert_eq!(first_word(none), None);
        }
        assert!(changes_data(b"/* x */ RePlace into"));
        assert!(!changes_data(b"select 1") && !changes_data(b"in"));
    }
}
