//! `_thread`: starting threads, locks, thread-local data. CPython: `Modules/_threadmodule.c`.
//!
//! Invariant: values reach a new thread only as roots (`Rooted`); a thread leaves the machine before its
//! handle says that it is done.

mod handle;
mod local;
mod lock;

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use taipan_runtime::exception;
use taipan_runtime::prelude::*;
use taipan_runtime::types::struct_sequence::StructSequence;
use taipan_runtime::{Rooted, set_multi_threaded};

use crate::sys;

pub use handle::ThreadHandle;
pub use local::Local;
pub use lock::{Lock, RLock};

pub struct Thread;

/// `ident` of the main thread; set when the module is first used there.
static MAIN: AtomicU64 = AtomicU64::new(0);
static RUNNING: AtomicUsize = AtomicUsize::new(0);
static STACK_SIZE: AtomicUsize = AtomicUsize::new(0);

/// Native stack of a thread whose size nobody chose.
const DEFAULT_STACK: usize = 64 << 20;
/// What is left of a thread's native stack for natives that do not check.
const MARGIN: usize = 256 << 10;
const VM_STACK: usize = 64 << 20;

static EXCEPT_HOOK_ARGS: StructSequence = StructSequence {
    name: "_ExceptHookArgs",
    module: "_thread",
    doc: "ExceptHookArgs\n\nType used to pass arguments to threading.excepthook.",
    fields: &[
        (Some("exc_type"), "Exception type"),
        (Some("exc_value"), "Exception value"),
        (Some("exc_traceback"), "Exception traceback"),
        (Some("thread"), "Thread"),
    ],
    visible: 4,
    instantiable: true,
    class: AtomicU64::new(0),
};

/// Identifier of the calling thread: never 0, not used again while the thread lives.
pub(crate) fn ident() -> u64 {
    sys::thread_self()
}

pub(crate) fn is_main_thread() -> bool {
    ident() == MAIN.load(Ordering::Relaxed)
}

/// Whether a thread with this identifier runs Python.
pub(crate) fn is_known(thread: u64) -> bool {
    thread == ident() || thread == MAIN.load(Ordering::Relaxed) || handle::is_running(thread)
}

/// How many threads the module has started that still run.
pub(crate) fn running() -> usize {
    RUNNING.load(Ordering::Acquire)
}

/// In a forked child: the calling thread is the main one and alone.
pub(crate) fn after_fork() {
    let was_main = is_main_thread();
    MAIN.store(ident(), Ordering::Relaxed);
    RUNNING.store(usize::from(!was_main), Ordering::Release);
    handle::after_fork();
}

/// Starts a thread that calls `function`. What it raises is reported, SystemExit is ignored.
fn start(
    cx: &mut Context,
    function: Value,
    args: Gc<Tuple>,
    kwargs: Option<Gc<Dict>>,
    handle: Gc<ThreadHandle>,
    daemon: bool,
) -> Result<()> {
    set_multi_threaded();
    handle::remember(handle, daemon);
    let roots = [
        Rooted::new(function.bits()),
        Rooted::new(args.value().bits()),
        Rooted::new(kwargs.map_or(0, |kwargs| kwargs.value().bits())),
        Rooted::new(handle.value().bits()),
    ];
    handle.set_starting();
    let stack = match STACK_SIZE.load(Ordering::Relaxed) {
        0 => DEFAULT_STACK,
        size => size,
    };
    RUNNING.fetch_add(1, Ordering::AcqRel);
    let spawned = std::thread::Builder::new().stack_size(stack).spawn(move || run(&roots, stack));
    if spawned.is_err() {
        RUNNING.fetch_sub(1, Ordering::AcqRel);
        handle.set_done();
        return Err(cx.runtime_error("can't start new thread"));
    }
    // CPython's `start` gives the handle an ident before it returns.
    cx.blocking(|| handle.wait_started());
    Ok(())
}

/// The new thread.
fn run(roots: &[Rooted; 4], stack: usize) {
    let _alternate_stack = sys::fault::AlternateStack::of_thread();
    let mut cx = Context::attach(VM_STACK, stack - MARGIN);
    let value = |root: &Rooted| Value::from_bits(root.get());
    let handle = value(&roots[3]).and_then(Value::downcast::<ThreadHandle>);
    if let Some(handle) = handle {
        handle.set_running(ident());
    }
    if let Some(function) = value(&roots[0]) {
        let args = value(&roots[1]).and_then(Value::downcast::<Tuple>);
        let kwargs = value(&roots[2]).and_then(Value::downcast::<Dict>);
        let args = args.unwrap_or_else(|| cx.new_tuple(&[]));
        if let Err(raised) = cx.call_ex(function, args.items(), kwargs) {
            if cx.error_matches(&raised, exception::system_exit) {
                cx.take_exception(raised);
            } else {
                cx.unraisable(raised, "Exception ignored in thread started by", Some(function));
            }
        }
    }
    local::forget_thread(&mut cx);
    taipan_runtime::finalize::run_finalizers(&mut cx);
    RUNNING.fetch_sub(1, Ordering::AcqRel);
    if let Some(handle) = handle {
        handle.set_done();
    }
    drop(cx);
}

fn check_start(cx: &mut Context, function: Value, name: &str) -> Result<()> {
    if cx.is_callable(function) {
        return Ok(());
    }
    Err(cx.type_error(format!("{name} must be callable")))
}

/// This module provides primitive operations to write multi-threaded programs.
/// The 'threading' module provides a more convenient interface.
#[module("_thread", classes(Local, Lock, RLock, ThreadHandle))]
impl Thread {
    #[constant]
    const TIMEOUT_MAX: f64 = lock::TIMEOUT_MAX;
    #[constant]
    const _NAME_MAXLEN: usize = 15;

    /// Start a new thread and return its identifier.
    #[function("(function, args, kwargs=<absent>, /)")]
    fn start_new_thread(
        cx: &mut Context,
        function: Value,
        args: Value,
        kwargs: Option<Value>,
    ) -> Result<u64> {
        check_start(cx, function, "first arg")?;
        let Some(args) = args.downcast::<Tuple>() else {
            return Err(cx.type_error("2nd arg must be a tuple"));
        };
        let kwargs = match kwargs {
            Some(kwargs) => match kwargs.downcast::<Dict>() {
                Some(kwargs) => Some(kwargs),
                None => return Err(cx.type_error("optional 3rd arg must be a dictionary")),
            },
            None => None,
        };
        cx.audit("_thread.start_new_thread", |_| {
            [function, args.value(), kwargs.map_or(Value::NONE, Gc::value)]
        })?;
        let handle = ThreadHandle::new(cx);
        start(cx, function, args, kwargs, handle, true)?;
        Ok(handle.ident_number())
    }

    /// An obsolete synonym of start_new_thread().
    #[function("(function, args, kwargs=<absent>, /)")]
    fn start_new(cx: &mut Context, function: Value, args: Value, kwargs: Option<Value>) -> Result<u64> {
        Thread::start_new_thread(cx, function, args, kwargs)
    }

    /// *For internal use only*: start a new thread.
    #[function("(function, handle=None, daemon=True)")]
    fn start_joinable_thread(cx: &mut Context, function: Value, handle: Value, daemon: bool) -> Result {
        check_start(cx, function, "thread function")?;
        cx.audit("_thread.start_joinable_thread", |_| [function, Value::int(daemon.into()), handle])?;
        let handle = match handle.not_none() {
            None => ThreadHandle::new(cx),
            Some(handle) => match handle.downcast::<ThreadHandle>() {
                Some(handle) => handle,
                None => return Err(cx.type_error("'handle' must be a _ThreadHandle")),
            },
        };
        if !handle.is_fresh() {
            return Err(cx.runtime_error("thread already started"));
        }
        let args = cx.new_tuple(&[]);
        start(cx, function, args, None, handle, daemon)?;
        Ok(handle.value())
    }

    /// Create a new lock object. See help(type(threading.Lock())) for
    /// information about locks.
    #[function("()")]
    fn allocate_lock(cx: &mut Context) -> Gc<Lock> {
        Lock::new(cx)
    }

    /// An obsolete synonym of allocate_lock().
    #[function("()")]
    fn allocate(cx: &mut Context) -> Gc<Lock> {
        Lock::new(cx)
    }

    /// Return a non-zero integer that uniquely identifies the current thread
    /// amongst other threads that exist simultaneously.
    #[function("()")]
    fn get_ident() -> u64 {
        ident()
    }

    /// Return a non-negative integer identifying the thread as reported
    /// by the OS (kernel).
    #[function("()")]
    fn get_native_id() -> u64 {
        sys::thread_id()
    }

    /// Return the number of threads currently running.
    #[function("()")]
    fn _count() -> usize {
        RUNNING.load(Ordering::Acquire)
    }

    /// Return the thread stack size used when creating new threads.
    #[function("(size=0, /)")]
    fn stack_size(cx: &mut Context, size: isize) -> Result<usize> {
        let Ok(size) = usize::try_from(size) else {
            return Err(cx.value_error("size must be 0 or a positive value"));
        };
        if size != 0 && size < 32 << 10 {
            return Err(cx.value_error(format!("size not valid: {size} bytes")));
        }
        let size = if size == 0 { 0 } else { size.max(MARGIN * 4) };
        Ok(STACK_SIZE.swap(size, Ordering::Relaxed))
    }

    /// This is synonymous to ``raise SystemExit''.
    #[function("()")]
    fn exit(cx: &mut Context) -> Result<()> {
        Err(cx.raise_bare(exception::system_exit))
    }

    /// An obsolete synonym of exit().
    #[function("()")]
    fn exit_thread(cx: &mut Context) -> Result<()> {
        Thread::exit(cx)
    }

    /// Return True if daemon threads are allowed in the current interpreter,
    /// and False otherwise.
    #[function("()")]
    fn daemon_threads_allowed() -> bool {
        true
    }

    /// Simulate the arrival of the given signal in the main thread,
    /// where the corresponding signal handler will be executed.
    #[function("(signum=2, /)")]
    fn interrupt_main(cx: &mut Context, signum: i32) -> Result<()> {
        crate::signal::simulate(cx, signum)
    }

    /// Internal only. Return the ident of the main thread.
    #[function("()")]
    fn _get_main_thread_ident() -> u64 {
        MAIN.load(Ordering::Relaxed)
    }

    /// Return True if the current interpreter is the main Python interpreter.
    #[function("()")]
    fn _is_main_interpreter() -> bool {
        true
    }

    /// Internal only. Make a thread handle for threads not spawned
    /// by the _thread or threading module.
    #[function("(ident, /)")]
    fn _make_thread_handle(cx: &mut Context, ident: u64) -> Gc<ThreadHandle> {
        ThreadHandle::of_ident(cx, ident)
    }

    /// Wait for all non-daemon threads (other than the calling thread) to stop.
    #[function("()")]
    fn _shutdown(cx: &mut Context) -> Result<()> {
        handle::join_remembered(cx)
    }

    /// Set the name of the current thread.
    #[function("(name)")]
    fn set_name(cx: &mut Context, name: Gc<Str>) -> Result<()> {
        let mut bytes = crate::path::encode(cx, name)?;
        bytes.truncate(15);
        while std::str::from_utf8(&bytes).is_err() && !bytes.is_empty() {
            bytes.pop();
        }
        sys::set_thread_name(&bytes);
        Ok(())
    }

    /// Handle uncaught Thread.run() exception.
    #[function("(args, /)")]
    fn _excepthook(cx: &mut Context, args: Value) -> Result<()> {
        handle::excepthook(cx, args)
    }

    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        let _ = MAIN.compare_exchange(0, ident(), Ordering::Relaxed, Ordering::Relaxed);
        let dict = module.dict();
        let class = EXCEPT_HOOK_ARGS.class(cx)?;
        let rows = [
            ("_ExceptHookArgs", class.value()),
            ("LockType", Lock::class_cell().get().value()),
            ("error", exception::runtime_error().get().value()),
        ];
        for (name, value) in rows {
            dict.set_str(cx, cx.intern(name), value);
        }
        Ok(())
    }
}
