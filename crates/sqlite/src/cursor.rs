//! `Cursor`. CPython: `Modules/_sqlite/cursor.c`.
//!
//! Invariant: whoever runs or reads the cursor's statement has set `is_locked`; the statement is there as long as it has rows
//! to give.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use taipan_runtime::prelude::*;

use crate::connection::Connection;
use crate::sys::{Database, Entry, InUse, code};
use crate::{exceptions, execute, fetch};

/// A statement between its first row and its last.
pub(crate) struct Running {
    pub(crate) statement: InUse,
    pub(crate) is_dml: bool,
}

/// The body of `Cursor`.
#[derive(Trace)]
pub struct Cursor {
    connection: TypedSlot<Connection>,
    description: Slot,
    /// A tuple of converters or None for each column, or nothing.
    pub(crate) converters: TypedSlot<Tuple>,
    lastrowid: Slot,
    row_factory: Slot,
    arraysize: AtomicU32,
    pub(crate) rowcount: AtomicI64,
    is_initialized: AtomicBool,
    is_closed: AtomicBool,
    is_locked: AtomicBool,
    running: Opaque<Mutex<Option<Running>>>,
    /// Rows of a statement that has ended already, and how many of them have been fetched.
    rows: TypedSlot<List>,
    fetched: AtomicUsize,
    /// What `rowcount` is when they have all been fetched.
    final_rowcount: AtomicI64,
}

/// Keeps everybody else out of a cursor.
pub(crate) struct Hold(Gc<Cursor>);

impl Drop for Hold {
    fn drop(&mut self) {
        self.0.is_locked.store(false, Ordering::Release);
    }
}

impl Cursor {
    fn blank() -> Cursor {
        Cursor {
            connection: TypedSlot::EMPTY,
            description: Slot::EMPTY,
            converters: TypedSlot::EMPTY,
            lastrowid: Slot::EMPTY,
            row_factory: Slot::EMPTY,
            arraysize: AtomicU32::new(1),
            rowcount: AtomicI64::new(-1),
            is_initialized: AtomicBool::new(false),
            is_closed: AtomicBool::new(false),
            is_locked: AtomicBool::new(false),
            running: Opaque(Mutex::new(None)),
            rows: TypedSlot::EMPTY,
            fetched: AtomicUsize::new(0),
            final_rowcount: AtomicI64::new(-1),
        }
    }

    /// `Cursor(connection)`.
    pub(crate) fn make(cx: &mut Context, connection: Gc<Connection>) -> Result<Gc<Cursor>> {
        let this = cx.new_object(Cursor::blank());
        Cursor::set_up(this, cx, connection)?;
        Ok(this)
    }

    fn set_up(this: Gc<Cursor>, cx: &mut Context, connection: Gc<Connection>) -> Result<()> {
        let hold = Cursor::hold(this, cx)?;
        this.connection.store(connection);
        drop(this.take_running());
        this.rows.store_option(None);
        this.converters.store_option(None);
        this.description.store(Value::NONE);
        this.lastrowid.store(Value::NONE);
        this.row_factory.store(Value::NONE);
        this.arraysize.store(1, Ordering::Relaxed);
        this.rowcount.store(-1, Ordering::Relaxed);
        this.is_closed.store(false, Ordering::Release);
        drop(hold);
        connection.check_thread(cx)?;
        this.is_initialized.store(true, Ordering::Release);
        Ok(())
    }

    pub(crate) fn description(&self) -> Value {
        self.description.load_or_none()
    }

    pub(crate) fn set_description(&self, description: Value) {
        self.description.store(description);
    }

    pub(crate) fn set_lastrowid(&self, lastrowid: Value) {
        self.lastrowid.store(lastrowid);
    }

    pub(crate) fn set_row_factory(&self, factory: Value) {
        self.row_factory.store(factory);
    }

    pub(crate) fn row_factory_value(&self) -> Option<Value> {
        self.row_factory.load().and_then(Value::not_none)
    }

    fn running(&self) -> MutexGuard<'_, Option<Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The statement that has rows to give, which the cursor then has no more.
    pub(crate) fn take_running(&self) -> Option<Running> {
        self.running().take()
    }

    pub(crate) fn put_running(&self, running: Running) {
        *self.running() = Some(running);
    }

    /// The database of the statement that has rows to give: not the connection's, if that has been opened anew.
    pub(crate) fn running_database(&self) -> Option<Database> {
        self.running().as_ref().map(|running| running.statement.statement().database())
    }

    /// Keeps the rows of a statement that has ended.
    pub(crate) fn keep_rows(&self, rows: Gc<List>, rowcount: i64) {
        self.fetched.store(0, Ordering::Relaxed);
        self.final_rowcount.store(rowcount, Ordering::Relaxed);
        self.rows.store(rows);
    }

    /// The next one of the rows that are kept.
    pub(crate) fn next_kept(&self) -> Option<Value> {
        let rows = self.rows.load()?;
        let at = self.fetched.fetch_add(1, Ordering::Relaxed);
        if at + 1 >= rows.len() {
            self.rows.store_option(None);
            self.rowcount.store(self.final_rowcount.load(Ordering::Relaxed), Ordering::Relaxed);
        }
        rows.get(at)
    }

    /// Ends the statement that has rows to give.
    pub(crate) fn reset(&self, cx: &mut Context, entry: &Entry<'_>) {
        self.rows.store_option(None);
        if let Some(running) = self.take_running()
            && entry.is_of(&running.statement.statement().database())
        {
            entry.native(cx, |native| running.statement.statement().reset(native));
        }
    }

    /// The connection, if everything is as it must be for a use of the cursor. CPython: `check_cursor`.
    pub(crate) fn check(&self, cx: &mut Context) -> Result<Gc<Connection>> {
        let connection = self.connection.load().filter(|_| self.is_initialized.load(Ordering::Acquire));
        let Some(connection) = connection else {
            return Err(exceptions::programming_error(cx, "Base Cursor.__init__ not called."));
        };
        if self.is_closed.load(Ordering::Acquire) {
            return Err(exceptions::programming_error(cx, "Cannot operate on a closed cursor."));
        }
        connection.check_thread(cx)?;
        if !connection.is_open() {
            connection.check_open(cx)?;
        }
        Ok(connection)
    }

    /// Keeps everybody else out: callbacks and other threads.
    pub(crate) fn hold(this: Gc<Cursor>, cx: &mut Context) -> Result<Hold> {
        match this.is_locked.swap(true, Ordering::AcqRel) {
            false => Ok(Hold(this)),
            true => Err(exceptions::programming_error(cx, "Recursive use of cursors not allowed.")),
        }
    }
}

/// A number as CPython's `uint32_t`.
fn unsigned(cx: &mut Context, value: Value, overflow: &str) -> Result<u32> {
    let wide = cx.index_i128(value)?;
    match u32::try_from(wide) {
        Ok(number) => Ok(number),
        Err(_) if wide < 0 => Err(cx.value_error("Cannot convert negative int")),
        Err(_) => Err(cx.overflow_error(overflow)),
    }
}

/// SQLite database cursor class.
#[class(name = "Cursor", module = "sqlite3", flags = BASETYPE | HAS_WEAKREF)]
impl Cursor {
    #[new("(*args, **kwargs)")]
    fn new(cx: &mut Context, class: Gc<Class>, _args: Gc<Tuple>, _kwargs: Gc<Dict>) -> Gc<Self> {
        cx.new_instance(class, Cursor::blank())
    }

    #[init("(connection, /)", text = "")]
    fn init(this: Gc<Self>, cx: &mut Context, connection: Value) -> Result<()> {
        let Some(connection) = connection.downcast::<Connection>() else {
            let got = cx.argument_type_name(connection);
            let message = format!("Cursor() argument 1 must be sqlite3.Connection, not {got}");
            return Err(cx.type_error(message));
        };
        Cursor::set_up(this, cx, connection)
    }

    /// Executes an SQL statement.
    #[function("(sql, parameters=<absent>, /)", text = "(sql, parameters=(), /)")]
    fn execute(
        this: Gc<Self>,
        cx: &mut Context,
        sql: Gc<Str>,
        parameters: Option<Value>,
    ) -> Result<Gc<Self>> {
        execute::one(this, cx, sql, parameters)?;
        Ok(this)
    }

    /// Repeatedly executes an SQL statement.
    #[function("(sql, seq_of_parameters, /)")]
    fn executemany(
        this: Gc<Self>,
        cx: &mut Context,
        sql: Gc<Str>,
        seq_of_parameters: Value,
    ) -> Result<Gc<Self>> {
        execute::many(this, cx, sql, seq_of_parameters)?;
        Ok(this)
    }

    /// Executes multiple SQL statements at once.
    #[function("(sql_script, /)")]
    fn executescript(this: Gc<Self>, cx: &mut Context, sql_script: Gc<Str>) -> Result<Gc<Self>> {
        execute::script(this, cx, sql_script)?;
        Ok(this)
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Gc<Self> {
        this
    }

    #[slot(next)]
    fn next(this: Gc<Self>, cx: &mut Context) -> Result<Option<Value>> {
        fetch::next(this, cx)
    }

    /// Fetches one row from the resultset.
    #[function("()")]
    fn fetchone(this: Gc<Self>, cx: &mut Context) -> Result<Option<Value>> {
        fetch::next(this, cx)
    }

    /// Fetches several rows from the resultset.
    ///
    ///   size
    ///     The default value is set by the Cursor.arraysize attribute.
    #[function("(size=<absent>)", text = "(size=1)")]
    fn fetchmany(this: Gc<Self>, cx: &mut Context, size: Option<Value>) -> Result<Gc<List>> {
        let size = match size {
            Some(size) => unsigned(cx, size, "Python int too large for C uint32_t")?,
            None => this.arraysize.load(Ordering::Relaxed),
        };
        fetch::some(this, cx, size as usize)
    }

    /// Fetches all rows from the resultset.
    #[function("()")]
    fn fetchall(this: Gc<Self>, cx: &mut Context) -> Result<Gc<List>> {
        fetch::some(this, cx, usize::MAX)
    }

    /// Required by DB-API. Does nothing in sqlite3.
    #[function("(sizes, /)")]
    fn setinputsizes(this: Gc<Self>, sizes: Value) {
        let _ = (this, sizes);
    }

    /// Required by DB-API. Does nothing in sqlite3.
    #[function("(size, column=None, /)")]
    fn setoutputsize(this: Gc<Self>, size: Value, column: Value) {
        let _ = (this, size, column);
    }

    /// Closes the cursor.
    #[function("()")]
    fn close(this: Gc<Self>, cx: &mut Context) -> Result<()> {
        let hold = Cursor::hold(this, cx)?;
        let Some(connection) = this.connection.load() else {
            return Err(exceptions::programming_error(cx, "Base Cursor.__init__ not called."));
        };
        connection.check_thread(cx)?;
        Connection::enter(connection, cx, |cx, entry| {
            this.reset(cx, entry);
            Ok(())
        })?;
        this.is_closed.store(true, Ordering::Release);
        drop(hold);
        Ok(())
    }

    #[member]
    fn connection(&self) -> Value {
        self.connection.slot().load_or_none()
    }

    #[member(name = "description")]
    fn description_member(&self) -> Value {
        self.description()
    }

    #[member]
    fn lastrowid(&self) -> Value {
        self.lastrowid.load_or_none()
    }

    #[member]
    fn rowcount(&self) -> i64 {
        self.rowcount.load(Ordering::Relaxed)
    }

    #[getter]
    fn arraysize(&self) -> u32 {
        self.arraysize.load(Ordering::Relaxed)
    }

    #[setter]
    fn set_arraysize(&self, cx: &mut Context, value: Option<Value>) -> Result<()> {
        let Some(value) = value else {
            let message = "attribute 'arraysize' of 'sqlite3.Cursor' objects cannot be deleted";
            return Err(cx.attribute_error_message(message));
        };
        let size = unsigned(cx, value, "Python int too large to convert to C uint32_t")?;
        self.arraysize.store(size, Ordering::Relaxed);
        Ok(())
    }

    #[getter]
    fn row_factory(&self) -> Value {
        self.row_factory.load_or_none()
    }

    #[setter(name = "row_factory")]
    fn set_row_factory_attribute(&self, cx: &mut Context, value: Option<Value>) -> Result<()> {
        match value {
            Some(value) => {
                self.row_factory.store(value);
                Ok(())
            }
            None => Err(cx.attribute_error_message("cannot delete row_factory attribute")),
        }
    }
}

/// Whether a step has ended without an error.
pub(crate) fn went_well(result: i32) -> bool {
    matches!(result, code::ROW | code::DONE)
}
