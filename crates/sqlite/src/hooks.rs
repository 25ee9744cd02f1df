//! What SQLite calls, answered by Python objects. CPython: the callbacks in `Modules/_sqlite/connection.c`.
//!
//! Invariant: SQLite knows a callee, or an aggregation's object, by its place in the connection's table; the table keeps it
//! alive. What a callback raises is reported or dropped, and the statement fails.

use std::ffi::CStr;
use std::sync::atomic::{AtomicBool, Ordering};

use taipan_runtime::codecs::{decode_utf8, errors::ErrorMode};
use taipan_runtime::exception;
use taipan_runtime::prelude::*;

use crate::bind;
use crate::connection::Connection;
use crate::exceptions::{self, Kind};
use crate::sys::{Call, Datum, Host, code};

/// Are the errors of callbacks reported?
static TRACEBACKS: AtomicBool = AtomicBool::new(false);

pub(crate) fn enable_tracebacks(on: bool) {
    TRACEBACKS.store(on, Ordering::Relaxed);
}

/// Reports what a callback raised, if that is asked for.
pub(crate) fn report(cx: &mut Context, raised: Raised, callable: Value) {
    if TRACEBACKS.load(Ordering::Relaxed) {
        cx.unraisable(raised, "Exception ignored on sqlite3 callback", Some(callable));
    } else {
        cx.take_exception(raised);
    }
}

/// Lets a call of SQL fail with what was raised. CPython: `set_sqlite_error`.
fn fail(cx: &mut Context, call: &Call<'_>, raised: Raised, message: &str, callable: Value) {
    if cx.error_matches(&raised, exception::memory_error) {
        call.fail_with_no_memory();
    } else if cx.error_matches(&raised, exception::overflow_error) {
        call.fail_with_size();
    } else {
        call.fail(message);
    }
    report(cx, raised, callable);
}

/// A text of SQLite's.
pub(crate) fn text(cx: &mut Context, bytes: &[u8]) -> Result {
    Ok(decode_utf8(cx, bytes, ErrorMode::of_option(None))?.value())
}

/// An argument as a Python object.
fn argument(cx: &mut Context, call: &Call<'_>, index: usize) -> Result {
    let bytes = match call.argument(cx, index) {
        Datum::Null => return Ok(Value::NONE),
        Datum::Integer(value) => return Ok(cx.new_int(value)),
        Datum::Real(value) => return Ok(cx.new_float(value)),
        Datum::Blob(bytes) => return Ok(cx.new_bytes(bytes).value()),
        Datum::NoMemory => return Err(cx.memory_error()),
        Datum::Text(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => return Ok(cx.new_str(text).value()),
            Err(_) => bytes.to_vec(),
        },
    };
    text(cx, &bytes)
}

/// Calls `callable` with the arguments of a call of SQL. The inner result is the call's; the outer one that of making the
/// arguments.
fn call_with_arguments(cx: &mut Context, call: &Call<'_>, callable: Value) -> Result<Result> {
    const FEW: usize = 8;
    let count = call.len();
    if count <= FEW {
        let mut arguments = [Value::NONE; FEW];
        for (index, place) in arguments[..count].iter_mut().enumerate() {
            *place = argument(cx, call, index)?;
        }
        return Ok(cx.call(callable, &arguments[..count]));
    }
    let mut arguments = GVec::with_capacity(count);
    for index in 0..count {
        arguments.push(argument(cx, call, index)?);
    }
    Ok(cx.call(callable, &arguments))
}

/// Gives SQLite a result. CPython: `_pysqlite_set_result`.
fn set_result(cx: &mut Context, call: &Call<'_>, value: Value) -> Result<()> {
    let given =
        bind::with_bound(cx, value, "string is longer than INT_MAX bytes", |bound| call.set_result(bound))?;
    match given {
        Some(()) => Ok(()),
        None => {
            let name = cx.type_name(value);
            let message = format!("User-defined functions cannot return '{name}' values to SQLite");
            Err(exceptions::programming_error(cx, &message))
        }
    }
}

/// The host of an entry: the connection, on the native stack of who has entered.
pub(crate) struct Answers(pub(crate) Gc<Connection>);

impl Answers {
    fn callee(&self, callee: usize) -> Value {
        self.0.callee(callee)
    }

    /// The object of an aggregation; the first call makes it.
    fn instance(&self, cx: &mut Context, callable: Value, call: &Call<'_>) -> Option<Value> {
        let Some(number) = call.instance() else {
            let raised = cx.memory_error();
            fail(cx, call, raised, "unable to allocate SQLite aggregate context", callable);
            return None;
        };
        if number > 0 {
            return Some(self.callee(number as usize - 1));
        }
        match cx.call(callable, &[]) {
            Ok(instance) => {
                let place = self.0.add_callee(cx, instance);
                call.set_instance(place as u64 + 1);
                Some(instance)
            }
            Err(raised) => {
                let message = "user-defined aggregate's '__init__' method raised error";
                fail(cx, call, raised, message, callable);
                None
            }
        }
    }
}

impl Host for Answers {
    fn function(&self, cx: &mut Context, callee: usize, call: &Call<'_>) {
        let callable = self.callee(callee);
        let result = match call_with_arguments(cx, call, callable) {
            Ok(Ok(result)) => set_result(cx, call, result),
            Ok(Err(raised)) | Err(raised) => Err(raised),
        };
        if let Err(raised) = result {
            fail(cx, call, raised, "user-defined function raised exception", callable);
        }
    }

    fn step(&self, cx: &mut Context, callee: usize, call: &Call<'_>) {
        let callable = self.callee(callee);
        let Some(instance) = self.instance(cx, callable, call) else { return };
        let method = match cx.get_attr_str(instance, "step") {
            Ok(method) => method,
            Err(raised) => {
                let message = "user-defined aggregate's 'step' method not defined";
                return fail(cx, call, raised, message, callable);
            }
        };
        match call_with_arguments(cx, call, method) {
            Ok(Ok(_)) => {}
            Ok(Err(raised)) => {
                let message = "user-defined aggregate's 'step' method raised error";
                fail(cx, call, raised, message, callable);
            }
            // SQLite does not hear of this; the statement raises it when it has ended.
            Err(raised) => self.0.keep_callback_error(cx, raised),
        }
    }

    fn inverse(&self, cx: &mut Context, callee: usize, call: &Call<'_>) {
        let callable = self.callee(callee);
        let Some(instance) = self.instance(cx, callable, call) else { return };
        let method = match cx.get_attr_str(instance, "inverse") {
            Ok(method) => method,
            Err(raised) => {
                let message = "user-defined aggregate's 'inverse' method not defined";
                return fail(cx, call, raised, message, callable);
            }
        };
        match call_with_arguments(cx, call, method) {
            Ok(Ok(_)) => {}
            Ok(Err(raised)) => {
                let message = "user-defined aggregate's 'inverse' method raised error";
                fail(cx, call, raised, message, callable);
            }
            Err(raised) => {
                let message = "unable to build arguments for user-defined aggregate's 'inverse' method";
                fail(cx, call, raised, message, callable);
            }
        }
    }

    fn value(&self, cx: &mut Context, callee: usize, call: &Call<'_>) {
        let callable = self.callee(callee);
        let Some(instance) = self.instance(cx, callable, call) else { return };
        match cx.call_method(instance, "value", &[]) {
            Ok(result) => {
                if let Err(raised) = set_result(cx, call, result) {
                    let message = "unable to set result from user-defined aggregate's 'value' method";
                    fail(cx, call, raised, message, callable);
                }
            }
            Err(raised) => {
                let message = match cx.error_matches(&raised, exception::attribute_error) {
                    true => "user-defined aggregate's 'value' method not defined",
                    false => "user-defined aggregate's 'value' method raised error",
                };
                fail(cx, call, raised, message, callable);
            }
        }
    }

    fn finish(&self, cx: &mut Context, callee: usize, call: &Call<'_>) {
        // 0: no row has been seen, or the object could not be made.
        let Some(place) = call.existing_instance().checked_sub(1) else { return };
        let callable = self.callee(callee);
        let instance = self.callee(place as usize);
        let result = match cx.call_method(instance, "finalize", &[]) {
            Ok(result) => set_result(cx, call, result),
            Err(raised) => Err(raised),
        };
        self.0.remove_callee(cx, place as usize);
        if let Err(raised) = result {
            let message = match cx.error_matches(&raised, exception::attribute_error) {
                true => "user-defined aggregate's 'finalize' method not defined",
                false => "user-defined aggregate's 'finalize' method raised error",
            };
            fail(cx, call, raised, message, callable);
        }
    }

    fn collate(&self, cx: &mut Context, callee: usize, left: &[u8], right: &[u8]) -> i32 {
        if self.0.has_callback_error() {
            return 0;
        }
        let callable = self.callee(callee);
        let compared = text(cx, left)
            .and_then(|left| Ok([left, text(cx, right)?]))
            .and_then(|texts| cx.call(callable, &texts));
        match compared {
            Ok(result) => match cx.index_i128(result) {
                Ok(number) => number.signum() as i32,
                Err(raised) => {
                    cx.take_exception(raised);
                    0
                }
            },
            Err(raised) => {
                self.0.keep_callback_error(cx, raised);
                0
            }
        }
    }

    fn authorize(&self, cx: &mut Context, action: i32, details: [Option<&CStr>; 4]) -> i32 {
        let Some(callable) = self.0.authorizer.load() else { return code::OK };
        let mut arguments = [Value::int(action.into()); 5];
        let asked = details.into_iter().zip(&mut arguments[1..]).try_for_each(|(detail, place)| {
            *place = match detail {
                Some(detail) => text(cx, detail.to_bytes())?,
                None => Value::NONE,
            };
            Ok(())
        });
        let answer = match asked.and_then(|()| cx.call(callable, &arguments)) {
            Ok(answer) if cx.is_int(answer) => i32::from_arg(cx, answer, ""),
            Ok(_) => return code::DENY,
            Err(raised) => Err(raised),
        };
        answer.unwrap_or_else(|raised| {
            report(cx, raised, callable);
            code::DENY
        })
    }

    fn progress(&self, cx: &mut Context) -> i32 {
        let Some(callable) = self.0.progress.load() else { return 0 };
        match cx.call(callable, &[]).and_then(|answer| cx.truth(answer)) {
            Ok(ends) => i32::from(ends),
            Err(raised) => {
                report(cx, raised, callable);
                -1
            }
        }
    }

    fn trace(&self, cx: &mut Context, sql: &CStr, expanded: Option<&CStr>, no_memory: bool) {
        let Some(callable) = self.0.trace.load() else { return };
        if no_memory {
            let raised = cx.memory_error();
            return report(cx, raised, callable);
        }
        if expanded.is_none() {
            let message = "Expanded SQL string exceeds the maximum string length";
            let raised = exceptions::raise(cx, Kind::Data, message);
            report(cx, raised, callable);
        }
        let called = text(cx, expanded.unwrap_or(sql).to_bytes()).and_then(|sql| cx.call(callable, &[sql]));
        if let Err(raised) = called {
            report(cx, raised, callable);
        }
    }
}
