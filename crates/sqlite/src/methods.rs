//! The methods of `Connection`. CPython: `Modules/_sqlite/connection.c`.
//!
//! Invariant: each one checks the thread and that the database is open before SQLite sees an argument.

use taipan_runtime::exception;
use taipan_runtime::native::bind::{self, Callee, Owner};
use taipan_runtime::native::{Param, ParamKind, Signature};
use taipan_runtime::prelude::*;

use crate::arguments::{
    bound, check_argument_count, init, param, signature, text_argument, warn_named_if_bound, warn_positional,
};
use crate::blob::Blob;
use crate::connection::{Connection, Isolation, autocommit_from};
use crate::cursor::Cursor;
use crate::exceptions::{self, Kind, class, raise};
use crate::execute::{self, c_string};
use crate::statement::{StatementObject, compile};
use crate::sys::{self, Entry, code};
use crate::{backup, bind as parameters, patience};

/// Makes a function of SQL of a Python object; the result code.
fn create(
    this: Gc<Connection>,
    cx: &mut Context,
    name: Gc<Str>,
    count: i32,
    kind: sys::Kind,
    callable: Value,
) -> Result<i32> {
    let name = c_string(cx, name)?;
    Connection::enter(this, cx, |cx, entry| {
        let attempt = |cx: &mut Context| {
            let callee = this.add_callee(cx, callable);
            let result = entry.native(cx, |native| native.create_function(&name, count, kind, callee));
            this.forget_ended(cx, entry);
            result
        };
        let result = attempt(cx);
        if patience::make_room(cx, result)? { Ok(attempt(cx)) } else { Ok(result) }
    })
}

fn created(cx: &mut Context, result: i32, message: &str) -> Result {
    match result {
        code::OK => Ok(Value::NONE),
        _ => Err(raise(cx, Kind::Operational, message)),
    }
}

fn fresh_cursor(this: Gc<Connection>, cx: &mut Context) -> Result<Gc<Cursor>> {
    this.check_thread(cx)?;
    this.check_open(cx)?;
    let cursor = Cursor::make(cx, this)?;
    if let Some(factory) = this.row_factory.load().and_then(Value::not_none) {
        cursor.set_row_factory(factory);
    }
    Ok(cursor)
}

/// SQLite database connection object.
#[class(name = "Connection", module = "sqlite3", flags = BASETYPE | HAS_WEAKREF)]
impl Connection {
    #[new("(*args, **kwargs)")]
    fn new(cx: &mut Context, class: Gc<Class>, _args: Gc<Tuple>, _kwargs: Gc<Dict>) -> Gc<Self> {
        cx.new_instance(class, Connection::blank())
    }

    #[slot(init)]
    fn init(cx: &mut Context, this: Value, args: Args<'_>) -> Result<()> {
        use ParamKind::{Either, KeywordOnly};
        static PARAMS: [Param; 9] = [
            param("database", Either, true),
            param("timeout", Either, false),
            param("detect_types", Either, false),
            param("isolation_level", Either, false),
            param("check_same_thread", Either, false),
            param("factory", Either, false),
            param("cached_statements", Either, false),
            param("uri", Either, false),
            param("autocommit", KeywordOnly, false),
        ];
        static SIGNATURE: Signature = signature("", &PARAMS, 8, 1);
        warn_positional(cx, args.positional().len(), "_sqlite3.Connection")?;
        let callee = Callee { name: "Connection", owner: Owner::Constructor };
        bind::call(cx, callee, Some(this), &SIGNATURE, args, init).map(drop)
    }

    #[slot(finalize)]
    fn finalize(cx: &mut Context, this: Value) -> Result<()> {
        let Some(connection) = this.downcast::<Connection>() else { return Ok(()) };
        if connection.database().is_none() {
            return Ok(());
        }
        let shown = cx.repr(this)?;
        let warned = cx.warn_unclosed(this, &format!("unclosed database in {}", shown.to_str()));
        if let Err(raised) = warned {
            let message = "Exception ignored while finalizing database connection";
            cx.unraisable(raised, message, Some(this));
        }
        if let Err(raised) = Connection::shut(connection, cx) {
            cx.unraisable(raised, "Exception ignored while closing database", Some(this));
        }
        Ok(())
    }

    #[slot(call)]
    fn call(this: Gc<Self>, cx: &mut Context, args: Args<'_>) -> Result {
        this.check_thread(cx)?;
        this.check_open(cx)?;
        if args.keyword_count() > 0 {
            return Err(cx.type_error("sqlite3.Connection() takes no keyword arguments"));
        }
        let &[sql] = args.positional() else {
            let given = args.positional().len();
            return Err(cx.type_error(format!("function takes exactly 1 argument ({given} given)")));
        };
        let Some(sql) = sql.downcast::<Str>() else {
            let got = cx.argument_type_name(sql);
            return Err(cx.type_error(format!("argument 1 must be str, not {got}")));
        };
        Connection::enter(this, cx, |cx, entry| {
            let compiled = compile(cx, entry, sql)?;
            Ok(StatementObject::make(cx, compiled).value())
        })
    }

    /// Return a cursor for the connection.
    #[function("(factory=<absent>)")]
    fn cursor(this: Gc<Self>, cx: &mut Context, factory: Option<Value>) -> Result {
        let Some(factory) = factory else { return Ok(fresh_cursor(this, cx)?.value()) };
        this.check_thread(cx)?;
        this.check_open(cx)?;
        let made = cx.call(factory, &[this.value()])?;
        let Some(cursor) = made.downcast::<Cursor>() else {
            let got = cx.type_name(made);
            return Err(cx.type_error(format!("factory must return a cursor, not {got}")));
        };
        if let Some(factory) = this.row_factory.load().and_then(Value::not_none) {
            cursor.set_row_factory(factory);
        }
        Ok(made)
    }

    /// Open and return a BLOB object.
    ///
    ///   table
    ///     Table name.
    ///   column
    ///     Column name.
    ///   rowid
    ///     Row id.
    ///   readonly
    ///     Open the BLOB without write permissions.
    ///   name
    ///     Database name.
    #[function("(table, column, rowid, /, *, readonly=False, name='main')")]
    fn blobopen(
        this: Gc<Self>,
        cx: &mut Context,
        table: Gc<Str>,
        column: Gc<Str>,
        rowid: Value,
        readonly: bool,
        name: Gc<Str>,
    ) -> Result {
        let (table, column) = (c_string(cx, table)?, c_string(cx, column)?);
        if !cx.is_int(rowid) {
            return Err(cx.type_error("expected 'int'"));
        }
        let row = parameters::integer(cx, rowid)?;
        let name = c_string(cx, name)?;
        Connection::enter_checked(this, cx, |cx, entry| {
            let opened = entry.native(cx, |native| native.open_blob(&name, &table, &column, row, readonly));
            match opened {
                Ok(handle) => Ok(Blob::make(cx, this, handle).value()),
                Err(code::MISUSE) => Err(raise(cx, Kind::Interface, &sys::message_of(code::MISUSE))),
                Err(_) => exceptions::check_last(cx, entry).map(|()| Value::NONE),
            }
        })
    }

    /// Close the database connection.
    ///
    /// Any pending transaction is not committed implicitly.
    #[function("()")]
    fn close(this: Gc<Self>, cx: &mut Context) -> Result<()> {
        this.check_thread(cx)?;
        if !this.is_initialized() {
            return Err(exceptions::programming_error(cx, "Base Connection.__init__ not called."));
        }
        Connection::shut(this, cx)
    }

    /// Commit any pending transaction to the database.
    ///
    /// If there is no open transaction, this method is a no-op.
    #[function("()")]
    fn commit(this: Gc<Self>, cx: &mut Context) -> Result<()> {
        Connection::end_transaction(this, cx, c"COMMIT")
    }

    /// Roll back to the start of any pending transaction.
    ///
    /// If there is no open transaction, this method is a no-op.
    #[function("()")]
    fn rollback(this: Gc<Self>, cx: &mut Context) -> Result<()> {
        Connection::end_transaction(this, cx, c"ROLLBACK")
    }

    /// Creates a new function.
    ///
    /// Note: Passing keyword arguments 'name', 'narg' and 'func' to
    /// _sqlite3.Connection.create_function() is deprecated. Parameters
    /// 'name', 'narg' and 'func' will become positional-only in Python 3.15.
    #[function("(*args, **kwargs)", text = "(name, narg, func, *, deterministic=False)")]
    fn create_function(this: Gc<Self>, cx: &mut Context, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result {
        use ParamKind::{Either, KeywordOnly};
        static PARAMS: [Param; 4] = [
            param("name", Either, true),
            param("narg", Either, true),
            param("func", Either, true),
            param("deterministic", KeywordOnly, false),
        ];
        static SIGNATURE: Signature = signature("", &PARAMS, 3, 3);
        warn_named_if_bound(cx, "create_function", args, kwargs, &["name", "narg", "func"])?;
        bound(cx, this.value(), "create_function", &SIGNATURE, args, kwargs, |cx, args| {
            let this = bind::expect_self::<Connection>(cx, args[0])?;
            let name = text_argument(cx, args[1], "create_function() argument 'name'")?;
            let count = i32::from_arg(cx, bind::present(args[2]), "")?;
            let is_deterministic = match args[4] {
                Some(value) => cx.truth(value)?,
                None => false,
            };
            this.check_thread(cx)?;
            this.check_open(cx)?;
            check_argument_count(cx, "narg", count)?;
            let kind = sys::Kind::Function { is_deterministic };
            let result = create(this, cx, name, count, kind, bind::present(args[3]))?;
            created(cx, result, "Error creating function")
        })
    }

    /// Creates a new aggregate.
    ///
    /// Note: Passing keyword arguments 'name', 'n_arg' and 'aggregate_class'
    /// to _sqlite3.Connection.create_aggregate() is deprecated. Parameters
    /// 'name', 'n_arg' and 'aggregate_class' will become positional-only in
    /// Python 3.15.
    #[function("(*args, **kwargs)", text = "(name, n_arg, aggregate_class)")]
    fn create_aggregate(this: Gc<Self>, cx: &mut Context, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result {
        use ParamKind::Either;
        static PARAMS: [Param; 3] = [
            param("name", Either, true),
            param("n_arg", Either, true),
            param("aggregate_class", Either, true),
        ];
        static SIGNATURE: Signature = signature("", &PARAMS, 3, 3);
        warn_named_if_bound(cx, "create_aggregate", args, kwargs, &["name", "n_arg", "aggregate_class"])?;
        bound(cx, this.value(), "create_aggregate", &SIGNATURE, args, kwargs, |cx, args| {
            let this = bind::expect_self::<Connection>(cx, args[0])?;
            let name = text_argument(cx, args[1], "create_aggregate() argument 'name'")?;
            let count = i32::from_arg(cx, bind::present(args[2]), "")?;
            this.check_thread(cx)?;
            this.check_open(cx)?;
            check_argument_count(cx, "n_arg", count)?;
            let result = create(this, cx, name, count, sys::Kind::Aggregate, bind::present(args[3]))?;
            created(cx, result, "Error creating aggregate")
        })
    }

    /// Creates or redefines an aggregate window function. Non-standard.
    ///
    ///   name
    ///     The name of the SQL aggregate window function to be created or
    ///     redefined.
    ///   num_params
    ///     The number of arguments the step and inverse methods takes.
    ///   aggregate_class
    ///     A class with step(), finalize(), value(), and inverse() methods.
    ///     Set to None to clear the window function.
    #[function("(name, num_params, aggregate_class, /)")]
    fn create_window_function(
        this: Gc<Self>,
        cx: &mut Context,
        name: Gc<Str>,
        num_params: i32,
        aggregate_class: Value,
    ) -> Result<()> {
        this.check_thread(cx)?;
        this.check_open(cx)?;
        check_argument_count(cx, "num_params", num_params)?;
        let result = if aggregate_class.is_none() {
            let name = c_string(cx, name)?;
            Connection::enter(this, cx, |cx, entry| {
                let result = entry.native(cx, |native| native.remove_window_function(&name, num_params));
                this.forget_ended(cx, entry);
                Ok(result)
            })?
        } else {
            create(this, cx, name, num_params, sys::Kind::Window, aggregate_class)?
        };
        match result {
            code::OK => Ok(()),
            result => Err(exceptions::programming_error(cx, &sys::message_of(result))),
        }
    }

    /// Creates a collation function.
    #[function("(name, callback, /)")]
    fn create_collation(this: Gc<Self>, cx: &mut Context, name: Gc<Str>, callback: Value) -> Result<()> {
        let name = c_string(cx, name)?;
        this.check_thread(cx)?;
        this.check_open(cx)?;
        if !callback.is_none() && !cx.is_callable(callback) {
            return Err(cx.type_error("parameter must be callable"));
        }
        Connection::enter(this, cx, |cx, entry| {
            let attempt = |cx: &mut Context| {
                let callee = callback.not_none().map(|callback| this.add_callee(cx, callback));
                let result = entry.native(cx, |native| native.create_collation(&name, callee));
                this.forget_ended(cx, entry);
                result
            };
            let mut result = attempt(cx);
            if patience::make_room(cx, result)? {
                result = attempt(cx);
            }
            if result == code::OK { Ok(()) } else { exceptions::check_last(cx, entry) }
        })
    }

    /// Set authorizer callback.
    ///
    /// Note: Passing keyword argument 'authorizer_callback' to
    /// _sqlite3.Connection.set_authorizer() is deprecated. Parameter
    /// 'authorizer_callback' will become positional-only in Python 3.15.
    #[function("(*args, **kwargs)", text = "(authorizer_callback)")]
    fn set_authorizer(this: Gc<Self>, cx: &mut Context, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result {
        static PARAMS: [Param; 1] = [param("authorizer_callback", ParamKind::Either, true)];
        static SIGNATURE: Signature = signature("", &PARAMS, 1, 1);
        warn_named_if_bound(cx, "set_authorizer", args, kwargs, &["authorizer_callback"])?;
        bound(cx, this.value(), "set_authorizer", &SIGNATURE, args, kwargs, |cx, args| {
            let this = bind::expect_self::<Connection>(cx, args[0])?;
            let callback = bind::present(args[1]).not_none();
            Connection::enter_checked(this, cx, |cx, entry| {
                this.authorizer.store_option(callback);
                created(cx, entry.set_authorizer(callback.is_some()), "Error setting authorizer callback")
            })
        })
    }

    /// Set progress handler callback.
    ///
    ///   progress_handler
    ///     A callable that takes no arguments.
    ///     If the callable returns non-zero, the current query is
    ///     terminated, and an exception is raised.
    ///   n
    ///     The number of SQLite virtual machine instructions that are
    ///     executed between invocations of 'progress_handler'.
    ///
    /// If 'progress_handler' is None or 'n' is 0, the progress handler is
    /// disabled.
    ///
    /// Note: Passing keyword argument 'progress_handler' to
    /// _sqlite3.Connection.set_progress_handler() is deprecated. Parameter
    /// 'progress_handler' will become positional-only in Python 3.15.
    #[function("(*args, **kwargs)", text = "(progress_handler, n)")]
    fn set_progress_handler(this: Gc<Self>, cx: &mut Context, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result {
        use ParamKind::Either;
        static PARAMS: [Param; 2] = [param("progress_handler", Either, true), param("n", Either, true)];
        static SIGNATURE: Signature = signature("", &PARAMS, 2, 2);
        warn_named_if_bound(cx, "set_progress_handler", args, kwargs, &["progress_handler"])?;
        bound(cx, this.value(), "set_progress_handler", &SIGNATURE, args, kwargs, |cx, args| {
            let this = bind::expect_self::<Connection>(cx, args[0])?;
            let callback = bind::present(args[1]).not_none();
            let instructions = i32::from_arg(cx, bind::present(args[2]), "")?;
            Connection::enter_checked(this, cx, |_, entry| {
                this.progress.store_option(callback);
                entry.set_progress(if callback.is_some() { instructions } else { 0 });
                Ok(Value::NONE)
            })
        })
    }

    /// Set a trace callback called for each SQL statement (passed as unicode).
    ///
    /// Note: Passing keyword argument 'trace_callback' to
    /// _sqlite3.Connection.set_trace_callback() is deprecated. Parameter
    /// 'trace_callback' will become positional-only in Python 3.15.
    #[function("(*args, **kwargs)", text = "(trace_callback)")]
    fn set_trace_callback(this: Gc<Self>, cx: &mut Context, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result {
        static PARAMS: [Param; 1] = [param("trace_callback", ParamKind::Either, true)];
        static SIGNATURE: Signature = signature("", &PARAMS, 1, 1);
        warn_named_if_bound(cx, "set_trace_callback", args, kwargs, &["trace_callback"])?;
        bound(cx, this.value(), "set_trace_callback", &SIGNATURE, args, kwargs, |cx, args| {
            let this = bind::expect_self::<Connection>(cx, args[0])?;
            let callback = bind::present(args[1]).not_none();
            Connection::enter_checked(this, cx, |_, entry| {
                this.trace.store_option(callback);
                entry.set_trace(callback.is_some());
                Ok(Value::NONE)
            })
        })
    }

    /// Enable dynamic loading of SQLite extension modules.
    #[function("(enable, /)")]
    fn enable_load_extension(this: Gc<Self>, cx: &mut Context, enable: bool) -> Result {
        cx.audit("sqlite3.enable_load_extension", |_| [this.value(), Value::bool(enable)])?;
        Connection::enter_checked(this, cx, |cx, entry| {
            created(cx, entry.enable_load_extension(enable), "Error enabling load extension")
        })
    }

    /// Load SQLite extension module.
    #[function("(name, /, *, entrypoint=None)")]
    fn load_extension(this: Gc<Self>, cx: &mut Context, name: Gc<Str>, entrypoint: Value) -> Result<()> {
        let path = c_string(cx, name)?;
        let entry_point = match (entrypoint.not_none(), entrypoint.downcast::<Str>()) {
            (None, _) => None,
            (Some(_), Some(text)) => Some(c_string(cx, text)?),
            (Some(other), None) => {
                let got = cx.argument_type_name(other);
                let message =
                    format!("load_extension() argument 'entrypoint' must be str or None, not {got}");
                return Err(cx.type_error(message));
            }
        };
        cx.audit("sqlite3.load_extension", |_| [this.value(), name.value()])?;
        Connection::enter_checked(this, cx, |cx, entry| {
            let loaded = entry.native(cx, |native| native.load_extension(&path, entry_point.as_deref()));
            loaded.map_err(|message| raise(cx, Kind::Operational, &message))
        })
    }

    /// Executes an SQL statement.
    #[function("(sql, parameters=<absent>, /)", text = "(sql, parameters=(), /)")]
    fn execute(
        this: Gc<Self>,
        cx: &mut Context,
        sql: Gc<Str>,
        parameters: Option<Value>,
    ) -> Result<Gc<Cursor>> {
        let cursor = fresh_cursor(this, cx)?;
        execute::one(cursor, cx, sql, parameters)?;
        Ok(cursor)
    }

    /// Repeatedly executes an SQL statement.
    #[function("(sql, parameters, /)")]
    fn executemany(this: Gc<Self>, cx: &mut Context, sql: Gc<Str>, parameters: Value) -> Result<Gc<Cursor>> {
        let cursor = fresh_cursor(this, cx)?;
        execute::many(cursor, cx, sql, parameters)?;
        Ok(cursor)
    }

    /// Executes multiple SQL statements at once.
    #[function("(sql_script, /)")]
    fn executescript(this: Gc<Self>, cx: &mut Context, sql_script: Value) -> Result<Gc<Cursor>> {
        let cursor = fresh_cursor(this, cx)?;
        cx.call_method(cursor.value(), "executescript", &[sql_script])?;
        Ok(cursor)
    }

    /// Abort any pending database operation.
    #[function("()")]
    fn interrupt(&self, cx: &mut Context) -> Result<()> {
        self.check_open(cx)?.interrupt();
        Ok(())
    }

    /// Returns iterator to the dump of the database in an SQL text format.
    ///
    ///   filter
    ///     An optional LIKE pattern for database objects to dump
    #[function("(*, filter=None)")]
    fn iterdump(this: Gc<Self>, cx: &mut Context, filter: Value) -> Result {
        this.check_open(cx)?;
        let module = cx.import("sqlite3.dump")?;
        let Some(dump) = cx.lookup_attr_str(module, "_iterdump")? else {
            return Err(raise(cx, Kind::Operational, "Failed to obtain _iterdump() reference"));
        };
        let names = cx.new_tuple(&[cx.intern("filter").value()]);
        cx.call_kw(dump, Args::new(&[this.value(), filter], Some(names)))
    }

    /// Makes a backup of the database.
    #[function("(target, *, pages=-1, progress=None, name='main', sleep=0.25)")]
    fn backup(
        this: Gc<Self>,
        cx: &mut Context,
        target: Gc<Connection>,
        pages: i32,
        progress: Value,
        name: Gc<Str>,
        sleep: f64,
    ) -> Result<()> {
        let name = c_string(cx, name)?;
        backup::run(this, cx, target, pages, progress, &name, sleep)
    }

    /// Serialize a database into a byte string.
    ///
    ///   name
    ///     Which database to serialize.
    ///
    /// For an ordinary on-disk database file, the serialization is just
    /// a copy of the disk file.  For an in-memory database or a "temp"
    /// database, the serialization is the same sequence of bytes which
    /// would be written to disk if that database were backed up to disk.
    #[function("(*, name='main')")]
    fn serialize(this: Gc<Self>, cx: &mut Context, name: Gc<Str>) -> Result {
        let shown = name.to_str().into_owned();
        let name = c_string(cx, name)?;
        Connection::enter_checked(this, cx, |cx, entry| {
            match entry.native(cx, |native| native.serialize(&name)) {
                Some(bytes) => Ok(cx.new_bytes(&bytes).value()),
                None => Err(raise(cx, Kind::Operational, &format!("unable to serialize '{shown}'"))),
            }
        })
    }

    /// Load a serialized database.
    ///
    ///   data
    ///     The serialized database content.
    ///   name
    ///     Which database to reopen with the deserialization.
    ///
    /// The deserialize interface causes the database connection to
    /// disconnect from the target database, and then reopen it as
    /// an in-memory database based on the given serialized data.
    ///
    /// The deserialize interface will fail with SQLITE_BUSY if the database
    /// is currently in a read transaction or is involved in a backup
    /// operation.
    #[function("(data, /, *, name='main')")]
    fn deserialize(this: Gc<Self>, cx: &mut Context, data: Value, name: Gc<Str>) -> Result<()> {
        let content = match data.downcast::<Str>() {
            Some(text) => text.to_utf8(cx)?.as_bytes().to_vec(),
            None => cx.bytes_like(data)?.to_vec(),
        };
        let name = c_string(cx, name)?;
        Connection::enter_checked(this, cx, |cx, entry| {
            match entry.native(cx, |native| native.deserialize(&name, &content)) {
                code::OK => Ok(()),
                code::NOMEM => Err(cx.memory_error()),
                _ => exceptions::check_last(cx, entry),
            }
        })
    }

    /// Called when the connection is used as a context manager.
    ///
    /// Returns itself as a convenience to the caller.
    #[function("()")]
    fn __enter__(this: Gc<Self>, cx: &mut Context) -> Result<Gc<Self>> {
        this.check_open(cx)?;
        Ok(this)
    }

    /// Called when the connection is used as a context manager.
    ///
    /// If there was any exception, a rollback takes place; otherwise we
    /// commit.
    #[function("(type, value, traceback, /)")]
    fn __exit__(
        this: Gc<Self>,
        cx: &mut Context,
        type_: Value,
        value: Value,
        traceback: Value,
    ) -> Result<bool> {
        let is_clean = [type_, value, traceback].iter().all(|value| value.is_none());
        if !is_clean {
            Connection::end_transaction(this, cx, c"ROLLBACK")?;
            return Ok(false);
        }
        if let Err(raised) = Connection::end_transaction(this, cx, c"COMMIT") {
            // What could not be committed is rolled back, which unlocks the database.
            let failed = cx.take_exception(raised);
            return Err(match Connection::end_transaction(this, cx, c"ROLLBACK") {
                Ok(()) => cx.reraise(failed),
                Err(raised) => {
                    let second = cx.take_exception(raised);
                    exception::chain(second, failed);
                    cx.reraise(second)
                }
            });
        }
        Ok(false)
    }

    /// Set connection run-time limits.
    ///
    ///   category
    ///     The limit category to be set.
    ///   limit
    ///     The new limit. If the new limit is a negative number, the limit
    ///     is unchanged.
    ///
    /// Attempts to increase a limit above its hard upper bound are silently
    /// truncated to the hard upper bound. Regardless of whether or not the
    /// limit was changed, the prior value of the limit is returned.
    #[function("(category, limit, /)")]
    fn setlimit(this: Gc<Self>, cx: &mut Context, category: i32, limit: i32) -> Result<i32> {
        Connection::enter_checked(this, cx, |cx, entry| match entry.limit(category, limit) {
            ..0 => Err(exceptions::programming_error(cx, "'category' is out of bounds")),
            former => Ok(former),
        })
    }

    /// Get connection run-time limits.
    ///
    ///   category
    ///     The limit category to be queried.
    #[function("(category, /)")]
    fn getlimit(this: Gc<Self>, cx: &mut Context, category: i32) -> Result<i32> {
        Connection::setlimit(this, cx, category, -1)
    }

    /// Set a boolean connection configuration option.
    ///
    ///   op
    ///     The configuration verb; one of the sqlite3.SQLITE_DBCONFIG codes.
    #[function("(op, enable=True, /)")]
    fn setconfig(this: Gc<Self>, cx: &mut Context, op: i32, enable: bool) -> Result<()> {
        Connection::enter_checked(this, cx, |cx, entry| match switch(cx, entry, op, i32::from(enable))? {
            actual if actual == enable => Ok(()),
            _ => Err(raise(cx, Kind::Operational, "Unable to set config")),
        })
    }

    /// Query a boolean connection configuration option.
    ///
    ///   op
    ///     The configuration verb; one of the sqlite3.SQLITE_DBCONFIG codes.
    #[function("(op, /)")]
    fn getconfig(this: Gc<Self>, cx: &mut Context, op: i32) -> Result<bool> {
        Connection::enter_checked(this, cx, |cx, entry| switch(cx, entry, op, -1))
    }

    #[getter]
    fn __text_signature__(&self) -> &'static str {
        "(sql, /)"
    }

    #[getter]
    fn isolation_level(&self, cx: &mut Context) -> Result<Option<&'static str>> {
        self.check_open(cx)?;
        Ok(self.isolation_name())
    }

    #[setter]
    fn set_isolation_level(this: Gc<Self>, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let Some(value) = value else {
            return Err(cx.attribute_error_message("cannot delete attribute"));
        };
        let isolation = Isolation::from_value(cx, value)?;
        this.set_isolation(isolation);
        // Without implicit transactions there is none to stay in.
        if isolation == Isolation::None { Connection::end_transaction(this, cx, c"COMMIT") } else { Ok(()) }
    }

    #[getter]
    fn total_changes(&self, cx: &mut Context) -> Result<i64> {
        Ok(self.check_open(cx)?.total_changes())
    }

    #[getter]
    fn in_transaction(&self, cx: &mut Context) -> Result<bool> {
        Ok(self.check_open(cx)?.in_transaction())
    }

    #[getter]
    fn autocommit(&self, cx: &mut Context) -> Result {
        self.check_thread(cx)?;
        self.check_open(cx)?;
        Ok(match self.autocommit_mode() {
            1 => Value::TRUE,
            0 => Value::FALSE,
            mode => Value::int(mode.into()),
        })
    }

    #[setter]
    fn set_autocommit(this: Gc<Self>, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let Some(value) = value else {
            return Err(cx.attribute_error_message("cannot delete autocommit attribute"));
        };
        Connection::enter_checked(this, cx, |cx, entry| {
            let mode = autocommit_from(cx, value)?;
            this.set_autocommit_mode(mode);
            match mode {
                1 if !entry.is_autocommit() => this.run(cx, entry, c"COMMIT"),
                0 if entry.is_autocommit() => this.run(cx, entry, c"BEGIN"),
                _ => Ok(()),
            }
        })
    }

    #[getter]
    fn row_factory(&self) -> Value {
        self.row_factory.load_or_none()
    }

    #[setter]
    fn set_row_factory(&self, cx: &mut Context, value: Option<Value>) -> Result<()> {
        match value {
            Some(value) => {
                self.row_factory.store(value);
                Ok(())
            }
            None => Err(cx.attribute_error_message("cannot delete row_factory attribute")),
        }
    }

    #[getter]
    fn text_factory(&self) -> Value {
        self.text_factory.load_or_none()
    }

    #[setter]
    fn set_text_factory(&self, cx: &mut Context, value: Option<Value>) -> Result<()> {
        match value {
            Some(value) => {
                self.text_factory.store(value);
                Ok(())
            }
            None => Err(cx.attribute_error_message("cannot delete text_factory attribute")),
        }
    }

    #[member(name = "Warning")]
    fn warning_class(&self, cx: &mut Context) -> Result {
        class(cx, Kind::Warning)
    }

    #[member(name = "Error")]
    fn error_class(&self, cx: &mut Context) -> Result {
        class(cx, Kind::Error)
    }

    #[member(name = "InterfaceError")]
    fn interface_error(&self, cx: &mut Context) -> Result {
        class(cx, Kind::Interface)
    }

    #[member(name = "DatabaseError")]
    fn database_error(&self, cx: &mut Context) -> Result {
        class(cx, Kind::Database)
    }

    #[member(name = "DataError")]
    fn data_error(&self, cx: &mut Context) -> Result {
        class(cx, Kind::Data)
    }

    #[member(name = "OperationalError")]
    fn operational_error(&self, cx: &mut Context) -> Result {
        class(cx, Kind::Operational)
    }

    #[member(name = "IntegrityError")]
    fn integrity_error(&self, cx: &mut Context) -> Result {
        class(cx, Kind::Integrity)
    }

    #[member(name = "InternalError")]
    fn internal_error(&self, cx: &mut Context) -> Result {
        class(cx, Kind::Internal)
    }

    #[member(name = "ProgrammingError")]
    fn programming_error(&self, cx: &mut Context) -> Result {
        class(cx, Kind::Programming)
    }

    #[member(name = "NotSupportedError")]
    fn not_supported_error(&self, cx: &mut Context) -> Result {
        class(cx, Kind::NotSupported)
    }
}

fn switch(cx: &mut Context, entry: &Entry<'_>, option: i32, value: i32) -> Result<bool> {
    match entry.switch(option, value) {
        None => Err(cx.value_error(format!("unknown config 'op': {option}"))),
        Some(Ok(actual)) => Ok(actual),
        Some(Err(_)) => exceptions::check_last(cx, entry).map(|()| false),
    }
}
