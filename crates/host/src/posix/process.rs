//! Processes: exec, wait status, `uname`, `times`.

use std::ffi::CString;
use std::sync::atomic::AtomicU64;

use taipan_runtime::prelude::*;
use taipan_runtime::types::struct_sequence::StructSequence;

use crate::path::plain_path;
use crate::posix::call;
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

fn strings(cx: &mut Context, function: &str, values: &[Value]) -> Result<Vec<CString>> {
    values.iter().map(|value| plain_path(cx, *value, function, "argv").map(|(text, _)| text)).collect()
}

/// `NAME=value` strings of a mapping.
fn environment(cx: &mut Context, function: &str, env: Value) -> Result<Vec<CString>> {
    let items = cx.call_method(env, "items", &[])?;
    let items = cx.collect(items)?;
    let mut out = Vec::new();
    for item in &items {
        let pair = cx.collect(*item)?;
        let [name, value] = pair[..] else { return Err(cx.type_error("env.items() must give pairs")) };
        let (name, _) = plain_path(cx, name, function, "env")?;
        let (value, _) = plain_path(cx, value, function, "env")?;
        if name.to_bytes().is_empty() || name.to_bytes().contains(&b'=') {
            return Err(cx.value_error("illegal environment variable name"));
        }
        let mut row = name.into_bytes();
        row.push(b'=');
        row.extend_from_slice(value.to_bytes());
        out.push(CString::new(row).map_err(|_| cx.value_error("embedded null byte"))?);
    }
    Ok(out)
}

pub(super) fn exec(
    cx: &mut Context,
    function: &str,
    path: Value,
    argv: Value,
    env: Option<Value>,
) -> Result<()> {
    let (program, _) = plain_path(cx, path, function, "path")?;
    if argv.downcast::<Tuple>().is_none() && argv.downcast::<List>().is_none() {
        return Err(cx.type_error(format!("{function}: argv must be a tuple or list")));
    }
    let argv = cx.collect(argv)?;
    if argv.is_empty() {
        return Err(cx.value_error(format!("{function}: argv must not be empty")));
    }
    let argv = strings(cx, function, &argv)?;
    if argv[0].to_bytes().is_empty() {
        return Err(cx.value_error(format!("{function}: argv first element cannot be empty")));
    }
    let env = match env {
        Some(env) => Some(environment(cx, function, env)?),
        None => None,
    };
    let error = sys::execve(&program, &argv, env.as_deref());
    Err(cx.io_error(&error, None))
}

pub(super) fn system(cx: &mut Context, command: Value) -> Result<i32> {
    let (command, _) = plain_path(cx, command, "system", "command")?;
    Ok(cx.blocking(|| sys::system(&command)))
}
