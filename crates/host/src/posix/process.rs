//! Processes: exec, wait status, `uname`, `times`.

use std::ffi::CString;
use std::sync::atomic::AtomicU64;

use taipan_runtime::finalize;
use taipan_runtime::prelude::*;
use taipan_runtime::types::struct_sequence::StructSequence;

use crate::path::{Accepts, Target, path_arg, plain_path};
use crate::posix::call;
use crate::posix::spawn::argument;
use crate::sys;

static UNAME_RESULT: StructSequence = StructSequence {
    name: "uname_result",
    module: "posix",
    doc: "uname_result: Result from os.uname().\n\nThis object may be accessed either as a tuple of\n  (sysname, nodename, release, version, machine),\nor via the attributes sysname, nodename, release, version, and machine.\n\nSee os.uname for more information.",
    fields: &[
        (Some("sysname"), "operating system name"),
        (Some("nodename"), "name of machine on network (implementation-defined)"),
        (Some("release"), "operating system release"),
        (Some("version"), "operating system version"),
        (Some("machine"), "hardware identifier"),
    ],
    visible: 5,
    instantiable: true,
    class: AtomicU64::new(0),
};

static TIMES_RESULT: StructSequence = StructSequence {
    name: "times_result",
    module: "posix",
    doc: "times_result: Result from os.times().\n\nThis object may be accessed either as a tuple of\n  (user, system, children_user, children_system, elapsed),\nor via the attributes user, system, children_user, children_system,\nand elapsed.\n\nSee os.times for more information.",
    fields: &[
        (Some("user"), "user time"),
        (Some("system"), "system time"),
        (Some("children_user"), "user time of children"),
        (Some("children_system"), "system time of children"),
        (Some("elapsed"), "elapsed time since an arbitrary point in the past"),
    ],
    visible: 5,
    instantiable: true,
    class: AtomicU64::new(0),
};

/// The classes that the module shows.
pub(super) fn classes() -> [&'static StructSequence; 2] {
    [&UNAME_RESULT, &TIMES_RESULT]
}

pub(super) fn uname(cx: &mut Context) -> Result {
    let texts = call(cx, None, sys::uname)?;
    let values: GVec<Value> = texts.iter().map(|text| cx.new_str(text).value()).collect();
    UNAME_RESULT.instance(cx, &values).map(Gc::value)
}

pub(super) fn times(cx: &mut Context) -> Result {
    let ticks = sys::sysconf(libc::_SC_CLK_TCK).max(1) as f64;
    let counts = call(cx, None, sys::times)?;
    let values: GVec<Value> = counts.iter().map(|count| cx.new_float(*count as f64 / ticks)).collect();
    TIMES_RESULT.instance(cx, &values).map(Gc::value)
}

pub(super) fn exit_code(cx: &mut Context, status: i32) -> Result<i32> {
    if libc::WIFEXITED(status) {
        Ok(libc::WEXITSTATUS(status))
    } else if libc::WIFSIGNALED(status) {
        Ok(-libc::WTERMSIG(status))
    } else if libc::WIFSTOPPED(status) {
        Err(cx.value_error(format!("process stopped by delivery of signal {}", libc::WSTOPSIG(status))))
    } else {
        Err(cx.value_error(format!("invalid wait status: {status}")))
    }
}

/// The arguments of a program: at least one, the first not empty.
pub(super) fn argument_list(cx: &mut Context, function: &str, argv: Value) -> Result<Vec<CString>> {
    if argv.downcast::<Tuple>().is_none() && argv.downcast::<List>().is_none() {
        // `execv` alone speaks of its argument's number.
        let text = match function {
            "execv" => "execv() arg 2 must be a tuple or list".to_owned(),
            _ => format!("{function}: argv must be a tuple or list"),
        };
        return Err(cx.type_error(text));
    }
    let values = cx.collect(argv)?;
    let wrong = |what: &str| match function {
        "execv" => format!("execv() arg 2 {what}"),
        _ => format!("{function}: argv {what}"),
    };
    if values.is_empty() {
        return Err(cx.value_error(wrong("must not be empty")));
    }
    let mut out = Vec::new();
    for value in &values {
        out.push(argument(cx, *value)?);
    }
    if out[0].is_empty() {
        return Err(cx.value_error(wrong("first element cannot be empty")));
    }
    Ok(out)
}

/// `NAME=value` strings of a mapping.
pub(super) fn environment(cx: &mut Context, env: Value) -> Result<Vec<CString>> {
    let names = cx.call_method(env, "keys", &[])?;
    let names = cx.collect(names)?;
    let values = cx.call_method(env, "values", &[])?;
    let values = cx.collect(values)?;
    let mut out = Vec::new();
    for (name, value) in names.iter().zip(values.iter()) {
        let (name, value) = (argument(cx, *name)?, argument(cx, *value)?);
        let bytes = name.to_bytes();
        // A name may start with `=`, as on Windows.
        if bytes.is_empty() || bytes[1..].contains(&b'=') {
            return Err(cx.value_error("illegal environment variable name"));
        }
        let mut row = name.into_bytes();
        row.push(b'=');
        row.extend_from_slice(value.to_bytes());
        out.push(CString::new(row).map_err(|_| cx.value_error("embedded null byte"))?);
    }
    Ok(out)
}

/// `os.execv`.
pub(super) fn execv(cx: &mut Context, path: Value, argv: Value) -> Result<()> {
    let (program, path) = plain_path(cx, path, "execv", "path")?;
    let arguments = argument_list(cx, "execv", argv)?;
    cx.audit("os.exec", |_| [path, argv, Value::NONE])?;
    finalize::flush_writers(cx);
    let error = sys::process::execve(&program, &arguments, None);
    Err(cx.io_error(&error, None))
}

/// `os.execve`.
pub(super) fn execve(cx: &mut Context, path: Value, argv: Value, env: Value) -> Result<()> {
    let program = path_arg(cx, path, "execve", "path", Accepts { fd: true, none: false })?;
    let arguments = argument_list(cx, "execve", argv)?;
    let variables = environment(cx, env)?;
    cx.audit("os.exec", |_| [program.object, argv, env])?;
    finalize::flush_writers(cx);
    let error = match &program.target {
        Target::Fd(fd) => sys::process::fexecve(*fd, &arguments, &variables),
        Target::Path(program) => sys::process::execve(program, &arguments, Some(&variables)),
    };
    Err(cx.io_error(&error, Some(path)))
}

pub(super) fn system(cx: &mut Context, command: Value) -> Result<i32> {
    let command = argument(cx, command)?;
    cx.audit("os.system", |cx| [cx.new_bytes(command.to_bytes()).value()])?;
    finalize::flush_writers(cx);
    Ok(cx.blocking(|| sys::system(&command)))
}
