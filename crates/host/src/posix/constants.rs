//! The constants, struct sequences and tables of the module.
//!
//! Invariant: one table per kind; `_have_functions` names only what is really here.

use std::sync::atomic::AtomicU64;

use taipan_runtime::prelude::*;
use taipan_runtime::types::struct_sequence::StructSequence;

use crate::posix::{environment, more_files, process, processes, schedule, stat};

pub(super) use super::configuration::{CONFSTR, PATHCONF, SYSCONF};

pub(super) static TERMINAL_SIZE: StructSequence = StructSequence {
    name: "terminal_size",
    module: "os",
    doc: "A tuple of (columns, lines) for holding terminal window size",
    fields: &[
        (Some("columns"), "width of the terminal window in characters"),
        (Some("lines"), "height of the terminal window in characters"),
    ],
    visible: 2,
    instantiable: true,
    class: AtomicU64::new(0),
};

macro_rules! numbers {
    ($($name:ident)*) => {
        const NUMBERS: &[(&str, i64)] = &[$((stringify!($name), libc::$name as i64)),*];
    };
}
numbers! {
    CLD_CONTINUED CLD_DUMPED CLD_EXITED CLD_KILLED CLD_STOPPED CLD_TRAPPED CLONE_FILES CLONE_FS CLONE_NEWCGROUP
    CLONE_NEWIPC CLONE_NEWNET CLONE_NEWNS CLONE_NEWPID CLONE_NEWTIME CLONE_NEWUSER CLONE_NEWUTS CLONE_SIGHAND
    CLONE_SYSVSEM CLONE_THREAD CLONE_VM EFD_CLOEXEC EFD_NONBLOCK EFD_SEMAPHORE GRND_NONBLOCK GRND_RANDOM
    MFD_ALLOW_SEALING MFD_CLOEXEC MFD_HUGETLB MFD_HUGE_16GB MFD_HUGE_16MB MFD_HUGE_1GB MFD_HUGE_1MB MFD_HUGE_256MB
    MFD_HUGE_2GB MFD_HUGE_2MB MFD_HUGE_32MB MFD_HUGE_512KB MFD_HUGE_512MB MFD_HUGE_64KB MFD_HUGE_8MB MFD_HUGE_MASK
    MFD_HUGE_SHIFT O_FSYNC POSIX_FADV_DONTNEED POSIX_FADV_NOREUSE POSIX_FADV_NORMAL POSIX_FADV_RANDOM
    POSIX_FADV_SEQUENTIAL POSIX_FADV_WILLNEED RWF_APPEND RWF_DSYNC RWF_HIPRI RWF_NOWAIT RWF_SYNC SCHED_DEADLINE
    SCHED_NORMAL SCHED_RESET_ON_FORK TFD_CLOEXEC TFD_NONBLOCK TFD_TIMER_ABSTIME TFD_TIMER_CANCEL_ON_SET XATTR_CREATE
    XATTR_REPLACE F_LOCK F_OK F_TEST F_TLOCK F_ULOCK O_ACCMODE O_APPEND O_ASYNC O_CLOEXEC O_CREAT O_DIRECT O_DIRECTORY
    O_DSYNC O_EXCL O_LARGEFILE O_NDELAY O_NOATIME O_NOCTTY O_NOFOLLOW O_NONBLOCK O_PATH O_RDONLY O_RDWR O_RSYNC
    O_SYNC O_TMPFILE O_TRUNC O_WRONLY P_ALL P_PGID P_PID P_PIDFD PRIO_PGRP PRIO_PROCESS PRIO_USER RTLD_DEEPBIND
    RTLD_GLOBAL RTLD_LAZY RTLD_LOCAL RTLD_NODELETE RTLD_NOLOAD RTLD_NOW R_OK SCHED_BATCH SCHED_FIFO SCHED_IDLE
    SCHED_OTHER SCHED_RR SEEK_DATA SEEK_HOLE SPLICE_F_MORE SPLICE_F_MOVE SPLICE_F_NONBLOCK ST_APPEND ST_MANDLOCK
    ST_NOATIME ST_NODEV ST_NODIRATIME ST_NOEXEC ST_NOSUID ST_RDONLY ST_RELATIME ST_SYNCHRONOUS ST_WRITE
    WCONTINUED WEXITED WNOHANG WNOWAIT WSTOPPED WUNTRACED W_OK X_OK
}

/// `sysexits.h`, and what the C library crate does not name.
const MORE: &[(&str, i64)] = &[
    ("PIDFD_NONBLOCK", libc::O_NONBLOCK as i64),
    ("TMP_MAX", 238_328),
    ("XATTR_SIZE_MAX", 65_536),
    ("EX_CANTCREAT", 73),
    ("EX_CONFIG", 78),
    ("EX_DATAERR", 65),
    ("EX_IOERR", 74),
    ("EX_NOHOST", 68),
    ("EX_NOINPUT", 66),
    ("EX_NOPERM", 77),
    ("EX_NOUSER", 67),
    ("EX_OK", 0),
    ("EX_OSERR", 71),
    ("EX_OSFILE", 72),
    ("EX_PROTOCOL", 76),
    ("EX_SOFTWARE", 70),
    ("EX_TEMPFAIL", 75),
    ("EX_UNAVAILABLE", 69),
    ("EX_USAGE", 64),
];

/// CPython's names for what `os.supports_*` is made from.
const HAVE: &[&str] = &[
    "HAVE_EVENTFD",
    "HAVE_TIMERFD_CREATE",
    "HAVE_FACCESSAT",
    "HAVE_FCHDIR",
    "HAVE_FCHMOD",
    "HAVE_FCHMODAT",
    "HAVE_FCHOWN",
    "HAVE_FCHOWNAT",
    "HAVE_FEXECVE",
    "HAVE_FDOPENDIR",
    "HAVE_FPATHCONF",
    "HAVE_FSTATAT",
    "HAVE_FSTATVFS",
    "HAVE_FTRUNCATE",
    "HAVE_FUTIMENS",
    "HAVE_FUTIMES",
    "HAVE_FUTIMESAT",
    "HAVE_LINKAT",
    "HAVE_LCHOWN",
    "HAVE_LSTAT",
    "HAVE_LUTIMES",
    "HAVE_MEMFD_CREATE",
    "HAVE_MKDIRAT",
    "HAVE_MKFIFOAT",
    "HAVE_MKNODAT",
    "HAVE_OPENAT",
    "HAVE_READLINKAT",
    "HAVE_RENAMEAT",
    "HAVE_SYMLINKAT",
    "HAVE_UNLINKAT",
    "HAVE_UTIMENSAT",
    "HAVE_PTSNAME_R",
];

/// The number of a configuration variable: a name of `table`, or a number.
pub(super) fn configuration(cx: &mut Context, name: Value, table: &[(&str, i32)]) -> Result<i32> {
    match name.downcast::<Str>() {
        Some(text) => match table.iter().find(|(known, _)| *known == text.to_str()) {
            Some((_, number)) => Ok(*number),
            None => Err(cx.value_error("unrecognized configuration name")),
        },
        None if cx.has_index(name) => i32::try_from(cx.index_i128(name)?)
            .map_err(|_| cx.overflow_error("Python int too large to convert to C int")),
        None => Err(cx.type_error("configuration names must be strings or integers")),
    }
}

pub(super) fn add(cx: &mut Context, module: Gc<Module>) -> Result<()> {
    let dict = module.dict();
    dict.reserve(cx, NUMBERS.len() + MORE.len() + 32);
    for (name, number) in NUMBERS.iter().chain(MORE) {
        let value = cx.new_int(*number);
        dict.set_str(cx, cx.intern(name), value);
    }
    for (name, number) in super::spawn::SPAWN_CONSTANTS {
        dict.set_str(cx, cx.intern(name), Value::int(number));
    }
    let tables = [("sysconf_names", SYSCONF), ("pathconf_names", PATHCONF), ("confstr_names", CONFSTR)];
    for (name, table) in tables {
        let names = Dict::with_capacity(cx, table.len());
        for (name, number) in table {
            names.set_str(cx, cx.intern(name), Value::int(i64::from(*number)));
        }
        dict.set_str(cx, cx.intern(name), names.value());
    }
    let have: GVec<Value> = HAVE.iter().map(|name| cx.intern(name).value()).collect();
    let have = cx.new_list(&have).value();
    dict.set_str(cx, cx.intern("_have_functions"), have);
    let environ = environment::create(cx)?;
    dict.set_str(cx, cx.intern("environ"), environ);
    let error = taipan_runtime::exception::os_error().get().value();
    dict.set_str(cx, cx.intern("error"), error);
    let [uname, times] = process::classes();
    let (waitid, parameter) = (&processes::WAITID_RESULT, &schedule::SCHED_PARAM);
    let sequences =
        [&stat::STAT_RESULT, &TERMINAL_SIZE, uname, times, &more_files::STATVFS_RESULT, waitid, parameter];
    for sequence in sequences {
        let class = sequence.class(cx)?;
        dict.set_str(cx, cx.intern(sequence.name), class.value());
    }
    Ok(())
}
