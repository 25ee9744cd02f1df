//! `_posixsubprocess`. CPython: `Modules/_posixsubprocess.c`.

use taipan_runtime::prelude::*;

use crate::posix::spawn::{ForkExec, fork_exec};

pub struct PosixSubprocess;

/// A POSIX helper for the subprocess module.
#[module("_posixsubprocess")]
impl PosixSubprocess {
    /// Spawn a fresh new child process and run a program in it.
    #[function(
        "(args, executable_list, close_fds, pass_fds, cwd, env, p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite, errpipe_read, errpipe_write, restore_signals, call_setsid, pgid_to_set, gid, extra_groups, uid, child_umask, preexec_fn, /)"
    )]
    fn fork_exec(
        cx: &mut Context,
        args: Value,
        executable_list: Value,
        close_fds: Value,
        pass_fds: Value,
        cwd: Value,
        env: Value,
        p2cread: Value,
        p2cwrite: Value,
        c2pread: Value,
        c2pwrite: Value,
        errread: Value,
        errwrite: Value,
        errpipe_read: Value,
        errpipe_write: Value,
        restore_signals: Value,
        call_setsid: Value,
        pgid_to_set: Value,
        gid: Value,
        extra_groups: Value,
        uid: Value,
        child_umask: Value,
        preexec_fn: Value,
    ) -> Result<i32> {
        let args = [
            args,
            executable_list,
            close_fds,
            pass_fds,
            cwd,
            env,
            p2cread,
            p2cwrite,
            c2pread,
            c2pwrite,
            errread,
            errwrite,
            errpipe_read,
            errpipe_write,
            restore_signals,
            call_setsid,
            pgid_to_set,
            gid,
            extra_groups,
            uid,
            child_umask,
            preexec_fn,
        ];
        fork_exec(cx, &ForkExec { args: &args })
    }
}
