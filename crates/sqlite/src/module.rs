//! The module `_sqlite3`. CPython: `Modules/_sqlite/module.c`.
//!
//! Invariant: SQLite is set up when the module is imported, and stays so.

use taipan_runtime::prelude::*;

use crate::adapt::{self, PrepareProtocol};
use crate::arguments::warn_positional;
use crate::blob::Blob;
use crate::connection::Connection;
use crate::cursor::Cursor;
use crate::exceptions::{self, Kind};
use crate::execute::c_string;
use crate::row::Row;
use crate::statement::StatementObject;
use crate::sys::{self, code};
use crate::{constants, hooks};

pub struct SqliteModule;

/// SQLite's mode of threading as PEP 249 numbers it.
fn thread_safety(cx: &mut Context) -> Result<i64> {
    match sys::threading() {
        0 => Ok(0),
        1 => Ok(3),
        2 => Ok(1),
        mode => {
            let message =
                format!("Unable to interpret SQLite threadsafety mode. Got {mode}, expected 0, 1, or 2");
            Err(exceptions::raise(cx, Kind::Interface, &message))
        }
    }
}

#[module("_sqlite3", classes(Blob, Connection, Cursor, PrepareProtocol, Row))]
impl SqliteModule {
    /// Open a connection to the SQLite database file 'database'.
    ///
    /// You can use ":memory:" to open a database connection to a database that
    /// resides in RAM instead of on disk.
    ///
    /// Note: Passing more than 1 positional argument to _sqlite3.connect() is
    /// deprecated. Parameters 'timeout', 'detect_types', 'isolation_level',
    /// 'check_same_thread', 'factory', 'cached_statements' and 'uri' will
    /// become keyword-only parameters in Python 3.15.
    #[function(
        "(*args, **kwargs)",
        text = "(database, timeout=5.0, detect_types=0,\n        isolation_level='', check_same_thread=True,\n        factory=ConnectionType, cached_statements=128, uri=False, *,\n        autocommit=sqlite3.LEGACY_TRANSACTION_CONTROL)"
    )]
    fn connect(cx: &mut Context, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result {
        let own = Connection::class_cell().get().value();
        let named = kwargs.get_str(cx, cx.intern("factory"));
        let factory = args.get(5).or(named).unwrap_or(own);
        warn_positional(cx, args.len(), "sqlite3.connect")?;
        cx.call_ex(factory, args.items(), Some(kwargs))
    }

    /// Checks if a string contains a complete SQL statement.
    #[function("(statement)")]
    fn complete_statement(cx: &mut Context, statement: Gc<Str>) -> Result<bool> {
        Ok(sys::is_complete(&c_string(cx, statement)?))
    }

    /// Register a function to adapt Python objects to SQLite values.
    #[function("(type, adapter, /)")]
    fn register_adapter(cx: &mut Context, type_: Value, adapter: Value) -> Result<()> {
        adapt::register(cx, type_, adapter)
    }

    /// Register a function to convert SQLite values to Python objects.
    #[function("(typename, converter, /)")]
    fn register_converter(cx: &mut Context, typename: Gc<Str>, converter: Value) -> Result<()> {
        let name = cx.call_method(typename.value(), "upper", &[])?;
        adapt::CONVERTERS.dict(cx).set(cx, name, converter)
    }

    /// Enable or disable callback functions throwing errors to stderr.
    #[function("(enable, /)")]
    fn enable_callback_tracebacks(enable: i32) {
        hooks::enable_tracebacks(enable != 0);
    }

    /// Adapt given object to given protocol.
    #[function(
        "(obj, proto=<absent>, alt=<absent>, /)",
        text = "(obj, proto=PrepareProtocolType, alt=<unrepresentable>, /)"
    )]
    fn adapt(cx: &mut Context, obj: Value, proto: Option<Value>, alt: Option<Value>) -> Result {
        adapt::adapt(cx, obj, proto.unwrap_or_else(adapt::prepare_protocol), alt)
    }

    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        let result = sys::initialize();
        if result != code::OK {
            return Err(cx.import_error(sys::message_of(result)));
        }
        adapt::set_up();
        StatementObject::class_cell().ensure(cx);
        constants::add_to(cx, module);
        exceptions::add_to(cx, module)?;
        let version = cx.new_str(&sys::version()).value();
        let safety = thread_safety(cx)?;
        let (adapters, converters) = (adapt::ADAPTERS.dict(cx).value(), adapt::CONVERTERS.dict(cx).value());
        let members = [
            ("adapters", adapters),
            ("converters", converters),
            ("sqlite_version", version),
            ("threadsafety", Value::int(safety)),
        ];
        for (name, value) in members {
            module.dict().set_str(cx, cx.intern(name), value);
        }
        Ok(())
    }
}
