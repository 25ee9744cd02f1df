//! What `faulthandler` does inside handlers of signals, and the calls around it.
//!
//! Invariant: a handler touches atomics, what its own thread keeps on its stacks, and descriptors; it allocates nothing
//! and waits for nobody. The C library's unwinder allocates when it is used for the first time, so `enable` uses it once.

use std::ffi::{CStr, c_void};
use std::io;
use std::mem::MaybeUninit;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicPtr, AtomicU64, AtomicUsize, Ordering};

use taipan_runtime::{Thread, current_thread, interrupted};

use super::signal::{self, COUNT};
use super::{check, write};
use crate::faulthandler::text::{self, Sink};

/// Stack that a handler of a fatal signal runs on: the usual one may be what is used up.
const ALTERNATE_STACK: usize = 64 << 10;
const PAGE: usize = 4096;

/// Text on its way to a descriptor: each line is written at once, as the next may be the end.
struct Raw {
    fd: i32,
    buffer: [u8; 256],
    used: usize,
}

impl Raw {
    fn new(fd: i32) -> Raw {
        Raw { fd, buffer: [0; 256], used: 0 }
    }

    fn flush(&mut self) {
        write_all(self.fd, &self.buffer[..self.used]);
        self.used = 0;
    }
}

impl Sink for Raw {
    fn put(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.buffer[self.used] = *byte;
            self.used += 1;
            if *byte == b'\n' || self.used == self.buffer.len() {
                self.flush();
            }
        }
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        self.flush();
    }
}

/// Writes all bytes; what cannot be written is lost.
pub(crate) fn write_all(fd: i32, mut bytes: &[u8]) {
    while !bytes.is_empty() {
        match write(fd, bytes) {
            Ok(count @ 1..) => bytes = &bytes[count..],
            Err(error) if error.raw_os_error() == Some(libc::EINTR) => {}
            _ => return,
        }
    }
}

type Handler = extern "C" fn(libc::c_int);

/// What was done with a signal before ours.
struct Previous {
    handler: AtomicUsize,
    flags: AtomicI32,
    mask: AtomicU64,
}

impl Previous {
    const NONE: Previous =
        Previous { handler: AtomicUsize::new(0), flags: AtomicI32::new(0), mask: AtomicU64::new(0) };

    /// Installs a handler. What was there is noted first, so that the handler finds it.
    fn replace(&self, number: i32, handler: Handler, flags: i32) -> io::Result<()> {
        let old = action(number)?;
        let handler = handler as *const () as libc::sighandler_t;
        if old.sa_sigaction != handler {
            self.handler.store(old.sa_sigaction, Ordering::Relaxed);
            self.flags.store(old.sa_flags, Ordering::Relaxed);
            self.mask.store(signal::from_system(&old.sa_mask), Ordering::Release);
        }
        set_action(number, handler, flags | libc::SA_ONSTACK, 0)
    }

    fn restore(&self, number: i32) {
        let mask = self.mask.load(Ordering::Acquire);
        let (handler, flags) = (self.handler.load(Ordering::Relaxed), self.flags.load(Ordering::Relaxed));
        let _ = set_action(number, handler, flags, mask);
    }
}

fn action(number: i32) -> io::Result<libc::sigaction> {
    let mut old = MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: only reads the action into a record that has room for it.
    check(unsafe { libc::sigaction(number, std::ptr::null(), old.as_mut_ptr()) }.into())?;
    // SAFETY: zeroed, and filled by the call.
    Ok(unsafe { old.assume_init() })
}

fn set_action(number: i32, handler: libc::sighandler_t, flags: i32, mask: signal::Set) -> io::Result<()> {
    // SAFETY: all-zero bytes are a valid sigaction.
    let mut new: libc::sigaction = unsafe { std::mem::zeroed() };
    new.sa_sigaction = handler;
    new.sa_flags = flags;
    new.sa_mask = signal::to_system(mask);
    // SAFETY: a handler of this file, which is safe to run at any time, or what was in force before.
    check(unsafe { libc::sigaction(number, &raw const new, null_mut()) }.into()).map(drop)
}

// ---- fatal signals -----------------------------------------------------------------------------------

struct Fatal {
    number: i32,
    text: &'static str,
    armed: AtomicBool,
    previous: Previous,
}

const fn fatal(number: i32, text: &'static str) -> Fatal {
    Fatal { number, text, armed: AtomicBool::new(false), previous: Previous::NONE }
}

static FATAL: [Fatal; 5] = [
    fatal(libc::SIGBUS, "Bus error"),
    fatal(libc::SIGILL, "Illegal instruction"),
    fatal(libc::SIGFPE, "Floating-point exception"),
    fatal(libc::SIGABRT, "Aborted"),
    fatal(libc::SIGSEGV, "Segmentation fault"),
];
static ENABLED: AtomicBool = AtomicBool::new(false);
static FD: AtomicI32 = AtomicI32::new(-1);
static ALL_THREADS: AtomicBool = AtomicBool::new(false);
static NATIVE_STACK: AtomicBool = AtomicBool::new(false);
/// Whether a report is being written.
static REPORTING: AtomicBool = AtomicBool::new(false);

pub(crate) fn is_fatal(number: i32) -> bool {
    FATAL.iter().any(|fatal| fatal.number == number)
}

pub(crate) fn is_enabled() -> bool {
    ENABLED.load(Ordering::Acquire)
}

/// From now on fatal signals are reported.
pub(crate) fn enable(fd: i32, all_threads: bool, native_stack: bool) -> io::Result<()> {
    FD.store(fd, Ordering::Relaxed);
    ALL_THREADS.store(all_threads, Ordering::Relaxed);
    NATIVE_STACK.store(native_stack, Ordering::Relaxed);
    if ENABLED.swap(true, Ordering::AcqRel) {
        return Ok(());
    }
    // The thread keeps it to its end.
    std::mem::forget(AlternateStack::new());
    native_addresses(&mut [null_mut(); 2]);
    for fatal in &FATAL {
        fatal.previous.replace(fatal.number, on_fatal, libc::SA_NODEFER)?;
        fatal.armed.store(true, Ordering::Release);
    }
    Ok(())
}

/// False if they were not reported.
pub(crate) fn disable() -> bool {
    if !ENABLED.swap(false, Ordering::AcqRel) {
        return false;
    }
    for fatal in FATAL.iter().filter(|fatal| fatal.armed.swap(false, Ordering::AcqRel)) {
        fatal.previous.restore(fatal.number);
    }
    true
}

extern "C" fn on_fatal(number: libc::c_int) {
    let Some(fatal) = FATAL.iter().find(|fatal| fatal.number == number) else { return };
    if !is_enabled() {
        return;
    }
    // SAFETY: errno of this thread; a handler leaves it as it was.
    let errno = unsafe { *libc::__errno_location() };
    fatal.armed.store(false, Ordering::Release);
    // What goes wrong from here on ends the process.
    fatal.previous.restore(number);
    if !REPORTING.swap(true, Ordering::AcqRel) {
        report(fatal.text);
        REPORTING.store(false, Ordering::Release);
    }
    // SAFETY: as above.
    unsafe { *libc::__errno_location() = errno };
    send(number);
    // Rust's handler of stack overflows takes itself away and returns, for the instruction to fail again. A signal that was
    // sent has no such instruction.
    if action(number).is_ok_and(|action| action.sa_sigaction == libc::SIG_DFL) {
        send(number);
    }
}

/// One thread is shown only, as in the free-threaded CPython: the others do not stand still.
fn report(what: &str) {
    let mut out = Raw::new(FD.load(Ordering::Relaxed));
    for part in ["Fatal Python error: ", what, "\n\n"] {
        out.put(part.as_bytes());
    }
    interrupted(|cx| {
        if ALL_THREADS.load(Ordering::Relaxed) {
            out.put(b"<Cannot show all threads while the GIL is disabled>\n");
        }
        text::own_stack(cx, &mut out);
    });
    if NATIVE_STACK.load(Ordering::Relaxed) {
        out.put(b"\n");
        native_stack(&mut out);
    }
    interrupted(|cx| text::extension_modules(cx, &mut out));
}

fn send(number: i32) {
    let _ = signal::raise(number);
}

// ---- the stack of native calls -----------------------------------------------------------------------

/// Fills in where the calls of this thread return to, newest first.
fn native_addresses(addresses: &mut [*mut c_void]) -> &[*mut c_void] {
    // SAFETY: room for as many addresses as is said.
    let count = unsafe { libc::backtrace(addresses.as_mut_ptr(), addresses.len() as i32) };
    &addresses[..count.max(0) as usize]
}

/// CPython: `_Py_DumpStack` in `Python/traceback.c`.
pub(crate) fn native_stack(out: &mut dyn Sink) {
    const MOST: usize = 32;
    out.put(b"Current thread's C stack trace (most recent call first):\n");
    let mut addresses = [null_mut(); MOST];
    let addresses = native_addresses(&mut addresses);
    if addresses.is_empty() {
        out.put(b"  <system returned no stack trace>\n");
    }
    for address in addresses {
        native_call(out, *address);
    }
    if addresses.len() == MOST {
        out.put(b"  <truncated rest of calls>\n");
    }
}

fn native_call(out: &mut dyn Sink, address: *mut c_void) {
    let mut info = MaybeUninit::<libc::Dl_info>::zeroed();
    // SAFETY: any address may be asked for; there is room for the answer.
    let known = unsafe { libc::dladdr(address, info.as_mut_ptr()) } != 0;
    // SAFETY: zeroed, and perhaps filled by the call.
    let info = unsafe { info.assume_init() };
    // SAFETY: null, or a C string that lives as long as the object is loaded, which it is: its code runs.
    let string =
        |text: *const libc::c_char| unsafe { text.as_ref().map(|_| CStr::from_ptr(text).to_bytes()) };
    let file = string(info.dli_fname).filter(|file| known && !file.is_empty());
    out.put(b"  Binary file ");
    if let Some(file) = file {
        let symbol = string(info.dli_sname);
        let start = if symbol.is_some() { info.dli_saddr } else { info.dli_fbase } as usize;
        out.put(b"\"");
        out.put(file);
        out.put(b"\", at ");
        out.put(symbol.unwrap_or_default());
        out.put(if address as usize >= start { b"+0x" } else { b"-0x" });
        text::hexadecimal(out, (address as usize).abs_diff(start) as u64, 1);
    } else {
        out.put(b"'<unknown>'");
    }
    out.put(b" [0x");
    text::hexadecimal(out, address as u64, 1);
    out.put(b"]\n");
}

/// A stack for handlers of the calling thread; dropping it brings back the one before.
pub(crate) struct AlternateStack {
    base: *mut c_void,
    before: libc::stack_t,
}

impl AlternateStack {
    /// `None` if the thread has one that is large enough, or if there is no memory for one.
    pub(crate) fn new() -> Option<AlternateStack> {
        let mut before = libc::stack_t { ss_sp: null_mut(), ss_flags: 0, ss_size: 0 };
        // SAFETY: only asks for the present one.
        unsafe { libc::sigaltstack(std::ptr::null(), &raw mut before) };
        if before.ss_flags & libc::SS_DISABLE == 0 && before.ss_size >= ALTERNATE_STACK {
            return None;
        }
        let (size, flags) = (ALTERNATE_STACK + PAGE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
        // SAFETY: new memory, wherever there is room.
        let base = unsafe { libc::mmap(null_mut(), size, libc::PROT_READ | libc::PROT_WRITE, flags, -1, 0) };
        if base == libc::MAP_FAILED {
            return None;
        }
        // SAFETY: the lowest page of the new memory: running into it ends the process.
        unsafe { libc::mprotect(base, PAGE, libc::PROT_NONE) };
        let new =
            libc::stack_t { ss_sp: base.wrapping_byte_add(PAGE), ss_flags: 0, ss_size: ALTERNATE_STACK };
        // SAFETY: memory that stays until the stack is taken back, for this thread alone.
        unsafe { libc::sigaltstack(&raw const new, null_mut()) };
        Some(AlternateStack { base, before })
    }

    /// For a new thread: one if fatal signals are reported.
    pub(crate) fn of_thread() -> Option<AlternateStack> {
        if is_enabled() { AlternateStack::new() } else { None }
    }
}

impl Drop for AlternateStack {
    fn drop(&mut self) {
        // SAFETY: the thread is not inside a handler; what it had before is still there. Then nobody knows the memory.
        unsafe {
            libc::sigaltstack(&raw const self.before, null_mut());
            libc::munmap(self.base, ALTERNATE_STACK + PAGE);
        }
    }
}

// ---- signals that ask for a report -------------------------------------------------------------------

struct User {
    installed: AtomicBool,
    fd: AtomicI32,
    all_threads: AtomicBool,
    chain: AtomicBool,
    previous: Previous,
    waits: AtomicBool,
    /// The thread that got the signal.
    receiver: AtomicPtr<Thread>,
}

static USERS: [User; COUNT] = [const {
    User {
        installed: AtomicBool::new(false),
        fd: AtomicI32::new(-1),
        all_threads: AtomicBool::new(false),
        chain: AtomicBool::new(false),
        previous: Previous::NONE,
        waits: AtomicBool::new(false),
        receiver: AtomicPtr::new(null_mut()),
    }
}; COUNT];
/// Whether a report has been asked for.
static ASKED: AtomicBool = AtomicBool::new(false);

/// What to report, and how.
pub(crate) struct Request {
    pub(crate) number: i32,
    pub(crate) fd: i32,
    pub(crate) all_threads: bool,
    pub(crate) chain: bool,
    /// The thread that got the signal, if it runs the machine.
    pub(crate) receiver: Option<&'static Thread>,
}

/// From now on the signal asks for a report.
pub(crate) fn register(number: i32, fd: i32, all_threads: bool, chain: bool) -> io::Result<()> {
    let user = &USERS[number as usize];
    if !user.installed.load(Ordering::Acquire) {
        let flags = if chain { libc::SA_NODEFER } else { 0 };
        user.previous.replace(number, on_user, flags)?;
    }
    user.fd.store(fd, Ordering::Relaxed);
    user.all_threads.store(all_threads, Ordering::Relaxed);
    user.chain.store(chain, Ordering::Relaxed);
    user.installed.store(true, Ordering::Release);
    Ok(())
}

/// False if it did not.
pub(crate) fn unregister(number: i32) -> bool {
    let user = &USERS[number as usize];
    let was = user.installed.swap(false, Ordering::AcqRel);
    if was {
        user.previous.restore(number);
    }
    was
}

/// The stacks of running threads are no place to look at: the main thread writes the report as soon as it can.
extern "C" fn on_user(number: libc::c_int) {
    let user = &USERS[number as usize % COUNT];
    let receiver = current_thread().map_or(null_mut(), |thread| std::ptr::from_ref(thread).cast_mut());
    user.receiver.store(receiver, Ordering::Relaxed);
    user.waits.store(true, Ordering::Release);
    ASKED.store(true, Ordering::Release);
    signal::wake_main();
}

/// The reports that have been asked for since the last call.
pub(crate) fn requests() -> Vec<Request> {
    if !ASKED.swap(false, Ordering::AcqRel) {
        return Vec::new();
    }
    let rows = USERS.iter().enumerate().filter(|(_, user)| user.waits.swap(false, Ordering::AcqRel));
    let rows = rows.filter(|(_, user)| user.installed.load(Ordering::Acquire));
    rows.map(|(number, user)| Request {
        number: number as i32,
        fd: user.fd.load(Ordering::Relaxed),
        all_threads: user.all_threads.load(Ordering::Relaxed),
        chain: user.chain.load(Ordering::Relaxed),
        // SAFETY: null, or the record of a thread, which is never freed.
        receiver: unsafe { user.receiver.load(Ordering::Relaxed).as_ref() },
    })
    .collect()
}

/// Forgets the reports that have been asked for: a forked child starts afresh.
pub(crate) fn forget_requests() {
    drop(requests());
}

/// Does with the signal what was done before it asked for reports.
pub(crate) fn chain(number: i32) {
    let user = &USERS[number as usize];
    user.previous.restore(number);
    send(number);
    if user.installed.load(Ordering::Acquire) {
        let handler = on_user as Handler as *const () as libc::sighandler_t;
        let _ = set_action(number, handler, libc::SA_NODEFER | libc::SA_ONSTACK, 0);
    }
}

// ---- about threads -----------------------------------------------------------------------------------

/// The name of a thread that has not ended.
pub(crate) fn thread_name(thread: u64) -> Vec<u8> {
    let mut name = [0u8; 100];
    // SAFETY: the caller's thread lives; the buffer is as long as is said.
    let failed =
        unsafe { libc::pthread_getname_np(thread as libc::pthread_t, name.as_mut_ptr().cast(), name.len()) };
    let name = CStr::from_bytes_until_nul(&name).map_or(&[][..], CStr::to_bytes);
    if failed == 0 { name.to_vec() } else { Vec::new() }
}

// ---- ways to die, for tests --------------------------------------------------------------------------

/// Makes the system write no core file: what follows is meant.
fn expect_crash() {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: valid records.
    unsafe {
        if libc::getrlimit(libc::RLIMIT_CORE, &raw mut limit) == 0 {
            limit.rlim_cur = 0;
            libc::setrlimit(libc::RLIMIT_CORE, &raw const limit);
        }
    }
}

/// Sends a fatal signal to the calling thread.
pub(crate) fn die_by(number: i32) {
    expect_crash();
    send(number);
    // The first one may have gone to Rust's handler, which then takes itself away.
    send(number);
}

pub(crate) fn abort() -> ! {
    expect_crash();
    // SAFETY: ends the process.
    unsafe { libc::abort() }
}

/// Reads where nothing is.
pub(crate) fn read_null() -> u8 {
    expect_crash();
    let nowhere = std::hint::black_box(16) as *const u8;
    // SAFETY: the first page is never mapped, so this ends the process, which is what the caller asks for.
    unsafe { nowhere.read_volatile() }
}

/// Calls itself until the stack is used up.
pub(crate) fn overflow_stack() -> usize {
    expect_crash();
    #[inline(never)]
    #[allow(unconditional_recursion, reason = "it is to end the process")]
    fn deeper(depth: usize) -> usize {
        let frame = std::hint::black_box([depth as u8; PAGE]);
        deeper(depth + 1) + usize::from(frame[depth % PAGE])
    }
    deeper(0)
}
