//! The constants, struct sequences and tables of the module.
//!
//! Invariant: one table per kind; `_have_functions` names only what is really here.

use std::sync::atomic::AtomicU64;

use taipan_runtime::prelude::*;
use taipan_runtime::types::struct_sequence::StructSequence;

use crate::posix::{environment, process, stat};
use crate::sys;

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
    CLONE_FILES CLONE_FS CLONE_NEWNET CLONE_NEWNS

    F_LOCK F_OK F_TEST F_TLOCK F_ULOCK O_ACCMODE O_APPEND O_ASYNC O_CLOEXEC O_CREAT O_DIRECT O_DIRECTORY
    O_DSYNC O_EXCL O_LARGEFILE O_NDELAY O_NOATIME O_NOCTTY O_NOFOLLOW O_NONBLOCK O_PATH O_RDONLY O_RDWR O_RSYNC
    O_SYNC O_TMPFILE O_TRUNC O_WRONLY P_ALL P_PGID P_PID P_PIDFD PRIO_PGRP PRIO_PROCESS PRIO_USER RTLD_DEEPBIND
    RTLD_GLOBAL RTLD_LAZY RTLD_LOCAL RTLD_NODELETE RTLD_NOLOAD RTLD_NOW R_OK SCHED_BATCH SCHED_FIFO SCHED_IDLE
    SCHED_OTHER SCHED_RR SEEK_DATA SEEK_HOLE SPLICE_F_MORE SPLICE_F_MOVE SPLICE_F_NONBLOCK ST_APPEND ST_MANDLOCK
    ST_NOATIME ST_NODEV ST_NODIRATIME ST_NOEXEC ST_NOSUID ST_RDONLY ST_RELATIME ST_SYNCHRONOUS ST_WRITE
    WCONTINUED WEXITED WNOHANG WNOWAIT WSTOPPED WUNTRACED W_OK X_OK
}

/// `sysexits.h`, and what the C library crate does not name.
const MORE: &[(&str, i64)] = &[
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

const SYSCONF: &[(&str, i32)] = &[
    ("SC_ARG_MAX", libc::_SC_ARG_MAX),
    ("SC_CHILD_MAX", libc::_SC_CHILD_MAX),
    ("SC_CLK_TCK", libc::_SC_CLK_TCK),
    ("SC_HOST_NAME_MAX", libc::_SC_HOST_NAME_MAX),
    ("SC_IOV_MAX", libc::_SC_IOV_MAX),
    ("SC_LOGIN_NAME_MAX", libc::_SC_LOGIN_NAME_MAX),
    ("SC_NGROUPS_MAX", libc::_SC_NGROUPS_MAX),
    ("SC_NPROCESSORS_CONF", libc::_SC_NPROCESSORS_CONF),
    ("SC_NPROCESSORS_ONLN", libc::_SC_NPROCESSORS_ONLN),
    ("SC_OPEN_MAX", libc::_SC_OPEN_MAX),
    ("SC_PAGESIZE", libc::_SC_PAGESIZE),
    ("SC_PAGE_SIZE", libc::_SC_PAGE_SIZE),
    ("SC_PHYS_PAGES", libc::_SC_PHYS_PAGES),
    ("SC_AVPHYS_PAGES", libc::_SC_AVPHYS_PAGES),
    ("SC_SEMAPHORES", libc::_SC_SEMAPHORES),
    ("SC_SEM_NSEMS_MAX", libc::_SC_SEM_NSEMS_MAX),
    ("SC_SYMLOOP_MAX", libc::_SC_SYMLOOP_MAX),
    ("SC_TTY_NAME_MAX", libc::_SC_TTY_NAME_MAX),
];

/// CPython's names for what `os.supports_*` is made from.
const HAVE: &[&str] = &[
    "HAVE_FACCESSAT",
    "HAVE_FCHDIR",
    "HAVE_FCHMOD",
    "HAVE_FCHMODAT",
    "HAVE_FCHOWNAT",
    "HAVE_FDOPENDIR",
    "HAVE_FSTATAT",
    "HAVE_FTRUNCATE",
    "HAVE_FUTIMENS",
    "HAVE_LINKAT",
    "HAVE_LSTAT",
    "HAVE_MKDIRAT",
    "HAVE_OPENAT",
    "HAVE_READLINKAT",
    "HAVE_RENAMEAT",
    "HAVE_SYMLINKAT",
    "HAVE_UNLINKAT",
    "HAVE_UTIMENSAT",
];

pub(super) fn sysconf(cx: &mut Context, name: Value) -> Result<i64> {
    let number = match name.downcast::<Str>() {
        Some(text) => match SYSCONF.iter().find(|(known, _)| *known == text.to_str()) {
            Some((_, number)) => *number,
            None => return Err(cx.value_error("unrecognized configuration name")),
        },
        None if cx.is_int(name) => match i32::try_from(cx.index_i128(name)?) {
            Ok(number) => number,
            Err(_) => return Err(cx.overflow_error("Python int too large to convert to C int")),
        },
        None => return Err(cx.type_error("configuration names must be strings or integers")),
    };
    Ok(sys::sysconf(number))
}

pub(super) fn add(cx: &mut Context, module: Gc<Module>) -> Result<()> {
    let dict = module.dict();
    for (name, number) in NUMBERS.iter().chain(MORE) {
        let value = cx.new_int(*number);
        dict.set_str(cx, cx.intern(name), value);
    }
    let names = cx.new_dict();
    for (name, number) in SYSCONF {
        let value = cx.new_int(i64::from(*number));
        names.set_str(cx, cx.intern(name), value);
    }
    dict.set_str(cx, cx.intern("sysconf_names"), names.value());
    let have: GVec<Value> = HAVE.iter().map(|name| cx.intern(name).value()).collect();
    let have = cx.new_list(&have).value();
    dict.set_str(cx, cx.intern("_have_functions"), have);
    let environ = environment::create(cx)?;
    dict.set_str(cx, cx.intern("environ"), environ);
    let error = taipan_runtime::exception::os_error().get().value();
    dict.set_str(cx, cx.intern("error"), error);
    let [uname, times] = process::classes();
    for sequence in [&stat::STAT_RESULT, &TERMINAL_SIZE, uname, times] {
        let class = sequence.class(cx)?;
        dict.set_str(cx, cx.intern(sequence.name), class.value());
    }
    Ok(())
}
