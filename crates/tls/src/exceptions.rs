//! `SSLError` and its kinds. CPython: `sslmodule_init_exceptions` in `Modules/_ssl.c`.
//!
//! Invariant: the classes below `SSLError` are made once, at the first import of `_ssl`.

use std::sync::atomic::{AtomicU64, Ordering};

use taipan_runtime::exception::{self, os_error::OSError};
use taipan_runtime::prelude::*;
use taipan_runtime::types::type_::type_class;

/// Body of `SSLError`: that of `OSError`.
#[derive(Trace)]
pub struct SslError {}

/// An error occurred in the SSL implementation.
#[class(name = "SSLError", module = "ssl", kind = EXCEPTION, base = OSError, shares_layout, flags = BASETYPE | HAS_DICT)]
impl SslError {
    #[slot(str)]
    fn str(cx: &mut Context, this: Value) -> Result {
        let strerror = cx.get_attr_str(this, "strerror")?;
        if strerror.downcast::<Str>().is_some() {
            return Ok(strerror);
        }
        let args = cx.get_attr_str(this, "args")?;
        Ok(cx.str(args)?.value())
    }
}

/// Which exception.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Ssl,
    Verification,
    ZeroReturn,
    WantRead,
    WantWrite,
    Syscall,
    Eof,
}

struct Row {
    kind: Kind,
    name: &'static str,
    doc: &'static str,
    class: AtomicU64,
}

const fn row(kind: Kind, name: &'static str, doc: &'static str) -> Row {
    Row { kind, name, doc, class: AtomicU64::new(0) }
}

static ROWS: [Row; 6] = [
    row(Kind::Verification, "SSLCertVerificationError", "A certificate could not be verified."),
    row(Kind::ZeroReturn, "SSLZeroReturnError", "SSL/TLS session closed cleanly."),
    row(
        Kind::WantWrite,
        "SSLWantWriteError",
        "Non-blocking SSL socket needs to write more data\nbefore the requested operation can be completed.",
    ),
    row(
        Kind::WantRead,
        "SSLWantReadError",
        "Non-blocking SSL socket needs to read more data\nbefore the requested operation can be completed.",
    ),
    row(Kind::Syscall, "SSLSyscallError", "System error when attempting SSL operation."),
    row(Kind::Eof, "SSLEOFError", "SSL/TLS connection terminated abruptly."),
];

/// The class of a kind.
pub(crate) fn class(cx: &mut Context, kind: Kind) -> Result {
    match ROWS.iter().find(|row| row.kind == kind) {
        Some(row) => row_class(cx, row),
        None => Ok(SslError::class_cell().ensure(cx).value()),
    }
}

fn row_class(cx: &mut Context, row: &'static Row) -> Result {
    if let Some(class) = Value::from_bits(row.class.load(Ordering::Acquire)) {
        return Ok(class);
    }
    let base = SslError::class_cell().ensure(cx).value();
    let bases = match row.kind {
        Kind::Verification => cx.new_tuple(&[base, exception::value_error().get().value()]),
        _ => cx.new_tuple(&[base]),
    };
    let name = cx.intern(row.name).value();
    let namespace = cx.new_dict();
    let (module, doc) = (cx.intern("ssl").value(), cx.new_str(row.doc).value());
    namespace.set_str(cx, cx.name(id::__module__), module);
    namespace.set_str(cx, cx.name(id::__doc__), doc);
    let class = cx.call(type_class().value(), &[name, bases.value(), namespace.value()])?;
    taipan_runtime::add_root(&row.class);
    match row.class.compare_exchange(0, class.bits(), Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => Ok(class),
        Err(bits) => Ok(Value::from_bits(bits).unwrap_or(class)),
    }
}

/// Puts the classes into the module.
pub(crate) fn add_to(cx: &mut Context, module: Gc<Module>) -> Result<()> {
    let base = SslError::class_cell().ensure(cx).value();
    module.dict().set_str(cx, cx.intern("SSLError"), base);
    for row in &ROWS {
        let class = row_class(cx, row)?;
        module.dict().set_str(cx, cx.intern(row.name), class);
    }
    Ok(())
}

/// Raises `SSLError(message)`.
pub(crate) fn raise_message(cx: &mut Context, message: &str) -> Raised {
    let text = cx.new_str(message).value();
    let made = class(cx, Kind::Ssl).and_then(|class| cx.call(class, &[text]));
    match made {
        Ok(exception) => cx.raise(exception),
        Err(raised) => raised,
    }
}
