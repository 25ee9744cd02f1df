//! Files beyond opening, reading and naming them: vectors, attributes, file systems, terminals, timers.
//! CPython: `Modules/posixmodule.c`.
//!
//! Invariant: mutable buffers are filled from private copies after the call, since other threads may use them.

use std::ffi::CString;
use std::sync::atomic::AtomicU64;

use taipan_runtime::prelude::*;
use taipan_runtime::types::struct_sequence::StructSequence;

use crate::path::{Accepts, PathArg, Target, decode, path_arg};
use crate::posix::spawn::argument;
use crate::posix::{call, constants, descriptor, dir_fd, ids, only_path, path_of};
use crate::sys;
use crate::sys::files::{self, Place, Timer};
use crate::sys::numbers;
use crate::time::nanoseconds;

pub(super) struct MoreFiles;

pub(super) static STATVFS_RESULT: StructSequence = StructSequence {
    name: "statvfs_result",
    module: "os",
    doc: "statvfs_result: Result from statvfs or fstatvfs.\n\nThis object may be accessed either as a tuple of\n  (bsize, frsize, blocks, bfree, bavail, files, ffree, favail, flag, namemax),\nor via the attributes f_bsize, f_frsize, f_blocks, f_bfree, and so on.\n\nSee os.statvfs for more information.",
    fields: &[
        (Some("f_bsize"), ""),
        (Some("f_frsize"), ""),
        (Some("f_blocks"), ""),
        (Some("f_bfree"), ""),
        (Some("f_bavail"), ""),
        (Some("f_files"), ""),
        (Some("f_ffree"), ""),
        (Some("f_favail"), ""),
        (Some("f_flag"), ""),
        (Some("f_namemax"), ""),
        (Some("f_fsid"), ""),
    ],
    visible: 10,
    instantiable: true,
    class: AtomicU64::new(0),
};

fn statvfs(cx: &mut Context, object: Option<Value>, place: &Place<'_>) -> Result {
    let fields = call(cx, object, || files::statvfs(place))?;
    let values: GVec<Value> = fields.iter().map(|field| cx.new_int_i128((*field).into())).collect();
    STATVFS_RESULT.instance(cx, &values).map(Gc::value)
}

fn place(arg: &PathArg) -> Place<'_> {
    match &arg.target {
        Target::Path(path) => Place::Path(path),
        Target::Fd(fd) => Place::Fd(*fd),
    }
}

/// The path of an attribute call, which may be a descriptor unless links are not to be followed.
fn attribute_path(
    cx: &mut Context,
    function: &str,
    path: Value,
    none: bool,
    follow: bool,
) -> Result<PathArg> {
    let arg = path_arg(cx, path, function, "path", Accepts { fd: true, none })?;
    if !follow && matches!(arg.target, Target::Fd(_)) {
        return Err(cx.value_error(format!("{function}: cannot use fd and follow_symlinks together")));
    }
    Ok(arg)
}

/// The private buffers that a vector read fills, and where their content goes.
fn targets(cx: &mut Context, function: &str, buffers: Value) -> Result<(GVec<Value>, Vec<Vec<u8>>)> {
    if !cx.is_sequence(buffers) {
        return Err(cx.type_error(format!("{function}() arg 2 must be a sequence")));
    }
    let items = cx.collect(buffers)?;
    let mut copies = Vec::new();
    for item in &items {
        let target = cx.buffer(*item, taipan_runtime::protocol::buffer::flag::WRITABLE)?;
        copies.push(cx.zeroed_bytes(target.len())?);
        cx.release_buffer(*item, target)?;
    }
    Ok((items, copies))
}

/// Copies what was read to where it belongs.
fn scatter(cx: &mut Context, items: &GVec<Value>, copies: &[Vec<u8>], count: usize) -> Result<usize> {
    let mut left = count;
    for (item, copy) in items.iter().zip(copies) {
        let part = left.min(copy.len());
        let target = cx.writable_buffer(*item, "read-write bytes-like object")?;
        target.fill_from(&copy[..part.min(target.len())]);
        left -= part;
    }
    Ok(count)
}

/// Private copies of the buffers that a vector write takes.
fn sources(cx: &mut Context, function: &str, buffers: Value) -> Result<Vec<Vec<u8>>> {
    if !cx.is_sequence(buffers) {
        return Err(cx.type_error(format!("{function}() arg 2 must be a sequence")));
    }
    let mut copies = Vec::new();
    for item in &cx.collect(buffers)? {
        copies.push(cx.with_buffer(*item, |bytes| bytes.to_vec())?);
    }
    Ok(copies)
}

fn optional_offset(cx: &mut Context, value: Value) -> Result<Option<i64>> {
    match value.not_none() {
        Some(value) => i64::from_arg(cx, value, "offset").map(Some),
        None => Ok(None),
    }
}

fn count_arg(cx: &mut Context, count: isize) -> Result<usize> {
    usize::try_from(count).map_err(|_| cx.value_error("negative value for 'count' not allowed"))
}

fn timer_seconds(timer: Timer) -> (f64, f64) {
    (timer.0 as f64 / 1e9, timer.1 as f64 / 1e9)
}

/// A device's number: -1 means none.
fn device_arg(cx: &mut Context, value: Value) -> Result<u64> {
    match cx.index_i128(value)? {
        -1 => Ok(u64::MAX),
        number if number < 0 => Err(cx.value_error("Cannot convert negative int")),
        number => u64::try_from(number)
            .map_err(|_| cx.overflow_error("Python int too large to convert to C unsigned long long")),
    }
}

/// A device's part: -1 means none.
fn device_part(cx: &mut Context, value: Value) -> Result<u32> {
    match cx.index_i128(value)? {
        -1 => Ok(u32::MAX),
        part => u32::try_from(part).map_err(|_| {
            let wrong = if part < 0 {
                "can't convert negative int to unsigned"
            } else {
                "Python int too large to convert to C unsigned int"
            };
            cx.overflow_error(wrong)
        }),
    }
}

#[module("posix")]
impl MoreFiles {
    /// Read from a file descriptor into a bytes-like object; return the number of bytes read.
    #[function("(fd, buffer, /)")]
    fn readinto(cx: &mut Context, fd: i32, buffer: Value) -> Result<usize> {
        let target = cx.writable_buffer(buffer, "readinto() argument 2")?;
        let mut copy = cx.zeroed_bytes(target.len().min(0x7fff_f000))?;
        let count = call(cx, None, || sys::read(fd, &mut copy))?;
        target.fill_from(&copy[..count]);
        Ok(count)
    }

    /// Read from a file descriptor into an iterable of buffers.
    #[function("(fd, buffers, /)")]
    fn readv(cx: &mut Context, fd: i32, buffers: Value) -> Result<usize> {
        let (items, mut copies) = targets(cx, "readv", buffers)?;
        let count = call(cx, None, || files::readv(fd, &mut copies, None))?;
        scatter(cx, &items, &copies, count)
    }

    /// Read from a position of a file descriptor into an iterable of buffers.
    #[function("(fd, buffers, offset, flags=0, /)")]
    fn preadv(cx: &mut Context, fd: i32, buffers: Value, offset: i64, flags: i32) -> Result<usize> {
        let (items, mut copies) = targets(cx, "preadv", buffers)?;
        let count = call(cx, None, || files::readv(fd, &mut copies, Some((offset, flags))))?;
        scatter(cx, &items, &copies, count)
    }

    /// Iterate over buffers, and write the contents of each to a file descriptor.
    #[function("(fd, buffers, /)")]
    fn writev(cx: &mut Context, fd: i32, buffers: Value) -> Result<usize> {
        let copies = sources(cx, "writev", buffers)?;
        call(cx, None, || files::writev(fd, &copies, None))
    }

    /// Write the contents of buffers to a position of a file descriptor.
    #[function("(fd, buffers, offset, flags=0, /)")]
    fn pwritev(cx: &mut Context, fd: i32, buffers: Value, offset: i64, flags: i32) -> Result<usize> {
        let copies = sources(cx, "pwritev", buffers)?;
        call(cx, None, || files::writev(fd, &copies, Some((offset, flags))))
    }

    /// Write bytes to a file descriptor starting at a particular offset.
    #[function("(fd, buffer, offset, /)")]
    fn pwrite(cx: &mut Context, fd: i32, buffer: Value, offset: i64) -> Result<usize> {
        let copy = cx.with_buffer(buffer, |bytes| bytes.to_vec())?;
        call(cx, None, || files::pwrite(fd, &copy, offset))
    }

    /// Copy count bytes from one file descriptor to another.
    #[function("(out_fd, in_fd, offset, count)")]
    fn sendfile(cx: &mut Context, out_fd: i32, in_fd: i32, offset: Value, count: isize) -> Result<usize> {
        let offset = optional_offset(cx, offset)?;
        call(cx, None, || files::sendfile(out_fd, in_fd, offset, count as usize))
    }

    /// Copy count bytes from one file descriptor to another within the kernel.
    #[function("(src, dst, count, offset_src=None, offset_dst=None)")]
    fn copy_file_range(
        cx: &mut Context,
        src: i32,
        dst: i32,
        count: isize,
        offset_src: Value,
        offset_dst: Value,
    ) -> Result<usize> {
        let count = count_arg(cx, count)?;
        let (from, to) = (optional_offset(cx, offset_src)?, optional_offset(cx, offset_dst)?);
        call(cx, None, || files::copy_file_range((src, from), (dst, to), count))
    }

    /// Transfer count bytes from one pipe to a descriptor or vice versa.
    #[function("(src, dst, count, offset_src=None, offset_dst=None, flags=0)")]
    fn splice(
        cx: &mut Context,
        src: i32,
        dst: i32,
        count: isize,
        offset_src: Value,
        offset_dst: Value,
        flags: u32,
    ) -> Result<usize> {
        let count = count_arg(cx, count)?;
        let (from, to) = (optional_offset(cx, offset_src)?, optional_offset(cx, offset_dst)?);
        call(cx, None, || files::splice((src, from), (dst, to), count, flags))
    }

    /// Force write of fd to disk without forcing update of metadata.
    #[function("(fd)")]
    fn fdatasync(cx: &mut Context, fd: Value) -> Result<()> {
        let fd = descriptor(cx, fd)?;
        call(cx, None, || numbers::fdatasync(fd)).map(drop)
    }

    /// Force write of everything to disk.
    #[function("()")]
    fn sync(cx: &mut Context) {
        cx.blocking(numbers::sync);
    }

    /// Apply, test or remove a POSIX lock on an open file descriptor.
    #[function("(fd, command, length, /)")]
    fn lockf(cx: &mut Context, fd: i32, command: i32, length: i64) -> Result<()> {
        let args = [fd, command].map(|number| Value::int(number.into()));
        cx.audit("os.lockf", |cx| [args[0], args[1], cx.new_int(length)])?;
        call(cx, None, || numbers::lockf(fd, command, length)).map(drop)
    }

    /// Ensure a file has allocated at least a particular number of bytes on disk.
    #[function("(fd, offset, length, /)")]
    fn posix_fallocate(cx: &mut Context, fd: i32, offset: i64, length: i64) -> Result<()> {
        call(cx, None, || numbers::posix_fallocate(fd, offset, length))
    }

    /// Announce an intention to access data in a specific pattern.
    #[function("(fd, offset, length, advice, /)")]
    fn posix_fadvise(cx: &mut Context, fd: i32, offset: i64, length: i64, advice: i32) -> Result<()> {
        call(cx, None, || numbers::posix_fadvise(fd, offset, length, advice))
    }

    /// Perform a statvfs system call on the given path.
    #[function("(path)")]
    fn statvfs(cx: &mut Context, path: Value) -> Result {
        let arg = path_arg(cx, path, "statvfs", "path", Accepts { fd: true, none: false })?;
        statvfs(cx, Some(arg.object), &place(&arg))
    }

    /// Perform an fstatvfs system call on the given fd.
    #[function("(fd, /)")]
    fn fstatvfs(cx: &mut Context, fd: i32) -> Result {
        statvfs(cx, None, &Place::Fd(fd))
    }

    /// Return the configuration limit name for the file or directory path.
    #[function("(path, name)")]
    fn pathconf(cx: &mut Context, path: Value, name: Value) -> Result<i64> {
        let arg = path_arg(cx, path, "pathconf", "path", Accepts { fd: true, none: false })?;
        let name = constants::configuration(cx, name, constants::PATHCONF)?;
        call(cx, Some(arg.object), || match &arg.target {
            Target::Fd(fd) => numbers::fpathconf(*fd, name),
            Target::Path(path) => files::pathconf(path, name),
        })
    }

    /// Return the configuration limit name for the file descriptor fd.
    #[function("(fd, name, /)")]
    fn fpathconf(cx: &mut Context, fd: Value, name: Value) -> Result<i64> {
        let fd = descriptor(cx, fd)?;
        let name = constants::configuration(cx, name, constants::PATHCONF)?;
        call(cx, None, || numbers::fpathconf(fd, name))
    }

    /// Return a string-valued system configuration variable.
    #[function("(name, /)")]
    fn confstr(cx: &mut Context, name: Value) -> Result {
        let name = constants::configuration(cx, name, constants::CONFSTR)?;
        match call(cx, None, || files::confstr(name))? {
            Some(text) => Ok(decode(cx, &text).value()),
            None => Ok(Value::NONE),
        }
    }

    /// Change root directory to path.
    #[function("(path)")]
    fn chroot(cx: &mut Context, path: Value) -> Result<()> {
        let arg = only_path(cx, path, "chroot")?;
        call(cx, Some(arg.object), || files::chroot(path_of(&arg)))
    }

    /// Change the owner and group id of path, without following symbolic links.
    #[function("(path, uid, gid)")]
    fn lchown(cx: &mut Context, path: Value, uid: Value, gid: Value) -> Result<()> {
        let arg = only_path(cx, path, "lchown")?;
        let (uid, gid) = (ids::id_arg(cx, uid, "uid")?, ids::id_arg(cx, gid, "gid")?);
        let ids = [uid, gid].map(|id| Value::int(id.into()));
        cx.audit("os.chown", |_| [arg.object, ids[0], ids[1], Value::int(-1)])?;
        call(cx, Some(arg.object), || sys::chown(path_of(&arg), uid, gid, libc::AT_FDCWD, false))
    }

    /// Change the owner and group id of the file specified by file descriptor.
    #[function("(fd, uid, gid)")]
    fn fchown(cx: &mut Context, fd: i32, uid: Value, gid: Value) -> Result<()> {
        let (uid, gid) = (ids::id_arg(cx, uid, "uid")?, ids::id_arg(cx, gid, "gid")?);
        let ids = [uid, gid].map(|id| Value::int(id.into()));
        cx.audit("os.chown", |_| [Value::int(fd.into()), ids[0], ids[1], Value::int(-1)])?;
        call(cx, None, || numbers::fchown(fd, uid, gid)).map(drop)
    }

    /// Create a FIFO, a named pipe.
    #[function("(path, mode=438, *, dir_fd=None)")]
    fn mkfifo(cx: &mut Context, path: Value, mode: i32, dir_fd: Value) -> Result<()> {
        let arg = only_path(cx, path, "mkfifo")?;
        let dir = self::dir_fd(cx, dir_fd)?;
        call(cx, None, || files::mkfifo(path_of(&arg), mode as u32, dir))
    }

    /// Create a node in the file system.
    #[function("(path, mode=384, device=0, *, dir_fd=None)")]
    fn mknod(cx: &mut Context, path: Value, mode: i32, device: Value, dir_fd: Value) -> Result<()> {
        let arg = only_path(cx, path, "mknod")?;
        let device = device_arg(cx, device)?;
        let dir = self::dir_fd(cx, dir_fd)?;
        call(cx, None, || files::mknod(path_of(&arg), mode as u32, device, dir))
    }

    /// Extracts a device major number from a raw device number.
    #[function("(device, /)")]
    fn major(cx: &mut Context, device: Value) -> Result<i64> {
        let device = device_arg(cx, device)?;
        Ok(if device == u64::MAX { -1 } else { numbers::device_parts(device).0.into() })
    }

    /// Extracts a device minor number from a raw device number.
    #[function("(device, /)")]
    fn minor(cx: &mut Context, device: Value) -> Result<i64> {
        let device = device_arg(cx, device)?;
        Ok(if device == u64::MAX { -1 } else { numbers::device_parts(device).1.into() })
    }

    /// Composes a raw device number from the major and minor device numbers.
    #[function("(major, minor, /)")]
    fn makedev(cx: &mut Context, major: Value, minor: Value) -> Result<i128> {
        let (major, minor) = (device_part(cx, major)?, device_part(cx, minor)?);
        match numbers::device(major, minor) {
            u64::MAX => Ok(-1),
            device => Ok(device.into()),
        }
    }

    /// Return the value of extended attribute attribute on path.
    #[function("(path, attribute, *, follow_symlinks=True)")]
    fn getxattr(cx: &mut Context, path: Value, attribute: Value, follow_symlinks: bool) -> Result<Vec<u8>> {
        let arg = attribute_path(cx, "getxattr", path, false, follow_symlinks)?;
        let name = argument(cx, attribute)?;
        cx.audit("os.getxattr", |_| [arg.object, attribute])?;
        call(cx, Some(arg.object), || files::getxattr(&place(&arg), &name, follow_symlinks))
    }

    /// Set extended attribute attribute on path to value.
    #[function("(path, attribute, value, flags=0, *, follow_symlinks=True)")]
    fn setxattr(
        cx: &mut Context,
        path: Value,
        attribute: Value,
        value: Value,
        flags: i32,
        follow_symlinks: bool,
    ) -> Result<()> {
        let arg = attribute_path(cx, "setxattr", path, false, follow_symlinks)?;
        let name = argument(cx, attribute)?;
        let value = cx.with_buffer(value, |bytes| bytes.to_vec())?;
        cx.audit("os.setxattr", |cx| {
            [arg.object, attribute, cx.new_bytes(&value).value(), Value::int(flags.into())]
        })?;
        call(cx, Some(arg.object), || files::setxattr(&place(&arg), &name, &value, flags, follow_symlinks))
    }

    /// Remove extended attribute attribute on path.
    #[function("(path, attribute, *, follow_symlinks=True)")]
    fn removexattr(cx: &mut Context, path: Value, attribute: Value, follow_symlinks: bool) -> Result<()> {
        let arg = attribute_path(cx, "removexattr", path, false, follow_symlinks)?;
        let name = argument(cx, attribute)?;
        cx.audit("os.removexattr", |_| [arg.object, attribute])?;
        call(cx, Some(arg.object), || files::removexattr(&place(&arg), &name, follow_symlinks))
    }

    /// Return a list of extended attributes on path.
    #[function("(path=None, *, follow_symlinks=True)")]
    fn listxattr(cx: &mut Context, path: Value, follow_symlinks: bool) -> Result {
        let arg = attribute_path(cx, "listxattr", path, true, follow_symlinks)?;
        cx.audit("os.listxattr", |_| [arg.object])?;
        let names = call(cx, arg.object.not_none(), || files::listxattr(&place(&arg), follow_symlinks))?;
        let names = names.split(|byte| *byte == 0).filter(|name| !name.is_empty());
        let names: GVec<Value> = names.map(|name| decode(cx, name).value()).collect();
        Ok(cx.new_list(&names).value())
    }

    /// Create an anonymous file in memory and return its descriptor.
    #[function("(name, flags=1)")]
    fn memfd_create(cx: &mut Context, name: Value, flags: u32) -> Result<i32> {
        let name: CString = argument(cx, name)?;
        call(cx, None, || files::memfd_create(&name, flags))
    }

    /// Obtain a series of random bytes.
    #[function("(size, flags=0)")]
    fn getrandom(cx: &mut Context, size: isize, flags: i32) -> Result<Vec<u8>> {
        let Ok(size) = usize::try_from(size) else { return Err(cx.os_error(libc::EINVAL)) };
        let mut buffer = cx.zeroed_bytes(size)?;
        let count = call(cx, None, || files::random(&mut buffer, flags as u32))?;
        buffer.truncate(count);
        Ok(buffer)
    }

    /// Create an event notification file descriptor.
    #[function("(initval, flags=524288)")]
    fn eventfd(cx: &mut Context, initval: Value, flags: i32) -> Result<i64> {
        let initial = unsigned(cx, initval, u32::MAX.into(), "unsigned int")? as u32;
        call(cx, None, || numbers::eventfd(initial, flags))
    }

    /// Read eventfd value.
    #[function("(fd)")]
    fn eventfd_read(cx: &mut Context, fd: Value) -> Result<u64> {
        let fd = descriptor(cx, fd)?;
        let mut buffer = [0; 8];
        call(cx, None, || sys::read(fd, &mut buffer))?;
        Ok(u64::from_ne_bytes(buffer))
    }

    /// Write eventfd value.
    #[function("(fd, value)")]
    fn eventfd_write(cx: &mut Context, fd: Value, value: Value) -> Result<()> {
        let fd = descriptor(cx, fd)?;
        let value = unsigned(cx, value, u64::MAX.into(), "unsigned long long")? as u64;
        call(cx, None, || sys::write(fd, &value.to_ne_bytes())).map(drop)
    }

    /// Create and return a timer file descriptor.
    #[function("(clockid, /, *, flags=524288)")]
    fn timerfd_create(cx: &mut Context, clockid: i32, flags: i32) -> Result<i64> {
        call(cx, None, || numbers::timerfd_create(clockid, flags))
    }

    /// Alter a timer file descriptor's internal timer in seconds.
    #[function("(fd, /, *, flags=0, initial=0.0, interval=0.0)")]
    fn timerfd_settime(
        cx: &mut Context,
        fd: Value,
        flags: i32,
        initial: Option<Value>,
        interval: Option<Value>,
    ) -> Result<(f64, f64)> {
        let fd = descriptor(cx, fd)?;
        let mut nanos = |value: Option<Value>| value.map_or(Ok(0), |value| nanoseconds(cx, value, false));
        let timer = (nanos(initial)?, nanos(interval)?);
        call(cx, None, || files::timerfd_settime(fd, flags, timer)).map(timer_seconds)
    }

    /// Alter a timer file descriptor's internal timer in nanoseconds.
    #[function("(fd, /, *, flags=0, initial=0, interval=0)")]
    fn timerfd_settime_ns(
        cx: &mut Context,
        fd: Value,
        flags: i32,
        initial: i64,
        interval: i64,
    ) -> Result<(i128, i128)> {
        let fd = descriptor(cx, fd)?;
        let timer = (initial.into(), interval.into());
        call(cx, None, || files::timerfd_settime(fd, flags, timer))
    }

    /// Return a tuple of a timer file descriptor's (interval, next expiration) in float seconds.
    #[function("(fd, /)")]
    fn timerfd_gettime(cx: &mut Context, fd: Value) -> Result<(f64, f64)> {
        let fd = descriptor(cx, fd)?;
        call(cx, None, || files::timerfd_gettime(fd)).map(timer_seconds)
    }

    /// Return a tuple of a timer file descriptor's (interval, next expiration) in nanoseconds.
    #[function("(fd, /)")]
    fn timerfd_gettime_ns(cx: &mut Context, fd: Value) -> Result<(i128, i128)> {
        let fd = descriptor(cx, fd)?;
        call(cx, None, || files::timerfd_gettime(fd))
    }

    /// Return the name of the controlling terminal for this process.
    #[function("()")]
    fn ctermid() -> &'static str {
        "/dev/tty"
    }

    /// Return the name of the terminal device connected to 'fd'.
    #[function("(fd, /)")]
    fn ttyname(cx: &mut Context, fd: i32) -> Result {
        let name = call(cx, None, || files::ttyname(fd))?;
        Ok(decode(cx, &name).value())
    }

    /// Open a pseudo-terminal; return (master fd, slave fd).
    #[function("()")]
    fn openpty(cx: &mut Context) -> Result<(i32, i32)> {
        call(cx, None, files::openpty)
    }

    /// Open and return a file descriptor for a master pseudo-terminal device.
    #[function("(oflag, /)")]
    fn posix_openpt(cx: &mut Context, oflag: i32) -> Result<i64> {
        let fd = call(cx, None, || numbers::posix_openpt(oflag))?;
        let _ = sys::set_inheritable(fd as i32, false);
        Ok(fd)
    }

    /// Grant access to the slave pseudo-terminal device.
    #[function("(fd, /)")]
    fn grantpt(cx: &mut Context, fd: Value) -> Result<()> {
        let fd = descriptor(cx, fd)?;
        call(cx, None, || numbers::grantpt(fd)).map(drop)
    }

    /// Unlock a pseudo-terminal master/slave pair.
    #[function("(fd, /)")]
    fn unlockpt(cx: &mut Context, fd: Value) -> Result<()> {
        let fd = descriptor(cx, fd)?;
        call(cx, None, || numbers::unlockpt(fd)).map(drop)
    }

    /// Return the name of the slave pseudo-terminal device.
    #[function("(fd, /)")]
    fn ptsname(cx: &mut Context, fd: Value) -> Result {
        let fd = descriptor(cx, fd)?;
        let name = call(cx, None, || files::ptsname(fd))?;
        Ok(decode(cx, &name).value())
    }

    /// Prepare the tty of which fd is a file descriptor for a new login session.
    #[function("(fd, /)")]
    fn login_tty(cx: &mut Context, fd: Value) -> Result<()> {
        let fd = descriptor(cx, fd)?;
        call(cx, None, || numbers::login_tty(fd)).map(drop)
    }

    /// Return the process group associated with the terminal specified by fd.
    #[function("(fd, /)")]
    fn tcgetpgrp(cx: &mut Context, fd: i32) -> Result<i64> {
        call(cx, None, || numbers::tcgetpgrp(fd))
    }

    /// Set the process group associated with the terminal specified by fd.
    #[function("(fd, pgid, /)")]
    fn tcsetpgrp(cx: &mut Context, fd: i32, pgid: i32) -> Result<()> {
        call(cx, None, || numbers::tcsetpgrp(fd, pgid)).map(drop)
    }
}

/// A number that is not negative and at most `most`.
fn unsigned(cx: &mut Context, value: Value, most: u128, c_name: &str) -> Result<u128> {
    let wide = cx.index_i128(value)?;
    match u128::try_from(wide) {
        Ok(number) if number <= most => Ok(number),
        Ok(_) => Err(cx.overflow_error(format!("Python int too large to convert to C {c_name}"))),
        Err(_) => Err(cx.value_error("Cannot convert negative int")),
    }
}
