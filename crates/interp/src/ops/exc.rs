//! Raising and handling. CPython: `RAISE_VARARGS`, `PUSH_EXC_INFO`, `CHECK_EXC_MATCH`, `CHECK_EG_MATCH`.

use taipan_runtime::exception::BaseException;
use taipan_runtime::{Raised, Value};

use crate::dispatch::{Flow, State};
use crate::frame::flag;
use crate::generator;
use crate::unwind::{unwind, unwind_again};

super::outlined! {
    raise_again => slow_raise_again;
    raise => slow_raise;
    raise_from => slow_raise_from;
    reraise => slow_reraise;
    push_exc => slow_push_exc;
    pop_exc => slow_pop_exc;
    check_exc_match => slow_check_exc_match;
    check_eg_match => slow_check_eg_match;
    exc_triple => slow_exc_triple;
}

fn slow_raise_again(s: &mut State) -> Flow {
    let cx = s.enter();
    let had = cx.handled().is_some();
    let _raised = cx.raise_handled();
    if had { unwind_again(s) } else { unwind(s) }
}

fn slow_raise(s: &mut State) -> Flow {
    let exception = s.value(s.a());
    let _raised = s.enter().raise_with(exception, None);
    unwind(s)
}

fn slow_raise_from(s: &mut State) -> Flow {
    let (exception, cause) = (s.value(s.a()), s.value(s.b()));
    let _raised = s.enter().raise_with(exception, Some(cause));
    unwind(s)
}

fn slow_reraise(s: &mut State) -> Flow {
    let exception = s.value(s.a());
    let _raised = s.enter().reraise(exception);
    unwind_again(s)
}

fn slow_push_exc(s: &mut State) -> Flow {
    let (save, exception) = (s.a(), s.value(s.b()));
    let frame = s.frame();
    let previous = if frame.meta() & flag::GENERATOR != 0 {
        generator::push_handled(s.cx(), frame, exception)
    } else {
        s.cx().set_handled(Some(exception))
    };
    s.set_bits(save, Value::option_bits(previous));
    Flow::Next(1)
}

fn slow_pop_exc(s: &mut State) -> Flow {
    let saved = s.get(s.a());
    let frame = s.frame();
    if frame.meta() & flag::GENERATOR != 0 {
        generator::pop_handled(s.cx(), frame, saved);
    } else {
        s.cx().set_handled(saved);
    }
    Flow::Next(1)
}

fn slow_check_exc_match(s: &mut State) -> Flow {
    let (exception, pattern) = (s.value(s.b()), s.value(s.c()));
    let cx = s.enter();
    let result =
        cx.check_except_pattern(pattern).map(|()| Value::bool(cx.exception_matches(exception, pattern)));
    s.finish(s.a(), result)
}

fn slow_check_eg_match(s: &mut State) -> Flow {
    let (split, exception, pattern) = (s.a(), s.value(s.b()), s.value(s.c()));
    let cx = s.enter();
    let result = match cx.check_except_star_pattern(pattern) {
        Ok(()) => cx.exception_group_match(exception, pattern),
        Err(raised) => Err(raised),
    };
    match result {
        Ok((matched, rest)) => {
            if let Some(matched) = matched.filter(|matched| *matched != exception) {
                place_wrapper(s, exception, matched);
            }
            s.set(split, matched.unwrap_or(Value::NONE));
            s.set(split + 1, rest.unwrap_or(Value::NONE));
            s.next()
        }
        Err(Raised { .. }) => unwind(s),
    }
}

/// The group that an exception which is none has been put into comes from this clause.
fn place_wrapper(s: &mut State, exception: Value, group: Value) {
    let (frame, index) = (s.frame(), s.frame().private().index_of(s.pc));
    let is_group = exception.downcast::<taipan_runtime::exception::group::BaseExceptionGroup>().is_some();
    if let Some(body) = group.downcast::<BaseException>().filter(|_| !is_group) {
        crate::unwind::prepend_traceback(s.cx(), body, frame, index);
    }
}

fn slow_exc_triple(s: &mut State) -> Flow {
    let (start, exception) = (s.a(), s.value(s.b()));
    let class = s.cx().class_of(exception).value();
    let traceback = exception.downcast::<BaseException>().and_then(|body| body.traceback());
    s.set(start, class);
    s.set(start + 1, exception);
    s.set(start + 2, traceback.unwrap_or(Value::NONE));
    Flow::Next(1)
}
