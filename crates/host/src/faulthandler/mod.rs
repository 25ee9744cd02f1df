//! `faulthandler`: where the threads stand, when the program asks, when it hangs, when it dies. CPython:
//! `Modules/faulthandler.c`.
//!
//! Invariant: stacks of threads are looked at while they stand still, but for that of a thread which gets a fatal signal:
//! its handler (`sys/fault.rs`) shows that thread alone.

mod dump;
mod later;
pub(crate) mod text;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use taipan_runtime::add_root;
use taipan_runtime::prelude::*;

use self::dump::Shown;
use crate::posix::warn_of_bool;
use crate::sys::fault;
use crate::sys::signal::COUNT;
use crate::time::nanoseconds;

pub struct Faulthandler;

/// Files that reports go to are kept, so that their descriptors stay theirs.
static FATAL_FILE: AtomicU64 = AtomicU64::new(0);
static LATER_FILE: AtomicU64 = AtomicU64::new(0);
static USER_FILES: [AtomicU64; COUNT] = [const { AtomicU64::new(0) }; COUNT];

fn keep(place: &AtomicU64, file: Option<Value>) {
    place.store(Value::option_bits(file), Ordering::Release);
}

/// `-X faulthandler`.
pub fn enable_at_start(cx: &mut Context) -> Result<()> {
    cx.import("faulthandler")?;
    fault::enable(libc::STDERR_FILENO, true, true).map_err(|error| cx.io_error(&error, None))
}

/// Writes the reports that signals have asked for.
pub(crate) fn serve_signals(cx: &mut Context) {
    for request in fault::requests() {
        let shown = match request.receiver {
            receiver if request.all_threads => Some(Shown::All(receiver)),
            receiver => receiver.map(Shown::One),
        };
        if let Some(shown) = shown {
            dump::write(cx, request.fd, "", shown);
        }
        if request.chain {
            fault::chain(request.number);
        }
    }
}

/// In a forked child: what was going on belongs to the parent.
pub(crate) fn after_fork() {
    fault::forget_requests();
    later::after_fork();
}

/// A file and its descriptor, flushed. CPython: `faulthandler_get_fileno`.
fn destination(cx: &mut Context, file: Option<Value>) -> Result<(Value, i32)> {
    let file = match file.and_then(Value::not_none) {
        Some(file) => file,
        None => match cx.sys_attr("stderr") {
            None => return Err(cx.runtime_error("lost sys.stderr")),
            Some(stderr) if stderr.is_none() => return Err(cx.runtime_error("sys.stderr is None")),
            Some(stderr) => stderr,
        },
    };
    if cx.is_int(file) {
        warn_of_bool(cx, file)?;
        let Some(fd) = cx.int_to_i64(file).and_then(|fd| i32::try_from(fd).ok()) else {
            return Err(cx.overflow_error("Python int too large to convert to C int"));
        };
        if fd < 0 {
            return Err(cx.value_error("file is not a valid file descriptor"));
        }
        return Ok((file, fd));
    }
    let fd = cx.call_method(file, "fileno", &[])?;
    let number = if cx.is_int(fd) { cx.int_to_i64(fd) } else { None };
    let Some(fd) = number.and_then(|fd| i32::try_from(fd).ok()).filter(|fd| (0..i32::MAX).contains(fd))
    else {
        return Err(cx.runtime_error("file.fileno() is not a valid file descriptor"));
    };
    if let Err(raised) = cx.call_method(file, "flush", &[]) {
        cx.take_exception(raised);
    }
    Ok((file, fd))
}

/// CPython: `check_signum`.
fn check_signal(cx: &mut Context, number: i32) -> Result<()> {
    if fault::is_fatal(number) {
        return Err(cx.runtime_error(format!("signal {number} cannot be registered, use enable() instead")));
    }
    match (1..COUNT as i32).contains(&number) {
        true => Ok(()),
        false => Err(cx.value_error("signal number out of range")),
    }
}

/// CPython: `format_timeout`.
fn heading(micros: u64) -> String {
    let (seconds, micros) = (micros / 1_000_000, micros % 1_000_000);
    let (minutes, seconds) = (seconds / 60, seconds % 60);
    let (hours, minutes) = (minutes / 60, minutes % 60);
    match micros {
        0 => format!("Timeout ({hours}:{minutes:02}:{seconds:02})!\n"),
        _ => format!("Timeout ({hours}:{minutes:02}:{seconds:02}.{micros:06})!\n"),
    }
}

/// faulthandler module.
#[module("faulthandler")]
impl Faulthandler {
    /// Enable the fault handler.
    #[function("(file=sys.stderr, all_threads=True, c_stack=True)")]
    fn enable(cx: &mut Context, file: Option<Value>, all_threads: bool, c_stack: bool) -> Result<()> {
        let (file, fd) = destination(cx, file)?;
        keep(&FATAL_FILE, Some(file));
        fault::enable(fd, all_threads, c_stack).map_err(|error| cx.io_error(&error, None))
    }

    /// Disable the fault handler.
    #[function("()")]
    fn disable() -> bool {
        let was = fault::disable();
        keep(&FATAL_FILE, None);
        was
    }

    /// Check if the handler is enabled.
    #[function("()")]
    fn is_enabled() -> bool {
        fault::is_enabled()
    }

    /// Dump the traceback of the current thread, or of all threads if all_threads is True, into file.
    #[function("(file=sys.stderr, all_threads=True)")]
    fn dump_traceback(cx: &mut Context, file: Option<Value>, all_threads: bool) -> Result<()> {
        let (_file, fd) = destination(cx, file)?;
        let own = cx.thread();
        let shown = if all_threads { Shown::All(Some(own)) } else { Shown::One(own) };
        dump::write(cx, fd, "", shown);
        Ok(())
    }

    /// Dump the C stack of the current thread.
    #[function("(file=sys.stderr)")]
    fn dump_c_stack(cx: &mut Context, file: Option<Value>) -> Result<()> {
        let (_file, fd) = destination(cx, file)?;
        let mut out = Vec::new();
        fault::native_stack(&mut out);
        cx.blocking(|| fault::write_all(fd, &out));
        Ok(())
    }

    /// Dump the traceback of all threads in timeout seconds,
    /// or each timeout seconds if repeat is True. If exit is True, call _exit(1) which is not safe.
    #[function("(timeout, repeat=False, file=sys.stderr, exit=False)")]
    fn dump_traceback_later(
        cx: &mut Context,
        timeout: Value,
        repeat: i32,
        file: Option<Value>,
        exit: i32,
    ) -> Result<()> {
        let nanos = nanoseconds(cx, timeout, true)?;
        if nanos <= 0 {
            return Err(cx.value_error("timeout must be greater than 0"));
        }
        let micros = (nanos as u128).div_ceil(1000) as u64;
        let (file, fd) = destination(cx, file)?;
        let plan = later::Plan {
            fd,
            timeout: Duration::from_micros(micros),
            heading: heading(micros),
            repeat: repeat != 0,
            exit: exit != 0,
        };
        keep(&LATER_FILE, Some(file));
        if !later::start(cx, plan) {
            keep(&LATER_FILE, None);
            return Err(cx.runtime_error("unable to start watchdog thread"));
        }
        Ok(())
    }

    /// Cancel the previous call to dump_traceback_later().
    #[function("()")]
    fn cancel_dump_traceback_later(cx: &mut Context) {
        later::cancel(cx);
        keep(&LATER_FILE, None);
    }

    /// Register a handler for the signal 'signum': dump the traceback of the current thread, or of all threads if all_threads is True, into file.
    #[function("(signum, file=sys.stderr, all_threads=True, chain=False)")]
    fn register(
        cx: &mut Context,
        signum: i32,
        file: Option<Value>,
        all_threads: bool,
        chain: bool,
    ) -> Result<()> {
        check_signal(cx, signum)?;
        let (file, fd) = destination(cx, file)?;
        fault::register(signum, fd, all_threads, chain).map_err(|error| cx.io_error(&error, None))?;
        keep(&USER_FILES[signum as usize], Some(file));
        Ok(())
    }

    /// Unregister the handler of the signal 'signum' registered by register().
    #[function("(signum, /)")]
    fn unregister(cx: &mut Context, signum: i32) -> Result<bool> {
        check_signal(cx, signum)?;
        keep(&USER_FILES[signum as usize], None);
        Ok(fault::unregister(signum))
    }

    /// Read from NULL, raise a SIGSEGV or SIGBUS signal depending on the platform.
    #[function("()")]
    fn _read_null() -> u8 {
        fault::read_null()
    }

    /// Raise a SIGSEGV signal.
    #[function("(release_gil=False, /)")]
    fn _sigsegv(cx: &mut Context, release_gil: bool) {
        if release_gil {
            cx.blocking(|| fault::die_by(libc::SIGSEGV));
        } else {
            fault::die_by(libc::SIGSEGV);
        }
    }

    /// Call Py_FatalError() in a new C thread.
    #[function("()")]
    fn _fatal_error_c_thread(cx: &mut Context) -> Result<()> {
        let spawned = std::thread::Builder::new().spawn(|| {
            let what = "faulthandler_fatal_error_thread: in new thread";
            let words = format!(
                "Fatal Python error: {what}\nPython runtime state: initialized\n\nStack (most recent call first):\n  <tstate is freed>\n"
            );
            fault::write_all(libc::STDERR_FILENO, words.as_bytes());
            fault::abort();
        });
        let Ok(thread) = spawned else { return Err(cx.runtime_error("unable to start the thread")) };
        cx.blocking(|| thread.join()).unwrap_or(());
        Ok(())
    }

    /// Raise a SIGABRT signal.
    #[function("()")]
    fn _sigabrt() {
        fault::abort()
    }

    /// Raise a SIGFPE signal.
    #[function("()")]
    fn _sigfpe() {
        fault::die_by(libc::SIGFPE);
    }

    /// Recursive call to raise a stack overflow.
    #[function("()")]
    fn _stack_overflow() -> usize {
        fault::overflow_stack()
    }

    #[exec]
    fn exec(_cx: &mut Context, _module: Gc<Module>) -> Result<()> {
        add_root(&FATAL_FILE);
        add_root(&LATER_FILE);
        USER_FILES.iter().for_each(add_root);
        Ok(())
    }
}
