//! `fcntl`. CPython: `Modules/fcntlmodule.c`.
//!
//! Invariant: the system works on a private copy with room to spare, which is copied back afterwards.

use taipan_runtime::prelude::*;

use crate::posix::{call, descriptor};
use crate::sys::numbers;
use crate::sys::poll as system;
use crate::wait::retry;

pub struct Fcntl;

macro_rules! numbers {
    ($($name:ident)*) => {
        const NUMBERS: &[(&str, i64)] = &[$((stringify!($name), libc::$name as u32 as i64)),*];
    };
}
numbers! {
    FD_CLOEXEC F_ADD_SEALS F_DUPFD
    F_DUPFD_CLOEXEC F_GETFD F_GETFL F_GETLEASE F_GETLK F_GETOWN F_GETPIPE_SZ F_GET_SEALS
    F_NOTIFY F_OFD_GETLK F_OFD_SETLK F_OFD_SETLKW F_RDLCK F_SEAL_FUTURE_WRITE F_SEAL_GROW F_SEAL_SEAL F_SEAL_SHRINK
    F_SEAL_WRITE F_SETFD F_SETFL F_SETLEASE F_SETLK F_SETLKW F_SETOWN F_SETPIPE_SZ
    F_UNLCK F_WRLCK LOCK_EX LOCK_NB LOCK_SH LOCK_UN
}

/// What the C library crate does not name.
const MORE: &[(&str, i64)] = &[
    ("DN_ACCESS", 1),
    ("DN_ATTRIB", 32),
    ("DN_CREATE", 4),
    ("DN_DELETE", 8),
    ("DN_MODIFY", 2),
    ("DN_MULTISHOT", 2147483648),
    ("DN_RENAME", 16),
    ("F_EXLCK", 4),
    ("F_SHLCK", 8),
    ("FASYNC", 0x2000),
    ("FICLONE", 0x4004_9409),
    ("FICLONERANGE", 0x4020_940d),
    ("F_DUPFD_QUERY", 1027),
    ("F_GETLK64", 5),
    ("F_GETOWN_EX", 16),
    ("F_GETSIG", 11),
    ("F_GET_FILE_RW_HINT", 1037),
    ("F_GET_RW_HINT", 1035),
    ("F_OWNER_PGRP", 2),
    ("F_OWNER_PID", 1),
    ("F_OWNER_TID", 0),
    ("F_SETLK64", 6),
    ("F_SETLKW64", 7),
    ("F_SETOWN_EX", 15),
    ("F_SETSIG", 10),
    ("F_SET_FILE_RW_HINT", 1038),
    ("F_SET_RW_HINT", 1036),
    ("LOCK_MAND", 32),
    ("LOCK_READ", 64),
    ("LOCK_RW", 192),
    ("LOCK_WRITE", 128),
    ("RWH_WRITE_LIFE_EXTREME", 5),
    ("RWH_WRITE_LIFE_LONG", 4),
    ("RWH_WRITE_LIFE_MEDIUM", 3),
    ("RWH_WRITE_LIFE_NONE", 1),
    ("RWH_WRITE_LIFE_NOT_SET", 0),
    ("RWH_WRITE_LIFE_SHORT", 2),
];

/// The longest argument that is copied.
const LONGEST: usize = 1024;
/// Room behind an argument: a command that writes more than it was given must not reach other memory.
const SPARE: usize = 4096;
const SENTINEL: u8 = 0xa5;

/// The third argument of `fcntl` and `ioctl`.
enum Argument {
    Number(i32),
    /// A copy, with spare room behind it.
    Bytes(Vec<u8>, usize),
}

impl Argument {
    fn read(cx: &mut Context, function: &str, value: Value) -> Result<Argument> {
        if cx.has_index(value) {
            return Ok(Argument::Number(cx.index_i128(value)? as i32));
        }
        let copy = match value.downcast::<Str>() {
            Some(text) => text.to_utf8(cx)?.as_bytes().to_vec(),
            None if cx.has_buffer(value) => cx.with_buffer(value, |bytes| bytes.to_vec())?,
            None => {
                let got = cx.type_name(value);
                return Err(cx.type_error(format!(
                    "{function}() argument 3 must be an integer, a bytes-like object, or a string, not {got}"
                )));
            }
        };
        let length = copy.len();
        let mut bytes = copy;
        bytes.resize(length + SPARE, SENTINEL);
        Ok(Argument::Bytes(bytes, length))
    }
}

/// An argument as audit hooks see it: None when there is none, for which 0 stands.
fn audited(argument: Value) -> Value {
    if argument == Value::int(0) { Value::NONE } else { argument }
}

/// What a command left in its argument; more than there was room for is an error.
fn checked(cx: &mut Context, bytes: Vec<u8>, length: usize) -> Result<Vec<u8>> {
    if bytes[length..].iter().any(|byte| *byte != SENTINEL) {
        return Err(cx.system_error("buffer overflow"));
    }
    let mut bytes = bytes;
    bytes.truncate(length);
    Ok(bytes)
}

/// Whether an object's memory may be changed.
fn is_writable(cx: &mut Context, value: Value) -> bool {
    match cx.buffer(value, taipan_runtime::protocol::buffer::flag::WRITABLE) {
        Ok(buffer) => {
            let _ = cx.release_buffer(value, buffer);
            true
        }
        Err(raised) => {
            cx.take_exception(raised);
            false
        }
    }
}

/// This module performs file control and I/O control on file descriptors.
///
/// It is an interface to the fcntl() and ioctl() Unix routines.  File
/// descriptors can be obtained with the fileno() method of a file or
/// socket object.
#[module("fcntl")]
impl Fcntl {
    /// Perform the operation `cmd` on file descriptor fd.
    #[function("(fd, cmd, arg=0, /)")]
    fn fcntl(cx: &mut Context, fd: Value, cmd: i32, arg: Value) -> Result {
        let fd = descriptor(cx, fd)?;
        cx.audit("fcntl.fcntl", |_| [Value::int(fd.into()), Value::int(cmd.into()), audited(arg)])?;
        match Argument::read(cx, "fcntl", arg)? {
            Argument::Number(number) => {
                let result = call(cx, None, || system::fcntl(fd, cmd, number))?;
                Ok(Value::int(result.into()))
            }
            Argument::Bytes(_, length) if length > LONGEST => {
                Err(cx.value_error("fcntl argument 3 is too long"))
            }
            Argument::Bytes(mut bytes, length) => {
                call(cx, None, || system::fcntl_buffer(fd, cmd, &mut bytes))?;
                let bytes = checked(cx, bytes, length)?;
                Ok(cx.new_bytes(&bytes).value())
            }
        }
    }

    /// Perform the operation request on file descriptor fd.
    #[function("(fd, request, arg=0, mutate_flag=True, /)")]
    fn ioctl(cx: &mut Context, fd: Value, request: Value, arg: Value, mutate_flag: bool) -> Result {
        let fd = descriptor(cx, fd)?;
        if !cx.has_index(request) {
            let got = cx.argument_type_name(request);
            return Err(cx.type_error(format!("ioctl() argument 2 must be int, not {got}")));
        }
        let request = cx.index_i128(request)? as u64;
        cx.audit("fcntl.ioctl", |cx| [Value::int(fd.into()), cx.new_int_i128(request.into()), audited(arg)])?;
        let (mut bytes, length) = match Argument::read(cx, "ioctl", arg)? {
            Argument::Number(number) => {
                let result = call(cx, None, || system::ioctl(fd, request, number))?;
                return Ok(Value::int(result.into()));
            }
            Argument::Bytes(bytes, length) => (bytes, length),
        };
        let mutates = mutate_flag && arg.downcast::<Str>().is_none() && is_writable(cx, arg);
        if !mutates && length > LONGEST {
            return Err(cx.value_error("ioctl argument 3 is too long"));
        }
        let result = call(cx, None, || system::ioctl_buffer(fd, request, &mut bytes))?;
        let bytes = checked(cx, bytes, length)?;
        if mutates {
            let target = cx.writable_buffer(arg, "read-write bytes-like object")?;
            target.fill_from(&bytes[..length.min(target.len())]);
            return Ok(Value::int(result.into()));
        }
        Ok(cx.new_bytes(&bytes).value())
    }

    /// Perform the lock operation `operation` on file descriptor fd.
    #[function("(fd, operation, /)")]
    fn flock(cx: &mut Context, fd: Value, operation: i32) -> Result<()> {
        let fd = descriptor(cx, fd)?;
        cx.audit("fcntl.flock", |_| [fd, operation].map(|number| Value::int(number.into())))?;
        call(cx, None, || numbers::flock(fd, operation)).map(drop)
    }

    /// A wrapper around the fcntl() locking calls.
    #[function("(fd, cmd, len=0, start=0, whence=0, /)")]
    fn lockf(cx: &mut Context, fd: Value, cmd: i32, len: Value, start: Value, whence: i32) -> Result<()> {
        let fd = descriptor(cx, fd)?;
        let numbers = [fd, cmd, whence].map(|number| Value::int(number.into()));
        cx.audit("fcntl.lockf", |_| [numbers[0], numbers[1], audited(len), audited(start), numbers[2]])?;
        let kind = if cmd == libc::LOCK_UN {
            libc::F_UNLCK
        } else if cmd & libc::LOCK_SH != 0 {
            libc::F_RDLCK
        } else if cmd & libc::LOCK_EX != 0 {
            libc::F_WRLCK
        } else {
            return Err(cx.value_error("unrecognized lockf argument"));
        };
        let (start, length) = (i64::from_arg(cx, start, "start")?, i64::from_arg(cx, len, "len")?);
        let command = if cmd & libc::LOCK_NB != 0 { libc::F_SETLK } else { libc::F_SETLKW };
        let locked =
            retry(cx, || system::fcntl_lock(fd, command, kind as i16, start, length, whence as i16))?;
        locked.map_err(|error| cx.io_error(&error, None))
    }

    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        let dict = module.dict();
        for (name, number) in NUMBERS.iter().chain(MORE) {
            dict.set_str(cx, cx.intern(name), Value::int(*number));
        }
        Ok(())
    }
}
