//! System calls without a safe wrapper elsewhere.
//!
//! Invariant: every function here is safe to call with any arguments; errors come back as errno.
#![allow(unsafe_code)]

pub(crate) mod fault;
pub(crate) mod files;
pub(crate) mod locale;
pub(crate) mod mmap;
pub(crate) mod numbers;
pub(crate) mod poll;
pub(crate) mod process;
pub(crate) mod semaphore;
pub(crate) mod signal;
pub(crate) mod socket;
pub(crate) mod streams;
pub(crate) mod users;

use std::ffi::CStr;
use std::io;
use std::mem::MaybeUninit;

/// A C return value below zero as the error that errno tells.
fn check(result: i64) -> io::Result<i64> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(result) }
}

pub(crate) fn open(path: &CStr, flags: i32, mode: u32, dir: i32) -> io::Result<i32> {
    // SAFETY: the path is a C string that outlives the call.
    check(unsafe { libc::openat(dir, path.as_ptr(), flags, mode) } as i64).map(|fd| fd as i32)
}

pub(crate) fn close(fd: i32) -> io::Result<()> {
    // SAFETY: closing a number that is no descriptor is an error that is reported.
    check(unsafe { libc::close(fd) } as i64).map(drop)
}

pub(crate) fn read(fd: i32, buffer: &mut [u8]) -> io::Result<usize> {
    // SAFETY: the buffer is valid for writes of its length.
    check(unsafe { libc::read(fd, buffer.as_mut_ptr().cast(), buffer.len()) } as i64).map(|n| n as usize)
}

pub(crate) fn pread(fd: i32, buffer: &mut [u8], offset: i64) -> io::Result<usize> {
    // SAFETY: as in `read`.
    check(unsafe { libc::pread(fd, buffer.as_mut_ptr().cast(), buffer.len(), offset) } as i64)
        .map(|n| n as usize)
}

pub(crate) fn write(fd: i32, buffer: &[u8]) -> io::Result<usize> {
    // SAFETY: the buffer is valid for reads of its length.
    check(unsafe { libc::write(fd, buffer.as_ptr().cast(), buffer.len()) } as i64).map(|n| n as usize)
}

pub(crate) fn lseek(fd: i32, offset: i64, whence: i32) -> io::Result<i64> {
    // SAFETY: no memory is involved.
    check(unsafe { libc::lseek(fd, offset, whence) })
}

pub(crate) fn ftruncate(fd: i32, length: i64) -> io::Result<()> {
    // SAFETY: no memory is involved.
    check(unsafe { libc::ftruncate(fd, length) } as i64).map(drop)
}

pub(crate) fn dup(fd: i32) -> io::Result<i32> {
    // SAFETY: no memory is involved.
    check(unsafe { libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, 0) } as i64).map(|fd| fd as i32)
}

pub(crate) fn dup3(fd: i32, target: i32, inheritable: bool) -> io::Result<i32> {
    let flags = if inheritable { 0 } else { libc::O_CLOEXEC };
    // SAFETY: no memory is involved.
    check(unsafe { libc::dup3(fd, target, flags) } as i64).map(|fd| fd as i32)
}

pub(crate) fn pipe(flags: i32) -> io::Result<(i32, i32)> {
    let mut fds = [0; 2];
    // SAFETY: `fds` has room for two descriptors.
    check(unsafe { libc::pipe2(fds.as_mut_ptr(), flags) } as i64).map(|_| (fds[0], fds[1]))
}

pub(crate) fn isatty(fd: i32) -> bool {
    // SAFETY: no memory is involved.
    unsafe { libc::isatty(fd) == 1 }
}

/// The close-on-exec flag, inverted.
pub(crate) fn inheritable(fd: i32) -> io::Result<bool> {
    // SAFETY: no memory is involved.
    check(unsafe { libc::fcntl(fd, libc::F_GETFD) } as i64).map(|flags| flags as i32 & libc::FD_CLOEXEC == 0)
}

pub(crate) fn set_inheritable(fd: i32, on: bool) -> io::Result<()> {
    let flags = if on { 0 } else { libc::FD_CLOEXEC };
    // SAFETY: no memory is involved.
    check(unsafe { libc::fcntl(fd, libc::F_SETFD, flags) } as i64).map(drop)
}

pub(crate) fn nonblocking(fd: i32) -> io::Result<bool> {
    // SAFETY: no memory is involved.
    check(unsafe { libc::fcntl(fd, libc::F_GETFL) } as i64).map(|flags| flags as i32 & libc::O_NONBLOCK != 0)
}

pub(crate) fn set_nonblocking(fd: i32, on: bool) -> io::Result<()> {
    // SAFETY: no memory is involved.
    let flags = check(unsafe { libc::fcntl(fd, libc::F_GETFL) } as i64)? as i32;
    let flags = if on { flags | libc::O_NONBLOCK } else { flags & !libc::O_NONBLOCK };
    // SAFETY: as above.
    check(unsafe { libc::fcntl(fd, libc::F_SETFL, flags) } as i64).map(drop)
}

/// `stat`, `lstat` or `fstatat`.
pub(crate) fn stat(path: &CStr, dir: i32, follow: bool) -> io::Result<libc::stat> {
    let mut out = MaybeUninit::<libc::stat>::zeroed();
    let flags = if follow { 0 } else { libc::AT_SYMLINK_NOFOLLOW };
    // SAFETY: the path is a C string; `out` has room for the result.
    check(unsafe { libc::fstatat(dir, path.as_ptr(), out.as_mut_ptr(), flags) } as i64)?;
    // SAFETY: zeroed, and filled by the call.
    Ok(unsafe { out.assume_init() })
}

pub(crate) fn fstat(fd: i32) -> io::Result<libc::stat> {
    let mut out = MaybeUninit::<libc::stat>::zeroed();
    // SAFETY: `out` has room for the result.
    check(unsafe { libc::fstat(fd, out.as_mut_ptr()) } as i64)?;
    // SAFETY: zeroed, and filled by the call.
    Ok(unsafe { out.assume_init() })
}

/// Calls that take one path and numbers.
pub(crate) fn mkdir(path: &CStr, mode: u32, dir: i32) -> io::Result<()> {
    // SAFETY: the path is a C string.
    check(unsafe { libc::mkdirat(dir, path.as_ptr(), mode) } as i64).map(drop)
}

pub(crate) fn unlink(path: &CStr, dir: i32, directory: bool) -> io::Result<()> {
    let flags = if directory { libc::AT_REMOVEDIR } else { 0 };
    // SAFETY: the path is a C string.
    check(unsafe { libc::unlinkat(dir, path.as_ptr(), flags) } as i64).map(drop)
}

pub(crate) fn rename(from: &CStr, from_dir: i32, to: &CStr, to_dir: i32) -> io::Result<()> {
    // SAFETY: both paths are C strings.
    check(unsafe { libc::renameat(from_dir, from.as_ptr(), to_dir, to.as_ptr()) } as i64).map(drop)
}

pub(crate) fn symlink(target: &CStr, path: &CStr, dir: i32) -> io::Result<()> {
    // SAFETY: both paths are C strings.
    check(unsafe { libc::symlinkat(target.as_ptr(), dir, path.as_ptr()) } as i64).map(drop)
}

pub(crate) fn link(from: &CStr, from_dir: i32, to: &CStr, to_dir: i32, follow: bool) -> io::Result<()> {
    let flags = if follow { libc::AT_SYMLINK_FOLLOW } else { 0 };
    // SAFETY: both paths are C strings.
    check(unsafe { libc::linkat(from_dir, from.as_ptr(), to_dir, to.as_ptr(), flags) } as i64).map(drop)
}

pub(crate) fn readlink(path: &CStr, dir: i32) -> io::Result<Vec<u8>> {
    let mut buffer = vec![0u8; 4096];
    // SAFETY: the path is a C string, the buffer valid for writes of its length.
    let length = unsafe { libc::readlinkat(dir, path.as_ptr(), buffer.as_mut_ptr().cast(), buffer.len()) };
    let length = check(length as i64)?;
    buffer.truncate(length as usize);
    Ok(buffer)
}

pub(crate) fn chmod(path: &CStr, mode: u32, dir: i32) -> io::Result<()> {
    // SAFETY: the path is a C string.
    check(unsafe { libc::fchmodat(dir, path.as_ptr(), mode, 0) } as i64).map(drop)
}

pub(crate) fn fchmod(fd: i32, mode: u32) -> io::Result<()> {
    // SAFETY: no memory is involved.
    check(unsafe { libc::fchmod(fd, mode) } as i64).map(drop)
}

pub(crate) fn chown(path: &CStr, uid: u32, gid: u32, dir: i32, follow: bool) -> io::Result<()> {
    let flags = if follow { 0 } else { libc::AT_SYMLINK_NOFOLLOW };
    // SAFETY: the path is a C string.
    check(unsafe { libc::fchownat(dir, path.as_ptr(), uid, gid, flags) } as i64).map(drop)
}

pub(crate) fn access(path: &CStr, mode: i32, dir: i32, flags: i32) -> bool {
    // SAFETY: the path is a C string.
    unsafe { libc::faccessat(dir, path.as_ptr(), mode, flags) == 0 }
}

pub(crate) fn chdir(path: &CStr) -> io::Result<()> {
    // SAFETY: the path is a C string.
    check(unsafe { libc::chdir(path.as_ptr()) } as i64).map(drop)
}

pub(crate) fn fchdir(fd: i32) -> io::Result<()> {
    // SAFETY: no memory is involved.
    check(unsafe { libc::fchdir(fd) } as i64).map(drop)
}

/// Sets access and modification time; `None` = now. Times are (seconds, nanoseconds).
pub(crate) fn utimens(
    path: Option<&CStr>,
    fd: i32,
    times: Option<[(i64, i64); 2]>,
    follow: bool,
) -> io::Result<()> {
    let specs = times.map(|times| times.map(|(sec, nsec)| libc::timespec { tv_sec: sec, tv_nsec: nsec }));
    let pointer = specs.as_ref().map_or(std::ptr::null(), |specs| specs.as_ptr());
    let flags = if follow { 0 } else { libc::AT_SYMLINK_NOFOLLOW };
    let result = match path {
        // SAFETY: the path is a C string; `pointer` is null or points to two timespecs.
        Some(path) => unsafe { libc::utimensat(fd, path.as_ptr(), pointer, flags) },
        // SAFETY: as above.
        None => unsafe { libc::futimens(fd, pointer) },
    };
    check(result as i64).map(drop)
}

pub(crate) fn umask(mask: u32) -> u32 {
    // SAFETY: no memory is involved.
    unsafe { libc::umask(mask) }
}

pub(crate) fn kill(pid: i32, signal: i32) -> io::Result<()> {
    // SAFETY: no memory is involved.
    check(unsafe { libc::kill(pid, signal) } as i64).map(drop)
}

pub(crate) fn waitpid(pid: i32, options: i32) -> io::Result<(i32, i32)> {
    let mut status = 0;
    // SAFETY: `status` has room for the result.
    check(unsafe { libc::waitpid(pid, &raw mut status, options) } as i64).map(|pid| (pid as i32, status))
}

/// Ends the process at once.
pub(crate) fn exit_now(code: i32) -> ! {
    // SAFETY: `_exit` does not return and runs nothing of ours.
    unsafe { libc::_exit(code) }
}

macro_rules! ids {
    ($($name:ident),*) => {$(
        pub(crate) fn $name() -> i64 {
            // SAFETY: no memory is involved; the call cannot fail.
            i64::from(unsafe { libc::$name() })
        }
    )*};
}
ids!(getpid, getppid, getuid, geteuid, getgid, getegid, getpgrp);

pub(crate) fn strerror(code: i32) -> String {
    let mut buffer = [0u8; 256];
    // SAFETY: the buffer is valid for writes of its length; the result is NUL-terminated on success.
    let failed = unsafe { libc::strerror_r(code, buffer.as_mut_ptr().cast(), buffer.len()) } != 0;
    match CStr::from_bytes_until_nul(&buffer) {
        Ok(text) if !failed || !text.is_empty() => text.to_string_lossy().into_owned(),
        _ => format!("Unknown error {code}"),
    }
}

pub(crate) fn window_size(fd: i32) -> io::Result<(u16, u16)> {
    let mut size = libc::winsize { ws_row: 0, ws_col: 0, ws_xpixel: 0, ws_ypixel: 0 };
    // SAFETY: TIOCGWINSZ writes a winsize.
    check(unsafe { libc::ioctl(fd, libc::TIOCGWINSZ, &raw mut size) } as i64)
        .map(|_| (size.ws_col, size.ws_row))
}

pub(crate) fn sysconf(name: i32) -> i64 {
    // SAFETY: no memory is involved.
    unsafe { libc::sysconf(name) }
}

/// Names and types (`d_type`) of a directory's entries, without `.` and `..`.
pub(crate) fn entries(path: Option<&CStr>, fd: i32) -> io::Result<Vec<(Vec<u8>, u64, u8)>> {
    let stream = match path {
        // SAFETY: the path is a C string.
        Some(path) => unsafe { libc::opendir(path.as_ptr()) },
        None => {
            let copy = dup(fd)?;
            // SAFETY: `copy` is a descriptor that the stream takes over.
            let stream = unsafe { libc::fdopendir(copy) };
            if stream.is_null() {
                let error = io::Error::last_os_error();
                let _ = close(copy);
                return Err(error);
            }
            // SAFETY: the stream is open.
            unsafe { libc::rewinddir(stream) };
            stream
        }
    };
    if stream.is_null() {
        return Err(io::Error::last_os_error());
    }
    let mut out = Vec::new();
    loop {
        // SAFETY: errno of this thread; the stream is open; an entry is valid until the next call.
        let entry = unsafe {
            *libc::__errno_location() = 0;
            libc::readdir(stream)
        };
        if entry.is_null() {
            break;
        }
        // SAFETY: `d_name` is a NUL-terminated array inside the entry.
        let (name, inode, kind) =
            unsafe { (CStr::from_ptr((*entry).d_name.as_ptr()), (*entry).d_ino, (*entry).d_type) };
        if !matches!(name.to_bytes(), b"." | b"..") {
            out.push((name.to_bytes().to_vec(), inode, kind));
        }
    }
    let error = io::Error::last_os_error();
    // SAFETY: the stream is open and not used again.
    unsafe { libc::closedir(stream) };
    if error.raw_os_error() == Some(0) { Ok(out) } else { Err(error) }
}

/// A clock in nanoseconds.
pub(crate) fn clock(id: i32) -> io::Result<i128> {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `now` has room for the result.
    check(unsafe { libc::clock_gettime(id, &raw mut now) } as i64)?;
    Ok(i128::from(now.tv_sec) * 1_000_000_000 + i128::from(now.tv_nsec))
}

/// Resolution of a clock in nanoseconds.
pub(crate) fn clock_resolution(id: i32) -> io::Result<i128> {
    let mut step = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `step` has room for the result.
    check(unsafe { libc::clock_getres(id, &raw mut step) } as i64)?;
    Ok(i128::from(step.tv_sec) * 1_000_000_000 + i128::from(step.tv_nsec))
}

/// Nanoseconds as the system counts them.
pub(crate) fn timespec(nanos: i128) -> libc::timespec {
    libc::timespec {
        tv_sec: nanos.div_euclid(1_000_000_000) as i64,
        tv_nsec: nanos.rem_euclid(1_000_000_000) as i64,
    }
}

/// Sleeps until the monotonic time `deadline` (nanoseconds); EINTR comes back as an error.
pub(crate) fn sleep_until(deadline: i128) -> io::Result<()> {
    let until = timespec(deadline);
    // SAFETY: `until` is a valid timespec.
    match unsafe {
        libc::clock_nanosleep(
            libc::CLOCK_MONOTONIC,
            libc::TIMER_ABSTIME,
            &raw const until,
            std::ptr::null_mut(),
        )
    } {
        0 => Ok(()),
        code => Err(io::Error::from_raw_os_error(code)),
    }
}

/// Broken-down time with zone name and offset in seconds.
pub(crate) struct BrokenDown {
    pub tm: libc::tm,
    pub zone: String,
}

pub(crate) fn broken_down(seconds: i64, utc: bool) -> io::Result<BrokenDown> {
    let mut tm = MaybeUninit::<libc::tm>::zeroed();
    // SAFETY: both calls read the seconds and fill `tm`.
    let result = unsafe {
        if utc {
            libc::gmtime_r(&raw const seconds, tm.as_mut_ptr())
        } else {
            libc::localtime_r(&raw const seconds, tm.as_mut_ptr())
        }
    };
    if result.is_null() {
        return Err(io::Error::from_raw_os_error(libc::EOVERFLOW));
    }
    // SAFETY: zeroed, and filled by the call; `tm_zone` is null or a C string of the C library.
    let (tm, zone) = unsafe {
        let tm = tm.assume_init();
        let zone = if tm.tm_zone.is_null() {
            String::new()
        } else {
            CStr::from_ptr(tm.tm_zone).to_string_lossy().into_owned()
        };
        (tm, zone)
    };
    Ok(BrokenDown { tm, zone: if utc { "UTC".to_owned() } else { zone } })
}

/// Seconds since the epoch of a local broken-down time.
pub(crate) fn mktime(tm: &mut libc::tm) -> Option<i64> {
    tm.tm_wday = -1;
    // SAFETY: `tm` is a valid tm.
    let seconds = unsafe { libc::mktime(std::ptr::from_mut(tm)) };
    if seconds == -1 && tm.tm_wday == -1 { None } else { Some(seconds) }
}

// SAFETY: the declarations are those of the C library's headers.
unsafe extern "C" {
    fn tzset();
}

pub(crate) fn read_time_zone() {
    // SAFETY: `tzset` reads TZ and the zone files.
    unsafe { tzset() }
}

/// `strftime` of the C library for one format without NUL bytes.
pub(crate) fn strftime(format: &CStr, tm: &libc::tm) -> Vec<u8> {
    let mut buffer = vec![0u8; 1024.max(format.to_bytes().len() * 16)];
    // SAFETY: the buffer is valid for writes of its length, the format a C string, `tm` valid.
    let length = unsafe {
        libc::strftime(buffer.as_mut_ptr().cast(), buffer.len(), format.as_ptr(), std::ptr::from_ref(tm))
    };
    buffer.truncate(length);
    buffer
}

/// Changes the environment of the C library, which child processes and `localtime` read.
pub(crate) fn setenv(name: &CStr, value: Option<&CStr>) -> io::Result<()> {
    let result = match value {
        // SAFETY: both are C strings. Other threads' getenv may race, as in every C program.
        Some(value) => unsafe { libc::setenv(name.as_ptr(), value.as_ptr(), 1) },
        // SAFETY: as above.
        None => unsafe { libc::unsetenv(name.as_ptr()) },
    };
    check(result as i64).map(drop)
}

pub(crate) fn random_bytes(buffer: &mut [u8]) -> io::Result<()> {
    let mut filled = 0;
    while filled < buffer.len() {
        let rest = &mut buffer[filled..];
        // SAFETY: the rest of the buffer is valid for writes of its length.
        filled += check(unsafe { libc::getrandom(rest.as_mut_ptr().cast(), rest.len(), 0) } as i64)? as usize;
    }
    Ok(())
}

pub(crate) fn fsync(fd: i32) -> io::Result<()> {
    // SAFETY: no memory is involved.
    check(unsafe { libc::fsync(fd) } as i64).map(drop)
}

/// (user, system, children user, children system, elapsed) in clock ticks.
pub(crate) fn times() -> io::Result<[i64; 5]> {
    let mut out = libc::tms { tms_utime: 0, tms_stime: 0, tms_cutime: 0, tms_cstime: 0 };
    // SAFETY: `out` has room for the result.
    let elapsed = check(unsafe { libc::times(&raw mut out) })?;
    Ok([out.tms_utime, out.tms_stime, out.tms_cutime, out.tms_cstime, elapsed])
}

/// (sysname, nodename, release, version, machine).
pub(crate) fn uname() -> io::Result<[String; 5]> {
    let mut out = MaybeUninit::<libc::utsname>::zeroed();
    // SAFETY: `out` has room for the result.
    check(unsafe { libc::uname(out.as_mut_ptr()) } as i64)?;
    // SAFETY: zeroed and filled; the fields are NUL-terminated.
    let out = unsafe { out.assume_init() };
    let text = |field: &[libc::c_char]| {
        let bytes: Vec<u8> = field.iter().take_while(|c| **c != 0).map(|c| *c as u8).collect();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    Ok([text(&out.sysname), text(&out.nodename), text(&out.release), text(&out.version), text(&out.machine)])
}

/// Runs a command with `/bin/sh`.
pub(crate) fn system(command: &CStr) -> i32 {
    // SAFETY: the command is a C string.
    unsafe { libc::system(command.as_ptr()) }
}

/// Identifier of the calling thread (`pthread_self`).
pub(crate) fn thread_self() -> u64 {
    // SAFETY: no memory is involved; the call cannot fail.
    unsafe { libc::pthread_self() as u64 }
}

/// The system's number of the calling thread.
pub(crate) fn thread_id() -> u64 {
    // SAFETY: no memory is involved; the call cannot fail.
    unsafe { libc::gettid() as u64 }
}

/// Names the calling thread; at most 15 bytes without NUL are used.
pub(crate) fn set_thread_name(name: &[u8]) {
    if let Ok(name) = std::ffi::CString::new(name) {
        // SAFETY: a C string that outlives the call.
        unsafe { libc::prctl(libc::PR_SET_NAME, name.as_ptr()) };
    }
}

/// Limits of a process (0: this one), soft and hard; sets them first if there are new ones.
pub(crate) fn prlimit(pid: i32, resource: i32, new: Option<(u64, u64)>) -> io::Result<(u64, u64)> {
    let new = new.map(|(soft, hard)| libc::rlimit { rlim_cur: soft, rlim_max: hard });
    let mut old = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    let new = new.as_ref().map_or(std::ptr::null(), std::ptr::from_ref);
    // SAFETY: null or a valid record, and room for the result.
    check(unsafe { libc::prlimit(pid, resource as _, new, &raw mut old) }.into())?;
    Ok((old.rlim_cur, old.rlim_max))
}

/// The environment, as `NAME=value`.
pub(crate) fn environment() -> Vec<std::ffi::CString> {
    use std::os::unix::ffi::OsStringExt;
    let rows = std::env::vars_os().map(|(name, value)| [name.into_vec(), value.into_vec()].join(&b'='));
    rows.filter_map(|row| std::ffi::CString::new(row).ok()).collect()
}
