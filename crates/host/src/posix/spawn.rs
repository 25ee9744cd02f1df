//! Starting programs: `posix_spawn`, and `_posixsubprocess.fork_exec`. CPython: `py_posix_spawn` in
//! `Modules/posixmodule.c`, `Modules/_posixsubprocess.c`.
//!
//! Invariant: everything that Python is asked for is known before the child starts.

use std::ffi::CString;

use taipan_runtime::finalize;
use taipan_runtime::prelude::*;
use taipan_runtime::types::bytes::Bytes;

use crate::path::plain_path;
use crate::posix::{fork, process};
use crate::sys::process::{FileAction, SpawnAttributes, Start, posix_spawn};
use crate::{signal, sys};

/// Keyword arguments of `posix_spawn`.
pub(super) struct SpawnOptions {
    pub file_actions: Value,
    pub setpgroup: Option<Value>,
    pub resetids: bool,
    pub setsid: bool,
    pub setsigmask: Value,
    pub setsigdef: Value,
    pub scheduler: Option<Value>,
}

const OPEN: i64 = 0;
const CLOSE: i64 = 1;
const DUP2: i64 = 2;
const CLOSEFROM: i64 = 3;

pub(super) const SPAWN_CONSTANTS: [(&str, i64); 4] = [
    ("POSIX_SPAWN_OPEN", OPEN),
    ("POSIX_SPAWN_CLOSE", CLOSE),
    ("POSIX_SPAWN_DUP2", DUP2),
    ("POSIX_SPAWN_CLOSEFROM", CLOSEFROM),
];

/// `os.posix_spawn` and, with `search`, `os.posix_spawnp`.
pub(super) fn spawn(
    cx: &mut Context,
    search: bool,
    path: Value,
    argv: Value,
    env: Value,
    options: &SpawnOptions,
) -> Result<i32> {
    let function = if search { "posix_spawnp" } else { "posix_spawn" };
    let (program, path) = plain_path(cx, path, function, "path")?;
    let args = process::argument_list(cx, function, argv)?;
    let variables = match env.not_none() {
        Some(env) => {
            if cx.lookup_attr_str(env, "keys")?.is_none() {
                return Err(
                    cx.type_error(format!("{function}: environment must be a mapping object or None"))
                );
            }
            process::environment(cx, env)?
        }
        None => sys::environment(),
    };
    let attributes = attributes(cx, function, options)?;
    let actions = actions(cx, options.file_actions)?;
    cx.audit("os.posix_spawn", |_| [path, argv, env])?;
    finalize::flush_writers(cx);
    match cx.blocking(|| posix_spawn(&program, &args, &variables, &actions, &attributes, search)) {
        Ok(pid) => Ok(pid),
        Err(error) => Err(cx.io_error(&error, Some(path))),
    }
}

fn attributes(cx: &mut Context, function: &str, options: &SpawnOptions) -> Result<SpawnAttributes> {
    let mut out =
        SpawnAttributes { reset_ids: options.resetids, new_session: options.setsid, ..Default::default() };
    if let Some(group) = options.setpgroup.and_then(Value::not_none) {
        out.process_group = Some(i32::from_arg(cx, group, "setpgroup")?);
    }
    for (set, value) in [(&mut out.mask, options.setsigmask), (&mut out.defaults, options.setsigdef)] {
        let numbers = signal::from_iterable(cx, value)?;
        let empty = value.downcast::<Tuple>().is_some_and(|tuple| tuple.items().is_empty());
        *set = (!empty).then_some(numbers);
    }
    if let Some(scheduler) = options.scheduler.and_then(Value::not_none) {
        let Some(pair) = scheduler.downcast::<Tuple>() else {
            return Err(cx.type_error(format!("{function}: scheduler must be a tuple or None")));
        };
        let [policy, param] = *pair.items() else {
            return Err(cx.type_error("A scheduler tuple must have two elements"));
        };
        let policy = match policy.not_none() {
            Some(policy) => Some(i32::from_arg(cx, policy, "policy")?),
            None => None,
        };
        out.scheduler = Some((policy, super::schedule::priority_of(cx, param)?));
    }
    Ok(out)
}

fn actions(cx: &mut Context, file_actions: Value) -> Result<Vec<FileAction>> {
    let Some(file_actions) = file_actions.not_none() else { return Ok(Vec::new()) };
    if !cx.is_sequence(file_actions) {
        return Err(cx.type_error("file_actions must be a sequence or None"));
    }
    let mut out = Vec::new();
    for action in &cx.collect(file_actions)? {
        let Some(action) = action.downcast::<Tuple>().filter(|action| !action.items().is_empty()) else {
            return Err(cx.type_error("Each file_actions element must be a non-empty tuple"));
        };
        let items = action.items();
        let kind = cx.index_i128(items[0])?;
        let wanted = match kind as i64 {
            OPEN => ("open", 5),
            CLOSE => ("close", 2),
            DUP2 => ("dup2", 3),
            CLOSEFROM => ("closefrom", 2),
            _ => return Err(cx.type_error("Unknown file_actions identifier")),
        };
        if items.len() != wanted.1 {
            let (what, count) = wanted;
            return Err(cx.type_error(format!("A {what} file_action tuple must have {count} elements")));
        }
        let mut number = |index: usize| i32::from_arg(cx, items[index], "file_actions");
        out.push(match kind as i64 {
            CLOSE => FileAction::Close(number(1)?),
            DUP2 => FileAction::Dup2(number(1)?, number(2)?),
            CLOSEFROM => FileAction::CloseFrom(number(1)?),
            _ => {
                let (fd, flags, mode) = (number(1)?, number(3)?, number(4)?);
                let path = argument(cx, items[2])?;
                FileAction::Open { fd, path, flags, mode: mode as u32 }
            }
        });
    }
    Ok(out)
}

/// The positional arguments of `fork_exec`, by name.
pub(crate) struct ForkExec<'a> {
    pub args: &'a [Value],
}

impl ForkExec<'_> {
    fn number(&self, cx: &mut Context, index: usize) -> Result<i32> {
        i32::from_arg(cx, self.args[index], "fork_exec")
    }

    fn truth(&self, cx: &mut Context, index: usize) -> Result<bool> {
        cx.truth(self.args[index])
    }

    /// Reads all arguments but `preexec_fn`.
    fn read(&self, cx: &mut Context) -> Result<Start> {
        let close_fds = self.truth(cx, 2)?;
        let Some(keep) = self.args[3].downcast::<Tuple>() else {
            let got = cx.type_name(self.args[3]);
            return Err(cx.type_error(format!("fork_exec() argument 4 must be tuple, not {got}")));
        };
        let mut pipes = [0; 6];
        for (pipe, index) in pipes.iter_mut().zip(6..) {
            *pipe = self.number(cx, index)?;
        }
        let (error_pipe, restore_signals) = (self.number(cx, 13)?, self.truth(cx, 14)?);
        let (new_session, process_group) = (self.truth(cx, 15)?, self.number(cx, 16)?);
        let umask = self.number(cx, 20)?;
        if close_fds && error_pipe < 3 {
            return Err(cx.value_error("errpipe_write must be >= 3"));
        }
        let pass_fds = descriptors(cx, keep)?;
        let args = match self.args[0].not_none() {
            Some(args) => {
                let mut out = Vec::new();
                for arg in &cx.collect(args)? {
                    out.push(argument(cx, *arg)?);
                }
                out
            }
            None => Vec::new(),
        };
        let programs = byte_strings(cx, self.args[1])?;
        let cwd = match self.args[4].not_none() {
            Some(cwd) => Some(argument(cx, cwd)?),
            None => None,
        };
        let env = match self.args[5].not_none() {
            Some(env) => Some(byte_strings(cx, env)?),
            None => None,
        };
        let groups = groups(cx, self.args[18])?;
        let gid = id_or_none(cx, self.args[17])?;
        let uid = id_or_none(cx, self.args[19])?;
        Ok(Start {
            programs,
            args,
            env,
            cwd,
            close_fds,
            pass_fds,
            pipes,
            error_pipe,
            restore_signals,
            new_session,
            process_group,
            gid,
            groups,
            uid,
            umask,
        })
    }
}

/// `os.fsencode` with the messages of `PyUnicode_FSConverter`.
pub(crate) fn argument(cx: &mut Context, value: Value) -> Result<CString> {
    let path = crate::path::fspath(cx, value)?;
    let raw = match path.downcast::<Bytes>() {
        Some(bytes) => bytes.as_slice().to_vec(),
        None => match path.downcast::<Str>() {
            Some(text) => crate::path::encode(cx, text)?,
            None => Vec::new(),
        },
    };
    CString::new(raw).map_err(|_| cx.value_error("embedded null byte"))
}

fn byte_strings(cx: &mut Context, values: Value) -> Result<Vec<CString>> {
    let mut out = Vec::new();
    for value in &cx.collect(values)? {
        let Some(bytes) = value.downcast::<Bytes>() else {
            let got = cx.type_name(*value);
            return Err(cx.type_error(format!("expected bytes, {got} found")));
        };
        let text = CString::new(bytes.as_slice()).map_err(|_| cx.value_error("embedded null byte"))?;
        out.push(text);
    }
    Ok(out)
}

/// The descriptors to keep: increasing numbers from 0.
fn descriptors(cx: &mut Context, keep: Gc<Tuple>) -> Result<Vec<i32>> {
    let mut out: Vec<i32> = Vec::new();
    for value in keep.items() {
        let number = value.as_small_int().and_then(|number| i32::try_from(number).ok());
        match number {
            Some(fd) if fd >= 0 && out.last().is_none_or(|last| *last < fd) => out.push(fd),
            _ => return Err(cx.value_error("bad value(s) in fds_to_keep")),
        }
    }
    Ok(out)
}

fn groups(cx: &mut Context, value: Value) -> Result<Option<Vec<u32>>> {
    let Some(value) = value.not_none() else { return Ok(None) };
    if value.downcast::<List>().is_none() {
        return Err(cx.type_error("setgroups argument must be a list"));
    }
    let items = cx.collect(value)?;
    if items.len() > 65536 {
        return Err(cx.value_error("too many extra_groups"));
    }
    let mut out = Vec::new();
    for item in &items {
        if !cx.is_int(*item) {
            return Err(cx.type_error("extra_groups must be integers"));
        }
        match super::ids::id_arg(cx, *item, "gid") {
            Ok(id) => out.push(id),
            Err(_) => {
                cx.clear_exception();
                return Err(cx.value_error("invalid group id"));
            }
        }
    }
    Ok(Some(out))
}

fn id_or_none(cx: &mut Context, value: Value) -> Result<Option<u32>> {
    match value.not_none() {
        Some(value) => super::ids::id_arg(cx, value, "uid").map(Some),
        None => Ok(None),
    }
}

/// `_posixsubprocess.fork_exec`.
pub(crate) fn fork_exec(cx: &mut Context, args: &ForkExec<'_>) -> Result<i32> {
    let start = args.read(cx)?;
    cx.audit("_posixsubprocess.fork_exec", |_| [args.args[1], args.args[0], args.args[5]])?;
    let Some(preexec) = args.args[21].not_none() else {
        finalize::flush_writers(cx);
        return cx.blocking(|| start.spawn()).map_err(|error| cx.io_error(&error, None));
    };
    let forked = fork::around(cx, true, sys::process::fork, |pid| *pid == 0);
    match forked {
        Ok(0) => start.run_forked(&mut || match cx.call(preexec, &[]) {
            Ok(_) => true,
            Err(raised) => {
                cx.take_exception(raised);
                false
            }
        }),
        Ok(pid) => Ok(pid),
        Err(error) => Err(cx.io_error(&error, None)),
    }
}
