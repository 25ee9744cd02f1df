//! A connection: its state, and how SQLite is entered for it. CPython: `Modules/_sqlite/connection.c`.
//!
//! Invariant: whatever SQLite may call is in the connection's table or slots before SQLite knows of it. The database is
//! entered only through `enter`, which keeps the connection on the native stack.

use std::ffi::{CStr, CString};
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU8, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use taipan_runtime::prelude::*;

use crate::constants::LEGACY_TRANSACTION_CONTROL;
use crate::exceptions::{self, Kind};
use crate::hooks::{Answers, report};
use crate::patience;
use crate::statement::{Cache, Compiled, compile};
use crate::sys::{Database, Entry, OpenError, code};

/// What an open connection counts for in the decision when to collect: descriptors, locks, a cache of pages.
const WEIGHT: usize = 64 << 10;

/// The transactions that are begun before statements that change data.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Isolation {
    None,
    Default,
    Deferred,
    Immediate,
    Exclusive,
}

const LEVELS: [(Isolation, &str, &CStr); 4] = [
    (Isolation::Default, "", c"BEGIN "),
    (Isolation::Deferred, "DEFERRED", c"BEGIN DEFERRED"),
    (Isolation::Immediate, "IMMEDIATE", c"BEGIN IMMEDIATE"),
    (Isolation::Exclusive, "EXCLUSIVE", c"BEGIN EXCLUSIVE"),
];

impl Isolation {
    /// CPython: `isolation_level_converter`.
    pub(crate) fn from_value(cx: &mut Context, value: Value) -> Result<Isolation> {
        if value.is_none() {
            return Ok(Isolation::None);
        }
        let Some(level) = value.downcast::<Str>() else {
            return Err(cx.type_error("isolation_level must be str or None"));
        };
        let level = level.to_utf8(cx)?.into_owned();
        if level.contains('\0') {
            return Err(cx.value_error("embedded null character"));
        }
        match LEVELS.iter().find(|(_, name, _)| name.eq_ignore_ascii_case(&level)) {
            Some((isolation, ..)) => Ok(*isolation),
            None => Err(
                cx.value_error("isolation_level string must be '', 'DEFERRED', 'IMMEDIATE', or 'EXCLUSIVE'")
            ),
        }
    }
}

/// CPython: `autocommit_converter`.
pub(crate) fn autocommit_from(cx: &mut Context, value: Value) -> Result<i32> {
    match value {
        Value::TRUE => Ok(1),
        Value::FALSE => Ok(0),
        value if cx.int_to_i64(value) == Some(LEGACY_TRANSACTION_CONTROL.into()) => {
            Ok(LEGACY_TRANSACTION_CONTROL)
        }
        _ => Err(cx.value_error("autocommit must be True, False, or sqlite3.LEGACY_TRANSACTION_CONTROL")),
    }
}

/// The body of `Connection`.
#[derive(Trace)]
pub struct Connection {
    database: Opaque<Mutex<Option<Database>>>,
    cache: Opaque<Mutex<Cache>>,
    /// Callees and aggregations in progress, by the numbers that SQLite knows.
    table: TypedSlot<List>,
    spare: Opaque<Mutex<Vec<usize>>>,
    pub(crate) trace: Slot,
    pub(crate) progress: Slot,
    pub(crate) authorizer: Slot,
    /// What a callback raised that SQLite cannot be told of.
    callback_error: Slot,
    pub(crate) row_factory: Slot,
    pub(crate) text_factory: Slot,
    detect_types: AtomicI32,
    isolation: AtomicU8,
    autocommit: AtomicI32,
    checks_thread: AtomicBool,
    thread: AtomicU64,
    is_initialized: AtomicBool,
}

/// What a connection is opened with.
pub(crate) struct Options {
    pub(crate) path: CString,
    pub(crate) timeout: f64,
    pub(crate) detect_types: i32,
    pub(crate) isolation: Isolation,
    pub(crate) checks_thread: bool,
    pub(crate) cached_statements: i32,
    pub(crate) is_uri: bool,
    pub(crate) autocommit: i32,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Connection {
    pub(crate) fn blank() -> Connection {
        Connection {
            database: Opaque(Mutex::new(None)),
            cache: Opaque(Mutex::new(Cache::new(0))),
            table: TypedSlot::EMPTY,
            spare: Opaque(Mutex::new(Vec::new())),
            trace: Slot::EMPTY,
            progress: Slot::EMPTY,
            authorizer: Slot::EMPTY,
            callback_error: Slot::EMPTY,
            row_factory: Slot::EMPTY,
            text_factory: Slot::EMPTY,
            detect_types: AtomicI32::new(0),
            isolation: AtomicU8::new(Isolation::None as u8),
            autocommit: AtomicI32::new(LEGACY_TRANSACTION_CONTROL),
            checks_thread: AtomicBool::new(false),
            thread: AtomicU64::new(0),
            is_initialized: AtomicBool::new(false),
        }
    }

    /// `__init__`, once its arguments are known.
    pub(crate) fn open(this: Gc<Connection>, cx: &mut Context, options: Options) -> Result<()> {
        if this.is_initialized.swap(false, Ordering::AcqRel) {
            Connection::leave(this, cx)?;
        }
        cx.took_memory(WEIGHT);
        let milliseconds = (options.timeout * 1000.0) as i32;
        let opened = cx.blocking(|| Database::open(&options.path, options.is_uri, milliseconds));
        let database = match opened {
            Ok(database) => database,
            Err(OpenError(failure)) => {
                exceptions::check(cx, &failure)?;
                return Err(exceptions::raise(cx, Kind::Operational, &failure.message));
            }
        };
        *locked(&this.cache) = Cache::new(usize::try_from(options.cached_statements).unwrap_or(0));
        // What SQLite knows by number for a database from before keeps its place.
        if this.table.load().is_none() {
            this.table.store(cx.new_list(&[]));
        }
        this.forget_callbacks();
        this.row_factory.store(Value::NONE);
        this.text_factory.store(Str::class_cell().get().value());
        this.detect_types.store(options.detect_types, Ordering::Relaxed);
        this.set_isolation(options.isolation);
        this.autocommit.store(options.autocommit, Ordering::Relaxed);
        this.checks_thread.store(options.checks_thread, Ordering::Relaxed);
        this.thread.store(cx.ident(), Ordering::Relaxed);
        *locked(&this.database) = Some(database);
        cx.audit("sqlite3.connect/handle", |_| [this.value()])?;
        this.is_initialized.store(true, Ordering::Release);
        if options.autocommit == 0 {
            Connection::enter(this, cx, |cx, entry| this.run(cx, entry, c"BEGIN"))?;
        }
        Ok(())
    }

    fn forget_callbacks(&self) {
        for slot in [&self.trace, &self.progress, &self.authorizer, &self.callback_error] {
            slot.clear();
        }
    }

    /// The database, if one is open.
    pub(crate) fn database(&self) -> Option<Database> {
        locked(&self.database).clone().filter(|database| !database.is_closed())
    }

    /// Is there one?
    pub(crate) fn is_open(&self) -> bool {
        let is_open = locked(&self.database).as_ref().is_some_and(|database| !database.is_closed());
        is_open && self.is_initialized()
    }

    /// The database, or the error that there is none. CPython: `pysqlite_check_connection`.
    pub(crate) fn check_open(&self, cx: &mut Context) -> Result<Database> {
        if !self.is_initialized.load(Ordering::Acquire) {
            return Err(exceptions::programming_error(cx, "Base Connection.__init__ not called."));
        }
        match self.database() {
            Some(database) => Ok(database),
            None => Err(closed(cx)),
        }
    }

    /// CPython: `pysqlite_check_thread`.
    pub(crate) fn check_thread(&self, cx: &mut Context) -> Result<()> {
        let (own, here) = (self.thread.load(Ordering::Relaxed), cx.ident());
        if own == here || !self.checks_thread.load(Ordering::Relaxed) {
            return Ok(());
        }
        let message = format!(
            "SQLite objects created in a thread can only be used in that same thread. The object was created in thread \
             id {own} and this is thread id {here}."
        );
        Err(exceptions::programming_error(cx, &message))
    }

    /// Runs `f` with the right to call SQLite. What SQLite calls meanwhile is answered by this connection.
    pub(crate) fn enter<R>(
        this: Gc<Connection>,
        cx: &mut Context,
        f: impl FnOnce(&mut Context, &Entry<'_>) -> Result<R>,
    ) -> Result<R> {
        let database = this.check_open(cx)?;
        Connection::enter_database(this, cx, &database, f)
    }

    /// The same for a database that may be one from before `__init__` was called again.
    pub(crate) fn enter_database<R>(
        this: Gc<Connection>,
        cx: &mut Context,
        database: &Database,
        f: impl FnOnce(&mut Context, &Entry<'_>) -> Result<R>,
    ) -> Result<R> {
        let answers = Answers(this);
        match database.enter(cx, &answers, f) {
            Some(result) => result,
            None => Err(closed(cx)),
        }
    }

    /// The checks of most methods, and then `enter`.
    pub(crate) fn enter_checked<R>(
        this: Gc<Connection>,
        cx: &mut Context,
        f: impl FnOnce(&mut Context, &Entry<'_>) -> Result<R>,
    ) -> Result<R> {
        this.check_thread(cx)?;
        Connection::enter(this, cx, f)
    }

    /// Runs one statement that gives no rows.
    pub(crate) fn run(&self, cx: &mut Context, entry: &Entry<'_>, sql: &CStr) -> Result<()> {
        match patience::wait(cx, entry, |native| native.run(sql))? {
            code::OK => Ok(()),
            _ => {
                self.drop_callback_error(cx);
                exceptions::check_last(cx, entry)
            }
        }
    }

    /// A compiled statement, from the cache if it is there.
    pub(crate) fn cached(&self, cx: &mut Context, entry: &Entry<'_>, sql: Gc<Str>) -> Result<Compiled> {
        if let Some(text) = sql.try_utf8()
            && let Some(compiled) = locked(&self.cache).get(&text)
        {
            return Ok(compiled);
        }
        let compiled = compile(cx, entry, sql)?;
        if let Some(text) = sql.try_utf8() {
            locked(&self.cache).insert(&text, &compiled);
        }
        Ok(compiled)
    }

    pub(crate) fn end_transaction(this: Gc<Connection>, cx: &mut Context, sql: &CStr) -> Result<()> {
        patience::prepare(cx);
        Connection::enter_checked(this, cx, |cx, entry| match this.autocommit_mode() {
            LEGACY_TRANSACTION_CONTROL if !entry.is_autocommit() => this.run(cx, entry, sql),
            0 => {
                this.run(cx, entry, sql)?;
                this.run(cx, entry, c"BEGIN")
            }
            _ => Ok(()),
        })
    }

    fn roll_back(&self, cx: &mut Context, entry: &Entry<'_>) -> Result<()> {
        match self.autocommit_mode() {
            0 if !entry.is_autocommit() => self.run(cx, entry, c"ROLLBACK"),
            _ => Ok(()),
        }
    }

    /// Closes the database, if it is open. CPython: `connection_close`.
    pub(crate) fn shut(this: Gc<Connection>, cx: &mut Context) -> Result<()> {
        let Some(database) = this.database() else { return Ok(()) };
        let answers = Answers(this);
        let result = database.enter(cx, &answers, |cx, entry| {
            let rolled_back = this.roll_back(cx, entry);
            entry.close();
            locked(&this.cache).clear();
            rolled_back
        });
        this.forget_callbacks();
        result.unwrap_or(Ok(()))
    }

    /// Leaves the database, which its cursors may still read.
    fn leave(this: Gc<Connection>, cx: &mut Context) -> Result<()> {
        let Some(database) = this.database() else { return Ok(()) };
        let answers = Answers(this);
        let result = database.enter(cx, &answers, |cx, entry| this.roll_back(cx, entry));
        locked(&this.cache).clear();
        *locked(&this.database) = None;
        database.release(cx);
        result.unwrap_or(Ok(()))
    }

    /// Whether `__init__` has run.
    pub(crate) fn is_initialized(&self) -> bool {
        self.is_initialized.load(Ordering::Acquire)
    }

    // ---- transactions ----------------------------------------------------------------------------

    pub(crate) fn begin_transaction(&self, cx: &mut Context, entry: &Entry<'_>) -> Result<()> {
        let isolation = self.isolation.load(Ordering::Relaxed);
        match LEVELS.iter().find(|(level, ..)| *level as u8 == isolation) {
            Some((_, _, sql)) => self.run(cx, entry, sql),
            None => Ok(()),
        }
    }

    /// Are transactions begun before statements that change data?
    pub(crate) fn is_legacy(&self) -> bool {
        self.autocommit_mode() == LEGACY_TRANSACTION_CONTROL
    }

    pub(crate) fn set_isolation(&self, isolation: Isolation) {
        self.isolation.store(isolation as u8, Ordering::Relaxed);
    }

    /// The name of the level; None for none.
    pub(crate) fn isolation_name(&self) -> Option<&'static str> {
        let isolation = self.isolation.load(Ordering::Relaxed);
        LEVELS.iter().find(|(level, ..)| *level as u8 == isolation).map(|(_, name, _)| *name)
    }

    pub(crate) fn autocommit_mode(&self) -> i32 {
        self.autocommit.load(Ordering::Relaxed)
    }

    pub(crate) fn set_autocommit_mode(&self, mode: i32) {
        self.autocommit.store(mode, Ordering::Relaxed);
    }

    pub(crate) fn detect_types(&self) -> i32 {
        self.detect_types.load(Ordering::Relaxed)
    }

    pub(crate) fn text_factory_value(&self) -> Value {
        self.text_factory.load_or_none()
    }

    // ---- callees ---------------------------------------------------------------------------------

    /// Puts an object into the table; its number there.
    pub(crate) fn add_callee(&self, cx: &Context, callee: Value) -> usize {
        let Some(table) = self.table.load() else { return 0 };
        let mut spare = locked(&self.spare);
        match spare.pop() {
            Some(place) => {
                table.set(cx, place, callee);
                place
            }
            None => {
                table.push(cx, callee);
                table.len() - 1
            }
        }
    }

    pub(crate) fn callee(&self, place: usize) -> Value {
        self.table.load().and_then(|table| table.get(place)).unwrap_or(Value::NONE)
    }

    pub(crate) fn remove_callee(&self, cx: &Context, place: usize) {
        if let Some(table) = self.table.load() {
            table.set(cx, place, Value::NONE);
            locked(&self.spare).push(place);
        }
    }

    /// Takes out of the table what SQLite has forgotten.
    pub(crate) fn forget_ended(&self, cx: &Context, entry: &Entry<'_>) {
        for place in entry.take_ended() {
            self.remove_callee(cx, place);
        }
    }

    // ---- errors of callbacks ---------------------------------------------------------------------

    /// Keeps an exception until the statement has ended.
    pub(crate) fn keep_callback_error(&self, cx: &mut Context, raised: Raised) {
        let error = cx.take_exception(raised);
        self.callback_error.store(error);
    }

    pub(crate) fn has_callback_error(&self) -> bool {
        self.callback_error.load().is_some()
    }

    pub(crate) fn take_callback_error(&self) -> Option<Value> {
        if self.callback_error.load().is_none() {
            return None;
        }
        self.callback_error.swap(None)
    }

    /// The statement has failed otherwise.
    pub(crate) fn drop_callback_error(&self, cx: &mut Context) {
        if let Some(error) = self.take_callback_error() {
            let raised = cx.reraise(error);
            report(cx, raised, Value::NONE);
        }
    }
}

#[cold]
fn closed(cx: &mut Context) -> Raised {
    exceptions::programming_error(cx, "Cannot operate on a closed database.")
}
