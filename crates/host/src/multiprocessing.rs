//! `_multiprocessing` and `_posixshmem`: what processes share. CPython: `Modules/_multiprocessing/`.
//!
//! Invariant: `count` is how often this process holds the semaphore, and `owner` the thread that took it last.

use std::ffi::CString;
use std::sync::atomic::{AtomicI32, AtomicU64, Ordering};

use taipan_runtime::exception;
use taipan_runtime::prelude::*;

use crate::path::encode;
use crate::sys::semaphore::{self as system, Semaphore};
use crate::thread::ident;
use crate::wait::retry;

pub struct Multiprocessing;
pub struct PosixShmem;

const RECURSIVE_MUTEX: i32 = 0;
const SEMAPHORE: i32 = 1;

/// The body of `SemLock`.
#[derive(Trace)]
pub struct SemLock {
    semaphore: Opaque<Semaphore>,
    kind: i32,
    maxvalue: i32,
    name: Option<String>,
    count: AtomicI32,
    owner: AtomicU64,
}

impl SemLock {
    fn body(semaphore: Semaphore, kind: i32, maxvalue: i32, name: Option<String>) -> SemLock {
        SemLock {
            semaphore: Opaque(semaphore),
            kind,
            maxvalue,
            name,
            count: AtomicI32::new(0),
            owner: AtomicU64::new(0),
        }
    }

    fn mine(&self) -> bool {
        self.count.load(Ordering::Relaxed) > 0 && self.owner.load(Ordering::Relaxed) == ident()
    }

    fn enter(&self, cx: &mut Context, block: bool, timeout: Value) -> Result<bool> {
        if self.kind == RECURSIVE_MUTEX && self.mine() {
            self.count.fetch_add(1, Ordering::Relaxed);
            return Ok(true);
        }
        let deadline = match timeout.not_none() {
            Some(timeout) => {
                let seconds = cx.float_value(timeout)?.max(0.0);
                Some(crate::wait::now() + (seconds * 1e9 + 0.5).min(9e18) as i128)
            }
            None => None,
        };
        // First without waiting, which is the common case.
        let mut result = self.semaphore.0.try_wait();
        if block && result.as_ref().is_err_and(|error| error.raw_os_error() == Some(libc::EAGAIN)) {
            result = retry(cx, || {
                let left = deadline.map(|deadline| (deadline - crate::wait::now()).max(0));
                self.semaphore.0.wait(left)
            })?;
        }
        match result {
            Ok(()) => {
                self.count.fetch_add(1, Ordering::Relaxed);
                self.owner.store(ident(), Ordering::Relaxed);
                Ok(true)
            }
            Err(error) if matches!(error.raw_os_error(), Some(libc::EAGAIN | libc::ETIMEDOUT)) => Ok(false),
            Err(error) => Err(cx.io_error(&error, None)),
        }
    }

    fn leave(&self, cx: &mut Context) -> Result<()> {
        if self.kind == RECURSIVE_MUTEX {
            if !self.mine() {
                return Err(cx.raise_message(
                    exception::assertion_error,
                    "attempt to release recursive lock not owned by thread",
                ));
            }
            if self.count.load(Ordering::Relaxed) > 1 {
                self.count.fetch_sub(1, Ordering::Relaxed);
                return Ok(());
            }
        } else {
            let value = self.semaphore.0.value().map_err(|error| cx.io_error(&error, None))?;
            if value >= self.maxvalue {
                return Err(cx.value_error("semaphore or lock released too many times"));
            }
        }
        self.semaphore.0.post().map_err(|error| cx.io_error(&error, None))?;
        self.count.fetch_sub(1, Ordering::Relaxed);
        Ok(())
    }
}

/// A name as a C string.
fn name_arg(cx: &mut Context, name: Gc<Str>) -> Result<CString> {
    let bytes = encode(cx, name)?;
    CString::new(bytes).map_err(|_| cx.value_error("embedded null character"))
}

/// Semaphore/Mutex type
#[class(name = "SemLock", module = "_multiprocessing", flags = BASETYPE)]
impl SemLock {
    #[constant]
    const SEM_VALUE_MAX: i64 = i32::MAX as i64;

    #[new("(kind, value, maxvalue, name, unlink)")]
    fn make(
        cx: &mut Context,
        class: Gc<Class>,
        kind: i32,
        value: i32,
        maxvalue: i32,
        name: Gc<Str>,
        unlink: bool,
    ) -> Result<Gc<SemLock>> {
        if kind != RECURSIVE_MUTEX && kind != SEMAPHORE {
            return Err(cx.value_error("unrecognized kind"));
        }
        let text = name_arg(cx, name)?;
        let made = Semaphore::create(&text, value as u32).and_then(|semaphore| {
            if unlink {
                system::sem_unlink(&text)?;
            }
            Ok(semaphore)
        });
        let semaphore = made.map_err(|error| cx.io_error(&error, None))?;
        let kept = (!unlink).then(|| name.to_str().into_owned());
        Ok(cx.new_instance(class, SemLock::body(semaphore, kind, maxvalue, kept)))
    }

    #[classmethod("(handle, kind, maxvalue, name, /)")]
    fn _rebuild(
        cx: &mut Context,
        class: Value,
        handle: i64,
        kind: i32,
        maxvalue: i32,
        name: Gc<Str>,
    ) -> Result<Gc<SemLock>> {
        let _ = handle;
        let text = name_arg(cx, name)?;
        let semaphore = Semaphore::open(&text).map_err(|error| cx.io_error(&error, None))?;
        let kept = Some(name.to_str().into_owned());
        match class.downcast::<Class>() {
            Some(class) => Ok(cx.new_instance(class, SemLock::body(semaphore, kind, maxvalue, kept))),
            None => Err(cx.system_error("a class method is called with a class")),
        }
    }

    #[getter]
    fn handle(&self) -> i64 {
        self.semaphore.0.handle()
    }

    #[getter]
    fn kind(&self) -> i32 {
        self.kind
    }

    #[getter]
    fn maxvalue(&self) -> i32 {
        self.maxvalue
    }

    #[getter]
    fn name(&self, cx: &mut Context) -> Value {
        self.name.as_ref().map_or(Value::NONE, |name| cx.new_str(name).value())
    }

    /// Acquire the semaphore/lock.
    #[function("(block=True, timeout=None)")]
    fn acquire(&self, cx: &mut Context, block: bool, timeout: Value) -> Result<bool> {
        self.enter(cx, block, timeout)
    }

    /// Release the semaphore/lock.
    #[function("()")]
    fn release(&self, cx: &mut Context) -> Result<()> {
        self.leave(cx)
    }

    /// Enter the semaphore/lock.
    #[function("()")]
    fn __enter__(&self, cx: &mut Context) -> Result<bool> {
        self.enter(cx, true, Value::NONE)
    }

    /// Exit the semaphore/lock.
    #[function("(exc_type=None, exc_value=None, exc_tb=None, /)")]
    fn __exit__(&self, cx: &mut Context, exc_type: Value, exc_value: Value, exc_tb: Value) -> Result<()> {
        let _ = (exc_type, exc_value, exc_tb);
        self.leave(cx)
    }

    /// Number of `acquire()`s minus number of `release()`s for this process.
    #[function("()")]
    fn _count(&self) -> i32 {
        self.count.load(Ordering::Relaxed)
    }

    /// Whether the lock is owned by this thread.
    #[function("()")]
    fn _is_mine(&self) -> bool {
        self.mine()
    }

    /// Get the value of the semaphore.
    #[function("()")]
    fn _get_value(&self, cx: &mut Context) -> Result<i32> {
        let value = self.semaphore.0.value().map_err(|error| cx.io_error(&error, None))?;
        Ok(value.max(0))
    }

    /// Returns whether semaphore has value zero.
    #[function("()")]
    fn _is_zero(&self, cx: &mut Context) -> Result<bool> {
        self._get_value(cx).map(|value| value == 0)
    }

    /// Rezero the net acquisition count after fork().
    #[function("()")]
    fn _after_fork(&self) {
        self.count.store(0, Ordering::Relaxed);
    }
}

#[module("_multiprocessing", classes(SemLock))]
impl Multiprocessing {
    /// Remove a semaphore's name.
    #[function("(name, /)")]
    fn sem_unlink(cx: &mut Context, name: Gc<Str>) -> Result<()> {
        let name = name_arg(cx, name)?;
        system::sem_unlink(&name).map_err(|error| cx.io_error(&error, None))
    }

    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        let flags = cx.new_dict();
        for name in ["HAVE_SEM_OPEN", "HAVE_SEM_TIMEDWAIT"] {
            flags.set_str(cx, cx.intern(name), Value::int(1));
        }
        module.dict().set_str(cx, cx.intern("flags"), flags.value());
        Ok(())
    }
}

/// A str argument of a function of `_posixshmem`.
fn shm_name(cx: &mut Context, function: &str, path: Value) -> Result<CString> {
    match path.downcast::<Str>() {
        Some(name) => name_arg(cx, name),
        None => {
            let got = cx.argument_type_name(path);
            Err(cx.type_error(format!("{function}() argument 1 must be str, not {got}")))
        }
    }
}

/// POSIX shared memory module
#[module("_posixshmem")]
impl PosixShmem {
    /// Open a shared memory object.  Returns a file descriptor (integer).
    #[function("(path, flags, mode=511)")]
    fn shm_open(cx: &mut Context, path: Value, flags: i32, mode: i32) -> Result<i32> {
        let name = shm_name(cx, "shm_open", path)?;
        match retry(cx, || system::shm_open(&name, flags, mode as u32))? {
            Ok(fd) => Ok(fd),
            Err(error) => Err(cx.io_error(&error, Some(path))),
        }
    }

    /// Remove a shared memory object (similar to unlink()).
    #[function("(path, /)")]
    fn shm_unlink(cx: &mut Context, path: Value) -> Result<()> {
        let name = shm_name(cx, "shm_unlink", path)?;
        match retry(cx, || system::shm_unlink(&name))? {
            Ok(()) => Ok(()),
            Err(error) => Err(cx.io_error(&error, Some(path))),
        }
    }
}
