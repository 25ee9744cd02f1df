//! `select`: waiting for descriptors. CPython: `Modules/selectmodule.c`.
//!
//! Invariant: a wait that a signal interrupts goes on with what is left of its timeout (PEP 475).

mod epoll;
mod poll;

use taipan_runtime::exception;
use taipan_runtime::prelude::*;

use crate::posix::descriptor;
use crate::sys::poll as system;
use crate::time::nanoseconds;
use crate::wait::retry_until;

pub use epoll::Epoll;
pub use poll::Poll;

pub struct Select;

macro_rules! numbers {
    ($($name:ident)*) => {
        const NUMBERS: &[(&str, i64)] = &[$((stringify!($name), libc::$name as u32 as i64)),*];
    };
}
numbers! {
    EPOLLERR EPOLLET EPOLLEXCLUSIVE EPOLLHUP EPOLLIN EPOLLMSG EPOLLONESHOT EPOLLOUT EPOLLPRI EPOLLRDBAND EPOLLRDHUP
    EPOLLRDNORM EPOLLWAKEUP EPOLLWRBAND EPOLLWRNORM EPOLL_CLOEXEC PIPE_BUF POLLERR POLLHUP POLLIN POLLNVAL POLLOUT
    POLLPRI POLLRDBAND POLLRDHUP POLLRDNORM POLLWRBAND POLLWRNORM
}

/// Seconds to wait; None is forever. `wanted` names what else than None may be passed.
pub(crate) fn timeout_arg(cx: &mut Context, timeout: Value, wanted: &str) -> Result<Option<i128>> {
    let Some(timeout) = timeout.not_none() else { return Ok(None) };
    match nanoseconds(cx, timeout, true) {
        Ok(nanos) => Ok(Some(nanos)),
        Err(raised) if cx.error_matches(&raised, exception::type_error) => {
            cx.take_exception(raised);
            Err(cx.type_error(format!("timeout must be {wanted} or None")))
        }
        Err(raised) => Err(raised),
    }
}

/// The objects of a sequence and their descriptors.
fn members(cx: &mut Context, list: Value) -> Result<(GVec<Value>, Vec<i32>)> {
    let list = match list.downcast::<List>() {
        Some(list) => list,
        None => match cx.to_list(list) {
            Ok(list) => list,
            Err(raised) if cx.error_matches(&raised, exception::type_error) => {
                cx.take_exception(raised);
                return Err(cx.type_error("arguments 1-3 must be sequences"));
            }
            Err(raised) => return Err(raised),
        },
    };
    let (mut items, mut fds) = (GVec::new(), Vec::new());
    // Asking for a descriptor runs Python, which may change the list.
    while let Some(item) = list.get(items.len()) {
        let fd = descriptor(cx, item)?;
        if fd as usize >= system::SET_SIZE {
            return Err(cx.value_error("filedescriptor out of range in select()"));
        }
        items.push(item);
        fds.push(fd);
    }
    Ok((items, fds))
}

/// This module supports asynchronous I/O on multiple file descriptors.
///
/// *** IMPORTANT NOTICE ***
/// On Windows, only sockets are supported; on Unix, all file descriptors.
#[module("select", classes(Epoll))]
impl Select {
    #[constant]
    const POLLMSG: i64 = 1024;

    /// Wait until one or more file descriptors are ready for some kind of I/O.
    #[function("(rlist, wlist, xlist, timeout=None, /)")]
    fn select(
        cx: &mut Context,
        rlist: Value,
        wlist: Value,
        xlist: Value,
        timeout: Value,
    ) -> Result<(Value, Value, Value)> {
        let timeout = timeout_arg(cx, timeout, "a float")?;
        if timeout.is_some_and(|nanos| nanos < 0) {
            return Err(cx.value_error("timeout must be non-negative"));
        }
        let (reading, read_fds) = members(cx, rlist)?;
        let (writing, write_fds) = members(cx, wlist)?;
        let (excepting, except_fds) = members(cx, xlist)?;
        let lists = [&read_fds[..], &write_fds[..], &except_fds[..]];
        let ready = match retry_until(cx, timeout, |left| system::select(lists, left))? {
            Ok(ready) => ready,
            Err(error) => return Err(cx.io_error(&error, None)),
        };
        let pick = |items: &GVec<Value>, ready: &[bool]| {
            let chosen: GVec<Value> =
                items.iter().zip(ready).filter(|(_, ready)| **ready).map(|(item, _)| *item).collect();
            cx.new_list(&chosen).value()
        };
        Ok((pick(&reading, &ready[0]), pick(&writing, &ready[1]), pick(&excepting, &ready[2])))
    }

    /// Returns a polling object.
    ///
    /// This object supports registering and unregistering file descriptors, and
    /// then polling them for I/O events.
    #[function("()")]
    fn poll(cx: &mut Context) -> Gc<Poll> {
        Poll::make(cx)
    }

    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        let dict = module.dict();
        for (name, number) in NUMBERS {
            dict.set_str(cx, cx.intern(name), Value::int(*number));
        }
        Poll::class_cell().ensure(cx);
        dict.set_str(cx, cx.intern("error"), exception::os_error().get().value());
        Ok(())
    }
}
