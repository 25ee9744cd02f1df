//! Functions that SQLite calls: they find the database's host and lend it the thread's context.
//!
//! Invariant: SQLite knows no Python object. It knows the database and the number of a callee, which the host looks up in a
//! table of its own; no panic gets into SQLite.

use std::ffi::{CStr, c_char, c_int, c_uint, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use libsqlite3_sys as ffi;
use taipan_runtime::{Context, called_back};

use super::code;
use super::database::{Entry, Inner, Native};
use super::value::{Bound, Datum, parts, read, slice};

/// Who answers what SQLite calls while a database is entered.
pub(crate) trait Host {
    fn function(&self, cx: &mut Context, callee: usize, call: &Call<'_>);
    fn step(&self, cx: &mut Context, callee: usize, call: &Call<'_>);
    fn inverse(&self, cx: &mut Context, callee: usize, call: &Call<'_>);
    fn value(&self, cx: &mut Context, callee: usize, call: &Call<'_>);
    fn finish(&self, cx: &mut Context, callee: usize, call: &Call<'_>);
    /// How two texts compare.
    fn collate(&self, cx: &mut Context, callee: usize, left: &[u8], right: &[u8]) -> i32;
    /// What is to happen to an action.
    fn authorize(&self, cx: &mut Context, action: i32, details: [Option<&CStr>; 4]) -> i32;
    /// Not 0: the statement is to end.
    fn progress(&self, cx: &mut Context) -> i32;
    /// A statement begins; `expanded` has its parameters filled in, if there is room for that.
    fn trace(&self, cx: &mut Context, sql: &CStr, expanded: Option<&CStr>, no_memory: bool);
}

/// What SQLite knows of a function, an aggregate or a collation.
struct Hook {
    database: *const Inner,
    callee: usize,
}

/// How a function of SQL is called.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Function { is_deterministic: bool },
    Aggregate,
    Window,
}

/// One call of a function of SQL: its arguments, the place for the result and the memory of the aggregation.
pub(crate) struct Call<'a> {
    context: *mut ffi::sqlite3_context,
    arguments: &'a [*mut ffi::sqlite3_value],
}

impl Call<'_> {
    pub(crate) fn len(&self) -> usize {
        self.arguments.len()
    }

    fn has_no_memory(&self) -> bool {
        // SAFETY: the call runs, so its context is valid.
        unsafe { ffi::sqlite3_errcode(ffi::sqlite3_context_db_handle(self.context)) == code::NOMEM }
    }

    /// An argument. No Python runs while it is looked at: that needs the context.
    pub(crate) fn argument<'c>(&'c self, cx: &'c Context, index: usize) -> Datum<'c> {
        let _ = cx;
        // SAFETY: arguments are valid for the time of the call, and no other code that could convert them runs meanwhile.
        unsafe { read(self.arguments[index], || self.has_no_memory()) }
    }

    pub(crate) fn set_result(&self, value: Bound<'_>) {
        // SAFETY: the call runs; SQLite copies what it is shown.
        unsafe {
            match value {
                Bound::Null => ffi::sqlite3_result_null(self.context),
                Bound::Integer(value) => ffi::sqlite3_result_int64(self.context, value),
                Bound::Real(value) => ffi::sqlite3_result_double(self.context, value),
                Bound::Text(text) => {
                    let (start, size) = parts(text);
                    let (copy, utf8) = (ffi::SQLITE_TRANSIENT(), ffi::SQLITE_UTF8 as u8);
                    ffi::sqlite3_result_text64(self.context, start.cast(), size, copy, utf8);
                }
                Bound::Blob(blob) => {
                    let (start, size) = parts(blob);
                    ffi::sqlite3_result_blob64(self.context, start.cast(), size, ffi::SQLITE_TRANSIENT());
                }
            }
        }
    }

    pub(crate) fn fail(&self, message: &str) {
        let size = message.len() as c_int;
        // SAFETY: the call runs; SQLite copies the message, whose length is told.
        unsafe { ffi::sqlite3_result_error(self.context, message.as_ptr().cast(), size) }
    }

    pub(crate) fn fail_with_no_memory(&self) {
        // SAFETY: the call runs.
        unsafe { ffi::sqlite3_result_error_nomem(self.context) }
    }

    pub(crate) fn fail_with_size(&self) {
        // SAFETY: the call runs.
        unsafe { ffi::sqlite3_result_error_toobig(self.context) }
    }

    /// The number that the aggregation keeps, 0 at first. `None` without memory for it.
    pub(crate) fn instance(&self) -> Option<u64> {
        // SAFETY: the call runs, and is one of an aggregate; the memory is zeroed, aligned and large enough.
        unsafe {
            let place: *const u64 =
                ffi::sqlite3_aggregate_context(self.context, size_of::<u64>() as c_int).cast();
            place.as_ref().copied()
        }
    }

    /// The same, where no row has been seen that could have set it: 0.
    pub(crate) fn existing_instance(&self) -> u64 {
        // SAFETY: as above; nothing is made.
        unsafe {
            let place: *const u64 = ffi::sqlite3_aggregate_context(self.context, 0).cast();
            place.as_ref().copied().unwrap_or(0)
        }
    }

    pub(crate) fn set_instance(&self, instance: u64) {
        // SAFETY: as for `instance`.
        unsafe {
            let place: *mut u64 =
                ffi::sqlite3_aggregate_context(self.context, size_of::<u64>() as c_int).cast();
            if let Some(place) = place.as_mut() {
                *place = instance;
            }
        }
    }
}

/// Runs `f` with the host of a database and the thread's context. `None` where there is nobody: handles are closed by the
/// collector, or SQLite calls on a thread that has not entered.
/// # Safety
/// `database` is alive.
unsafe fn with_host<R>(database: *const Inner, f: impl FnOnce(&dyn Host, &mut Context) -> R) -> Option<R> {
    // SAFETY: the caller's contract.
    let host = unsafe { &*database }.host()?;
    // SAFETY: a host is there for as long as its entry, which this call is inside of.
    let host = unsafe { &*host };
    let run = || called_back(|cx| f(host, cx));
    catch_unwind(AssertUnwindSafe(run)).ok().flatten()
}

type Answer = fn(&dyn Host, &mut Context, usize, &Call<'_>);

/// # Safety
/// SQLite calls a function that was made with a `Hook`.
unsafe fn answer(
    context: *mut ffi::sqlite3_context,
    count: c_int,
    arguments: *mut *mut ffi::sqlite3_value,
    f: Answer,
) {
    // SAFETY: the user data of our functions is a hook, which lives until its `destroy`, and the database beyond that; the
    // arguments are `count` values.
    unsafe {
        let hook = &*ffi::sqlite3_user_data(context).cast::<Hook>();
        let arguments = match usize::try_from(count) {
            Ok(count) if count > 0 => std::slice::from_raw_parts(arguments, count),
            _ => &[],
        };
        let call = Call { context, arguments };
        if with_host(hook.database, |host, cx| f(host, cx, hook.callee, &call)).is_none() {
            call.fail("user-defined function raised exception");
        }
    }
}

unsafe extern "C" fn function(
    context: *mut ffi::sqlite3_context,
    count: c_int,
    arguments: *mut *mut ffi::sqlite3_value,
) {
    // SAFETY: only `create_function` hands this out.
    unsafe { answer(context, count, arguments, |host, cx, callee, call| host.function(cx, callee, call)) }
}

unsafe extern "C" fn step(
    context: *mut ffi::sqlite3_context,
    count: c_int,
    arguments: *mut *mut ffi::sqlite3_value,
) {
    // SAFETY: as above.
    unsafe { answer(context, count, arguments, |host, cx, callee, call| host.step(cx, callee, call)) }
}

unsafe extern "C" fn inverse(
    context: *mut ffi::sqlite3_context,
    count: c_int,
    arguments: *mut *mut ffi::sqlite3_value,
) {
    // SAFETY: as above.
    unsafe { answer(context, count, arguments, |host, cx, callee, call| host.inverse(cx, callee, call)) }
}

unsafe extern "C" fn value(context: *mut ffi::sqlite3_context) {
    let none = std::ptr::null_mut();
    // SAFETY: as above.
    unsafe { answer(context, 0, none, |host, cx, callee, call| host.value(cx, callee, call)) }
}

unsafe extern "C" fn finish(context: *mut ffi::sqlite3_context) {
    let none = std::ptr::null_mut();
    // SAFETY: as above.
    unsafe { answer(context, 0, none, |host, cx, callee, call| host.finish(cx, callee, call)) }
}

/// SQLite forgets a hook.
unsafe extern "C" fn destroy(hook: *mut c_void) {
    // SAFETY: the hook was leaked for SQLite, which gives it back once; the database outlives its functions.
    unsafe {
        let hook = Box::from_raw(hook.cast::<Hook>());
        (*hook.database).add_ended(hook.callee);
    }
}

unsafe extern "C" fn collate(
    hook: *mut c_void,
    left_size: c_int,
    left: *const c_void,
    right_size: c_int,
    right: *const c_void,
) -> c_int {
    // SAFETY: the hook as in `answer`; both texts stay for the time of the call.
    unsafe {
        let hook = &*hook.cast::<Hook>();
        let (left, right) = (slice(left.cast(), left_size), slice(right.cast(), right_size));
        with_host(hook.database, |host, cx| host.collate(cx, hook.callee, left, right)).unwrap_or(0)
    }
}

/// # Safety
/// Null, or a string that ends with a zero and stays for the time of the callback.
unsafe fn string<'a>(text: *const c_char) -> Option<&'a CStr> {
    // SAFETY: the caller's contract.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) })
}

unsafe extern "C" fn authorize(
    database: *mut c_void,
    action: c_int,
    first: *const c_char,
    second: *const c_char,
    schema: *const c_char,
    source: *const c_char,
) -> c_int {
    // SAFETY: the database that this was set for is alive; the strings stay for the time of the call.
    unsafe {
        let details = [string(first), string(second), string(schema), string(source)];
        with_host(database.cast(), |host, cx| host.authorize(cx, action, details)).unwrap_or(code::DENY)
    }
}

unsafe extern "C" fn progress(database: *mut c_void) -> c_int {
    // SAFETY: as above.
    unsafe { with_host(database.cast(), |host, cx| host.progress(cx)).unwrap_or(0) }
}

unsafe extern "C" fn trace(
    kind: c_uint,
    database: *mut c_void,
    statement: *mut c_void,
    sql: *mut c_void,
) -> c_int {
    if kind != ffi::SQLITE_TRACE_STMT as c_uint {
        return 0;
    }
    // SAFETY: the database as above; for this kind of event the others are the statement and its text. The expanded text is
    // given back when it has been reported.
    unsafe {
        let statement: *mut ffi::sqlite3_stmt = statement.cast();
        let expanded = ffi::sqlite3_expanded_sql(statement);
        let no_memory =
            expanded.is_null() && ffi::sqlite3_errcode(ffi::sqlite3_db_handle(statement)) == code::NOMEM;
        let (sql, text) = (string(sql.cast()).unwrap_or_default(), string(expanded));
        with_host(database.cast(), |host, cx| host.trace(cx, sql, text, no_memory));
        ffi::sqlite3_free(expanded.cast());
    }
    0
}

fn user_data(database: &Arc<Inner>) -> *mut c_void {
    Arc::as_ptr(database).cast_mut().cast()
}

impl Native<'_> {
    /// Makes a function of SQL; a result code. Also when that fails, the callee is among the ended ones sooner or later.
    pub(crate) fn create_function(&self, name: &CStr, count: i32, kind: Kind, callee: usize) -> i32 {
        let hook = Box::into_raw(Box::new(Hook { database: Arc::as_ptr(self.inner()), callee })).cast();
        let (raw, name, utf8) = (self.raw(), name.as_ptr(), ffi::SQLITE_UTF8);
        // SAFETY: under the lock; the name ends with a zero. SQLite owns the hook from now on, and destroys it also when it
        // refuses the function.
        unsafe {
            match kind {
                Kind::Function { is_deterministic } => {
                    let flags = if is_deterministic { utf8 | ffi::SQLITE_DETERMINISTIC } else { utf8 };
                    ffi::sqlite3_create_function_v2(
                        raw,
                        name,
                        count,
                        flags,
                        hook,
                        Some(function),
                        None,
                        None,
                        Some(destroy),
                    )
                }
                Kind::Aggregate => ffi::sqlite3_create_function_v2(
                    raw,
                    name,
                    count,
                    utf8,
                    hook,
                    None,
                    Some(step),
                    Some(finish),
                    Some(destroy),
                ),
                Kind::Window => ffi::sqlite3_create_window_function(
                    raw,
                    name,
                    count,
                    utf8,
                    hook,
                    Some(step),
                    Some(finish),
                    Some(value),
                    Some(inverse),
                    Some(destroy),
                ),
            }
        }
    }

    /// Takes a window function away; a result code.
    pub(crate) fn remove_window_function(&self, name: &CStr, count: i32) -> i32 {
        let none = std::ptr::null_mut();
        // SAFETY: under the lock; the name ends with a zero.
        unsafe {
            ffi::sqlite3_create_window_function(
                self.raw(),
                name.as_ptr(),
                count,
                ffi::SQLITE_UTF8,
                none,
                None,
                None,
                None,
                None,
                None,
            )
        }
    }

    /// Makes a collation, or takes it away; a result code.
    pub(crate) fn create_collation(&self, name: &CStr, callee: Option<usize>) -> i32 {
        let (raw, name) = (self.raw(), name.as_ptr());
        let Some(callee) = callee else {
            // SAFETY: under the lock; the name ends with a zero.
            return unsafe {
                ffi::sqlite3_create_collation_v2(
                    raw,
                    name,
                    ffi::SQLITE_UTF8,
                    std::ptr::null_mut(),
                    None,
                    None,
                )
            };
        };
        let hook: *mut c_void =
            Box::into_raw(Box::new(Hook { database: Arc::as_ptr(self.inner()), callee })).cast();
        // SAFETY: as above. When it refuses the collation, SQLite does not destroy the hook.
        unsafe {
            let (utf8, compare) =
                (ffi::SQLITE_UTF8, Some(collate as unsafe extern "C" fn(_, _, _, _, _) -> _));
            let result = ffi::sqlite3_create_collation_v2(raw, name, utf8, hook, compare, Some(destroy));
            if result != code::OK {
                destroy(hook);
            }
            result
        }
    }
}

impl Entry<'_> {
    /// Whether actions are to be authorized; a result code.
    pub(crate) fn set_authorizer(&self, on: bool) -> i32 {
        let callback = on.then_some(authorize as unsafe extern "C" fn(_, _, _, _, _, _) -> _);
        // SAFETY: under the lock; the database outlives its handle.
        unsafe { ffi::sqlite3_set_authorizer(self.raw(), callback, user_data(self.inner())) }
    }

    /// After how many instructions progress is to be reported; never below 1.
    pub(crate) fn set_progress(&self, instructions: i32) {
        let callback = (instructions > 0).then_some(progress as unsafe extern "C" fn(_) -> _);
        // SAFETY: as above.
        unsafe {
            ffi::sqlite3_progress_handler(self.raw(), instructions, callback, user_data(self.inner()));
        }
    }

    /// Whether statements are to be traced.
    pub(crate) fn set_trace(&self, on: bool) {
        let callback = on.then_some(trace as unsafe extern "C" fn(_, _, _, _) -> _);
        let mask = if on { ffi::SQLITE_TRACE_STMT as c_uint } else { 0 };
        // SAFETY: as above.
        unsafe { ffi::sqlite3_trace_v2(self.raw(), mask, callback, user_data(self.inner())) };
    }
}
