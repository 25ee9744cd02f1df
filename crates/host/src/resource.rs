//! `resource`: limits and usage. CPython: `Modules/resource.c`.
//!
//! Invariant: the largest limit is "no limit", which Python sees as -1.

use std::sync::atomic::AtomicU64;

use taipan_runtime::exception;
use taipan_runtime::prelude::*;
use taipan_runtime::types::struct_sequence::StructSequence;

use crate::sys;
use crate::sys::process::Usage;

pub struct Resource;

static RUSAGE: StructSequence = StructSequence {
    name: "struct_rusage",
    module: "resource",
    doc: "struct_rusage: Result from getrusage.\n\nThis object may be accessed either as a tuple of\n    (utime,stime,maxrss,ixrss,idrss,isrss,minflt,majflt,\n    nswap,inblock,oublock,msgsnd,msgrcv,nsignals,nvcsw,nivcsw)\nor via the attributes ru_utime, ru_stime, ru_maxrss, and so on.",
    fields: &[
        (Some("ru_utime"), "user time used"),
        (Some("ru_stime"), "system time used"),
        (Some("ru_maxrss"), "max. resident set size"),
        (Some("ru_ixrss"), "shared memory size"),
        (Some("ru_idrss"), "unshared data size"),
        (Some("ru_isrss"), "unshared stack size"),
        (Some("ru_minflt"), "page faults not requiring I/O"),
        (Some("ru_majflt"), "page faults requiring I/O"),
        (Some("ru_nswap"), "number of swap outs"),
        (Some("ru_inblock"), "block input operations"),
        (Some("ru_oublock"), "block output operations"),
        (Some("ru_msgsnd"), "IPC messages sent"),
        (Some("ru_msgrcv"), "IPC messages received"),
        (Some("ru_nsignals"), "signals received"),
        (Some("ru_nvcsw"), "voluntary context switches"),
        (Some("ru_nivcsw"), "involuntary context switches"),
    ],
    visible: 16,
    instantiable: true,
    class: AtomicU64::new(0),
};

macro_rules! numbers {
    ($($name:ident)*) => {
        const NUMBERS: &[(&str, i64)] = &[$((stringify!($name), libc::$name as i64)),*];
    };
}
numbers! {
    RLIMIT_AS RLIMIT_CORE RLIMIT_CPU RLIMIT_DATA RLIMIT_FSIZE RLIMIT_MEMLOCK RLIMIT_MSGQUEUE RLIMIT_NICE RLIMIT_NOFILE
    RLIMIT_NPROC RLIMIT_RSS RLIMIT_RTPRIO RLIMIT_RTTIME RLIMIT_SIGPENDING RLIMIT_STACK RUSAGE_CHILDREN RUSAGE_SELF
    RUSAGE_THREAD
}

/// A `struct_rusage`.
pub(crate) fn usage_value(cx: &mut Context, usage: &Usage) -> Result {
    let mut values = GVec::new();
    for micros in usage.times {
        values.push(cx.new_float((micros / 1_000_000) as f64 + (micros % 1_000_000) as f64 * 0.000001));
    }
    for count in usage.counts {
        values.push(cx.new_int(count));
    }
    RUSAGE.instance(cx, &values).map(Gc::value)
}

fn check_resource(cx: &mut Context, resource: i32) -> Result<()> {
    // RLIM_NLIMITS
    if (0..16).contains(&resource) { Ok(()) } else { Err(cx.value_error("invalid resource specified")) }
}

fn limit_value(limit: u64) -> i128 {
    if limit == u64::MAX { -1 } else { limit.into() }
}

fn limit_arg(cx: &mut Context, value: Value) -> Result<u64> {
    if !cx.has_index(value) {
        let got = cx.type_name(value);
        return Err(cx.type_error(format!("'{got}' object cannot be interpreted as an integer")));
    }
    match cx.index_i128(value)? {
        -1 => Ok(u64::MAX),
        number if number < 0 => Err(cx.value_error("Cannot convert negative int")),
        number => u64::try_from(number)
            .map_err(|_| cx.overflow_error("Python int too large to convert to C rlim_t")),
    }
}

/// (soft, hard) from a sequence of two.
fn limits_arg(cx: &mut Context, limits: Value) -> Result<(u64, u64)> {
    let items = cx.to_tuple(limits)?;
    let [soft, hard] = *items.items() else {
        return Err(cx.value_error("expected a tuple of 2 integers"));
    };
    Ok((limit_arg(cx, soft)?, limit_arg(cx, hard)?))
}

fn set_error(cx: &mut Context, error: &std::io::Error) -> Raised {
    match error.raw_os_error() {
        Some(libc::EINVAL) => cx.value_error("current limit exceeds maximum limit"),
        Some(libc::EPERM) => cx.value_error("not allowed to raise maximum limit"),
        _ => cx.io_error(error, None),
    }
}

#[module("resource")]
impl Resource {
    #[constant]
    const RLIM_INFINITY: i64 = -1;
    #[constant]
    const RLIMIT_OFILE: i64 = libc::RLIMIT_NOFILE as i64;

    /// Return the resource usage of the calling process, its children or the calling thread.
    #[function("(who, /)")]
    fn getrusage(cx: &mut Context, who: i32) -> Result {
        match sys::process::getrusage(who) {
            Ok(usage) => usage_value(cx, &usage),
            Err(error) if error.raw_os_error() == Some(libc::EINVAL) => {
                Err(cx.value_error("invalid who parameter"))
            }
            Err(error) => Err(cx.io_error(&error, None)),
        }
    }

    /// Return the soft and the hard limit of a resource.
    #[function("(resource, /)")]
    fn getrlimit(cx: &mut Context, resource: i32) -> Result<(i128, i128)> {
        check_resource(cx, resource)?;
        let (soft, hard) = sys::prlimit(0, resource, None).map_err(|error| cx.io_error(&error, None))?;
        Ok((limit_value(soft), limit_value(hard)))
    }

    /// Set the soft and the hard limit of a resource.
    #[function("(resource, limits, /)")]
    fn setrlimit(cx: &mut Context, resource: i32, limits: Value) -> Result<()> {
        check_resource(cx, resource)?;
        cx.audit("resource.setrlimit", |_| [Value::int(resource.into()), limits])?;
        let limits = limits_arg(cx, limits)?;
        sys::prlimit(0, resource, Some(limits)).map(drop).map_err(|error| set_error(cx, &error))
    }

    /// Get, and with limits set, the limits of a process.
    #[function("(pid, resource, limits=None, /)")]
    fn prlimit(cx: &mut Context, pid: i32, resource: i32, limits: Value) -> Result<(i128, i128)> {
        check_resource(cx, resource)?;
        let numbers = [pid, resource].map(|number| Value::int(number.into()));
        cx.audit("resource.prlimit", |_| [numbers[0], numbers[1], limits])?;
        let limits = match limits.not_none() {
            Some(limits) => Some(limits_arg(cx, limits)?),
            None => None,
        };
        let (soft, hard) = sys::prlimit(pid, resource, limits).map_err(|error| set_error(cx, &error))?;
        Ok((limit_value(soft), limit_value(hard)))
    }

    /// Return the number of bytes in a memory page.
    #[function("()")]
    fn getpagesize() -> i64 {
        sys::sysconf(libc::_SC_PAGESIZE)
    }

    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        let dict = module.dict();
        for (name, number) in NUMBERS {
            dict.set_str(cx, cx.intern(name), Value::int(*number));
        }
        let class = RUSAGE.class(cx)?;
        dict.set_str(cx, cx.intern("struct_rusage"), class.value());
        dict.set_str(cx, cx.intern("error"), exception::os_error().get().value());
        Ok(())
    }
}
