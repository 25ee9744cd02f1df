//! `select.poll`: a set of descriptors to wait for.
//!
//! Invariant: a descriptor is there once; what `poll` returns is in the order of registration.

use std::sync::atomic::{AtomicBool, Ordering};

use taipan_runtime::prelude::*;

use crate::posix::descriptor;
use crate::sys::poll as system;
use crate::wait::retry_until;

/// The body of `select.poll`.
#[derive(Trace)]
pub struct Poll {
    members: Guarded<Members>,
    /// Whether a thread waits.
    busy: AtomicBool,
}

#[derive(Trace, Default)]
struct Members(Vec<(i32, i16)>);

const DEFAULT: u16 = (libc::POLLIN | libc::POLLPRI | libc::POLLOUT) as u16;

impl Poll {
    pub(super) fn make(cx: &Context) -> Gc<Poll> {
        cx.new_object(Poll { members: Guarded::new(Members::default()), busy: AtomicBool::new(false) })
    }
}

/// A mask of events. CPython: `_PyLong_UnsignedShort_Converter`.
fn events_arg(cx: &mut Context, value: Option<Value>) -> Result<i16> {
    let Some(value) = value else { return Ok(DEFAULT as i16) };
    match cx.index_i128(value)? {
        events if events < 0 => Err(cx.value_error("Cannot convert negative int")),
        events => match u16::try_from(events) {
            Ok(events) => Ok(events as i16),
            Err(_) => Err(cx.overflow_error("Python int too large for C unsigned short")),
        },
    }
}

/// Milliseconds to wait as nanoseconds; None and negative numbers are forever.
fn timeout_arg(cx: &mut Context, timeout: Value) -> Result<Option<i128>> {
    let Some(timeout) = timeout.not_none() else { return Ok(None) };
    let float = timeout.as_immediate_float().is_some()
        || timeout.downcast::<taipan_runtime::types::float::Float>().is_some();
    let out_of_range = "timestamp out of range for C PyTime_t";
    let nanos = if float {
        let nanos = cx.float_value(timeout)? * 1e6;
        let nanos = if nanos < 0.0 { nanos.floor() } else { nanos.ceil() };
        if !(-9.2e18..=9.2e18).contains(&nanos) {
            return Err(cx.overflow_error(out_of_range));
        }
        nanos as i128
    } else if cx.has_index(timeout) {
        let whole = cx.index(timeout)?;
        let nanos = cx.int_to_i64(whole).and_then(|millis| millis.checked_mul(1_000_000));
        nanos.ok_or_else(|| cx.overflow_error(out_of_range))?.into()
    } else {
        return Err(cx.type_error("timeout must be an integer or None"));
    };
    if nanos / 1_000_000 > i32::MAX.into() {
        return Err(cx.overflow_error("timeout is too large"));
    }
    Ok((nanos >= 0).then_some(nanos))
}

#[class(name = "poll", module = "select", flags = DISALLOW_NEW)]
impl Poll {
    /// Register a file descriptor with the polling object.
    #[function("(fd, eventmask=<absent>, /)")]
    fn register(&self, cx: &mut Context, fd: Value, eventmask: Option<Value>) -> Result<()> {
        let (fd, events) = (descriptor(cx, fd)?, events_arg(cx, eventmask)?);
        let mut members = self.members.lock(cx);
        match members.0.iter_mut().find(|member| member.0 == fd) {
            Some(member) => member.1 = events,
            None => members.0.push((fd, events)),
        }
        Ok(())
    }

    /// Modify an already registered file descriptor.
    #[function("(fd, eventmask, /)")]
    fn modify(&self, cx: &mut Context, fd: Value, eventmask: Value) -> Result<()> {
        let (fd, events) = (descriptor(cx, fd)?, events_arg(cx, Some(eventmask))?);
        let mut members = self.members.lock(cx);
        match members.0.iter_mut().find(|member| member.0 == fd) {
            Some(member) => {
                member.1 = events;
                Ok(())
            }
            None => Err(cx.os_error(libc::ENOENT)),
        }
    }

    /// Remove a file descriptor being tracked by the polling object.
    #[function("(fd, /)")]
    fn unregister(&self, cx: &mut Context, fd: Value) -> Result<()> {
        let number = descriptor(cx, fd)?;
        let mut members = self.members.lock(cx);
        match members.0.iter().position(|member| member.0 == number) {
            Some(index) => {
                members.0.remove(index);
                Ok(())
            }
            None => Err(cx.key_error(Value::int(number.into()))),
        }
    }

    /// Polls the set of registered file descriptors, returning a list of ready ones.
    #[function("(timeout=None, /)")]
    fn poll(&self, cx: &mut Context, timeout: Value) -> Result {
        let timeout = timeout_arg(cx, timeout)?;
        if self.busy.swap(true, Ordering::AcqRel) {
            return Err(cx.runtime_error("concurrent poll() invocation"));
        }
        let mut fds: Vec<(i32, i16, i16)> =
            self.members.lock(cx).0.iter().map(|(fd, events)| (*fd, *events, 0)).collect();
        let waited = retry_until(cx, timeout, |left| system::poll(&mut fds, left));
        self.busy.store(false, Ordering::Release);
        if let Err(error) = waited? {
            return Err(cx.io_error(&error, None));
        }
        let ready: GVec<Value> = fds
            .iter()
            .filter(|fd| fd.2 != 0)
            .map(|(fd, _, events)| {
                let pair = [Value::int((*fd).into()), Value::int(i64::from(*events as u16))];
                cx.new_tuple(&pair).value()
            })
            .collect();
        Ok(cx.new_list(&ready).value())
    }
}
