//! What runs because objects die: `__del__`, callbacks of weak references, flushing of files.
//! CPython: `Objects/typeobject.c` (`slot_tp_finalize`), `Python/errors.c` (unraisable exceptions).
//!
//! Invariant: a finalizer runs at a bytecode boundary, never inside a native function or another finalizer;
//! what it raises goes to `sys.unraisablehook`.

use std::sync::atomic::AtomicU64;
use std::sync::{Mutex, PoisonError};

use taipan_gc::Marker;

use crate::buffer::GVec;
use crate::context::Context;
use crate::error::{Raised, Result};
use crate::exception::print;
use crate::identity::Identity;
use crate::names::id;
use crate::object::Gc;
use crate::types::struct_sequence::StructSequence;
use crate::types::weakref::{WeakRef, table};
use crate::value::Value;

/// Runs the callbacks and finalizers that wait, unless one is running on this thread already.
pub fn run_finalizers(cx: &mut Context) {
    if cx.locals.finalizing.replace(true) {
        return;
    }
    let pending = cx.pending_exception();
    if pending.is_some() {
        cx.clear_exception();
    }
    while let Some((reference, callback)) = table::take_callback() {
        if let Err(raised) = cx.call(callback, &[reference]) {
            cx.unraisable(raised, "Exception ignored while calling weakref callback", Some(callback));
        }
    }
    while let Some(cell) = taipan_gc::take_finalizable() {
        finalize(cx, Value::from_cell(cell));
    }
    if let Some(pending) = pending {
        let _ = cx.reraise(pending);
    }
    cx.locals.finalizing.set(false);
}

/// Runs one object's finalizer.
fn finalize(cx: &mut Context, object: Value) {
    let class = cx.class_of(object);
    let Some(finalizer) = class.slots.finalize.get() else { return };
    if let Err(raised) = finalizer(cx, object) {
        let del = class.lookup(cx, cx.name(id::__del__));
        let (message, about) = match &*class.name().to_str() {
            "generator" | "async_generator" => ("Exception ignored while closing generator", object),
            "coroutine" => ("Exception ignored while finalizing coroutine", object),
            _ => ("Exception ignored while calling deallocator", del.unwrap_or(object)),
        };
        cx.unraisable(raised, message, Some(about));
    }
}

/// Arguments of `sys.unraisablehook`.
pub static UNRAISABLE_HOOK_ARGS: StructSequence = StructSequence {
    name: "UnraisableHookArgs",
    module: "sys",
    doc: "Type used to pass arguments to sys.unraisablehook.",
    fields: &[
        (Some("exc_type"), "Exception type"),
        (Some("exc_value"), "Exception value"),
        (Some("exc_traceback"), "Exception traceback"),
        (Some("err_msg"), "Error message"),
        (Some("object"), "Object causing the exception"),
    ],
    visible: 5,
    instantiable: false,
    class: AtomicU64::new(0),
};

impl Context {
    /// Reports an exception that has nowhere to go: `message object:` and the traceback.
    /// CPython: `PyErr_FormatUnraisable("message %R", object)`.
    pub fn unraisable(&mut self, raised: Raised, message: &str, object: Option<Value>) {
        let exception = self.take_exception(raised);
        if let Err(raised) = self.call_unraisable_hook(exception, message, object) {
            // The hook itself failed: what it raised is shown plainly.
            let failure = self.take_exception(raised);
            let hook = self.sys_attr("unraisablehook").unwrap_or(Value::NONE);
            let heading = self.heading("Exception ignored in sys.unraisablehook", Some(hook));
            print::write_unraisable(self, failure, Some(&heading), None);
        }
    }

    /// Reports an exception with the old wording, `Exception ignored in: object`.
    pub fn unraisable_in(&mut self, raised: Raised, object: Value) {
        let exception = self.take_exception(raised);
        let args = self.unraisable_args(exception, Value::NONE, object);
        if self.pass_to_hook(exception, args).is_err() {
            self.clear_exception();
            print::write_unraisable(self, exception, None, Some(object));
        }
    }

    fn heading(&mut self, message: &str, object: Option<Value>) -> String {
        let Some(object) = object else { return message.to_owned() };
        match self.repr(object) {
            Ok(object) => format!("{message} {}", object.to_str()),
            Err(raised) => {
                self.take_exception(raised);
                format!("{message} <object repr() failed>")
            }
        }
    }

    fn call_unraisable_hook(&mut self, exception: Value, message: &str, object: Option<Value>) -> Result<()> {
        let heading = self.heading(message, object);
        let text = self.new_str(&heading).value();
        let args = self.unraisable_args(exception, text, Value::NONE);
        self.pass_to_hook(exception, args)
    }

    fn unraisable_args(&mut self, exception: Value, message: Value, object: Value) -> Result<Value> {
        let class = self.class_of(exception).value();
        let body = exception.downcast::<crate::exception::BaseException>();
        let traceback = body.and_then(|body| body.traceback()).unwrap_or(Value::NONE);
        let fields = [class, exception, traceback, message, object];
        Ok(UNRAISABLE_HOOK_ARGS.instance(self, &fields)?.value())
    }

    fn pass_to_hook(&mut self, exception: Value, args: Result<Value>) -> Result<()> {
        let args = args?;
        match self.sys_attr("unraisablehook") {
            Some(hook) => {
                if let Err(raised) = self.audit("sys.unraisablehook", |_| [hook, args]) {
                    let failure = self.take_exception(raised);
                    print::write_unraisable(self, failure, Some("Exception ignored in audit hook"), None);
                    return Ok(());
                }
                self.call(hook, &[args]).map(|_| ())
            }
            None => {
                let items = args.downcast::<crate::types::tuple::Tuple>();
                let message = items.and_then(|items| items.get(3)).and_then(|message| message.downcast());
                let message =
                    message.map(|message: Gc<crate::types::str::Str>| message.to_str().into_owned());
                print::write_unraisable(self, exception, message.as_deref(), None);
                Ok(())
            }
        }
    }
}

/// Files with data that the system has not seen yet, as weak references: an abandoned file is not kept
/// alive, its finalizer flushes it.
static WRITERS: Mutex<Vec<Identity>> = Mutex::new(Vec::new());

fn writers() -> std::sync::MutexGuard<'static, Vec<Identity>> {
    WRITERS.lock().unwrap_or_else(PoisonError::into_inner)
}

fn referent(entry: Identity) -> Option<Value> {
    entry.value()?.downcast::<WeakRef>()?.referent()
}

/// Notes that `writer` (an object with a method `flush`) has unflushed data. Call it when the buffer stops
/// being empty.
pub fn add_writer(cx: &Context, writer: Value) {
    let reference = crate::types::weakref::new_unchecked(cx, writer);
    let mut writers = writers();
    writers.retain(|entry| referent(*entry).is_some_and(|known| known != writer));
    writers.push(Identity::of(reference.value()));
}

/// Notes that `writer` has nothing left to flush.
pub fn remove_writer(writer: Value) {
    writers().retain(|entry| referent(*entry).is_some_and(|known| known != writer));
}

/// Flushes all files with unflushed data: at exit, before fork and exec, before a file is opened.
pub fn flush_writers(cx: &mut Context) {
    for writer in pending_writers().iter() {
        if let Err(raised) = cx.call_method(*writer, "flush", &[]) {
            // Whoever uses the file meets the error there.
            cx.take_exception(raised);
        }
    }
}

/// The files with unflushed data.
pub fn pending_writers() -> GVec<Value> {
    writers().iter().filter_map(|entry| referent(*entry)).collect()
}

/// Keeps what this module holds alive.
pub(crate) fn trace_roots(marker: &mut Marker) {
    writers().iter().for_each(|entry| marker.value(Value::option_bits(entry.value())));
    table::trace_callbacks(marker);
}
