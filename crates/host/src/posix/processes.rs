//! Processes: forking, starting programs, waiting. CPython: `Modules/posixmodule.c`.
//!
//! Invariant: whoever starts a process has flushed the files with unflushed data before.

use std::sync::atomic::AtomicU64;

use taipan_runtime::prelude::*;
use taipan_runtime::types::struct_sequence::StructSequence;

use crate::posix::{call, fork, process, spawn};
use crate::resource;
use crate::sys;
use crate::sys::numbers;

pub(super) struct Processes;

pub(super) static WAITID_RESULT: StructSequence = StructSequence {
    name: "waitid_result",
    module: "posix",
    doc: "waitid_result: Result from waitid.\n\nThis object may be accessed either as a tuple of\n  (si_pid, si_uid, si_signo, si_status, si_code),\nor via the attributes si_pid, si_uid, and so on.\n\nSee os.waitid for more information.",
    fields: &[
        (Some("si_pid"), ""),
        (Some("si_uid"), ""),
        (Some("si_signo"), ""),
        (Some("si_status"), ""),
        (Some("si_code"), ""),
    ],
    visible: 5,
    instantiable: true,
    class: AtomicU64::new(0),
};

/// (pid, status, resource usage).
fn wait4(cx: &mut Context, pid: i32, options: i32) -> Result<(i32, i32, Value)> {
    let (pid, status, usage) = call(cx, None, || sys::process::wait4(pid, options))?;
    let usage = resource::usage_value(cx, &usage)?;
    Ok((pid, status, usage))
}

#[module("posix")]
impl Processes {
    /// Fork a child process; return 0 to the child and the child's number to the parent.
    #[function("()")]
    fn fork(cx: &mut Context) -> Result<i32> {
        fork::fork(cx)
    }

    /// Fork a new process with a new pseudo-terminal as controlling tty.
    #[function("()")]
    fn forkpty(cx: &mut Context) -> Result<(i32, i32)> {
        fork::forkpty(cx)
    }

    /// Register callables to be called when forking a new process.
    #[function("(*, before=<absent>, after_in_child=<absent>, after_in_parent=<absent>)")]
    fn register_at_fork(
        cx: &mut Context,
        before: Option<Value>,
        after_in_child: Option<Value>,
        after_in_parent: Option<Value>,
    ) -> Result<()> {
        fork::register(cx, before, after_in_child, after_in_parent)
    }

    /// Execute an executable path with arguments, replacing current process.
    #[function("(path, argv, /)")]
    fn execv(cx: &mut Context, path: Value, argv: Value) -> Result<()> {
        process::execv(cx, path, argv)
    }

    /// Execute an executable path with arguments, replacing current process.
    #[function("(path, argv, env)")]
    fn execve(cx: &mut Context, path: Value, argv: Value, env: Value) -> Result<()> {
        process::execve(cx, path, argv, env)
    }

    /// Execute the program specified by path in a new process.
    #[function(
        "(path, argv, env, /, *, file_actions=(), setpgroup=<absent>, resetids=False, setsid=False, setsigmask=(), setsigdef=(), scheduler=<absent>)"
    )]
    fn posix_spawn(
        cx: &mut Context,
        path: Value,
        argv: Value,
        env: Value,
        file_actions: Value,
        setpgroup: Option<Value>,
        resetids: bool,
        setsid: bool,
        setsigmask: Value,
        setsigdef: Value,
        scheduler: Option<Value>,
    ) -> Result<i32> {
        let options = spawn::SpawnOptions {
            file_actions,
            setpgroup,
            resetids,
            setsid,
            setsigmask,
            setsigdef,
            scheduler,
        };
        spawn::spawn(cx, false, path, argv, env, &options)
    }

    /// Execute the program specified by path, which is searched for in PATH, in a new process.
    #[function(
        "(path, argv, env, /, *, file_actions=(), setpgroup=<absent>, resetids=False, setsid=False, setsigmask=(), setsigdef=(), scheduler=<absent>)"
    )]
    fn posix_spawnp(
        cx: &mut Context,
        path: Value,
        argv: Value,
        env: Value,
        file_actions: Value,
        setpgroup: Option<Value>,
        resetids: bool,
        setsid: bool,
        setsigmask: Value,
        setsigdef: Value,
        scheduler: Option<Value>,
    ) -> Result<i32> {
        let options = spawn::SpawnOptions {
            file_actions,
            setpgroup,
            resetids,
            setsid,
            setsigmask,
            setsigdef,
            scheduler,
        };
        spawn::spawn(cx, true, path, argv, env, &options)
    }

    /// Execute the command in a subshell.
    #[function("(command)")]
    fn system(cx: &mut Context, command: Value) -> Result<i32> {
        process::system(cx, command)
    }

    /// Kill a process with a signal.
    #[function("(pid, signal, /)")]
    fn kill(cx: &mut Context, pid: i32, signal: i32) -> Result<()> {
        cx.audit("os.kill", |_| [pid, signal].map(|number| Value::int(number.into())))?;
        call(cx, None, || sys::kill(pid, signal))?;
        cx.poll()
    }

    /// Kill a process group with a signal.
    #[function("(pgid, signal, /)")]
    fn killpg(cx: &mut Context, pgid: i32, signal: i32) -> Result<()> {
        cx.audit("os.killpg", |_| [pgid, signal].map(|number| Value::int(number.into())))?;
        call(cx, None, || numbers::killpg(pgid, signal))?;
        cx.poll()
    }

    /// Wait for completion of a given child process.
    #[function("(pid, options, /)")]
    fn waitpid(cx: &mut Context, pid: i32, options: i32) -> Result<(i32, i32)> {
        call(cx, None, || sys::waitpid(pid, options))
    }

    /// Wait for completion of a child process.
    #[function("()")]
    fn wait(cx: &mut Context) -> Result<(i32, i32)> {
        call(cx, None, || sys::waitpid(-1, 0))
    }

    /// Wait for completion of a child process; return (pid, status, resource usage).
    #[function("(options)")]
    fn wait3(cx: &mut Context, options: i32) -> Result<(i32, i32, Value)> {
        wait4(cx, -1, options)
    }

    /// Wait for completion of a specific child process; return (pid, status, resource usage).
    #[function("(pid, options)")]
    fn wait4(cx: &mut Context, pid: i32, options: i32) -> Result<(i32, i32, Value)> {
        wait4(cx, pid, options)
    }

    /// Return what has become of a process or processes, or None if nothing has.
    #[function("(idtype, id, options, /)")]
    fn waitid(cx: &mut Context, idtype: i32, id: i32, options: i32) -> Result {
        match call(cx, None, || sys::process::waitid(idtype as u32, id as u32, options))? {
            Some(fields) => {
                let values: GVec<Value> = fields.iter().map(|field| Value::int(*field)).collect();
                WAITID_RESULT.instance(cx, &values).map(Gc::value)
            }
            None => Ok(Value::NONE),
        }
    }

    /// Convert a wait status to an exit code.
    #[function("(status)")]
    fn waitstatus_to_exitcode(cx: &mut Context, status: i32) -> Result<i32> {
        process::exit_code(cx, status)
    }

    /// Return True if the process returning status was dumped to a core file.
    #[function("(status, /)")]
    fn WCOREDUMP(status: i32) -> bool {
        libc::WCOREDUMP(status)
    }

    /// Return True if a particular process was continued from a job control stop.
    #[function("(status)")]
    fn WIFCONTINUED(status: i32) -> bool {
        libc::WIFCONTINUED(status)
    }

    /// Return True if the process returning status was stopped.
    #[function("(status)")]
    fn WIFSTOPPED(status: i32) -> bool {
        libc::WIFSTOPPED(status)
    }

    /// Return True if the process returning status was terminated by a signal.
    #[function("(status)")]
    fn WIFSIGNALED(status: i32) -> bool {
        libc::WIFSIGNALED(status)
    }

    /// Return True if the process returning status exited via the exit() system call.
    #[function("(status)")]
    fn WIFEXITED(status: i32) -> bool {
        libc::WIFEXITED(status)
    }

    /// Return the process return code from status.
    #[function("(status)")]
    fn WEXITSTATUS(status: i32) -> i32 {
        libc::WEXITSTATUS(status)
    }

    /// Return the signal that terminated the process that provided the status value.
    #[function("(status)")]
    fn WTERMSIG(status: i32) -> i32 {
        libc::WTERMSIG(status)
    }

    /// Return the signal that stopped the process that provided the status value.
    #[function("(status)")]
    fn WSTOPSIG(status: i32) -> i32 {
        libc::WSTOPSIG(status)
    }

    /// Return a file descriptor referring to the process pid.
    #[function("(pid, flags=0)")]
    fn pidfd_open(cx: &mut Context, pid: i32, flags: u32) -> Result<i64> {
        call(cx, None, || numbers::pidfd_open(pid, flags))
    }

    /// Exit to the system with specified status, without normal exit processing.
    #[function("(status)")]
    fn _exit(status: i32) {
        sys::exit_now(status)
    }

    /// Abort the interpreter immediately.
    #[function("()")]
    fn abort() {
        std::process::abort()
    }

    /// Move the calling thread into a namespace.
    #[function("(fd, nstype=0)")]
    fn setns(cx: &mut Context, fd: Value, nstype: i32) -> Result<()> {
        let fd = super::descriptor(cx, fd)?;
        call(cx, None, || numbers::setns(fd, nstype)).map(drop)
    }

    /// Disassociate parts of a process or thread execution context.
    #[function("(flags)")]
    fn unshare(cx: &mut Context, flags: i32) -> Result<()> {
        call(cx, None, || numbers::unshare(flags)).map(drop)
    }

    /// Tells whether an input hook is set: there is no such thing here.
    #[function("()")]
    fn _is_inputhook_installed() -> bool {
        false
    }

    /// Calls the input hook, if there is one.
    #[function("()")]
    fn _inputhook() {}
}
