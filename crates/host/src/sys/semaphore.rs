//! Semaphores and memory that processes share by name.
//!
//! Invariant: a `Semaphore` is open until it is dropped; its memory belongs to the C library.

use std::ffi::CStr;
use std::io;
use std::ptr::NonNull;

use super::check;

/// A named semaphore.
pub(crate) struct Semaphore {
    raw: NonNull<libc::sem_t>,
}

// SAFETY: the functions of the C library may be called from any thread.
unsafe impl Send for Semaphore {}
// SAFETY: as above.
unsafe impl Sync for Semaphore {}

impl Semaphore {
    fn from_raw(raw: *mut libc::sem_t) -> io::Result<Semaphore> {
        match NonNull::new(raw) {
            Some(raw) if raw.as_ptr() != libc::SEM_FAILED => Ok(Semaphore { raw }),
            _ => Err(io::Error::last_os_error()),
        }
    }

    /// Makes a semaphore that does not exist yet.
    pub(crate) fn create(name: &CStr, value: u32) -> io::Result<Semaphore> {
        // SAFETY: a C string.
        Self::from_raw(unsafe { libc::sem_open(name.as_ptr(), libc::O_CREAT | libc::O_EXCL, 0o600, value) })
    }

    pub(crate) fn open(name: &CStr) -> io::Result<Semaphore> {
        // SAFETY: a C string.
        Self::from_raw(unsafe { libc::sem_open(name.as_ptr(), 0) })
    }

    /// The number that `SemLock.handle` shows.
    pub(crate) fn handle(&self) -> i64 {
        self.raw.as_ptr().addr() as i64
    }

    pub(crate) fn try_wait(&self) -> io::Result<()> {
        // SAFETY: open.
        check(unsafe { libc::sem_trywait(self.raw.as_ptr()) }.into()).map(drop)
    }

    /// Waits; with a number of nanoseconds at most that long.
    pub(crate) fn wait(&self, timeout: Option<i128>) -> io::Result<()> {
        let Some(timeout) = timeout else {
            // SAFETY: open.
            return check(unsafe { libc::sem_wait(self.raw.as_ptr()) }.into()).map(drop);
        };
        let deadline = super::timespec(super::clock(libc::CLOCK_REALTIME)? + timeout);
        // SAFETY: open, and a valid time.
        check(unsafe { libc::sem_timedwait(self.raw.as_ptr(), &raw const deadline) }.into()).map(drop)
    }

    pub(crate) fn post(&self) -> io::Result<()> {
        // SAFETY: open.
        check(unsafe { libc::sem_post(self.raw.as_ptr()) }.into()).map(drop)
    }

    pub(crate) fn value(&self) -> io::Result<i32> {
        let mut value = 0;
        // SAFETY: open, and room for the result.
        check(unsafe { libc::sem_getvalue(self.raw.as_ptr(), &raw mut value) }.into())?;
        Ok(value)
    }
}

impl Drop for Semaphore {
    fn drop(&mut self) {
        // SAFETY: open, and not used again.
        unsafe { libc::sem_close(self.raw.as_ptr()) };
    }
}

pub(crate) fn sem_unlink(name: &CStr) -> io::Result<()> {
    // SAFETY: a C string.
    check(unsafe { libc::sem_unlink(name.as_ptr()) }.into()).map(drop)
}

pub(crate) fn shm_open(name: &CStr, flags: i32, mode: u32) -> io::Result<i32> {
    // SAFETY: a C string.
    check(unsafe { libc::shm_open(name.as_ptr(), flags, mode) }.into()).map(|fd| fd as i32)
}

pub(crate) fn shm_unlink(name: &CStr) -> io::Result<()> {
    // SAFETY: a C string.
    check(unsafe { libc::shm_unlink(name.as_ptr()) }.into()).map(drop)
}
