//! `stat_result`, and the calls that read and set file times.
//!
//! Invariant: times come in three forms (int seconds, float seconds, nanoseconds) from one timespec.

use std::sync::atomic::AtomicU64;

use taipan_runtime::prelude::*;
use taipan_runtime::types::struct_sequence::StructSequence;

use crate::path::{Accepts, Target, path_arg};
use crate::posix::{audited_dir, call, dir_fd};
use crate::sys;

pub(super) static STAT_RESULT: StructSequence = StructSequence {
    name: "stat_result",
    module: "os",
    doc: "stat_result: Result from stat, fstat, or lstat.\n\nThis object may be accessed either as a tuple of\n  (mode, ino, dev, nlink, uid, gid, size, atime, mtime, ctime)\nor via the attributes st_mode, st_ino, st_dev, st_nlink, st_uid, and so on.\n\nPosix/windows: If your platform supports st_blksize, st_blocks, st_rdev,\nor st_flags, they are available as attributes only.\n\nSee os.stat for more information.",
    fields: &[
        (Some("st_mode"), "protection bits"),
        (Some("st_ino"), "inode"),
        (Some("st_dev"), "device"),
        (Some("st_nlink"), "number of hard links"),
        (Some("st_uid"), "user ID of owner"),
        (Some("st_gid"), "group ID of owner"),
        (Some("st_size"), "total size, in bytes"),
        (None, "integer time of last access"),
        (None, "integer time of last modification"),
        (None, "integer time of last change"),
        (Some("st_atime"), "time of last access"),
        (Some("st_mtime"), "time of last modification"),
        (Some("st_ctime"), "time of last change"),
        (Some("st_atime_ns"), "time of last access in nanoseconds"),
        (Some("st_mtime_ns"), "time of last modification in nanoseconds"),
        (Some("st_ctime_ns"), "time of last change in nanoseconds"),
        (Some("st_blksize"), "blocksize for filesystem I/O"),
        (Some("st_blocks"), "number of blocks allocated"),
        (Some("st_rdev"), "device type (if inode device)"),
    ],
    visible: 10,
    instantiable: true,
    class: AtomicU64::new(0),
};

/// A `stat_result`.
pub(super) fn to_value(cx: &mut Context, st: &libc::stat) -> Result {
    let times =
        [(st.st_atime, st.st_atime_nsec), (st.st_mtime, st.st_mtime_nsec), (st.st_ctime, st.st_ctime_nsec)];
    let mut values = GVec::new();
    for int in [
        i128::from(st.st_mode),
        i128::from(st.st_ino),
        i128::from(st.st_dev),
        i128::from(st.st_nlink),
        i128::from(st.st_uid),
        i128::from(st.st_gid),
        i128::from(st.st_size),
    ] {
        values.push(cx.new_int_i128(int));
    }
    for (seconds, _) in times {
        values.push(cx.new_int(seconds));
    }
    for (seconds, nanos) in times {
        values.push(cx.new_float(seconds as f64 + 1e-9 * nanos as f64));
    }
    for (seconds, nanos) in times {
        values.push(cx.new_int_i128(i128::from(seconds) * 1_000_000_000 + i128::from(nanos)));
    }
    for int in [st.st_blksize, st.st_blocks, st.st_rdev as i64] {
        values.push(cx.new_int(int));
    }
    STAT_RESULT.instance(cx, &values).map(Gc::value)
}

pub(super) fn stat(cx: &mut Context, path: Value, dir: Value, follow: bool, function: &str) -> Result {
    let accepts = Accepts { fd: function == "stat", none: false };
    let arg = path_arg(cx, path, function, "path", accepts)?;
    let dir = dir_fd(cx, dir)?;
    if let Target::Fd(_) = arg.target {
        if dir != libc::AT_FDCWD {
            return Err(cx.value_error("stat: can't specify dir_fd without matching path"));
        }
        if !follow {
            return Err(cx.value_error("stat: cannot use fd and follow_symlinks together"));
        }
    }
    let found = call(cx, Some(arg.object), || match &arg.target {
        Target::Fd(fd) => sys::fstat(*fd),
        Target::Path(path) => sys::stat(path, dir, follow),
    })?;
    to_value(cx, &found)
}

/// A time in seconds (int or float) as (seconds, nanoseconds), rounded down.
fn split_seconds(cx: &mut Context, value: Value) -> Result<(i64, i64)> {
    if cx.is_int(value) {
        return match cx.int_to_i64(value) {
            Some(seconds) => Ok((seconds, 0)),
            None => Err(cx.overflow_error("timestamp out of range for platform time_t")),
        };
    }
    let seconds = cx.float_value(value)?;
    if seconds.is_nan() {
        return Err(cx.value_error("Invalid value NaN (not a number)"));
    }
    let whole = seconds.floor();
    if !(-9.3e18..9.2e18).contains(&whole) {
        return Err(cx.overflow_error("timestamp out of range for platform time_t"));
    }
    let nanos = ((seconds - whole) * 1e9).floor() as i64;
    Ok(if nanos >= 1_000_000_000 { (whole as i64 + 1, 0) } else { (whole as i64, nanos) })
}

fn split_nanoseconds(cx: &mut Context, value: Value) -> Result<(i64, i64)> {
    let nanos = cx.index_i128(value)?;
    let seconds = nanos.div_euclid(1_000_000_000);
    match i64::try_from(seconds) {
        Ok(seconds) => Ok((seconds, nanos.rem_euclid(1_000_000_000) as i64)),
        Err(_) => Err(cx.overflow_error("timestamp out of range for platform time_t")),
    }
}

pub(super) fn utime(
    cx: &mut Context,
    path: Value,
    times: Value,
    ns: Option<Value>,
    dir: Value,
    follow: bool,
) -> Result<()> {
    let arg = path_arg(cx, path, "utime", "path", Accepts { fd: true, none: false })?;
    let dir = dir_fd(cx, dir)?;
    if !times.is_none() && ns.is_some() {
        return Err(cx.value_error("utime: you may specify either 'times' or 'ns' but not both"));
    }
    let pair = match (times.not_none(), ns) {
        (Some(times), _) => match times.downcast::<Tuple>().as_ref().map(|t| t.items()) {
            Some(&[access, modified]) => Some([split_seconds(cx, access)?, split_seconds(cx, modified)?]),
            _ => return Err(cx.type_error("utime: 'times' must be either a tuple of two ints or None")),
        },
        (None, Some(ns)) => match ns.downcast::<Tuple>().as_ref().map(|t| t.items()) {
            Some(&[access, modified]) => {
                Some([split_nanoseconds(cx, access)?, split_nanoseconds(cx, modified)?])
            }
            _ => return Err(cx.type_error("utime: 'ns' must be a tuple of two ints")),
        },
        (None, None) => None,
    };
    cx.audit("os.utime", |_| [arg.object, times, ns.unwrap_or(Value::NONE), audited_dir(dir)])?;
    call(cx, Some(arg.object), || match &arg.target {
        Target::Fd(fd) => sys::utimens(None, *fd, pair, true),
        Target::Path(path) => sys::utimens(Some(path), dir, pair, follow),
    })
}
