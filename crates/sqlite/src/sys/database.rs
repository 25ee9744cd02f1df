//! An open database. SQLite: `sqlite3`.
//!
//! Invariant: the handle and its statements are closed when the outermost entry after `close` is left, or with the last owner;
//! until then they are valid for whoever holds the lock. SQLite's own lock of the handle is thus never waited for in state RUNNING.

use std::cell::Cell;
use std::ffi::{CStr, c_int};
use std::marker::PhantomData;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use libsqlite3_sys as ffi;
use taipan_runtime::Context;

use super::blob::Handle;
use super::callbacks::Host;
use super::lock::Lock;
use super::statement::{WeakStatement, count_begun, in_use};
use super::{code, text};

/// What is left of handles without owners.
pub(super) enum Dead {
    Statement(*mut ffi::sqlite3_stmt),
    Blob(*mut ffi::sqlite3_blob),
    /// The use of a statement that lives on, and its generation.
    Use(WeakStatement, u64),
}

pub(super) struct Inner {
    raw: *mut ffi::sqlite3,
    lock: Lock,
    /// No more is to be entered.
    is_closing: AtomicBool,
    /// All statements and blobs are closed, or are about to be: what still points to them is not to be used.
    is_gone: AtomicBool,
    /// Whether `raw` has been given back; held while another thread interrupts it.
    is_closed: Mutex<bool>,
    /// Who answers callbacks while the lock is held.
    host: Cell<Option<*const dyn Host>>,
    dead: Mutex<Vec<Dead>>,
    has_dead: AtomicBool,
    /// Callees that SQLite has forgotten.
    ended: Mutex<Vec<usize>>,
    pub(super) blobs: Mutex<Vec<Weak<Handle>>>,
    /// Milliseconds to wait for locks of other connections; -1 when the program has set it in SQL.
    timeout: AtomicI32,
}

// SAFETY: `raw`, `host` and the pointers among the dead are used by who holds the lock, except where `interrupt` says why
// not, and in `drop`, when nobody else is left.
unsafe impl Send for Inner {}
// SAFETY: as above.
unsafe impl Sync for Inner {}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// All databases, for `bury_all`.
static REGISTRY: Mutex<Vec<Weak<Inner>>> = Mutex::new(Vec::new());
static OPEN: AtomicUsize = AtomicUsize::new(0);

/// Are there other connections or rows not fetched yet, which may be garbage and hold locks of files?
pub(crate) fn crowded() -> bool {
    OPEN.load(Ordering::Relaxed) > 1 || in_use() > 0
}

impl Inner {
    pub(super) fn add_dead(&self, dead: Dead) {
        locked(&self.dead).push(dead);
        self.has_dead.store(true, Ordering::Release);
    }

    pub(super) fn add_ended(&self, callee: usize) {
        locked(&self.ended).push(callee);
    }

    pub(super) fn host(&self) -> Option<*const dyn Host> {
        self.host.get()
    }

    /// Closes what nobody owns. The caller holds the lock, or is the last owner.
    fn bury(&self) {
        while self.has_dead.swap(false, Ordering::AcqRel) {
            let dead = std::mem::take(&mut *locked(&self.dead));
            if self.is_gone.load(Ordering::Acquire) {
                return;
            }
            // A use ends before its statement: the statement may be dead as well.
            for entry in &dead {
                if let Dead::Use(statement, generation) = entry
                    && let Some(statement) = statement.upgrade()
                {
                    statement.end_abandoned(*generation);
                }
            }
            for entry in dead {
                match entry {
                    // SAFETY: the last owner has handed the handle over, once; the caller has the right to call SQLite.
                    Dead::Statement(raw) => drop(unsafe { ffi::sqlite3_finalize(raw) }),
                    // SAFETY: as above.
                    Dead::Blob(raw) => drop(unsafe { ffi::sqlite3_blob_close(raw) }),
                    Dead::Use(..) => {}
                }
            }
        }
    }

    /// Gives the handle back, and all of its statements: a cursor that is garbage by now must not keep the file open. The
    /// caller holds the lock outermost, or is the last owner, and has buried the dead.
    fn shut(&self) {
        if self.is_gone.swap(true, Ordering::AcqRel) {
            return;
        }
        // SAFETY: open until now. Nobody uses a statement any more: that takes an entry, and there is none but the caller's.
        // Those that die meanwhile are among the next ones as well, and `bury` leaves them alone.
        unsafe {
            loop {
                let statement = ffi::sqlite3_next_stmt(self.raw, std::ptr::null_mut());
                if statement.is_null() {
                    break;
                }
                ffi::sqlite3_finalize(statement);
            }
        }
        let mut is_closed = locked(&self.is_closed);
        *is_closed = true;
        OPEN.fetch_sub(1, Ordering::Relaxed);
        // SAFETY: as above; whoever looks at the handle without the lock holds the mutex.
        unsafe { ffi::sqlite3_close(self.raw) };
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // Nobody can enter: whatever SQLite calls back finds no host.
        self.bury();
        self.shut();
    }
}

/// Why a database could not be opened.
pub(crate) struct OpenError(pub(crate) Failure);

/// What went wrong last.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) code: i32,
    pub(crate) extended: i32,
    pub(crate) message: String,
}

/// # Safety
/// An open handle or null, and the right to call SQLite with it.
unsafe fn failure_of(raw: *mut ffi::sqlite3) -> Failure {
    // SAFETY: the caller's contract; the message is copied at once.
    unsafe {
        Failure {
            code: ffi::sqlite3_errcode(raw),
            extended: ffi::sqlite3_extended_errcode(raw),
            message: text(ffi::sqlite3_errmsg(raw)),
        }
    }
}

/// A connection to a database, shared by those who use it.
#[derive(Clone)]
pub(crate) struct Database(Arc<Inner>);

/// The right to call SQLite for a database, on a thread that runs: for what is quick.
pub(crate) struct Entry<'a> {
    inner: &'a Arc<Inner>,
    _of_this_thread: PhantomData<*const ()>,
}

/// The same, while other threads may collect: for what may take long, wait, or call back.
pub(crate) struct Native<'a> {
    inner: &'a Arc<Inner>,
    _of_this_thread: PhantomData<*const ()>,
}

/// Gives back the lock, and its holder's host.
struct Leave<'a> {
    inner: &'a Inner,
    outer: Option<*const dyn Host>,
}

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        self.inner.host.set(self.outer);
        self.inner.lock.give();
    }
}

impl Database {
    /// Opens a file. May take long: to be called while others may collect.
    pub(crate) fn open(path: &CStr, is_uri: bool, timeout: i32) -> Result<Database, OpenError> {
        let flags = ffi::SQLITE_OPEN_READWRITE | ffi::SQLITE_OPEN_CREATE;
        let flags = if is_uri { flags | ffi::SQLITE_OPEN_URI } else { flags };
        let mut raw = std::ptr::null_mut();
        // SAFETY: the path ends with a zero; the place for the handle is written to.
        let result = unsafe { ffi::sqlite3_open_v2(path.as_ptr(), &mut raw, flags, std::ptr::null()) };
        if result != code::OK {
            // SAFETY: a handle that nobody else has seen; null where there was no memory for one.
            unsafe {
                let failure = failure_of(raw);
                ffi::sqlite3_close(raw);
                return Err(OpenError(failure));
            }
        }
        // SAFETY: the fresh handle. Foreign keys are off unless the program asks for them.
        unsafe {
            ffi::sqlite3_busy_timeout(raw, timeout);
            let none = std::ptr::null_mut::<c_int>();
            ffi::sqlite3_db_config(raw, ffi::SQLITE_DBCONFIG_ENABLE_FKEY, 0, none);
        }
        OPEN.fetch_add(1, Ordering::Relaxed);
        count_begun();
        let inner = Arc::new(Inner {
            raw,
            lock: Lock::default(),
            is_closing: AtomicBool::new(false),
            is_gone: AtomicBool::new(false),
            is_closed: Mutex::new(false),
            host: Cell::new(None),
            dead: Mutex::new(Vec::new()),
            has_dead: AtomicBool::new(false),
            ended: Mutex::new(Vec::new()),
            blobs: Mutex::new(Vec::new()),
            timeout: AtomicI32::new(timeout),
        });
        let mut registry = locked(&REGISTRY);
        registry.retain(|known| known.strong_count() > 0);
        registry.push(Arc::downgrade(&inner));
        Ok(Database(inner))
    }

    /// Runs `f` with the right to call SQLite; `host` answers what SQLite calls meanwhile. `None` if the database is closed.
    pub(crate) fn enter<R>(
        &self,
        cx: &mut Context,
        host: &dyn Host,
        f: impl FnOnce(&mut Context, &Entry<'_>) -> R,
    ) -> Option<R> {
        let inner = &self.0;
        let me = cx.ident();
        if !inner.lock.try_take(me) {
            cx.blocking(|| inner.lock.take(me));
        }
        let host: *const (dyn Host + '_) = host;
        // SAFETY: only the lifetime differs. The pointer leaves its place in `Leave::drop`, before `host` goes.
        let host: *const dyn Host = unsafe { std::mem::transmute(host) };
        let leave = Leave { inner, outer: inner.host.replace(Some(host)) };
        if inner.has_dead.load(Ordering::Acquire) {
            cx.lend(|| inner.bury());
        }
        if inner.is_closing.load(Ordering::Acquire) {
            return None;
        }
        let result = f(cx, &Entry { inner, _of_this_thread: PhantomData });
        if inner.is_closing.load(Ordering::Acquire) && inner.lock.depth() == 1 {
            cx.lend(|| {
                inner.bury();
                inner.shut();
            });
        }
        drop(leave);
        Some(result)
    }

    /// Whether there is nothing to enter any more.
    pub(crate) fn is_closed(&self) -> bool {
        self.0.is_closing.load(Ordering::Acquire)
    }

    /// Runs `f` with the handle, if it is open, without the lock: for what SQLite allows at any time from any thread.
    fn glance<R>(&self, f: impl FnOnce(*mut ffi::sqlite3) -> R) -> Option<R> {
        let is_closed = locked(&self.0.is_closed);
        (!*is_closed).then(|| f(self.0.raw))
    }

    /// Makes what runs end as soon as possible.
    pub(crate) fn interrupt(&self) {
        // SAFETY: open, and not closed before this has ended.
        self.glance(|raw| unsafe { ffi::sqlite3_interrupt(raw) });
    }

    /// Is a transaction open?
    pub(crate) fn in_transaction(&self) -> bool {
        // SAFETY: as above; reads one field.
        self.glance(|raw| unsafe { ffi::sqlite3_get_autocommit(raw) == 0 }).unwrap_or(false)
    }

    /// How many rows have been changed so far.
    pub(crate) fn total_changes(&self) -> i64 {
        // SAFETY: as above.
        self.glance(|raw| unsafe { ffi::sqlite3_total_changes(raw) }).unwrap_or(0).into()
    }

    /// Lets go of the connection, which may be the last one to hold it: closing takes a while.
    pub(crate) fn release(self, cx: &mut Context) {
        cx.lend(move || drop(self));
    }

    /// Which of two is to be locked first.
    pub(crate) fn is_before(&self, other: &Database) -> bool {
        Arc::as_ptr(&self.0).addr() < Arc::as_ptr(&other.0).addr()
    }
}

impl Database {
    pub(super) fn of(inner: &Arc<Inner>) -> Database {
        Database(inner.clone())
    }
}

impl<'a> Entry<'a> {
    /// Whether this is an entry to `database`.
    pub(crate) fn is_of(&self, database: &Database) -> bool {
        Arc::ptr_eq(self.inner, &database.0)
    }

    pub(super) fn inner(&self) -> &'a Arc<Inner> {
        self.inner
    }

    pub(super) fn raw(&self) -> *mut ffi::sqlite3 {
        self.inner.raw
    }

    /// Runs `f` while other threads may collect and SQLite may call back.
    pub(crate) fn native<R>(&self, cx: &mut Context, f: impl FnOnce(&Native<'_>) -> R) -> R {
        cx.lend(|| f(&Native { inner: self.inner, _of_this_thread: PhantomData }))
    }

    /// What went wrong last.
    pub(crate) fn failure(&self) -> Failure {
        // SAFETY: under the lock.
        unsafe { failure_of(self.raw()) }
    }

    pub(crate) fn has_no_memory(&self) -> bool {
        // SAFETY: under the lock.
        unsafe { ffi::sqlite3_errcode(self.raw()) == code::NOMEM }
    }

    /// Is no transaction open?
    pub(crate) fn is_autocommit(&self) -> bool {
        // SAFETY: under the lock.
        unsafe { ffi::sqlite3_get_autocommit(self.raw()) != 0 }
    }

    /// How many rows the last statement has changed.
    pub(crate) fn changes(&self) -> i64 {
        // SAFETY: under the lock.
        unsafe { ffi::sqlite3_changes(self.raw()) }.into()
    }

    pub(crate) fn last_rowid(&self) -> i64 {
        // SAFETY: under the lock.
        unsafe { ffi::sqlite3_last_insert_rowid(self.raw()) }
    }

    /// Lets nobody in any more; the handle goes when the outermost entry is left.
    pub(crate) fn close(&self) {
        self.inner.is_closing.store(true, Ordering::Release);
        for blob in std::mem::take(&mut *locked(&self.inner.blobs)) {
            if let Some(blob) = blob.upgrade() {
                blob.abandon();
            }
        }
    }

    /// The callees that SQLite has forgotten since this was last asked.
    pub(crate) fn take_ended(&self) -> Vec<usize> {
        std::mem::take(&mut *locked(&self.inner.ended))
    }

    /// The program has said in SQL how long to wait.
    pub(crate) fn note_timeout(&self) {
        self.inner.timeout.store(-1, Ordering::Relaxed);
    }
}

impl<'a> Native<'a> {
    pub(super) fn inner(&self) -> &'a Arc<Inner> {
        self.inner
    }

    pub(super) fn raw(&self) -> *mut ffi::sqlite3 {
        self.inner.raw
    }

    /// Closes what nobody owns any more.
    pub(super) fn bury(&self) {
        self.inner.bury();
    }

    /// Runs `f` without waiting for locks of other connections.
    pub(crate) fn without_waiting<R>(&self, f: impl FnOnce() -> R) -> R {
        let timeout = self.inner.timeout.load(Ordering::Relaxed);
        if timeout <= 0 {
            return f();
        }
        // SAFETY: under the lock.
        unsafe { ffi::sqlite3_busy_timeout(self.raw(), 0) };
        let result = f();
        // A program that has said how long to wait meanwhile, in SQL, has the last word.
        if self.inner.timeout.load(Ordering::Relaxed) == timeout {
            // SAFETY: as above.
            unsafe { ffi::sqlite3_busy_timeout(self.raw(), timeout) };
        }
        result
    }

    /// Runs one statement without parameters to its end; a result code.
    pub(crate) fn run(&self, sql: &CStr) -> i32 {
        let none = std::ptr::null_mut();
        // SAFETY: under the lock; the text ends with a zero.
        unsafe { ffi::sqlite3_exec(self.raw(), sql.as_ptr(), None, none, none.cast()) }
    }
}

/// Closes, for all databases that nobody uses at this moment, what nobody owns: garbage that holds locks of files.
pub(crate) fn bury_all(cx: &mut Context) {
    let me = cx.ident();
    let known: Vec<Arc<Inner>> = locked(&REGISTRY).iter().filter_map(Weak::upgrade).collect();
    cx.lend(move || {
        for inner in known {
            if inner.has_dead.load(Ordering::Acquire) && inner.lock.try_take(me) {
                let leave = Leave { inner: &inner, outer: inner.host.get() };
                inner.bury();
                drop(leave);
            }
        }
    });
}
