//! `posix`: the system calls behind `os`. CPython: `Modules/posixmodule.c`.
//!
//! Invariant: calls that may wait run in state NATIVE (`cx.blocking`), so that others may collect; a call
//! interrupted by a signal runs the handlers and tries again (PEP 475).

mod configuration;
mod constants;
mod directory;
mod environment;
mod fork;
pub(crate) mod ids;
mod more_files;
mod process;
mod processes;
mod schedule;
pub(crate) mod spawn;
mod stat;

use std::ffi::CStr;
use std::io;

use taipan_runtime::prelude::*;
use taipan_runtime::types::bytes::Bytes;
use taipan_runtime::types::module::run_def;

use crate::path::{self, Accepts, PathArg, Target, path_arg, plain_path};
use crate::sys;
use crate::wait::retry;

pub use directory::{DirEntry, ScandirIterator};

pub struct Posix;

/// `retry`, with the error raised as OSError.
pub(crate) fn call<T>(
    cx: &mut Context,
    filename: Option<Value>,
    f: impl FnMut() -> io::Result<T>,
) -> Result<T> {
    match retry(cx, f)? {
        Ok(value) => Ok(value),
        Err(error) => Err(cx.io_error(&error, filename)),
    }
}

/// Warns of True or False as a descriptor, which is hardly meant.
pub(crate) fn warn_of_bool(cx: &mut Context, value: Value) -> Result<()> {
    if value == Value::TRUE || value == Value::FALSE {
        cx.warn(taipan_runtime::exception::runtime_warning, "bool is used as a file descriptor", 1)?;
    }
    Ok(())
}

/// `dir_fd=`: None is the current directory.
pub(crate) fn dir_fd(cx: &mut Context, value: Value) -> Result<i32> {
    match value.not_none() {
        None => Ok(libc::AT_FDCWD),
        Some(value) => {
            if !cx.has_index(value) {
                return Err(
                    cx.type_error(format!("argument should be integer or None, not {}", cx.type_name(value)))
                );
            }
            warn_of_bool(cx, value)?;
            let fd = cx.index_i128(value)?;
            i32::try_from(fd).map_err(|fd_error| {
                let _ = fd_error;
                let which = if fd < 0 { "less than minimum" } else { "greater than maximum" };
                cx.overflow_error(format!("fd is {which}"))
            })
        }
    }
}

/// A directory's descriptor as audit hooks see it.
pub(crate) fn audited_dir(dir: i32) -> Value {
    Value::int(if dir == libc::AT_FDCWD { -1 } else { dir.into() })
}

fn path_of(arg: &PathArg) -> &CStr {
    match &arg.target {
        Target::Path(path) => path,
        Target::Fd(_) => c"",
    }
}

/// A path argument without descriptor, as a `PathArg`.
fn only_path(cx: &mut Context, value: Value, function: &str) -> Result<PathArg> {
    path_arg(cx, value, function, "path", Accepts::default())
}

/// This module provides access to operating system functionality that is
/// standardized by the C Standard and the POSIX standard (a thinly
/// disguised Unix interface).  Refer to the library manual and
/// corresponding Unix manual entries for more information on calls.
#[module("posix", classes(DirEntry))]
impl Posix {
    /// Open a file for low level IO.  Returns a file descriptor (integer).
    #[function("(path, flags, mode=511, *, dir_fd=None)")]
    fn open(cx: &mut Context, path: Value, flags: i32, mode: i32, dir_fd: Value) -> Result<i32> {
        let arg = only_path(cx, path, "open")?;
        let dir = self::dir_fd(cx, dir_fd)?;
        let path = path_of(&arg).to_owned();
        let shown = flags | libc::O_CLOEXEC;
        cx.audit("open", |_| [arg.object, Value::NONE, Value::int(shown.into())])?;
        call(cx, Some(arg.object), || sys::open(&path, flags | libc::O_CLOEXEC, mode as u32, dir))
    }

    /// Close a file descriptor.
    #[function("(fd)")]
    fn close(cx: &mut Context, fd: i32) -> Result<()> {
        // Not tried again: after EINTR the descriptor is closed.
        match cx.blocking(|| sys::close(fd)) {
            Err(error) if error.raw_os_error() != Some(libc::EINTR) => Err(cx.io_error(&error, None)),
            _ => Ok(()),
        }
    }

    /// Closes all file descriptors in [fd_low, fd_high), ignoring errors.
    #[function("(fd_low, fd_high, /)")]
    fn closerange(cx: &mut Context, fd_low: i32, fd_high: i32) {
        cx.blocking(|| {
            for fd in fd_low..fd_high {
                let _ = sys::close(fd);
            }
        });
    }

    /// Read from a file descriptor.  Returns a bytes object.
    #[function("(fd, length, /)")]
    fn read(cx: &mut Context, fd: i32, length: isize) -> Result<Vec<u8>> {
        let Ok(length) = usize::try_from(length) else { return Err(cx.os_error(libc::EINVAL)) };
        let mut buffer = cx.zeroed_bytes(length.min(0x7fff_f000))?;
        let read = call(cx, None, || sys::read(fd, &mut buffer))?;
        buffer.truncate(read);
        Ok(buffer)
    }

    /// Read a number of bytes from a file descriptor starting at a particular offset.
    #[function("(fd, length, offset, /)")]
    fn pread(cx: &mut Context, fd: i32, length: isize, offset: i64) -> Result<Vec<u8>> {
        let Ok(length) = usize::try_from(length) else { return Err(cx.os_error(libc::EINVAL)) };
        let mut buffer = cx.zeroed_bytes(length.min(0x7fff_f000))?;
        let read = call(cx, None, || sys::pread(fd, &mut buffer, offset))?;
        buffer.truncate(read);
        Ok(buffer)
    }

    /// Write a bytes object to a file descriptor.
    #[function("(fd, data, /)")]
    fn write(cx: &mut Context, fd: i32, data: Value) -> Result<usize> {
        let copy = match data.downcast::<Bytes>() {
            Some(bytes) => bytes.as_slice().to_vec(),
            None => cx.with_buffer(data, |bytes| bytes.to_vec())?,
        };
        call(cx, None, || sys::write(fd, &copy))
    }

    /// Set the position of a file descriptor.  Return the new position.
    #[function("(fd, position, whence, /)")]
    fn lseek(cx: &mut Context, fd: i32, position: i64, whence: i32) -> Result<i64> {
        call(cx, None, || sys::lseek(fd, position, whence))
    }

    /// Truncate a file, specified by file descriptor, to a specific length.
    #[function("(fd, length, /)")]
    fn ftruncate(cx: &mut Context, fd: i32, length: i64) -> Result<()> {
        cx.audit("os.truncate", |cx| [Value::int(fd.into()), cx.new_int(length)])?;
        call(cx, None, || sys::ftruncate(fd, length))
    }

    /// Truncate a file, specified by path, to a specific length.
    #[function("(path, length)")]
    fn truncate(cx: &mut Context, path: Value, length: i64) -> Result<()> {
        let arg = path_arg(cx, path, "truncate", "path", Accepts { fd: true, none: false })?;
        cx.audit("os.truncate", |cx| [arg.object, cx.new_int(length)])?;
        call(cx, Some(arg.object), || match &arg.target {
            Target::Fd(fd) => sys::ftruncate(*fd, length),
            Target::Path(path) => {
                let fd = sys::open(path, libc::O_WRONLY | libc::O_CLOEXEC, 0, libc::AT_FDCWD)?;
                let result = sys::ftruncate(fd, length);
                let _ = sys::close(fd);
                result
            }
        })
    }

    /// Force write of fd to disk.
    #[function("(fd)")]
    fn fsync(cx: &mut Context, fd: Value) -> Result<()> {
        let fd = descriptor(cx, fd)?;
        call(cx, None, || sys::fsync(fd))
    }

    /// Return a duplicate of a file descriptor.
    #[function("(fd, /)")]
    fn dup(cx: &mut Context, fd: i32) -> Result<i32> {
        call(cx, None, || sys::dup(fd))
    }

    /// Duplicate file descriptor.
    #[function("(fd, fd2, inheritable=True)")]
    fn dup2(cx: &mut Context, fd: i32, fd2: i32, inheritable: bool) -> Result<i32> {
        call(cx, None, || {
            if fd == fd2 { sys::inheritable(fd).map(|_| fd) } else { sys::dup3(fd, fd2, inheritable) }
        })
    }

    /// Create a pipe.
    #[function("()")]
    fn pipe(cx: &mut Context) -> Result<(i32, i32)> {
        call(cx, None, || sys::pipe(libc::O_CLOEXEC))
    }

    /// Create a pipe with flags set atomically.
    #[function("(flags, /)")]
    fn pipe2(cx: &mut Context, flags: i32) -> Result<(i32, i32)> {
        call(cx, None, || sys::pipe(flags))
    }

    /// Return True if the fd is connected to a terminal.
    #[function("(fd, /)")]
    fn isatty(fd: i32) -> bool {
        sys::isatty(fd)
    }

    /// Get the close-on-exe flag of the specified file descriptor.
    #[function("(fd, /)")]
    fn get_inheritable(cx: &mut Context, fd: i32) -> Result<bool> {
        call(cx, None, || sys::inheritable(fd))
    }

    /// Set the inheritable flag of the specified file descriptor.
    #[function("(fd, inheritable, /)")]
    fn set_inheritable(cx: &mut Context, fd: i32, inheritable: i32) -> Result<()> {
        call(cx, None, || sys::set_inheritable(fd, inheritable != 0))
    }

    /// Get the blocking mode of the file descriptor.
    #[function("(fd, /)")]
    fn get_blocking(cx: &mut Context, fd: i32) -> Result<bool> {
        call(cx, None, || sys::nonblocking(fd)).map(|on| !on)
    }

    /// Set the blocking mode of the specified file descriptor.
    #[function("(fd, blocking, /)")]
    fn set_blocking(cx: &mut Context, fd: i32, blocking: bool) -> Result<()> {
        call(cx, None, || sys::set_nonblocking(fd, !blocking))
    }

    /// Perform a stat system call on the given path.
    #[function("(path, *, dir_fd=None, follow_symlinks=True)")]
    fn stat(cx: &mut Context, path: Value, dir_fd: Value, follow_symlinks: bool) -> Result {
        stat::stat(cx, path, dir_fd, follow_symlinks, "stat")
    }

    /// Perform a stat system call on the given path, without following symbolic links.
    #[function("(path, *, dir_fd=None)")]
    fn lstat(cx: &mut Context, path: Value, dir_fd: Value) -> Result {
        stat::stat(cx, path, dir_fd, false, "lstat")
    }

    /// Perform a stat system call on the given file descriptor.
    #[function("(fd)")]
    fn fstat(cx: &mut Context, fd: i32) -> Result {
        let found = call(cx, None, || sys::fstat(fd))?;
        stat::to_value(cx, &found)
    }

    /// Use the real uid/gid to test for access to a path.
    #[function("(path, mode, *, dir_fd=None, effective_ids=False, follow_symlinks=True)")]
    fn access(
        cx: &mut Context,
        path: Value,
        mode: i32,
        dir_fd: Value,
        effective_ids: bool,
        follow_symlinks: bool,
    ) -> Result<bool> {
        let arg = only_path(cx, path, "access")?;
        let dir = self::dir_fd(cx, dir_fd)?;
        let flags = if effective_ids { libc::AT_EACCESS } else { 0 }
            | if follow_symlinks { 0 } else { libc::AT_SYMLINK_NOFOLLOW };
        Ok(cx.blocking(|| sys::access(path_of(&arg), mode, dir, flags)))
    }

    /// Change the current working directory to the specified path.
    #[function("(path)")]
    fn chdir(cx: &mut Context, path: Value) -> Result<()> {
        let arg = path_arg(cx, path, "chdir", "path", Accepts { fd: true, none: false })?;
        cx.audit("os.chdir", |_| [arg.object])?;
        call(cx, Some(arg.object), || match &arg.target {
            Target::Fd(fd) => sys::fchdir(*fd),
            Target::Path(path) => sys::chdir(path),
        })
    }

    /// Change to the directory of the given file descriptor.
    #[function("(fd)")]
    fn fchdir(cx: &mut Context, fd: Value) -> Result<()> {
        let fd = descriptor(cx, fd)?;
        cx.audit("os.chdir", |_| [Value::int(fd.into())])?;
        call(cx, None, || sys::fchdir(fd))
    }

    /// Return a unicode string representing the current working directory.
    #[function("()")]
    fn getcwd(cx: &mut Context) -> Result {
        let path = call(cx, None, std::env::current_dir)?;
        Ok(path::decode(cx, path.as_os_str().as_encoded_bytes()).value())
    }

    /// Return a bytes string representing the current working directory.
    #[function("()")]
    fn getcwdb(cx: &mut Context) -> Result<Vec<u8>> {
        let path = call(cx, None, std::env::current_dir)?;
        Ok(path.into_os_string().into_encoded_bytes())
    }

    /// Create a directory.
    #[function("(path, mode=511, *, dir_fd=None)")]
    fn mkdir(cx: &mut Context, path: Value, mode: i32, dir_fd: Value) -> Result<()> {
        let arg = only_path(cx, path, "mkdir")?;
        let dir = self::dir_fd(cx, dir_fd)?;
        cx.audit("os.mkdir", |_| [arg.object, Value::int(mode.into()), audited_dir(dir)])?;
        call(cx, Some(arg.object), || sys::mkdir(path_of(&arg), mode as u32, dir))
    }

    /// Remove a directory.
    #[function("(path, *, dir_fd=None)")]
    fn rmdir(cx: &mut Context, path: Value, dir_fd: Value) -> Result<()> {
        let arg = only_path(cx, path, "rmdir")?;
        let dir = self::dir_fd(cx, dir_fd)?;
        cx.audit("os.rmdir", |_| [arg.object, audited_dir(dir)])?;
        call(cx, Some(arg.object), || sys::unlink(path_of(&arg), dir, true))
    }

    /// Remove a file (same as remove()).
    #[function("(path, *, dir_fd=None)")]
    fn unlink(cx: &mut Context, path: Value, dir_fd: Value) -> Result<()> {
        let arg = only_path(cx, path, "unlink")?;
        let dir = self::dir_fd(cx, dir_fd)?;
        cx.audit("os.remove", |_| [arg.object, audited_dir(dir)])?;
        call(cx, Some(arg.object), || sys::unlink(path_of(&arg), dir, false))
    }

    /// Remove a file (same as unlink()).
    #[function("(path, *, dir_fd=None)")]
    fn remove(cx: &mut Context, path: Value, dir_fd: Value) -> Result<()> {
        let arg = only_path(cx, path, "remove")?;
        let dir = self::dir_fd(cx, dir_fd)?;
        cx.audit("os.remove", |_| [arg.object, audited_dir(dir)])?;
        call(cx, Some(arg.object), || sys::unlink(path_of(&arg), dir, false))
    }

    /// Rename a file or directory.
    #[function("(src, dst, *, src_dir_fd=None, dst_dir_fd=None)")]
    fn rename(cx: &mut Context, src: Value, dst: Value, src_dir_fd: Value, dst_dir_fd: Value) -> Result<()> {
        rename(cx, "rename", src, dst, src_dir_fd, dst_dir_fd)
    }

    /// Rename a file or directory, overwriting the destination.
    #[function("(src, dst, *, src_dir_fd=None, dst_dir_fd=None)")]
    fn replace(cx: &mut Context, src: Value, dst: Value, src_dir_fd: Value, dst_dir_fd: Value) -> Result<()> {
        rename(cx, "replace", src, dst, src_dir_fd, dst_dir_fd)
    }

    /// Create a symbolic link pointing to src named dst.
    #[function("(src, dst, target_is_directory=False, *, dir_fd=None)")]
    fn symlink(
        cx: &mut Context,
        src: Value,
        dst: Value,
        target_is_directory: bool,
        dir_fd: Value,
    ) -> Result<()> {
        let _ = target_is_directory;
        let (from, src) = plain_path(cx, src, "symlink", "src")?;
        let (to, dst) = plain_path(cx, dst, "symlink", "dst")?;
        let dir = self::dir_fd(cx, dir_fd)?;
        cx.audit("os.symlink", |_| [src, dst, audited_dir(dir)])?;
        two_paths(cx, src, dst, || sys::symlink(&from, &to, dir))
    }

    /// Create a hard link to a file.
    #[function("(src, dst, *, src_dir_fd=None, dst_dir_fd=None, follow_symlinks=True)")]
    fn link(
        cx: &mut Context,
        src: Value,
        dst: Value,
        src_dir_fd: Value,
        dst_dir_fd: Value,
        follow_symlinks: bool,
    ) -> Result<()> {
        let (from, src) = plain_path(cx, src, "link", "src")?;
        let (to, dst) = plain_path(cx, dst, "link", "dst")?;
        let (from_dir, to_dir) = (self::dir_fd(cx, src_dir_fd)?, self::dir_fd(cx, dst_dir_fd)?);
        cx.audit("os.link", |_| [src, dst, audited_dir(from_dir), audited_dir(to_dir)])?;
        two_paths(cx, src, dst, || sys::link(&from, from_dir, &to, to_dir, follow_symlinks))
    }

    /// Return a string representing the path to which the symbolic link points.
    #[function("(path, *, dir_fd=None)")]
    fn readlink(cx: &mut Context, path: Value, dir_fd: Value) -> Result {
        let arg = only_path(cx, path, "readlink")?;
        let dir = self::dir_fd(cx, dir_fd)?;
        let target = call(cx, Some(arg.object), || sys::readlink(path_of(&arg), dir))?;
        Ok(path::to_value(cx, &target, arg.bytes))
    }

    /// Change the access permissions of a file.
    #[function("(path, mode, *, dir_fd=None, follow_symlinks=True)")]
    fn chmod(cx: &mut Context, path: Value, mode: i32, dir_fd: Value, follow_symlinks: bool) -> Result<()> {
        if !follow_symlinks {
            return Err(cx.not_implemented_error("chmod: follow_symlinks unavailable on this platform"));
        }
        let arg = path_arg(cx, path, "chmod", "path", Accepts { fd: true, none: false })?;
        let dir = self::dir_fd(cx, dir_fd)?;
        cx.audit("os.chmod", |_| [arg.object, Value::int(mode.into()), audited_dir(dir)])?;
        call(cx, Some(arg.object), || match &arg.target {
            Target::Fd(fd) => sys::fchmod(*fd, mode as u32),
            Target::Path(path) => sys::chmod(path, mode as u32, dir),
        })
    }

    /// Change the access permissions of the file given by file descriptor fd.
    #[function("(fd, mode)")]
    fn fchmod(cx: &mut Context, fd: i32, mode: i32) -> Result<()> {
        cx.audit("os.chmod", |_| [Value::int(fd.into()), Value::int(mode.into()), Value::int(-1)])?;
        call(cx, None, || sys::fchmod(fd, mode as u32))
    }

    /// Change the owner and group id of path to the numeric uid and gid.
    #[function("(path, uid, gid, *, dir_fd=None, follow_symlinks=True)")]
    fn chown(
        cx: &mut Context,
        path: Value,
        uid: Value,
        gid: Value,
        dir_fd: Value,
        follow_symlinks: bool,
    ) -> Result<()> {
        let arg = path_arg(cx, path, "chown", "path", Accepts { fd: true, none: false })?;
        let (uid, gid) = (ids::id_arg(cx, uid, "uid")?, ids::id_arg(cx, gid, "gid")?);
        let dir = self::dir_fd(cx, dir_fd)?;
        if let Target::Fd(_) = arg.target
            && dir != libc::AT_FDCWD
        {
            return Err(cx.value_error("chown: can't specify dir_fd without matching path"));
        }
        let ids = [uid, gid].map(|id| Value::int(id.into()));
        cx.audit("os.chown", |_| [arg.object, ids[0], ids[1], audited_dir(dir)])?;
        call(cx, Some(arg.object), || match &arg.target {
            Target::Fd(fd) => sys::numbers::fchown(*fd, uid, gid).map(drop),
            Target::Path(path) => sys::chown(path, uid, gid, dir, follow_symlinks),
        })
    }

    /// Set the access and modified time of path.
    #[function("(path, times=None, *, ns=<absent>, dir_fd=None, follow_symlinks=True)")]
    fn utime(
        cx: &mut Context,
        path: Value,
        times: Value,
        ns: Option<Value>,
        dir_fd: Value,
        follow_symlinks: bool,
    ) -> Result<()> {
        stat::utime(cx, path, times, ns, dir_fd, follow_symlinks)
    }

    /// Set the current numeric umask and return the previous umask.
    #[function("(mask, /)")]
    fn umask(mask: i32) -> i64 {
        i64::from(sys::umask(mask as u32))
    }

    /// Return a list containing the names of the files in the directory.
    #[function("(path=None)")]
    fn listdir(cx: &mut Context, path: Value) -> Result {
        directory::listdir(cx, path)
    }

    /// Return an iterator of DirEntry objects for given path.
    #[function("(path=None)")]
    fn scandir(cx: &mut Context, path: Value) -> Result {
        directory::scandir(cx, path)
    }

    /// Return the file system path representation of the object.
    #[function("(path)")]
    fn fspath(cx: &mut Context, path: Value) -> Result {
        path::fspath(cx, path)
    }

    /// Normalize path, eliminating double slashes, etc.
    #[function("(path)")]
    fn _path_normpath(cx: &mut Context, path: Value) -> Result {
        directory::normpath(cx, path)
    }

    /// Splits the root from the rest of a path.
    #[function("(path, /)")]
    fn _path_splitroot_ex(cx: &mut Context, path: Value) -> Result {
        directory::splitroot(cx, path)
    }

    /// Return a bytes object containing random bytes suitable for cryptographic use.
    #[function("(size, /)")]
    fn urandom(cx: &mut Context, size: isize) -> Result<Vec<u8>> {
        let Ok(size) = usize::try_from(size) else {
            return Err(cx.value_error("negative argument not allowed"));
        };
        let mut buffer = cx.zeroed_bytes(size)?;
        call(cx, None, || sys::random_bytes(&mut buffer))?;
        Ok(buffer)
    }

    /// Translate an error code to a message string.
    #[function("(code, /)")]
    fn strerror(code: i32) -> String {
        sys::strerror(code)
    }

    /// Return the size of the terminal window as (columns, lines).
    #[function("(fd=1, /)")]
    fn get_terminal_size(cx: &mut Context, fd: i32) -> Result {
        let (columns, lines) = call(cx, None, || sys::window_size(fd))?;
        let values = [cx.new_int(i64::from(columns)), cx.new_int(i64::from(lines))];
        constants::TERMINAL_SIZE.instance(cx, &values).map(Gc::value)
    }

    /// Return a string describing the encoding of a terminal's file descriptor.
    #[function("(fd)")]
    fn device_encoding(fd: i32) -> Option<&'static str> {
        if sys::isatty(fd) { Some("utf-8") } else { None }
    }

    /// Return the number of logical CPUs in the system.
    #[function("()")]
    fn cpu_count(cx: &mut Context) -> Result {
        let module = cx.import("sys")?;
        let told = cx.call_method(module, "_get_cpu_count_config", &[])?;
        if taipan_runtime::types::int::to_i64(told).is_some_and(|count| count > 0) {
            return Ok(told);
        }
        let count = sys::sysconf(libc::_SC_NPROCESSORS_ONLN);
        Ok(if count > 0 { cx.new_int(count) } else { Value::NONE })
    }

    /// Return an integer-valued system configuration variable.
    #[function("(name, /)")]
    fn sysconf(cx: &mut Context, name: Value) -> Result<i64> {
        let name = constants::configuration(cx, name, constants::SYSCONF)?;
        call(cx, None, || sys::numbers::sysconf(name))
    }

    /// Return an object identifying the current operating system.
    #[function("()")]
    fn uname(cx: &mut Context) -> Result {
        process::uname(cx)
    }

    /// Return a collection containing process timing information.
    #[function("()")]
    fn times(cx: &mut Context) -> Result {
        process::times(cx)
    }

    /// Return the current process id.
    #[function("()")]
    fn getpid() -> i64 {
        sys::getpid()
    }

    /// Return the parent's process id.
    #[function("()")]
    fn getppid() -> i64 {
        sys::getppid()
    }

    /// Return the current process's user id.
    #[function("()")]
    fn getuid() -> i64 {
        sys::getuid()
    }

    /// Return the current process's effective user id.
    #[function("()")]
    fn geteuid() -> i64 {
        sys::geteuid()
    }

    /// Return the current process's group id.
    #[function("()")]
    fn getgid() -> i64 {
        sys::getgid()
    }

    /// Return the current process's effective group id.
    #[function("()")]
    fn getegid() -> i64 {
        sys::getegid()
    }

    /// Return the current process group id.
    #[function("()")]
    fn getpgrp() -> i64 {
        sys::getpgrp()
    }

    /// Change or add an environment variable.
    #[function("(name, value, /)")]
    fn putenv(cx: &mut Context, name: Value, value: Value) -> Result<()> {
        environment::put(cx, name, Some(value))
    }

    /// Delete an environment variable.
    #[function("(name, /)")]
    fn unsetenv(cx: &mut Context, name: Value) -> Result<()> {
        environment::put(cx, name, None)
    }

    /// Create the environment dictionary.
    #[function("()")]
    fn _create_environ(cx: &mut Context) -> Result {
        environment::create(cx)
    }

    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        constants::add(cx, module)?;
        ScandirIterator::class_cell().ensure(cx);
        schedule::finish_class(cx)?;
        for part in
            [ids::Ids::DEF, more_files::MoreFiles::DEF, processes::Processes::DEF, schedule::Schedule::DEF]
        {
            run_def(module, cx, part)?;
        }
        Ok(())
    }
}

fn rename(
    cx: &mut Context,
    function: &str,
    src: Value,
    dst: Value,
    src_dir: Value,
    dst_dir: Value,
) -> Result<()> {
    let (from, src) = plain_path(cx, src, function, "src")?;
    let (to, dst) = plain_path(cx, dst, function, "dst")?;
    let (from_dir, to_dir) = (dir_fd(cx, src_dir)?, dir_fd(cx, dst_dir)?);
    cx.audit("os.rename", |_| [src, dst, audited_dir(from_dir), audited_dir(to_dir)])?;
    two_paths(cx, src, dst, || sys::rename(&from, from_dir, &to, to_dir))
}

/// A call on two paths, both named in its error.
fn two_paths(cx: &mut Context, src: Value, dst: Value, f: impl FnMut() -> io::Result<()>) -> Result<()> {
    match retry(cx, f)? {
        Ok(()) => Ok(()),
        Err(error) => Err(cx.os_error_with(error.raw_os_error().unwrap_or(0), Some(src), Some(dst))),
    }
}

/// A descriptor, or an object with `fileno()`.
pub(crate) fn descriptor(cx: &mut Context, value: Value) -> Result<i32> {
    let number = if cx.is_int(value) {
        warn_of_bool(cx, value)?;
        value
    } else {
        let fileno = cx.name(id::fileno);
        let Some(method) = cx.lookup_attr(value, fileno)? else {
            return Err(cx.type_error("argument must be an int, or have a fileno() method."));
        };
        let number = cx.call(method, &[])?;
        if !cx.is_int(number) {
            return Err(cx.type_error("fileno() returned a non-integer"));
        }
        number
    };
    match i32::try_from(cx.index_i128(number)?) {
        Ok(fd) if fd < 0 => {
            Err(cx.value_error(format!("file descriptor cannot be a negative integer ({fd})")))
        }
        Ok(fd) => Ok(fd),
        Err(_) => Err(cx.overflow_error("Python int too large to convert to C int")),
    }
}
