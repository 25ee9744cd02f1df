//! Processes: fork, starting programs, waiting for children.
//!
//! Invariant: between the start of a child and its exec nothing allocates, locks or touches the heap; a child that
//! shares memory with its parent runs on a stack of its own while the calling thread waits.

use std::ffi::{CStr, CString};
use std::io;
use std::mem::MaybeUninit;
use std::ptr::null;

use super::{check, signal};

/// A list of C strings as `exec` takes it: pointers, then null.
fn pointers(list: &[CString]) -> Vec<*const libc::c_char> {
    list.iter().map(|item| item.as_ptr()).chain([null()]).collect()
}

/// Forks. The caller has stopped the other threads and holds the locks that a child needs.
pub(crate) fn fork() -> io::Result<i32> {
    // SAFETY: the child goes on with the calling thread alone, which the caller has prepared for.
    check(unsafe { libc::fork() }.into()).map(|pid| pid as i32)
}

/// Forks with a new terminal for the child: (pid, descriptor of the terminal's other side).
pub(crate) fn forkpty() -> io::Result<(i32, i32)> {
    let mut master = -1;
    // SAFETY: as in `fork`; the other arguments may be null.
    let pid = unsafe { libc::forkpty(&raw mut master, std::ptr::null_mut(), null(), null()) };
    check(pid.into()).map(|pid| (pid as i32, master))
}

/// What a child started by `Start` does before it runs a program. CPython: `child_exec` in
/// `Modules/_posixsubprocess.c`.
pub(crate) struct Start {
    /// Programs that are tried in order.
    pub programs: Vec<CString>,
    pub args: Vec<CString>,
    pub env: Option<Vec<CString>>,
    pub cwd: Option<CString>,
    pub close_fds: bool,
    /// Sorted.
    pub pass_fds: Vec<i32>,
    /// p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite.
    pub pipes: [i32; 6],
    pub error_pipe: i32,
    pub restore_signals: bool,
    pub new_session: bool,
    pub process_group: i32,
    pub gid: Option<u32>,
    pub groups: Option<Vec<u32>>,
    pub uid: Option<u32>,
    pub umask: i32,
}

/// `Start` with everything that exec needs laid out.
struct Prepared<'a> {
    start: &'a Start,
    programs: Vec<*const libc::c_char>,
    args: Vec<*const libc::c_char>,
    env: Option<Vec<*const libc::c_char>>,
    /// The mask to run the program with.
    mask: signal::Set,
}

impl Start {
    fn prepare(&self, mask: signal::Set) -> Prepared<'_> {
        Prepared {
            start: self,
            programs: self.programs.iter().map(|program| program.as_ptr()).collect(),
            args: pointers(&self.args),
            env: self.env.as_deref().map(pointers),
            mask,
        }
    }

    /// Starts the child in the parent's memory: no page is copied, no thread stopped.
    pub(crate) fn spawn(&self) -> io::Result<i32> {
        const STACK: usize = 64 << 10;
        let mut stack = vec![0u128; STACK / 16];
        // A handler of ours in the child would tell the parent about the child's signal.
        let mask = signal::mask(libc::SIG_SETMASK, !0)?;
        let mut prepared = self.prepare(mask);
        let top = stack.as_mut_ptr_range().end;
        let flags = libc::CLONE_VM | libc::CLONE_VFORK | libc::SIGCHLD;
        // SAFETY: the child runs on `stack`, which lives until clone returns, since CLONE_VFORK keeps the caller
        // waiting until the child has its own memory or is gone; `prepared` lives as long.
        let pid = unsafe { libc::clone(enter, top.cast(), flags, (&raw mut prepared).cast()) };
        let result = check(pid.into()).map(|pid| pid as i32);
        signal::mask(libc::SIG_SETMASK, mask)?;
        result
    }

    /// What a forked child does; `before_exec` is `preexec_fn` and tells whether it succeeded. Never returns.
    pub(crate) fn run_forked(&self, before_exec: &mut dyn FnMut() -> bool) -> ! {
        let mask = signal::mask(libc::SIG_BLOCK, 0).unwrap_or(0);
        self.prepare(mask).run(Some(before_exec))
    }
}

extern "C" fn enter(argument: *mut libc::c_void) -> libc::c_int {
    // SAFETY: `spawn` passes a `Prepared` that outlives the child's use of it.
    let prepared = unsafe { &*argument.cast::<Prepared<'_>>() };
    prepared.run(None)
}

/// Why a child could not run its program: errno, and what is written to the error pipe after it.
struct Failure {
    errno: i32,
    text: &'static [u8],
}

fn last_errno() -> i32 {
    // SAFETY: errno of this thread.
    unsafe { *libc::__errno_location() }
}

/// A call's result, or the failure that errno tells.
fn must(result: i32, text: &'static [u8]) -> Result<i32, Failure> {
    if result < 0 { Err(Failure { errno: last_errno(), text }) } else { Ok(result) }
}

const NOT_YET: &[u8] = b"noexec";

impl Prepared<'_> {
    /// In the child.
    fn run(&self, before_exec: Option<&mut dyn FnMut() -> bool>) -> ! {
        let failure = match self.set_up(before_exec) {
            Ok(()) => self.exec(),
            Err(failure) => failure,
        };
        self.report(&failure);
        super::exit_now(255)
    }

    fn set_up(&self, before_exec: Option<&mut dyn FnMut() -> bool>) -> Result<(), Failure> {
        let start = self.start;
        self.connect()?;
        // SAFETY of the calls below: numbers, and C strings and arrays that `start` owns.
        if let Some(cwd) = &start.cwd {
            // SAFETY: a C string.
            must(unsafe { libc::chdir(cwd.as_ptr()) }, b"noexec:chdir")?;
        }
        if start.umask >= 0 {
            super::umask(start.umask as u32);
        }
        self.reset_signals();
        if start.new_session {
            // SAFETY: no memory is involved.
            must(unsafe { libc::setsid() }, NOT_YET)?;
        }
        if start.process_group >= 0 {
            // SAFETY: no memory is involved.
            must(unsafe { libc::setpgid(0, start.process_group) }, NOT_YET)?;
        }
        self.change_user()?;
        if let Some(before_exec) = before_exec
            && !before_exec()
        {
            return Err(Failure { errno: 0, text: b"Exception occurred in preexec_fn." });
        }
        if start.close_fds {
            self.close_others();
        }
        Ok(())
    }

    /// Puts the pipes where the program expects them.
    fn connect(&self) -> Result<(), Failure> {
        let inherit = |fd: i32| match super::set_inheritable(fd, true) {
            Ok(()) => Ok(()),
            Err(error) => Err(Failure { errno: error.raw_os_error().unwrap_or(0), text: NOT_YET }),
        };
        let start = self.start;
        for fd in start.pass_fds.iter().filter(|fd| **fd != start.error_pipe) {
            inherit(*fd)?;
        }
        let [p2cread, p2cwrite, c2pread, mut c2pwrite, errread, mut errwrite] = start.pipes;
        for fd in [p2cwrite, c2pread, errread] {
            if fd >= 0 {
                // SAFETY: closing a number is an error at worst.
                must(unsafe { libc::close(fd) }, NOT_YET)?;
            }
        }
        // A low descriptor would be overwritten before its turn.
        // SAFETY of the calls below: no memory is involved.
        if c2pwrite == 0 {
            // SAFETY: no memory is involved.
            c2pwrite = must(unsafe { libc::dup(c2pwrite) }, NOT_YET)?;
            super::set_inheritable(c2pwrite, false).ok();
        }
        while errwrite == 0 || errwrite == 1 {
            // SAFETY: no memory is involved.
            errwrite = must(unsafe { libc::dup(errwrite) }, NOT_YET)?;
            super::set_inheritable(errwrite, false).ok();
        }
        for (from, to) in [(p2cread, 0), (c2pwrite, 1), (errwrite, 2)] {
            if from == to {
                inherit(from)?;
            } else if from >= 0 {
                // SAFETY: no memory is involved.
                must(unsafe { libc::dup2(from, to) }, NOT_YET)?;
            }
        }
        Ok(())
    }

    fn reset_signals(&self) {
        if self.start.restore_signals {
            for number in [libc::SIGPIPE, libc::SIGXFSZ] {
                let _ = signal::set_action(number, signal::Action::Default);
            }
        }
        // Handlers of ours must not run once the mask is lifted.
        for number in 1..signal::COUNT as i32 {
            if signal::action(number) == Some(signal::Action::Handle) {
                let _ = signal::set_action(number, signal::Action::Default);
            }
        }
        let _ = signal::mask(libc::SIG_SETMASK, self.mask);
    }

    /// System calls, not the C library's functions: those would change all threads of the parent.
    fn change_user(&self) -> Result<(), Failure> {
        let keep = -1i64;
        if let Some(groups) = &self.start.groups {
            // SAFETY: an array of that length.
            let result = unsafe { libc::syscall(libc::SYS_setgroups, groups.len(), groups.as_ptr()) };
            must(result as i32, NOT_YET)?;
        }
        if let Some(gid) = self.start.gid {
            // SAFETY: no memory is involved.
            must(unsafe { libc::syscall(libc::SYS_setresgid, gid, gid, keep) } as i32, NOT_YET)?;
        }
        if let Some(uid) = self.start.uid {
            // SAFETY: no memory is involved.
            must(unsafe { libc::syscall(libc::SYS_setresuid, uid, uid, keep) } as i32, NOT_YET)?;
        }
        Ok(())
    }

    /// Closes every descriptor from 3 on that is not to be passed.
    fn close_others(&self) {
        let mut low = 3;
        for keep in self.start.pass_fds.iter().filter(|fd| **fd >= 3) {
            close_range(low, *keep - 1);
            low = *keep + 1;
        }
        close_range(low, i32::MAX);
    }

    /// Tries the programs; comes back when none could be run.
    fn exec(&self) -> Failure {
        let mut told = 0;
        for program in &self.programs {
            match &self.env {
                // SAFETY: arrays of C strings that end with null.
                Some(env) => unsafe { libc::execve(*program, self.args.as_ptr(), env.as_ptr()) },
                // SAFETY: as above.
                None => unsafe { libc::execv(*program, self.args.as_ptr()) },
            };
            let errno = last_errno();
            if !matches!(errno, libc::ENOENT | libc::ENOTDIR) && told == 0 {
                told = errno;
            }
        }
        Failure { errno: if told != 0 { told } else { last_errno() }, text: b"" }
    }

    /// Tells the parent, in the form that `subprocess` reads.
    fn report(&self, failure: &Failure) {
        let write = |bytes: &[u8]| {
            let _ = super::write(self.start.error_pipe, bytes);
        };
        if failure.errno == 0 {
            write(b"SubprocessError:0:");
        } else {
            write(b"OSError:");
            let mut digits = [0u8; 8];
            let mut at = digits.len();
            let mut rest = failure.errno as u32;
            while rest != 0 && at > 0 {
                at -= 1;
                digits[at] = b"0123456789ABCDEF"[(rest % 16) as usize];
                rest /= 16;
            }
            write(&digits[at..]);
            write(b":");
        }
        write(failure.text);
    }
}

/// Closes the descriptors from `low` to `high`.
pub(crate) fn close_range(low: i32, high: i32) {
    if low > high {
        return;
    }
    // SAFETY: no memory is involved.
    if unsafe { libc::syscall(libc::SYS_close_range, low, high, 0) } == 0 {
        return;
    }
    let most = super::sysconf(libc::_SC_OPEN_MAX).clamp(256, 1 << 20) as i32;
    for fd in low..=high.min(most) {
        let _ = super::close(fd);
    }
}

/// One of `posix_spawn`'s changes to descriptors.
pub(crate) enum FileAction {
    Open { fd: i32, path: CString, flags: i32, mode: u32 },
    Close(i32),
    Dup2(i32, i32),
    CloseFrom(i32),
}

/// The attributes of `posix_spawn` that are set.
#[derive(Default)]
pub(crate) struct SpawnAttributes {
    pub process_group: Option<i32>,
    pub reset_ids: bool,
    pub new_session: bool,
    pub mask: Option<signal::Set>,
    pub defaults: Option<signal::Set>,
    /// (policy or none, priority).
    pub scheduler: Option<(Option<i32>, i32)>,
}

/// `posix_spawn`, or `posix_spawnp` with `search`.
pub(crate) fn posix_spawn(
    path: &CStr,
    args: &[CString],
    env: &[CString],
    actions: &[FileAction],
    attributes: &SpawnAttributes,
    search: bool,
) -> io::Result<i32> {
    let (args, env) = (pointers(args), pointers(env));
    let mut pid = 0;
    let spawn = if search { libc::posix_spawnp } else { libc::posix_spawn };
    let mut system_actions = MaybeUninit::<libc::posix_spawn_file_actions_t>::zeroed();
    let mut system_attributes = MaybeUninit::<libc::posix_spawnattr_t>::zeroed();
    // SAFETY: both records are initialised before they are used and destroyed after; the arrays end with null; C
    // strings in the actions live until the call.
    let code = unsafe {
        libc::posix_spawn_file_actions_init(system_actions.as_mut_ptr());
        libc::posix_spawnattr_init(system_attributes.as_mut_ptr());
        let mut code = 0;
        for action in actions {
            if code == 0 {
                code = add_action(system_actions.as_mut_ptr(), action);
            }
        }
        if code == 0 {
            code = set_attributes(system_attributes.as_mut_ptr(), attributes);
        }
        if code == 0 {
            code = spawn(
                &raw mut pid,
                path.as_ptr(),
                system_actions.as_ptr(),
                system_attributes.as_ptr(),
                args.as_ptr().cast::<*mut libc::c_char>(),
                env.as_ptr().cast::<*mut libc::c_char>(),
            );
        }
        libc::posix_spawn_file_actions_destroy(system_actions.as_mut_ptr());
        libc::posix_spawnattr_destroy(system_attributes.as_mut_ptr());
        code
    };
    if code == 0 { Ok(pid) } else { Err(io::Error::from_raw_os_error(code)) }
}

// SAFETY: the declarations are those of the C library's headers.
unsafe extern "C" {
    fn posix_spawn_file_actions_addclosefrom_np(
        actions: *mut libc::posix_spawn_file_actions_t,
        from: libc::c_int,
    ) -> libc::c_int;
}

/// # Safety
/// `actions` is initialised, and `action` outlives its use.
unsafe fn add_action(actions: *mut libc::posix_spawn_file_actions_t, action: &FileAction) -> i32 {
    // SAFETY: the caller's promise.
    unsafe {
        match action {
            FileAction::Open { fd, path, flags, mode } => {
                libc::posix_spawn_file_actions_addopen(actions, *fd, path.as_ptr(), *flags, *mode)
            }
            FileAction::Close(fd) => libc::posix_spawn_file_actions_addclose(actions, *fd),
            FileAction::Dup2(from, to) => libc::posix_spawn_file_actions_adddup2(actions, *from, *to),
            FileAction::CloseFrom(fd) => posix_spawn_file_actions_addclosefrom_np(actions, *fd),
        }
    }
}

/// # Safety
/// `record` is initialised.
unsafe fn set_attributes(record: *mut libc::posix_spawnattr_t, attributes: &SpawnAttributes) -> i32 {
    const SETSID: i32 = 0x80;
    let mut flags = 0;
    // SAFETY: the caller's promise; sets and parameters are initialised records.
    unsafe {
        if let Some(group) = attributes.process_group {
            flags |= libc::POSIX_SPAWN_SETPGROUP;
            libc::posix_spawnattr_setpgroup(record, group);
        }
        if attributes.reset_ids {
            flags |= libc::POSIX_SPAWN_RESETIDS;
        }
        if attributes.new_session {
            flags |= SETSID;
        }
        if let Some(mask) = attributes.mask {
            flags |= libc::POSIX_SPAWN_SETSIGMASK;
            libc::posix_spawnattr_setsigmask(record, &signal::to_system(mask));
        }
        if let Some(defaults) = attributes.defaults {
            flags |= libc::POSIX_SPAWN_SETSIGDEF;
            libc::posix_spawnattr_setsigdefault(record, &signal::to_system(defaults));
        }
        if let Some((policy, priority)) = attributes.scheduler {
            if let Some(policy) = policy {
                flags |= libc::POSIX_SPAWN_SETSCHEDULER;
                libc::posix_spawnattr_setschedpolicy(record, policy);
            }
            flags |= libc::POSIX_SPAWN_SETSCHEDPARAM;
            let mut param: libc::sched_param = std::mem::zeroed();
            param.sched_priority = priority;
            libc::posix_spawnattr_setschedparam(record, &raw const param);
        }
        libc::posix_spawnattr_setflags(record, flags as libc::c_short)
    }
}

/// Resource usage: user and system time in microseconds, then the 14 counts.
pub(crate) struct Usage {
    pub times: [i64; 2],
    pub counts: [i64; 14],
}

pub(crate) fn usage_of(usage: &libc::rusage) -> Usage {
    let micros = |time: &libc::timeval| time.tv_sec * 1_000_000 + time.tv_usec;
    Usage {
        times: [micros(&usage.ru_utime), micros(&usage.ru_stime)],
        counts: [
            usage.ru_maxrss,
            usage.ru_ixrss,
            usage.ru_idrss,
            usage.ru_isrss,
            usage.ru_minflt,
            usage.ru_majflt,
            usage.ru_nswap,
            usage.ru_inblock,
            usage.ru_oublock,
            usage.ru_msgsnd,
            usage.ru_msgrcv,
            usage.ru_nsignals,
            usage.ru_nvcsw,
            usage.ru_nivcsw,
        ],
    }
}

/// `wait4`: (pid, status, usage).
pub(crate) fn wait4(pid: i32, options: i32) -> io::Result<(i32, i32, Usage)> {
    let mut usage = MaybeUninit::<libc::rusage>::zeroed();
    let mut status = 0;
    // SAFETY: room for both results.
    let pid = check(unsafe { libc::wait4(pid, &raw mut status, options, usage.as_mut_ptr()) }.into())?;
    // SAFETY: zeroed, and filled by the call where there was a child.
    Ok((pid as i32, status, usage_of(unsafe { usage.assume_init_ref() })))
}

pub(crate) fn getrusage(who: i32) -> io::Result<Usage> {
    let mut usage = MaybeUninit::<libc::rusage>::zeroed();
    // SAFETY: room for the result.
    check(unsafe { libc::getrusage(who, usage.as_mut_ptr()) }.into())?;
    // SAFETY: zeroed, and filled by the call.
    Ok(usage_of(unsafe { usage.assume_init_ref() }))
}

/// `waitid`: pid, uid, signo, status, code; `None` when no child has changed.
pub(crate) fn waitid(kind: u32, id: u32, options: i32) -> io::Result<Option<[i64; 5]>> {
    let mut info = MaybeUninit::<libc::siginfo_t>::zeroed();
    // SAFETY: room for the result.
    check(unsafe { libc::waitid(kind, id, info.as_mut_ptr(), options) }.into())?;
    // SAFETY: zeroed, and filled by the call; the union holds integers.
    let (info, pid, uid, status) = unsafe {
        let info = info.assume_init();
        (info, info.si_pid(), info.si_uid(), info.si_status())
    };
    if pid == 0 {
        return Ok(None);
    }
    Ok(Some([pid.into(), uid.into(), info.si_signo.into(), status.into(), info.si_code.into()]))
}

/// Replaces the process's program by the file behind a descriptor.
pub(crate) fn fexecve(fd: i32, argv: &[CString], env: &[CString]) -> io::Error {
    // SAFETY: arrays of C strings that end with null.
    unsafe { libc::fexecve(fd, pointers(argv).as_ptr(), pointers(env).as_ptr()) };
    io::Error::last_os_error()
}

/// Replaces the process's program.
pub(crate) fn execve(path: &CStr, argv: &[CString], env: Option<&[CString]>) -> io::Error {
    let argv = pointers(argv);
    match env {
        // SAFETY: arrays of C strings that end with null.
        Some(env) => unsafe { libc::execve(path.as_ptr(), argv.as_ptr(), pointers(env).as_ptr()) },
        // SAFETY: as above.
        None => unsafe { libc::execv(path.as_ptr(), argv.as_ptr()) },
    };
    io::Error::last_os_error()
}
