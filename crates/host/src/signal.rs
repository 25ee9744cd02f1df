//! `_signal`. CPython: `Modules/signalmodule.c`.
//!
//! Invariant: Python's handlers run on the main thread only, at a bytecode boundary or where a native polls; the
//! system's handler (`sys/signal.rs`) just notes the number and asks for that.

use std::sync::atomic::{AtomicU64, Ordering};

use taipan_runtime::exception;
use taipan_runtime::prelude::*;
use taipan_runtime::types::set::{self, AnySet};
use taipan_runtime::types::struct_sequence::StructSequence;

use crate::exception_class::ExceptionClass;
use crate::sys::signal::{self as system, Action, COUNT};
use crate::time::nanoseconds;
use crate::wait::{retry, retry_until};
use crate::{faulthandler, sys, thread};

pub struct Signal;

/// What `signal.signal` was given for each signal; 0 stands for None, a handler that was not installed from Python.
static HANDLERS: [AtomicU64; COUNT] = [const { AtomicU64::new(0) }; COUNT];

const SIG_DFL: Value = Value::int(0);
const SIG_IGN: Value = Value::int(1);

static ITIMER_ERROR: ExceptionClass = ExceptionClass::new("signal", "ItimerError", exception::os_error);

static SIGINFO: StructSequence = StructSequence {
    name: "struct_siginfo",
    module: "signal",
    doc: "struct_siginfo: Result from sigwaitinfo or sigtimedwait.\n\nThis object may be accessed either as a tuple of\n(si_signo, si_code, si_errno, si_pid, si_uid, si_status, si_band),\nor via the attributes si_signo, si_code, and so on.",
    fields: &[
        (Some("si_signo"), "signal number"),
        (Some("si_code"), "signal code"),
        (Some("si_errno"), "errno associated with this signal"),
        (Some("si_pid"), "sending process ID"),
        (Some("si_uid"), "real user ID of sending process"),
        (Some("si_status"), "exit value or signal"),
        (Some("si_band"), "band event for SIGPOLL"),
    ],
    visible: 7,
    instantiable: true,
    class: AtomicU64::new(0),
};

macro_rules! numbers {
    ($($name:ident)*) => {
        const NUMBERS: &[(&str, i32)] = &[$((stringify!($name), libc::$name as i32)),*];
    };
}
numbers! {
    ITIMER_PROF ITIMER_REAL ITIMER_VIRTUAL SIGABRT SIGALRM SIGBUS SIGCHLD SIGCONT SIGFPE SIGHUP SIGILL SIGINT SIGIO
    SIGIOT SIGKILL SIGPIPE SIGPOLL SIGPROF SIGPWR SIGQUIT SIGSEGV SIGSTKFLT SIGSTOP SIGSYS SIGTERM SIGTRAP SIGTSTP
    SIGTTIN SIGTTOU SIGURG SIGUSR1 SIGUSR2 SIGVTALRM SIGWINCH SIGXCPU SIGXFSZ SIG_BLOCK SIG_SETMASK SIG_UNBLOCK
}

/// Makes the calling thread the one that runs handlers, and SIGINT raise KeyboardInterrupt.
pub fn install(cx: &mut Context) -> Result<()> {
    system::set_main(cx.thread());
    for number in [libc::SIGPIPE, libc::SIGXFSZ] {
        if let Err(error) = system::set_action(number, Action::Ignore) {
            return Err(cx.io_error(&error, None));
        }
    }
    cx.import("_signal").map(|_| ())
}

/// Runs the handlers of the signals that have arrived. Other threads than the main one leave them alone.
pub fn run_handlers(cx: &mut Context) -> Result<()> {
    if !system::is_main(cx.thread()) {
        return Ok(());
    }
    faulthandler::serve_signals(cx);
    if let Some(code) = system::take_wakeup_error() {
        let raised = cx.os_error(code);
        cx.unraisable(raised, "Exception ignored while trying to write to the signal wakeup fd", None);
    }
    if !system::take_any() {
        return Ok(());
    }
    let frame = cx.sys_attr("_getframe").map(|frame| cx.call(frame, &[]));
    let frame = match frame {
        Some(Ok(frame)) => frame,
        Some(Err(raised)) => {
            cx.take_exception(raised);
            Value::NONE
        }
        None => Value::NONE,
    };
    for number in 1..COUNT {
        if !system::take(number) {
            continue;
        }
        let handler = Value::from_bits(HANDLERS[number].load(Ordering::Acquire));
        let Some(handler) = handler.filter(|handler| *handler != SIG_DFL && *handler != SIG_IGN) else {
            // The handler was taken away after the signal had arrived.
            let raised = cx.os_error_message(&format!("Signal {number} ignored due to race condition"));
            cx.unraisable(raised, "Exception ignored in signal handling", None);
            continue;
        };
        if let Err(raised) = cx.call(handler, &[Value::int(number as i64), frame]) {
            // The rest runs at the next opportunity.
            system::ask_main();
            return Err(raised);
        }
    }
    Ok(())
}

/// In a forked child: the calling thread is the main one, and what has arrived was meant for the parent.
pub(crate) fn after_fork(cx: &mut Context) {
    system::forget_all();
    system::set_main(cx.thread());
}

/// Makes the main thread run the handler of a signal, as if it had arrived. CPython: `PyErr_SetInterruptEx`.
pub(crate) fn simulate(cx: &mut Context, number: i32) -> Result<()> {
    let number = number_arg(cx, number)?;
    let handler = current(number);
    if handler != SIG_DFL && handler != SIG_IGN {
        system::trip(number);
    }
    Ok(())
}

/// Ends the process as SIGINT does by itself.
pub fn end_by_interrupt() {
    let _ = system::set_action(libc::SIGINT, Action::Default);
    let _ = sys::kill(sys::getpid() as i32, libc::SIGINT);
}

/// A signal's number, checked.
fn number_arg(cx: &mut Context, number: i32) -> Result<usize> {
    if (1..COUNT as i32).contains(&number) {
        Ok(number as usize)
    } else {
        Err(cx.value_error("signal number out of range"))
    }
}

fn current(number: usize) -> Value {
    Value::from_bits(HANDLERS[number].load(Ordering::Acquire)).unwrap_or(Value::NONE)
}

fn to_set(cx: &mut Context, set: system::Set) -> Result {
    let out = set::empty(cx);
    for number in (1..COUNT as i64).filter(|number| set >> (number - 1) & 1 != 0) {
        AnySet::Set(out).add(cx, Value::int(number))?;
    }
    Ok(out.value())
}

/// The signals of an iterable. CPython: `_Py_Sigset_Converter`.
pub(crate) fn from_iterable(cx: &mut Context, numbers: Value) -> Result<system::Set> {
    let numbers = cx.collect(numbers)?;
    let valid = system::valid();
    let mut set = 0;
    for number in &numbers {
        let wide = cx.index_i128(*number)?;
        if wide <= 0 || wide >= COUNT as i128 {
            let wide = wide.clamp(i64::MIN.into(), i64::MAX.into());
            let wide = if i64::try_from(wide).is_ok_and(|wide| wide == i64::MAX || wide == i64::MIN) {
                -1
            } else {
                wide
            };
            return Err(cx.value_error(format!("signal number {wide} out of range [1; {}]", COUNT - 1)));
        }
        if valid >> (wide - 1) & 1 == 0 {
            let text = format!("invalid signal number {wide}, please use valid_signals()");
            cx.warn(exception::runtime_warning, &text, 1)?;
        }
        set |= 1 << (wide - 1);
    }
    Ok(set)
}

fn info(cx: &mut Context, fields: [i64; 7]) -> Result {
    let values: GVec<Value> = fields.iter().map(|field| cx.new_int(*field)).collect();
    SIGINFO.instance(cx, &values).map(Gc::value)
}

/// Seconds as whole microseconds, rounded up.
fn microseconds(cx: &mut Context, seconds: Value) -> Result<i64> {
    let nanos = nanoseconds(cx, seconds, true)?;
    Ok(nanos.div_euclid(1000) as i64 + i64::from(nanos.rem_euclid(1000) != 0))
}

fn timer_result(times: [i64; 2]) -> (f64, f64) {
    let seconds = |micros: i64| (micros / 1_000_000) as f64 + (micros % 1_000_000) as f64 / 1e6;
    (seconds(times[0]), seconds(times[1]))
}

/// This module provides mechanisms to use signal handlers in Python.
///
/// Functions:
///
/// alarm() -- cause SIGALRM after a specified time [Unix only]
/// setitimer() -- cause a signal (described below) after a specified
///                float time and the timer may restart then [Unix only]
/// getitimer() -- get current value of timer [Unix only]
/// signal() -- set the action for a given signal
/// getsignal() -- get the signal action for a given signal
/// pause() -- wait until a signal arrives [Unix only]
/// default_int_handler() -- default SIGINT handler
///
/// signal constants:
/// SIG_DFL -- used to refer to the system default handler
/// SIG_IGN -- used to ignore the signal
/// NSIG -- number of defined signals
/// SIGINT, SIGTERM, etc. -- signal numbers
///
/// itimer constants:
/// ITIMER_REAL -- decrements in real time, and delivers SIGALRM upon
///                expiration
/// ITIMER_VIRTUAL -- decrements only when the process is executing,
///                and delivers SIGVTALRM upon expiration
/// ITIMER_PROF -- decrements both when the process is executing and
///                when the system is executing on behalf of the process.
///                Coupled with ITIMER_VIRTUAL, this timer is usually
///                used to profile the time spent by the application
///                in user and kernel space. SIGPROF is delivered upon
///                expiration.
///
///
/// *** IMPORTANT NOTICE ***
/// A signal handler function is called with two arguments:
/// the first is the signal number, the second is the interrupted stack frame.
#[module("_signal")]
impl Signal {
    #[constant]
    const NSIG: usize = COUNT;
    #[constant]
    const SIG_DFL: Value = SIG_DFL;
    #[constant]
    const SIG_IGN: Value = SIG_IGN;
    #[constant]
    const SIGCLD: i32 = libc::SIGCHLD;

    /// The default handler for SIGINT installed by Python.
    ///
    /// It raises KeyboardInterrupt.
    #[function("(signalnum, frame, /)")]
    fn default_int_handler(cx: &mut Context, signalnum: i32, frame: Value) -> Result<()> {
        let _ = (signalnum, frame);
        Err(cx.raise_bare(exception::keyboard_interrupt))
    }

    /// Arrange for SIGALRM to arrive after the given number of seconds.
    #[function("(seconds, /)")]
    fn alarm(seconds: i32) -> u32 {
        system::alarm(seconds as u32)
    }

    /// Wait until a signal arrives.
    #[function("()")]
    fn pause(cx: &mut Context) -> Result<()> {
        cx.blocking(system::pause);
        cx.poll()
    }

    /// Send a signal to the executing process.
    #[function("(signalnum, /)")]
    fn raise_signal(cx: &mut Context, signalnum: i32) -> Result<()> {
        if let Err(error) = system::raise(signalnum) {
            return Err(cx.io_error(&error, None));
        }
        cx.poll()
    }

    /// Set the action for the given signal.
    ///
    /// The action can be SIG_DFL, SIG_IGN, or a callable Python object.
    /// The previous action is returned.  See getsignal() for possible return values.
    ///
    /// *** IMPORTANT NOTICE ***
    /// A signal handler function is called with two arguments:
    /// the first is the signal number, the second is the interrupted stack frame.
    #[function("(signalnum, handler, /)")]
    fn signal(cx: &mut Context, signalnum: i32, handler: Value) -> Result {
        if !system::is_main(cx.thread()) {
            return Err(cx.value_error("signal only works in main thread of the main interpreter"));
        }
        let number = number_arg(cx, signalnum)?;
        let (action, handler) = match handler {
            _ if cx.is_int(handler) && cx.eq(handler, SIG_IGN)? => (Action::Ignore, SIG_IGN),
            _ if cx.is_int(handler) && cx.eq(handler, SIG_DFL)? => (Action::Default, SIG_DFL),
            _ if cx.is_callable(handler) => (Action::Handle, handler),
            _ => {
                return Err(cx.type_error(
                    "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object",
                ));
            }
        };
        // What has arrived already is for the old handler.
        cx.poll()?;
        if let Err(error) = system::set_action(signalnum, action) {
            return Err(cx.io_error(&error, None));
        }
        let old = HANDLERS[number].swap(handler.bits(), Ordering::AcqRel);
        Ok(Value::from_bits(old).unwrap_or(Value::NONE))
    }

    /// Return the current action for the given signal.
    ///
    /// The return value can be:
    ///   SIG_IGN -- if the signal is being ignored
    ///   SIG_DFL -- if the default action for the signal is in effect
    ///   None    -- if an unknown handler is in effect
    ///   anything else -- the callable Python object used as a handler
    #[function("(signalnum, /)")]
    fn getsignal(cx: &mut Context, signalnum: i32) -> Result {
        number_arg(cx, signalnum).map(current)
    }

    /// Return the system description of the given signal.
    ///
    /// Returns the description of signal *signalnum*, such as "Interrupt"
    /// for :const:`SIGINT`. Returns :const:`None` if *signalnum* has no
    /// description. Raises :exc:`ValueError` if *signalnum* is invalid.
    #[function("(signalnum, /)")]
    fn strsignal(cx: &mut Context, signalnum: i32) -> Result<Option<String>> {
        number_arg(cx, signalnum)?;
        Ok(system::describe(signalnum))
    }

    /// Change system call restart behaviour.
    ///
    /// If flag is False, system calls will be restarted when interrupted by
    /// signal sig, else system calls will be interrupted.
    #[function("(signalnum, flag, /)")]
    fn siginterrupt(cx: &mut Context, signalnum: i32, flag: i32) -> Result<()> {
        number_arg(cx, signalnum)?;
        system::set_interrupts(signalnum, flag != 0).map_err(|error| cx.io_error(&error, None))
    }

    /// Sets the fd to be written to (with the signal number) when a signal comes in.
    ///
    /// A library can use this to wakeup select or poll.
    /// The previous fd or -1 is returned.
    ///
    /// The fd must be non-blocking.
    #[function("(fd, /, *, warn_on_full_buffer=True)")]
    fn set_wakeup_fd(cx: &mut Context, fd: i32, warn_on_full_buffer: bool) -> Result<i32> {
        if !system::is_main(cx.thread()) {
            return Err(cx.value_error("set_wakeup_fd only works in main thread of the main interpreter"));
        }
        if fd != -1 {
            let checked = sys::fstat(fd).and_then(|_| sys::nonblocking(fd));
            if !checked.map_err(|error| cx.io_error(&error, None))? {
                return Err(cx.value_error(format!("the fd {fd} must be in non-blocking mode")));
            }
        }
        Ok(system::set_wakeup(fd, warn_on_full_buffer))
    }

    /// Sets given itimer (one of ITIMER_REAL, ITIMER_VIRTUAL or ITIMER_PROF).
    ///
    /// The timer will fire after value seconds and after that every interval seconds.
    /// The itimer can be cleared by setting seconds to zero.
    ///
    /// Returns old values as a tuple: (delay, interval).
    #[function("(which, seconds, interval=0.0, /)")]
    fn setitimer(
        cx: &mut Context,
        which: i32,
        seconds: Value,
        interval: Option<Value>,
    ) -> Result<(f64, f64)> {
        let delay = microseconds(cx, seconds)?;
        let interval = interval.map_or(Ok(0), |interval| microseconds(cx, interval))?;
        match system::set_timer(which, [delay, interval]) {
            Ok(old) => Ok(timer_result(old)),
            Err(error) => Err(ITIMER_ERROR.raise_errno(cx, &error)),
        }
    }

    /// Returns current value of given itimer.
    #[function("(which, /)")]
    fn getitimer(cx: &mut Context, which: i32) -> Result<(f64, f64)> {
        match system::timer(which) {
            Ok(times) => Ok(timer_result(times)),
            Err(error) => Err(ITIMER_ERROR.raise_errno(cx, &error)),
        }
    }

    /// Fetch and/or change the signal mask of the calling thread.
    #[function("(how, mask, /)")]
    fn pthread_sigmask(cx: &mut Context, how: i32, mask: Value) -> Result {
        let mask = from_iterable(cx, mask)?;
        let old = system::mask(how, mask).map_err(|error| cx.io_error(&error, None))?;
        // Signals that were unblocked have arrived.
        cx.poll()?;
        to_set(cx, old)
    }

    /// Examine pending signals.
    ///
    /// Returns a set of signal numbers that are pending for delivery to
    /// the calling thread.
    #[function("()")]
    fn sigpending(cx: &mut Context) -> Result {
        let set = system::pending().map_err(|error| cx.io_error(&error, None))?;
        to_set(cx, set)
    }

    /// Wait for a signal.
    ///
    /// Suspend execution of the calling thread until the delivery of one of the
    /// signals specified in the signal set sigset.  The function accepts the signal
    /// and returns the signal number.
    #[function("(sigset, /)")]
    fn sigwait(cx: &mut Context, sigset: Value) -> Result<i32> {
        let set = from_iterable(cx, sigset)?;
        cx.blocking(|| system::wait(set)).map_err(|error| cx.io_error(&error, None))
    }

    /// Wait synchronously until one of the signals in *sigset* is delivered.
    ///
    /// Returns a struct_siginfo containing information about the signal.
    #[function("(sigset, /)")]
    fn sigwaitinfo(cx: &mut Context, sigset: Value) -> Result {
        let set = from_iterable(cx, sigset)?;
        match retry(cx, || system::wait_info(set, None))? {
            Ok(fields) => info(cx, fields),
            Err(error) => Err(cx.io_error(&error, None)),
        }
    }

    /// Like sigwaitinfo(), but with a timeout.
    ///
    /// The timeout is specified in seconds, with floating-point numbers allowed.
    #[function("(sigset, timeout, /)")]
    fn sigtimedwait(cx: &mut Context, sigset: Value, timeout: Value) -> Result {
        let set = from_iterable(cx, sigset)?;
        let timeout = nanoseconds(cx, timeout, true)?;
        if timeout < 0 {
            return Err(cx.value_error("timeout must be non-negative"));
        }
        match retry_until(cx, Some(timeout), |left| system::wait_info(set, left))? {
            Ok(fields) => info(cx, fields),
            Err(error) if error.raw_os_error() == Some(libc::EAGAIN) => Ok(Value::NONE),
            Err(error) => Err(cx.io_error(&error, None)),
        }
    }

    /// Send a signal to a thread.
    #[function("(thread_id, signalnum, /)")]
    fn pthread_kill(cx: &mut Context, thread_id: u64, signalnum: i32) -> Result<()> {
        cx.audit("signal.pthread_kill", |cx| {
            [cx.new_int_i128(thread_id.into()), Value::int(signalnum.into())]
        })?;
        let sent = if thread::is_known(thread_id) {
            system::kill_thread(thread_id, signalnum)
        } else {
            Err(no_thread())
        };
        sent.map_err(|error| cx.io_error(&error, None))?;
        cx.poll()
    }

    /// Send a signal to a process referred to by a pid file descriptor.
    #[function("(pidfd, signalnum, siginfo=None, flags=0, /)")]
    fn pidfd_send_signal(
        cx: &mut Context,
        pidfd: i32,
        signalnum: i32,
        siginfo: Value,
        flags: i32,
    ) -> Result<()> {
        if !siginfo.is_none() {
            return Err(cx.type_error("siginfo must be None"));
        }
        let sent = system::kill_by_descriptor(pidfd, signalnum, flags as u32);
        sent.map_err(|error| cx.io_error(&error, None))?;
        cx.poll()
    }

    /// Return a set of valid signal numbers on this platform.
    ///
    /// The signal numbers returned by this function can be safely passed to
    /// functions like `pthread_kill`.
    #[function("()")]
    fn valid_signals(cx: &mut Context) -> Result {
        to_set(cx, system::valid())
    }

    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        let dict = module.dict();
        for (name, number) in NUMBERS {
            dict.set_str(cx, cx.intern(name), Value::int(i64::from(*number)));
        }
        for (name, number) in [("SIGRTMIN", libc::SIGRTMIN()), ("SIGRTMAX", libc::SIGRTMAX())] {
            dict.set_str(cx, cx.intern(name), Value::int(i64::from(number)));
        }
        ITIMER_ERROR.add(cx, module, "ItimerError")?;
        let class = SIGINFO.class(cx)?;
        dict.set_str(cx, cx.intern("struct_siginfo"), class.value());
        read_actions(cx, dict)
    }
}

fn no_thread() -> std::io::Error {
    std::io::Error::from_raw_os_error(libc::ESRCH)
}

/// Takes over what the process was started with; an untouched SIGINT raises KeyboardInterrupt from now on.
fn read_actions(cx: &mut Context, dict: Gc<Dict>) -> Result<()> {
    for (number, handler) in HANDLERS.iter().enumerate().skip(1) {
        taipan_runtime::add_root(handler);
        let known = match system::action(number as i32) {
            Some(Action::Default) => SIG_DFL.bits(),
            Some(Action::Ignore) => SIG_IGN.bits(),
            _ => 0,
        };
        handler.store(known, Ordering::Release);
    }
    let interrupt = libc::SIGINT as usize;
    if current(interrupt) == SIG_DFL
        && let Some(default) = dict.get_str(cx, cx.intern("default_int_handler"))
    {
        HANDLERS[interrupt].store(default.bits(), Ordering::Release);
        system::set_action(libc::SIGINT, Action::Handle).map_err(|error| cx.io_error(&error, None))?;
    }
    Ok(())
}
