//! Signals: what runs inside the system's handler, and the calls around it.
//!
//! Invariant: `on_signal` touches atomics and makes system calls that are safe in a handler, nothing else; Python's
//! handlers run later, on the main thread.

use std::ffi::CStr;
use std::io;
use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicPtr, Ordering};

use taipan_runtime::{Thread, interrupt};

use super::check;

/// Signals are numbered 1 to 64.
pub(crate) const COUNT: usize = 65;

static PENDING: [AtomicBool; COUNT] = [const { AtomicBool::new(false) }; COUNT];
static ANY_PENDING: AtomicBool = AtomicBool::new(false);
/// The thread that runs Python's handlers; null until the module is set up.
static MAIN: AtomicPtr<Thread> = AtomicPtr::new(std::ptr::null_mut());
static WAKEUP_FD: AtomicI32 = AtomicI32::new(-1);
static WARN_ON_FULL: AtomicBool = AtomicBool::new(true);
/// errno of a failed write to the wake-up descriptor; 0: none.
static WAKEUP_ERROR: AtomicI32 = AtomicI32::new(0);

/// Makes `thread` the one that is asked to run handlers.
pub(crate) fn set_main(thread: &'static Thread) {
    MAIN.store(std::ptr::from_ref(thread).cast_mut(), Ordering::Release);
}

pub(crate) fn is_main(thread: &'static Thread) -> bool {
    std::ptr::eq(MAIN.load(Ordering::Acquire), thread)
}

/// Whether signals have arrived since the last call.
pub(crate) fn take_any() -> bool {
    ANY_PENDING.swap(false, Ordering::AcqRel)
}

/// Whether this signal has arrived since the last call.
pub(crate) fn take(number: usize) -> bool {
    PENDING[number].swap(false, Ordering::AcqRel)
}

/// Forgets what has arrived: a forked child starts afresh.
pub(crate) fn forget_all() {
    ANY_PENDING.store(false, Ordering::Release);
    PENDING.iter().for_each(|pending| pending.store(false, Ordering::Release));
}

/// Notes that a signal waits for its handler.
pub(crate) fn trip(number: usize) {
    PENDING[number].store(true, Ordering::Release);
    ask_main();
}

/// Asks the main thread to look for pending signals.
pub(crate) fn ask_main() {
    ANY_PENDING.store(true, Ordering::Release);
    wake_main();
}

/// Makes the main thread run what waits for it.
pub(crate) fn wake_main() {
    let main = MAIN.load(Ordering::Acquire);
    // SAFETY: null, or the record of a thread, which is never freed.
    if let Some(main) = unsafe { main.as_ref() } {
        main.request(interrupt::SIGNAL);
    }
}

/// The descriptor of `set_wakeup_fd` and whether a full pipe is worth a warning; gives the previous descriptor.
pub(crate) fn set_wakeup(fd: i32, warn_on_full: bool) -> i32 {
    WARN_ON_FULL.store(warn_on_full, Ordering::Relaxed);
    WAKEUP_FD.swap(fd, Ordering::AcqRel)
}

/// errno of a write to the wake-up descriptor that failed since the last call.
pub(crate) fn take_wakeup_error() -> Option<i32> {
    Some(WAKEUP_ERROR.swap(0, Ordering::AcqRel)).filter(|code| *code != 0)
}

extern "C" fn on_signal(number: libc::c_int) {
    // SAFETY: errno of this thread; a handler leaves it as it was.
    let errno = unsafe { *libc::__errno_location() };
    trip(number as usize % COUNT);
    let fd = WAKEUP_FD.load(Ordering::Acquire);
    if fd >= 0 {
        let byte = number as u8;
        // SAFETY: one byte that lives through the call; write may be called in a handler.
        let failed = unsafe { libc::write(fd, (&raw const byte).cast(), 1) } < 0;
        // SAFETY: errno of this thread.
        let code = unsafe { *libc::__errno_location() };
        if failed && (code != libc::EAGAIN || WARN_ON_FULL.load(Ordering::Relaxed)) {
            WAKEUP_ERROR.store(code, Ordering::Release);
        }
    }
    // SAFETY: as above.
    unsafe { *libc::__errno_location() = errno };
}

/// What the system does with a signal.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    Default,
    Ignore,
    /// Python's handler is told.
    Handle,
    /// A handler that is not ours.
    Foreign,
}

fn handler() -> libc::sighandler_t {
    on_signal as extern "C" fn(libc::c_int) as *const () as libc::sighandler_t
}

/// What happens with the signal at present; `None` if there is no such signal.
pub(crate) fn action(number: i32) -> Option<Action> {
    let mut old = MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: only reads the action into a record that has room for it.
    check(unsafe { libc::sigaction(number, std::ptr::null(), old.as_mut_ptr()) }.into()).ok()?;
    // SAFETY: zeroed, and filled by the call.
    let old = unsafe { old.assume_init() }.sa_sigaction;
    Some(match old {
        libc::SIG_DFL => Action::Default,
        libc::SIG_IGN => Action::Ignore,
        old if old == handler() => Action::Handle,
        _ => Action::Foreign,
    })
}

pub(crate) fn set_action(number: i32, action: Action) -> io::Result<()> {
    let handler = match action {
        Action::Default | Action::Foreign => libc::SIG_DFL,
        Action::Ignore => libc::SIG_IGN,
        Action::Handle => handler(),
    };
    // SAFETY: all-zero bytes are a valid sigaction: no flags, an empty mask.
    let mut new: libc::sigaction = unsafe { std::mem::zeroed() };
    new.sa_sigaction = handler;
    new.sa_flags = libc::SA_ONSTACK;
    // SAFETY: a valid action whose handler is safe to run at any time.
    check(unsafe { libc::sigaction(number, &raw const new, std::ptr::null_mut()) }.into()).map(drop)
}

/// Whether system calls that the signal interrupts fail with EINTR or begin anew.
pub(crate) fn set_interrupts(number: i32, interrupts: bool) -> io::Result<()> {
    let mut action = MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: reads the action into a record that has room for it.
    check(unsafe { libc::sigaction(number, std::ptr::null(), action.as_mut_ptr()) }.into())?;
    // SAFETY: zeroed, and filled by the call.
    let mut action = unsafe { action.assume_init() };
    if interrupts {
        action.sa_flags &= !libc::SA_RESTART;
    } else {
        action.sa_flags |= libc::SA_RESTART;
    }
    // SAFETY: the action that was in force, with another flag.
    check(unsafe { libc::sigaction(number, &raw const action, std::ptr::null_mut()) }.into()).map(drop)
}

/// A set of signals; bit n-1 stands for signal n.
pub(crate) type Set = u64;

pub(crate) fn to_system(set: Set) -> libc::sigset_t {
    let mut out = MaybeUninit::<libc::sigset_t>::zeroed();
    // SAFETY: sigemptyset fills the set; sigaddset refuses numbers that are no signals.
    unsafe {
        libc::sigemptyset(out.as_mut_ptr());
        for number in (1..COUNT as i32).filter(|number| set >> (number - 1) & 1 != 0) {
            libc::sigaddset(out.as_mut_ptr(), number);
        }
        out.assume_init()
    }
}

pub(crate) fn from_system(set: &libc::sigset_t) -> Set {
    let mut out = 0;
    for number in 1..COUNT as i32 {
        // SAFETY: an initialised set.
        if unsafe { libc::sigismember(set, number) } == 1 {
            out |= 1 << (number - 1);
        }
    }
    out
}

/// All signals that programs may use.
pub(crate) fn valid() -> Set {
    let mut out = MaybeUninit::<libc::sigset_t>::zeroed();
    // SAFETY: sigfillset fills the set.
    let out = unsafe {
        libc::sigfillset(out.as_mut_ptr());
        out.assume_init()
    };
    from_system(&out)
}

/// Changes the calling thread's mask; gives the previous one.
pub(crate) fn mask(how: i32, set: Set) -> io::Result<Set> {
    let (new, mut old) = (to_system(set), to_system(0));
    // SAFETY: two initialised sets.
    match unsafe { libc::pthread_sigmask(how, &raw const new, &raw mut old) } {
        0 => Ok(from_system(&old)),
        code => Err(io::Error::from_raw_os_error(code)),
    }
}

pub(crate) fn pending() -> io::Result<Set> {
    let mut set = to_system(0);
    // SAFETY: an initialised set.
    check(unsafe { libc::sigpending(&raw mut set) }.into())?;
    Ok(from_system(&set))
}

pub(crate) fn wait(set: Set) -> io::Result<i32> {
    let (set, mut number) = (to_system(set), 0);
    // SAFETY: an initialised set and room for a number.
    match unsafe { libc::sigwait(&raw const set, &raw mut number) } {
        0 => Ok(number),
        code => Err(io::Error::from_raw_os_error(code)),
    }
}

/// What `sigwaitinfo` tells: signo, code, errno, pid, uid, status, band.
pub(crate) fn wait_info(set: Set, timeout: Option<i128>) -> io::Result<[i64; 7]> {
    let set = to_system(set);
    let mut info = MaybeUninit::<libc::siginfo_t>::zeroed();
    let spec = timeout.map(super::timespec);
    let spec = spec.as_ref().map_or(std::ptr::null(), std::ptr::from_ref);
    // SAFETY: an initialised set, room for the result, null or a valid timespec.
    check(unsafe { libc::sigtimedwait(&raw const set, info.as_mut_ptr(), spec) }.into())?;
    // SAFETY: zeroed, and filled by the call; unions of integers may be read as any of them.
    let info = unsafe { info.assume_init() };
    // SAFETY: as above.
    let (pid, uid, status) = unsafe { (info.si_pid(), info.si_uid(), info.si_status()) };
    // SAFETY: si_band is the first long of the union, which starts where pid and uid do.
    let band = i64::from(pid) | i64::from(uid) << 32;
    Ok([
        info.si_signo.into(),
        info.si_code.into(),
        info.si_errno.into(),
        pid.into(),
        uid.into(),
        status.into(),
        band,
    ])
}

pub(crate) fn alarm(seconds: u32) -> u32 {
    // SAFETY: no memory is involved.
    unsafe { libc::alarm(seconds) }
}

pub(crate) fn pause() {
    // SAFETY: no memory is involved.
    unsafe { libc::pause() };
}

pub(crate) fn raise(number: i32) -> io::Result<()> {
    // SAFETY: no memory is involved.
    check(unsafe { libc::raise(number) }.into()).map(drop)
}

pub(crate) fn kill_thread(thread: u64, number: i32) -> io::Result<()> {
    // SAFETY: glibc reads the thread's record, which must be that of a thread that has not been joined; the caller's
    // number is all there is, as in CPython.
    match unsafe { libc::pthread_kill(thread as libc::pthread_t, number) } {
        0 => Ok(()),
        code => Err(io::Error::from_raw_os_error(code)),
    }
}

pub(crate) fn kill_by_descriptor(pidfd: i32, number: i32, flags: u32) -> io::Result<()> {
    let no_info = std::ptr::null::<libc::siginfo_t>();
    // SAFETY: a null siginfo is allowed.
    check(unsafe { libc::syscall(libc::SYS_pidfd_send_signal, pidfd, number, no_info, flags) }).map(drop)
}

fn timer_pair(value: &libc::itimerval) -> [i64; 2] {
    let micros = |time: &libc::timeval| time.tv_sec * 1_000_000 + time.tv_usec;
    [micros(&value.it_value), micros(&value.it_interval)]
}

/// Sets a timer; times are microseconds, first the delay, then the interval. Gives what was set.
pub(crate) fn set_timer(which: i32, times: [i64; 2]) -> io::Result<[i64; 2]> {
    let time = |micros: i64| libc::timeval {
        tv_sec: micros.div_euclid(1_000_000),
        tv_usec: micros.rem_euclid(1_000_000),
    };
    let new = libc::itimerval { it_value: time(times[0]), it_interval: time(times[1]) };
    let mut old = libc::itimerval { it_value: time(0), it_interval: time(0) };
    // SAFETY: valid records.
    check(unsafe { libc::setitimer(which as _, &raw const new, &raw mut old) }.into())?;
    Ok(timer_pair(&old))
}

pub(crate) fn timer(which: i32) -> io::Result<[i64; 2]> {
    let mut value = MaybeUninit::<libc::itimerval>::zeroed();
    // SAFETY: room for the result.
    check(unsafe { libc::getitimer(which as _, value.as_mut_ptr()) }.into())?;
    // SAFETY: zeroed, and filled by the call.
    Ok(timer_pair(unsafe { value.assume_init_ref() }))
}

/// The system's description of a signal.
pub(crate) fn describe(number: i32) -> Option<String> {
    // SAFETY: strsignal gives null or a C string that stays until the thread's next call.
    let text = unsafe {
        let text = libc::strsignal(number);
        if text.is_null() {
            return None;
        }
        CStr::from_ptr(text)
    };
    Some(text.to_string_lossy().into_owned()).filter(|text| !text.starts_with("Unknown signal"))
}
