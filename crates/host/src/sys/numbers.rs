//! System calls that take numbers and give one.
//!
//! Invariant: no memory is involved, so every function is safe with any arguments.

use std::io;

use super::check;

macro_rules! calls {
    ($($name:ident($($arg:ident: $ty:ty),*);)*) => {$(
        pub(crate) fn $name($($arg: $ty),*) -> io::Result<i64> {
            // SAFETY: numbers only.
            check(unsafe { libc::$name($($arg),*) } as i64)
        }
    )*};
}
calls! {
    eventfd(initial: u32, flags: i32);
    fchown(fd: i32, uid: u32, gid: u32);
    fdatasync(fd: i32);
    getpgid(pid: i32);
    getsid(pid: i32);
    grantpt(fd: i32);
    killpg(group: i32, signal: i32);
    lockf(fd: i32, command: i32, length: i64);
    login_tty(fd: i32);
    posix_openpt(flags: i32);
    sched_get_priority_max(policy: i32);
    sched_get_priority_min(policy: i32);
    sched_getscheduler(pid: i32);
    sched_yield();
    setegid(gid: u32);
    seteuid(uid: u32);
    setgid(gid: u32);
    setns(fd: i32, kind: i32);
    setpgid(pid: i32, group: i32);
    setpriority(which: u32, who: u32, priority: i32);
    setregid(real: u32, effective: u32);
    setresgid(real: u32, effective: u32, saved: u32);
    setresuid(real: u32, effective: u32, saved: u32);
    setreuid(real: u32, effective: u32);
    setsid();
    setuid(uid: u32);
    tcdrain(fd: i32);
    tcflow(fd: i32, action: i32);
    tcflush(fd: i32, queue: i32);
    tcgetpgrp(fd: i32);
    tcsendbreak(fd: i32, duration: i32);
    tcsetpgrp(fd: i32, group: i32);
    timerfd_create(clock: i32, flags: i32);
    unlockpt(fd: i32);
    unshare(flags: i32);
    flock(fd: i32, operation: i32);
    shutdown(fd: i32, how: i32);
    listen(fd: i32, backlog: i32);
    socket(family: i32, kind: i32, protocol: i32);
    epoll_create1(flags: i32);
}

/// The result of a call whose -1 may be an answer: errno tells.
fn with_errno(call: impl FnOnce() -> i64) -> io::Result<i64> {
    // SAFETY: errno of this thread.
    unsafe { *libc::__errno_location() = 0 };
    let result = call();
    if result != -1 {
        return Ok(result);
    }
    match io::Error::last_os_error() {
        error if error.raw_os_error() == Some(0) => Ok(result),
        error => Err(error),
    }
}

pub(crate) fn nice(increment: i32) -> io::Result<i64> {
    // SAFETY: numbers only.
    with_errno(|| unsafe { libc::nice(increment) }.into())
}

pub(crate) fn getpriority(which: u32, who: u32) -> io::Result<i64> {
    // SAFETY: numbers only.
    with_errno(|| unsafe { libc::getpriority(which, who) }.into())
}

pub(crate) fn fpathconf(fd: i32, name: i32) -> io::Result<i64> {
    // SAFETY: numbers only.
    with_errno(|| unsafe { libc::fpathconf(fd, name) })
}

pub(crate) fn sysconf(name: i32) -> io::Result<i64> {
    // SAFETY: numbers only.
    with_errno(|| unsafe { libc::sysconf(name) })
}

pub(crate) fn pidfd_open(pid: i32, flags: u32) -> io::Result<i64> {
    // SAFETY: numbers only.
    check(unsafe { libc::syscall(libc::SYS_pidfd_open, pid, flags) })
}

/// `posix_fallocate` and `posix_fadvise` return the error's number.
fn returned(code: i32) -> io::Result<()> {
    if code == 0 { Ok(()) } else { Err(io::Error::from_raw_os_error(code)) }
}

pub(crate) fn posix_fallocate(fd: i32, offset: i64, length: i64) -> io::Result<()> {
    // SAFETY: numbers only.
    returned(unsafe { libc::posix_fallocate(fd, offset, length) })
}

pub(crate) fn posix_fadvise(fd: i32, offset: i64, length: i64, advice: i32) -> io::Result<()> {
    // SAFETY: numbers only.
    returned(unsafe { libc::posix_fadvise(fd, offset, length, advice) })
}

pub(crate) fn sync() {
    // SAFETY: no argument.
    unsafe { libc::sync() }
}

/// (major, minor) of a device number.
pub(crate) fn device_parts(device: u64) -> (u32, u32) {
    (libc::major(device), libc::minor(device))
}

pub(crate) fn device(major: u32, minor: u32) -> u64 {
    libc::makedev(major, minor)
}
