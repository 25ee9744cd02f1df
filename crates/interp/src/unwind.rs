//! Unwinding: from a pending exception to its handler, through frames. CPython: the `error` and
//! `exception_unwind` labels of `Python/ceval.c`.
//! Invariant: an exception that leaves a frame has a traceback entry for it.

use taipan_runtime::exception::BaseException;
use taipan_runtime::types::traceback::Traceback;
use taipan_runtime::{Context, Gc, Raised, Value};

use crate::dispatch::{Flow, State, outline};
use crate::frame::{Frame, flag};

/// The instruction at `s.pc` raised: goes to its handler or out of the frame.
#[inline(always)]
pub(crate) fn unwind(s: &mut State) -> Flow {
    outline(s, raised_here)
}

/// The same without a traceback entry for the frame: it has one already.
#[inline(always)]
pub(crate) fn unwind_again(s: &mut State) -> Flow {
    outline(s, raised_before)
}

fn raised_here(s: &mut State) -> Flow {
    s.enter();
    search(s, true)
}

fn raised_before(s: &mut State) -> Flow {
    s.enter();
    search(s, false)
}

fn search(s: &mut State, mut add_entry: bool) -> Flow {
    loop {
        let frame = s.frame();
        crate::generator::settle(frame);
        let cx = s.cx();
        let private = frame.private();
        let index = private.index_of(s.pc);
        frame.save_pc(s.pc.add(1));
        crate::frame::publish(cx, frame);
        if add_entry {
            add_traceback(cx, frame, index);
        }
        let traced = crate::trace::is_active(cx);
        if traced {
            crate::trace::raised(s, !add_entry);
        }
        add_entry = true;
        let code = private.code();
        if let Some(row) = code.data().handler_for(index) {
            if traced {
                crate::trace::unwound(s, true);
            }
            let exception = cx.take_exception(Raised::pending(cx));
            s.set(row.exc as usize, exception);
            s.pc = private.pc_at(row.handler);
            return crate::trace::check(s, Flow::Go);
        }
        if traced {
            crate::trace::unwound(s, false);
        }
        if frame.meta() & flag::GENERATOR != 0 {
            crate::generator::failed(s, frame);
        }
        if frame.meta() & flag::OBSERVED != 0 {
            if code.data().locations.at(index).line == 0
                && let Some(raised) = raised_at(cx, frame)
            {
                frame.save_pc(private.pc_at(raised).add(1));
            }
            crate::types::frame::detach(cx, frame);
        }
        let entry = frame.meta() & flag::ENTRY != 0;
        match frame.previous() {
            Some(caller) if !entry => {
                if frame.meta() & flag::NEXT != 0 && crate::ops::operator::stopped(s, caller) {
                    return crate::trace::check(s, Flow::Go);
                }
                s.set_frame(caller);
                s.pc = caller.saved_pc().offset(-1);
            }
            _ => return Flow::Exit(0),
        }
    }
}

/// Where the pending exception was raised in the frame, if it passed through a handler there. PEP 626: raising it again
/// happens on no line, so the frame stays where it was.
fn raised_at(cx: &Context, frame: Frame) -> Option<u32> {
    let body = cx.pending_exception().and_then(Value::downcast::<BaseException>)?;
    let entry = body.traceback().and_then(Value::downcast::<Traceback>)?;
    let same = entry.frame() == crate::types::frame::object_of(cx, frame).value();
    u32::try_from(entry.lasti() / 2).ok().filter(|_| same)
}

/// Puts an entry for `frame` before the traceback of the pending exception.
fn add_traceback(cx: &Context, frame: Frame, index: u32) {
    if let Some(body) = cx.pending_exception().and_then(Value::downcast::<BaseException>) {
        prepend_traceback(cx, body, frame, index);
    }
}

/// Puts an entry for `frame` before the traceback of an exception.
pub(crate) fn prepend_traceback(cx: &Context, body: Gc<BaseException>, frame: Frame, index: u32) {
    let object = crate::types::frame::object_of(cx, frame);
    let line = frame.private().code().lines().at(index);
    let entry = Traceback::new(
        cx,
        body.traceback().and_then(Value::downcast),
        object.value(),
        index as i64 * 2,
        line as i64,
    );
    body.set_traceback(Some(entry.value()));
}
