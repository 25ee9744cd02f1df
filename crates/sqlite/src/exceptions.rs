//! `sqlite3.Error` and its kinds, and what each result code raises. CPython: `Modules/_sqlite/util.c`, `module.c`.
//!
//! Invariant: the classes are made once, at the first import of `_sqlite3`.

use std::sync::atomic::{AtomicU64, Ordering};

use libsqlite3_sys as numbers;
use taipan_runtime::exception;
use taipan_runtime::prelude::*;
use taipan_runtime::types::type_::type_class;

use crate::constants;
use crate::sys::{Entry, Failure};

/// Which exception; the number is the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Error,
    Warning,
    Interface,
    Database,
    Internal,
    Operational,
    Programming,
    Integrity,
    Data,
    NotSupported,
}

struct Row {
    name: &'static str,
    /// None: `Exception`.
    base: Option<Kind>,
    class: AtomicU64,
}

const fn row(name: &'static str, base: Option<Kind>) -> Row {
    Row { name, base, class: AtomicU64::new(0) }
}

static ROWS: [Row; 10] = [
    row("Error", None),
    row("Warning", None),
    row("InterfaceError", Some(Kind::Error)),
    row("DatabaseError", Some(Kind::Error)),
    row("InternalError", Some(Kind::Database)),
    row("OperationalError", Some(Kind::Database)),
    row("ProgrammingError", Some(Kind::Database)),
    row("IntegrityError", Some(Kind::Database)),
    row("DataError", Some(Kind::Database)),
    row("NotSupportedError", Some(Kind::Database)),
];

/// The class of a kind.
pub(crate) fn class(cx: &mut Context, kind: Kind) -> Result {
    let row = &ROWS[kind as usize];
    if let Some(class) = Value::from_bits(row.class.load(Ordering::Acquire)) {
        return Ok(class);
    }
    let base = match row.base {
        Some(base) => class(cx, base)?,
        None => exception::exception().get().value(),
    };
    let name = cx.intern(row.name).value();
    let bases = cx.new_tuple(&[base]).value();
    let namespace = cx.new_dict();
    let module = cx.intern("sqlite3").value();
    namespace.set_str(cx, cx.name(id::__module__), module);
    let class = cx.call(type_class().value(), &[name, bases, namespace.value()])?;
    taipan_runtime::add_root(&row.class);
    match row.class.compare_exchange(0, class.bits(), Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => Ok(class),
        Err(bits) => Ok(Value::from_bits(bits).unwrap_or(class)),
    }
}

/// Puts the classes into the module.
pub(crate) fn add_to(cx: &mut Context, module: Gc<Module>) -> Result<()> {
    const KINDS: [Kind; 10] = [
        Kind::Error,
        Kind::Warning,
        Kind::Interface,
        Kind::Database,
        Kind::Internal,
        Kind::Operational,
        Kind::Programming,
        Kind::Integrity,
        Kind::Data,
        Kind::NotSupported,
    ];
    for kind in KINDS {
        let class = class(cx, kind)?;
        module.dict().set_str(cx, cx.intern(ROWS[kind as usize].name), class);
    }
    Ok(())
}

fn instance(cx: &mut Context, kind: Kind, message: &str) -> Result {
    let class = class(cx, kind)?;
    let message = cx.new_str(message).value();
    cx.call(class, &[message])
}

/// Raises an exception of a kind.
#[cold]
pub(crate) fn raise(cx: &mut Context, kind: Kind, message: &str) -> Raised {
    match instance(cx, kind, message) {
        Ok(exception) => cx.raise(exception),
        Err(raised) => raised,
    }
}

pub(crate) fn programming_error(cx: &mut Context, message: &str) -> Raised {
    raise(cx, Kind::Programming, message)
}

/// What a primary result code raises; `None` for success. CPython: `get_exception_class`.
fn kind_of(code: i32) -> Kind {
    match code {
        numbers::SQLITE_INTERNAL | numbers::SQLITE_NOTFOUND => Kind::Internal,
        numbers::SQLITE_ERROR
        | numbers::SQLITE_PERM
        | numbers::SQLITE_ABORT
        | numbers::SQLITE_BUSY
        | numbers::SQLITE_LOCKED
        | numbers::SQLITE_READONLY
        | numbers::SQLITE_INTERRUPT
        | numbers::SQLITE_IOERR
        | numbers::SQLITE_FULL
        | numbers::SQLITE_CANTOPEN
        | numbers::SQLITE_PROTOCOL
        | numbers::SQLITE_EMPTY
        | numbers::SQLITE_SCHEMA => Kind::Operational,
        numbers::SQLITE_TOOBIG => Kind::Data,
        numbers::SQLITE_CONSTRAINT | numbers::SQLITE_MISMATCH => Kind::Integrity,
        numbers::SQLITE_MISUSE | numbers::SQLITE_RANGE => Kind::Interface,
        _ => Kind::Database,
    }
}

/// Raises what SQLite says went wrong; nothing if it says that nothing did.
#[cold]
pub(crate) fn check(cx: &mut Context, failure: &Failure) -> Result<()> {
    match failure.code {
        numbers::SQLITE_OK => Ok(()),
        numbers::SQLITE_NOMEM => Err(cx.memory_error()),
        code => Err(raise_with_code(cx, kind_of(code), failure.extended, &failure.message)),
    }
}

/// Raises what went wrong last for a database; nothing if nothing did.
#[cold]
pub(crate) fn check_last(cx: &mut Context, entry: &Entry<'_>) -> Result<()> {
    let failure = entry.failure();
    check(cx, &failure)
}

/// Raises an exception with `sqlite_errorcode` and `sqlite_errorname`.
pub(crate) fn raise_with_code(cx: &mut Context, kind: Kind, code: i32, message: &str) -> Raised {
    let exception = match instance(cx, kind, message) {
        Ok(exception) => exception,
        Err(raised) => return raised,
    };
    let number = Value::int(code.into());
    let name = cx.new_str(constants::error_name(code).unwrap_or("unknown")).value();
    let set = cx.set_attr_str(exception, "sqlite_errorcode", number);
    match set.and_then(|()| cx.set_attr_str(exception, "sqlite_errorname", name)) {
        Ok(()) => cx.raise(exception),
        Err(raised) => raised,
    }
}
