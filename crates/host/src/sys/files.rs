//! Files: what the calls in `sys` do not cover. Vectors, attributes, file systems, terminals, timers.
//!
//! Invariant: memory that the system reads or writes belongs to the caller for the whole call.

use std::ffi::CStr;
use std::io;
use std::mem::MaybeUninit;
use std::ptr::null_mut;

use super::{check, timespec};

/// Buffers that a vector call fills one after the other.
fn vectors_mut(buffers: &mut [Vec<u8>]) -> Vec<libc::iovec> {
    buffers
        .iter_mut()
        .map(|buffer| libc::iovec { iov_base: buffer.as_mut_ptr().cast(), iov_len: buffer.len() })
        .collect()
}

/// Buffers that a vector call writes one after the other; the system does not change them.
fn vectors(buffers: &[Vec<u8>]) -> Vec<libc::iovec> {
    let vector =
        |buffer: &Vec<u8>| libc::iovec { iov_base: buffer.as_ptr().cast_mut().cast(), iov_len: buffer.len() };
    buffers.iter().map(vector).collect()
}

/// `readv`, or `preadv2` at an offset with flags.
pub(crate) fn readv(fd: i32, buffers: &mut [Vec<u8>], at: Option<(i64, i32)>) -> io::Result<usize> {
    let vectors = vectors_mut(buffers);
    let count = vectors.len() as i32;
    let result = match at {
        // SAFETY: the vectors describe buffers that live and are ours alone.
        None => unsafe { libc::readv(fd, vectors.as_ptr(), count) },
        // SAFETY: as above.
        Some((offset, flags)) => unsafe { libc::preadv2(fd, vectors.as_ptr(), count, offset, flags) },
    };
    check(result as i64).map(|count| count as usize)
}

/// `writev`, or `pwritev2` at an offset with flags.
pub(crate) fn writev(fd: i32, buffers: &[Vec<u8>], at: Option<(i64, i32)>) -> io::Result<usize> {
    let vectors = vectors(buffers);
    let count = vectors.len() as i32;
    let result = match at {
        // SAFETY: the vectors describe buffers that live; they are only read.
        None => unsafe { libc::writev(fd, vectors.as_ptr(), count) },
        // SAFETY: as above.
        Some((offset, flags)) => unsafe { libc::pwritev2(fd, vectors.as_ptr(), count, offset, flags) },
    };
    check(result as i64).map(|count| count as usize)
}

pub(crate) fn pwrite(fd: i32, buffer: &[u8], offset: i64) -> io::Result<usize> {
    // SAFETY: the buffer is valid for reads of its length.
    check(unsafe { libc::pwrite(fd, buffer.as_ptr().cast(), buffer.len(), offset) } as i64)
        .map(|count| count as usize)
}

fn pointer<T>(value: &mut Option<T>) -> *mut T {
    value.as_mut().map_or(null_mut(), std::ptr::from_mut)
}

pub(crate) fn sendfile(out: i32, input: i32, mut offset: Option<i64>, count: usize) -> io::Result<usize> {
    // SAFETY: null or a number that lives through the call.
    check(unsafe { libc::sendfile(out, input, pointer(&mut offset), count) } as i64)
        .map(|count| count as usize)
}

pub(crate) fn copy_file_range(
    from: (i32, Option<i64>),
    to: (i32, Option<i64>),
    count: usize,
) -> io::Result<usize> {
    let (mut source, mut target) = (from.1, to.1);
    // SAFETY: null or numbers that live through the call.
    let result =
        unsafe { libc::copy_file_range(from.0, pointer(&mut source), to.0, pointer(&mut target), count, 0) };
    check(result as i64).map(|count| count as usize)
}

pub(crate) fn splice(
    from: (i32, Option<i64>),
    to: (i32, Option<i64>),
    count: usize,
    flags: u32,
) -> io::Result<usize> {
    let (mut source, mut target) = (from.1, to.1);
    // SAFETY: null or numbers that live through the call.
    let result =
        unsafe { libc::splice(from.0, pointer(&mut source), to.0, pointer(&mut target), count, flags) };
    check(result as i64).map(|count| count as usize)
}

pub(crate) fn memfd_create(name: &CStr, flags: u32) -> io::Result<i32> {
    // SAFETY: a C string.
    check(unsafe { libc::memfd_create(name.as_ptr(), flags) }.into()).map(|fd| fd as i32)
}

pub(crate) fn random(buffer: &mut [u8], flags: u32) -> io::Result<usize> {
    // SAFETY: the buffer is valid for writes of its length.
    check(unsafe { libc::getrandom(buffer.as_mut_ptr().cast(), buffer.len(), flags) } as i64)
        .map(|count| count as usize)
}

/// A path or a descriptor.
pub(crate) enum Place<'a> {
    Path(&'a CStr),
    Fd(i32),
}

/// `statvfs` or `fstatvfs`: the ten fields of the struct sequence, and the file system's id.
pub(crate) fn statvfs(place: &Place<'_>) -> io::Result<[u64; 11]> {
    let mut out = MaybeUninit::<libc::statvfs>::zeroed();
    let result = match place {
        // SAFETY: a C string, and room for the result.
        Place::Path(path) => unsafe { libc::statvfs(path.as_ptr(), out.as_mut_ptr()) },
        // SAFETY: room for the result.
        Place::Fd(fd) => unsafe { libc::fstatvfs(*fd, out.as_mut_ptr()) },
    };
    check(result.into())?;
    // SAFETY: zeroed, and filled by the call.
    let out = unsafe { out.assume_init() };
    Ok([
        out.f_bsize,
        out.f_frsize,
        out.f_blocks,
        out.f_bfree,
        out.f_bavail,
        out.f_files,
        out.f_ffree,
        out.f_favail,
        out.f_flag,
        out.f_namemax,
        out.f_fsid,
    ])
}

pub(crate) fn pathconf(path: &CStr, name: i32) -> io::Result<i64> {
    // SAFETY: errno of this thread.
    unsafe { *libc::__errno_location() = 0 };
    // SAFETY: a C string.
    let result = unsafe { libc::pathconf(path.as_ptr(), name) };
    match io::Error::last_os_error() {
        error if result == -1 && error.raw_os_error() != Some(0) => Err(error),
        _ => Ok(result),
    }
}

pub(crate) fn chroot(path: &CStr) -> io::Result<()> {
    // SAFETY: a C string.
    check(unsafe { libc::chroot(path.as_ptr()) }.into()).map(drop)
}

pub(crate) fn mkfifo(path: &CStr, mode: u32, dir: i32) -> io::Result<()> {
    // SAFETY: a C string.
    check(unsafe { libc::mkfifoat(dir, path.as_ptr(), mode) }.into()).map(drop)
}

pub(crate) fn mknod(path: &CStr, mode: u32, device: u64, dir: i32) -> io::Result<()> {
    // SAFETY: a C string.
    check(unsafe { libc::mknodat(dir, path.as_ptr(), mode, device) }.into()).map(drop)
}

/// The value of an extended attribute.
pub(crate) fn getxattr(place: &Place<'_>, name: &CStr, follow: bool) -> io::Result<Vec<u8>> {
    fill(|buffer, length| {
        // SAFETY: C strings; the buffer is valid for writes of its length.
        unsafe {
            match place {
                Place::Fd(fd) => libc::fgetxattr(*fd, name.as_ptr(), buffer, length),
                Place::Path(path) if follow => libc::getxattr(path.as_ptr(), name.as_ptr(), buffer, length),
                Place::Path(path) => libc::lgetxattr(path.as_ptr(), name.as_ptr(), buffer, length),
            }
        }
    })
}

/// The names of extended attributes, each ended by a NUL byte.
pub(crate) fn listxattr(place: &Place<'_>, follow: bool) -> io::Result<Vec<u8>> {
    fill(|buffer, length| {
        // SAFETY: a C string; the buffer is valid for writes of its length.
        unsafe {
            match place {
                Place::Fd(fd) => libc::flistxattr(*fd, buffer.cast(), length),
                Place::Path(path) if follow => libc::listxattr(path.as_ptr(), buffer.cast(), length),
                Place::Path(path) => libc::llistxattr(path.as_ptr(), buffer.cast(), length),
            }
        }
    })
}

/// What `call` writes into a buffer that is made larger until it is large enough.
fn fill(call: impl Fn(*mut libc::c_void, usize) -> isize) -> io::Result<Vec<u8>> {
    for size in [256, 1 << 16] {
        let mut buffer = vec![0u8; size];
        match check(call(buffer.as_mut_ptr().cast(), size) as i64) {
            Ok(length) => {
                buffer.truncate(length as usize);
                return Ok(buffer);
            }
            Err(error) if error.raw_os_error() == Some(libc::ERANGE) => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::from_raw_os_error(libc::ERANGE))
}

pub(crate) fn setxattr(
    place: &Place<'_>,
    name: &CStr,
    value: &[u8],
    flags: i32,
    follow: bool,
) -> io::Result<()> {
    let (bytes, length) = (value.as_ptr().cast(), value.len());
    // SAFETY: C strings; the value is valid for reads of its length.
    let result = unsafe {
        match place {
            Place::Fd(fd) => libc::fsetxattr(*fd, name.as_ptr(), bytes, length, flags),
            Place::Path(path) if follow => libc::setxattr(path.as_ptr(), name.as_ptr(), bytes, length, flags),
            Place::Path(path) => libc::lsetxattr(path.as_ptr(), name.as_ptr(), bytes, length, flags),
        }
    };
    check(result.into()).map(drop)
}

pub(crate) fn removexattr(place: &Place<'_>, name: &CStr, follow: bool) -> io::Result<()> {
    // SAFETY: C strings.
    let result = unsafe {
        match place {
            Place::Fd(fd) => libc::fremovexattr(*fd, name.as_ptr()),
            Place::Path(path) if follow => libc::removexattr(path.as_ptr(), name.as_ptr()),
            Place::Path(path) => libc::lremovexattr(path.as_ptr(), name.as_ptr()),
        }
    };
    check(result.into()).map(drop)
}

/// The two sides of a new terminal.
pub(crate) fn openpty() -> io::Result<(i32, i32)> {
    let (mut master, mut slave) = (-1, -1);
    // SAFETY: room for two numbers; the rest may be null.
    let result = unsafe {
        libc::openpty(&raw mut master, &raw mut slave, null_mut(), std::ptr::null(), std::ptr::null())
    };
    check(result.into())?;
    super::set_inheritable(master, false)?;
    super::set_inheritable(slave, false)?;
    Ok((master, slave))
}

/// A name that the C library writes into a buffer; it returns an error's number.
fn name_of(call: impl FnOnce(*mut libc::c_char, usize) -> i32) -> io::Result<Vec<u8>> {
    let mut buffer = vec![0u8; 1024];
    match call(buffer.as_mut_ptr().cast(), buffer.len()) {
        0 => {
            buffer.truncate(buffer.iter().position(|byte| *byte == 0).unwrap_or(0));
            Ok(buffer)
        }
        code => Err(io::Error::from_raw_os_error(code)),
    }
}

pub(crate) fn ttyname(fd: i32) -> io::Result<Vec<u8>> {
    // SAFETY: the buffer is valid for writes of its length.
    name_of(|buffer, length| unsafe { libc::ttyname_r(fd, buffer, length) })
}

pub(crate) fn ptsname(fd: i32) -> io::Result<Vec<u8>> {
    // SAFETY: the buffer is valid for writes of its length.
    name_of(|buffer, length| unsafe { libc::ptsname_r(fd, buffer, length) })
}

unsafe extern "C" {
    fn getlogin_r(buffer: *mut libc::c_char, length: usize) -> libc::c_int;
}

pub(crate) fn getlogin() -> io::Result<Vec<u8>> {
    // SAFETY: the buffer is valid for writes of its length.
    name_of(|buffer, length| unsafe { getlogin_r(buffer, length) })
}

/// `confstr`: `None` when the variable has no value.
pub(crate) fn confstr(name: i32) -> io::Result<Option<Vec<u8>>> {
    // SAFETY: errno of this thread.
    unsafe { *libc::__errno_location() = 0 };
    // SAFETY: no buffer: only the length is asked for.
    let length = unsafe { libc::confstr(name, null_mut(), 0) };
    if length == 0 {
        return match io::Error::last_os_error() {
            error if error.raw_os_error() == Some(0) => Ok(None),
            error => Err(error),
        };
    }
    let mut buffer = vec![0u8; length];
    // SAFETY: the buffer is valid for writes of its length.
    unsafe { libc::confstr(name, buffer.as_mut_ptr().cast(), length) };
    buffer.truncate(length - 1);
    Ok(Some(buffer))
}

/// Load of the last 1, 5 and 15 minutes.
pub(crate) fn load_average() -> Option<[f64; 3]> {
    let mut loads = [0.0; 3];
    // SAFETY: room for three numbers.
    (unsafe { libc::getloadavg(loads.as_mut_ptr(), 3) } == 3).then_some(loads)
}

/// Nanoseconds: the first expiration, and the interval.
pub(crate) type Timer = (i128, i128);

fn timer_of(spec: &libc::itimerspec) -> Timer {
    let nanos = |time: &libc::timespec| i128::from(time.tv_sec) * 1_000_000_000 + i128::from(time.tv_nsec);
    (nanos(&spec.it_value), nanos(&spec.it_interval))
}

pub(crate) fn timerfd_settime(fd: i32, flags: i32, timer: Timer) -> io::Result<Timer> {
    let new = libc::itimerspec { it_value: timespec(timer.0), it_interval: timespec(timer.1) };
    let mut old = libc::itimerspec { it_value: timespec(0), it_interval: timespec(0) };
    // SAFETY: valid records.
    check(unsafe { libc::timerfd_settime(fd, flags, &raw const new, &raw mut old) }.into())?;
    Ok(timer_of(&old))
}

pub(crate) fn timerfd_gettime(fd: i32) -> io::Result<Timer> {
    let mut out = libc::itimerspec { it_value: timespec(0), it_interval: timespec(0) };
    // SAFETY: room for the result.
    check(unsafe { libc::timerfd_gettime(fd, &raw mut out) }.into())?;
    Ok(timer_of(&out))
}
