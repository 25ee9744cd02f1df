//! `select.epoll`: the kernel's set of descriptors.
//!
//! Invariant: `fd` is -1 once closed.

use std::sync::atomic::{AtomicI32, Ordering};

use taipan_runtime::prelude::*;

use crate::posix::descriptor;
use crate::select::timeout_arg;
use crate::sys;
use crate::sys::numbers;
use crate::sys::poll as system;
use crate::wait::retry_until;

/// The body of `select.epoll`.
#[derive(Trace)]
pub struct Epoll {
    fd: AtomicI32,
}

const DEFAULT: u32 = (libc::EPOLLIN | libc::EPOLLPRI | libc::EPOLLOUT) as u32;

impl Epoll {
    fn open_fd(&self, cx: &mut Context) -> Result<i32> {
        match self.fd.load(Ordering::Acquire) {
            -1 => Err(cx.value_error("I/O operation on closed epoll object")),
            fd => Ok(fd),
        }
    }

    fn shut(&self, cx: &mut Context) -> Result<()> {
        let fd = self.fd.swap(-1, Ordering::AcqRel);
        if fd < 0 {
            return Ok(());
        }
        cx.blocking(|| sys::close(fd)).map_err(|error| cx.io_error(&error, None))
    }

    fn change(&self, cx: &mut Context, operation: i32, fd: Value, events: u32) -> Result<()> {
        let epoll = self.open_fd(cx)?;
        let fd = descriptor(cx, fd)?;
        cx.blocking(|| system::epoll_change(epoll, operation, fd, events))
            .map_err(|error| cx.io_error(&error, None))
    }
}

/// The lower 32 bits of a mask.
fn events_arg(cx: &mut Context, value: Option<Value>) -> Result<u32> {
    match value {
        None => Ok(DEFAULT),
        Some(value) => Ok(cx.index_i128(value)? as u32),
    }
}

/// select.epoll(sizehint=-1, flags=0)
///
/// Returns an epolling object
///
/// sizehint must be a positive integer or -1 for the default size. The
/// sizehint is used to optimize internal data structures. It doesn't limit
/// the maximum number of monitored events.
#[class(name = "epoll", module = "select", flags = BASETYPE)]
impl Epoll {
    #[new("(sizehint=-1, flags=0)")]
    fn make(cx: &mut Context, class: Gc<Class>, sizehint: i32, flags: i32) -> Result<Gc<Epoll>> {
        if sizehint != -1 && sizehint <= 0 {
            return Err(cx.value_error("negative sizehint"));
        }
        if flags & !libc::EPOLL_CLOEXEC != 0 {
            return Err(cx.os_error_message("invalid flags"));
        }
        let fd = numbers::epoll_create1(libc::EPOLL_CLOEXEC).map_err(|error| cx.io_error(&error, None))?;
        Ok(cx.new_instance(class, Epoll { fd: AtomicI32::new(fd as i32) }))
    }

    /// Create an epoll object from a given control fd.
    #[classmethod("(fd, /)")]
    fn fromfd(cx: &mut Context, class: Value, fd: i32) -> Result<Gc<Epoll>> {
        match class.downcast::<Class>() {
            Some(class) => Ok(cx.new_instance(class, Epoll { fd: AtomicI32::new(fd) })),
            None => Err(cx.system_error("a class method is called with a class")),
        }
    }

    #[slot(finalize)]
    fn finalize(cx: &mut Context, this: Value) -> Result<()> {
        match this.downcast::<Epoll>() {
            Some(this) => this.shut(cx),
            None => Ok(()),
        }
    }

    /// Close the epoll control file descriptor.
    #[function("()")]
    fn close(&self, cx: &mut Context) -> Result<()> {
        self.shut(cx)
    }

    /// True if the epoll handler is closed
    #[getter]
    fn closed(&self) -> bool {
        self.fd.load(Ordering::Acquire) < 0
    }

    /// Return the epoll control file descriptor.
    #[function("()")]
    fn fileno(&self, cx: &mut Context) -> Result<i32> {
        self.open_fd(cx)
    }

    /// Modify event mask for a registered file descriptor.
    #[function("(fd, eventmask)")]
    fn modify(&self, cx: &mut Context, fd: Value, eventmask: Value) -> Result<()> {
        let events = events_arg(cx, Some(eventmask))?;
        self.change(cx, libc::EPOLL_CTL_MOD, fd, events)
    }

    /// Registers a new fd or raises an OSError if the fd is already registered.
    #[function("(fd, eventmask=<absent>)")]
    fn register(&self, cx: &mut Context, fd: Value, eventmask: Option<Value>) -> Result<()> {
        let events = events_arg(cx, eventmask)?;
        self.change(cx, libc::EPOLL_CTL_ADD, fd, events)
    }

    /// Remove a registered file descriptor from the epoll object.
    #[function("(fd)")]
    fn unregister(&self, cx: &mut Context, fd: Value) -> Result<()> {
        self.change(cx, libc::EPOLL_CTL_DEL, fd, 0)
    }

    /// Wait for events on the epoll file descriptor.
    #[function("(timeout=None, maxevents=-1)")]
    fn poll(&self, cx: &mut Context, timeout: Value, maxevents: i32) -> Result {
        let epoll = self.open_fd(cx)?;
        let timeout = timeout_arg(cx, timeout, "an integer")?;
        if timeout.is_some_and(|nanos| nanos / 1_000_000 > i32::MAX.into()) {
            return Err(cx.overflow_error("timeout is too large"));
        }
        let most = match maxevents {
            -1 => system::SET_SIZE as i32 - 1,
            most if most < 1 => {
                return Err(cx.value_error(format!("maxevents must be greater than 0, got {most}")));
            }
            most => most,
        };
        let timeout = timeout.filter(|nanos| *nanos >= 0);
        match retry_until(cx, timeout, |left| system::epoll_wait(epoll, most, left))? {
            Ok(events) => {
                let pairs: GVec<Value> = events
                    .iter()
                    .map(|(fd, events)| {
                        cx.new_tuple(&[Value::int((*fd).into()), Value::int((*events).into())]).value()
                    })
                    .collect();
                Ok(cx.new_list(&pairs).value())
            }
            Err(error) => Err(cx.io_error(&error, None)),
        }
    }

    #[function("()")]
    fn __enter__(this: Gc<Self>, cx: &mut Context) -> Result {
        this.open_fd(cx)?;
        Ok(this.value())
    }

    #[function("(exc_type=None, exc_value=None, exc_tb=None, /)")]
    fn __exit__(&self, cx: &mut Context, exc_type: Value, exc_value: Value, exc_tb: Value) -> Result<()> {
        let _ = (exc_type, exc_value, exc_tb);
        self.shut(cx)
    }
}
