//! Tracebacks of failed imports do not show importlib. CPython: `remove_importlib_frames`.
//! Invariant: only levels whose code is importlib's own go away.

use taipan_runtime::exception::{BaseException, hierarchy};
use taipan_runtime::prelude::*;
use taipan_runtime::types::traceback::Traceback;

use crate::types::frame::Frame;

const IMPORTLIB: [&str; 2] = ["<frozen importlib._bootstrap>", "<frozen importlib._bootstrap_external>"];

/// Takes importlib's levels out of the traceback of the exception that was raised: all of them from an ImportError, from
/// another one those that call the module's code.
pub(super) fn without_importlib(cx: &Context, raised: Raised) -> Raised {
    let exception = cx.take_exception(raised);
    let Some(body) = exception.downcast::<BaseException>() else { return cx.reraise(exception) };
    let always = cx.is_exception_of(exception, hierarchy::import_error);
    let first = body.traceback().and_then(|traceback| traceback.downcast::<Traceback>());
    let mut inside = false;
    // The level in front of this one, and the one in front of the row of importlib's levels; None for the first.
    let (mut before, mut before_row) = (None::<Gc<Traceback>>, None::<Gc<Traceback>>);
    let mut cursor = first;
    let mut head = first;
    while let Some(level) = cursor {
        let next = level.next();
        let (importlib, calls) = place(level);
        if importlib && !inside {
            before_row = before;
        }
        inside = importlib;
        if importlib && (always || calls) {
            match before_row {
                Some(level) => level.set_next(next),
                None => head = next,
            }
            before = before_row;
        } else {
            before = Some(level);
        }
        cursor = next;
    }
    if head != first {
        body.set_traceback(head.map(Gc::value));
    }
    cx.reraise(exception)
}

/// Is it a level of importlib, and one that only calls on?
fn place(level: Gc<Traceback>) -> (bool, bool) {
    let Some(frame) = level.frame().downcast::<Frame>() else { return (false, false) };
    let code = frame.code();
    let data = code.data();
    (IMPORTLIB.contains(&&*data.filename), &*data.name == "_call_with_frames_removed")
}
