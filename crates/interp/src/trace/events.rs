//! What an instruction reports before it runs, and what an exception reports on its way.
//! CPython: `_Py_call_instrumentation*` in `Python/instrumentation.c`, `Python/legacy_tracing.c`.

use taipan_bytecode::op::{WINDOW_ARGS, WINDOW_CALLABLE, WINDOW_METHOD, WINDOW_SELF};
use taipan_bytecode::{Instruction, Op, code_flag, decode};
use taipan_runtime::exception::BaseException;
use taipan_runtime::types::method::Method;
use taipan_runtime::types::native_function::{MethodDescriptor, NativeFunction};
use taipan_runtime::types::tuple::Tuple;
use taipan_runtime::vm::thread_slot;
use taipan_runtime::{Context, Gc, Raised, Result, Value};

use crate::dispatch::{Flow, State};
use crate::frame::Frame as Live;
use crate::trace::jump::{self, Leave};
use crate::trace::monitor::{self, Event};
use crate::types::code::Code;
use crate::types::frame::{Frame, object_of, show};
use crate::types::function::Function;

/// Where something happens.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) object: Gc<Frame>,
    pub(super) code: Gc<Code>,
    pub(super) word: u32,
}

impl Place {
    /// Is it the first instruction of a generator's body?
    fn begins_generator(&self) -> bool {
        let all = taipan_bytecode::instructions(&self.code.data().words);
        let mut before = all.take_while(|instruction| instruction.start < self.word);
        before
            .find(|instruction| instruction.op == Op::GeneratorStart)
            .is_some_and(|start| start.end == self.word)
    }
}

/// Runs a callback; what it runs reports nothing.
pub(super) fn quietly<R>(cx: &mut Context, f: impl FnOnce(&mut Context) -> R) -> R {
    cx.locals.reporting.set(cx.locals.reporting.get() + 1);
    let result = f(cx);
    cx.locals.reporting.set(cx.locals.reporting.get() - 1);
    result
}

/// Before the instruction at `s.pc`. None: it can run; else what is to happen instead.
pub(crate) fn instruction(s: &mut State) -> Option<Flow> {
    if !super::is_active(s.cx()) {
        return Some(super::switch(s));
    }
    if crate::memory::is_on() {
        s.enter();
    }
    let frame = s.frame();
    let private = frame.private();
    let code = private.code();
    if !super::is_marked(s.cx()) {
        super::mark_again(s, private.start() == s.pc);
    }
    let hooked = s.cx().locals.hooked.get();
    if !hooked && monitor::events_of(&code) == 0 {
        return None;
    }
    const STARTS_LATER: u32 = code_flag::GENERATOR | code_flag::COROUTINE | code_flag::ASYNC_GENERATOR;
    if code.data().flags & STARTS_LATER != 0 && !frame.is_generator() {
        return None;
    }
    let cx = s.enter();
    let place = Place { object: object_of(cx, frame), code, word: private.index_of(s.pc) };
    let instruction = decode(&code.data().words, place.word)?;
    match report(cx, frame, place, &instruction, hooked) {
        Ok(None) => None,
        Ok(Some(word)) => {
            s.pc = private.pc_at(word);
            Some(Flow::Go)
        }
        Err(_) => Some(crate::unwind::unwind(s)),
    }
}

/// Reports what the instruction at a place begins. Some: the word to go on at, which a trace function has chosen.
fn report(
    cx: &mut Context,
    frame: Live,
    place: Place,
    instruction: &Instruction,
    hooked: bool,
) -> Result<Option<u32>> {
    after_call(cx, place)?;
    monitor::after_jump(cx, frame, place)?;
    if let Some(word) = chosen(cx, frame, place) {
        return Ok(Some(word));
    }
    start(cx, frame, place)?;
    end_of_call(cx, frame, place, hooked)?;
    if let Some(word) = chosen(cx, frame, place) {
        return Ok(Some(word));
    }
    line(cx, place, hooked)?;
    if let Some(word) = chosen(cx, frame, place) {
        return Ok(Some(word));
    }
    if hooked && place.object.wants_opcodes() {
        granting(cx, place, Leave::NoLine, |cx| trace(cx, place.object, "opcode", Value::NONE))?;
    }
    monitor::instruction(cx, place)?;
    let field = |index| frame.get(instruction.field(index) as usize).unwrap_or(Value::NONE);
    match instruction.op {
        Op::Return => left(cx, place, field(0), Event::PyReturn)?,
        Op::ReturnNone => {
            // At the end of a function the line is that of the statement which ran last.
            let implied = !place.code.lines().starts(place.word);
            place.object.show(if implied { show::LAST } else { show::PLACE });
            let result = left(cx, place, Value::NONE, Event::PyReturn);
            place.object.show(show::PLACE);
            result?;
        }
        Op::Yield | Op::AsyncYield => left(cx, place, field(1), Event::PyYield)?,
        Op::Call | Op::CallMethod | Op::CallKw | Op::CallMethodKw | Op::CallEx => {
            granting(cx, place, Leave::Calling, |cx| before_call(cx, frame, place, instruction))?;
        }
        _ => monitor::before_jump(place, instruction),
    }
    Ok(chosen(cx, frame, place))
}

/// Opcodes are wanted since a call that has just ended: what CPython does with its result is an instruction more, on the
/// line of the call.
fn end_of_call(cx: &mut Context, frame: Live, place: Place, hooked: bool) -> Result<()> {
    let Some(from) = place.object.take_opcodes_since() else { return Ok(()) };
    if from + 1 != place.word {
        return Ok(());
    }
    frame.be_at(from);
    let result = granting(cx, place, Leave::NoLine, |cx| {
        if hooked && place.object.wants_opcodes() {
            trace(cx, place.object, "opcode", Value::NONE)?;
        }
        monitor::instruction(cx, Place { word: from, ..place })
    });
    frame.be_at(place.word);
    result
}

/// Runs callbacks that may do with the frame's line what `leave` says.
fn granting<R>(cx: &mut Context, place: Place, leave: Leave, f: impl FnOnce(&mut Context) -> R) -> R {
    let before = place.object.leave();
    place.object.set_leave(leave);
    let result = f(cx);
    place.object.set_leave(before);
    result
}

/// The place that a callback has moved the frame to.
fn chosen(cx: &Context, frame: Live, place: Place) -> Option<u32> {
    let word = place.object.take_jump()?;
    jump::go(cx, frame, place.code.data(), place.word, word);
    Some(word)
}

/// The start of a frame, or of a generator's next round.
fn start(cx: &mut Context, frame: Live, place: Place) -> Result<()> {
    if !place.object.begin() {
        return Ok(());
    }
    let resumes = frame.is_generator() && !place.begins_generator();
    let (event, leave) =
        if resumes { (Event::PyResume, Leave::Granted) } else { (Event::PyStart, Leave::New) };
    place.object.show(if resumes { show::LAST } else { show::HEAD });
    let result = granting(cx, place, leave, |cx| {
        monitor::fire(cx, place, event, &[]).and_then(|()| called(cx, place.object))
    });
    place.object.show(show::PLACE);
    result
}

/// "call" for the profile and the trace function.
fn called(cx: &mut Context, object: Gc<Frame>) -> Result<()> {
    profile(cx, object, "call", Value::NONE)?;
    trace(cx, object, "call", Value::NONE)
}

/// A line begins.
fn line(cx: &mut Context, place: Place, hooked: bool) -> Result<()> {
    let lines = place.code.lines();
    let begins = lines.starts(place.word);
    let line = match place.code.data().is_bare() {
        true => (place.word == 0).then_some(0),
        false => place.object.reach(lines.at(place.word), place.word, begins),
    };
    let Some(line) = line else { return Ok(()) };
    granting(cx, place, Leave::Granted, |cx| {
        monitor::fire_line(cx, place, line)?;
        if !hooked || !place.object.wants_lines() {
            return Ok(());
        }
        trace(cx, place.object, "line", Value::NONE)
    })
}

/// A frame is about to be left, for good or for a while.
fn left(cx: &mut Context, place: Place, value: Value, event: Event) -> Result<()> {
    let leave = if event == Event::PyYield { Leave::Granted } else { Leave::NoLine };
    granting(cx, place, leave, |cx| {
        monitor::fire(cx, place, event, &[value])?;
        profile(cx, place.object, "return", value)?;
        trace(cx, place.object, "return", value)
    })
}

/// The frame of a generator that delegates passes a value on.
pub(crate) fn yielded(s: &mut State, value: Value) -> Result<()> {
    let frame = s.frame();
    let private = frame.private();
    let cx = s.enter();
    let place = Place { object: object_of(cx, frame), code: private.code(), word: private.index_of(s.pc) };
    left(cx, place, value, Event::PyYield)?;
    // It is on its way out already.
    place.object.take_jump();
    Ok(())
}

/// A generator that the instruction drives has returned: CPython has it raise StopIteration.
pub(crate) fn stopped(s: &mut State, value: Value) -> Result<()> {
    let frame = s.frame();
    let private = frame.private();
    let word = private.index_of(s.pc);
    let cx = s.enter();
    let place = Place { object: object_of(cx, frame), code: private.code(), word };
    if !super::is_active(cx) {
        return Ok(());
    }
    let arguments: &[Value] = if value.is_none() { &[] } else { std::slice::from_ref(&value) };
    let exception = cx.new_exception(taipan_runtime::exception::hierarchy::stop_iteration, arguments);
    monitor::fire(cx, place, Event::StopIteration, &[exception])?;
    report_exception(cx, place, exception)
}

/// "exception" for the trace function.
fn report_exception(cx: &mut Context, place: Place, exception: Value) -> Result<()> {
    let class = cx.class_of(exception).value();
    let traceback = exception.downcast::<BaseException>().and_then(|body| body.traceback());
    let triple = cx.new_tuple(&[class, exception, traceback.unwrap_or(Value::NONE)]);
    trace(cx, place.object, "exception", triple.value())
}

/// What a call instruction calls: the callable, its receiver, its first argument.
fn callee(cx: &Context, frame: Live, instruction: &Instruction) -> Option<(Value, Option<Value>)> {
    let window = instruction.b as usize;
    let get = |offset: u32| frame.get(window + offset as usize);
    let (callable, receiver) = match instruction.op {
        Op::CallMethod | Op::CallMethodKw if get(WINDOW_SELF).is_some() => {
            (get(WINDOW_METHOD)?, get(WINDOW_SELF))
        }
        _ => (get(WINDOW_CALLABLE)?, None),
    };
    if receiver.is_none()
        && let Some(method) = cx.exact::<Method>(callable)
    {
        return Some((method.function(), Some(method.receiver())));
    }
    let first = match instruction.op {
        Op::CallEx => get(WINDOW_ARGS).and_then(Value::downcast::<Tuple>).and_then(|args| args.get(0)),
        _ if instruction.c > 0 => get(WINDOW_ARGS),
        _ => None,
    };
    Some((callable, receiver.or(first)))
}

/// A call is about to happen.
fn before_call(cx: &mut Context, frame: Live, place: Place, instruction: &Instruction) -> Result<()> {
    let Some((callable, first)) = callee(cx, frame, instruction) else { return Ok(()) };
    let missing = monitor::missing(cx);
    let first_or_missing = first.unwrap_or(missing);
    monitor::fire(cx, place, Event::Call, &[callable, first_or_missing])?;
    if callable.downcast::<Function>().is_some() {
        return Ok(());
    }
    if cx.locals.slots[thread_slot::PROFILE].load().is_some()
        && let Some(shown) = profiled(cx, callable, first)
    {
        profile(cx, place.object, "c_call", shown)?;
    }
    let pair = cx.new_tuple(&[callable, first_or_missing]);
    place.object.set_calling(Some(pair.value()));
    Ok(())
}

/// What a profile function is shown of a native callable.
fn profiled(cx: &mut Context, callable: Value, first: Option<Value>) -> Option<Value> {
    if cx.is_exact::<NativeFunction>(callable) {
        return Some(callable);
    }
    let descriptor = cx.exact::<MethodDescriptor>(callable)?;
    let this = first.filter(|this| cx.class_of(*this).is_subclass_of(descriptor.class()))?;
    Some(NativeFunction::new(cx, descriptor.def(), Some(this), None).value())
}

/// A native call has returned.
fn after_call(cx: &mut Context, place: Place) -> Result<()> {
    finish_call(cx, place, Event::CReturn, "c_return")
}

fn finish_call(cx: &mut Context, place: Place, event: Event, name: &str) -> Result<()> {
    let Some((callable, first)) = place.object.take_calling() else { return Ok(()) };
    monitor::fire(cx, place, event, &[callable, first])?;
    if cx.locals.slots[thread_slot::PROFILE].load().is_some() {
        let missing = monitor::missing(cx);
        let first = if first == missing { None } else { Some(first) };
        if let Some(shown) = profiled(cx, callable, first) {
            profile(cx, place.object, name, shown)?;
        }
    }
    Ok(())
}

/// Calls the trace function: the thread's for a call, the frame's for anything else.
fn trace(cx: &mut Context, object: Gc<Frame>, event: &str, argument: Value) -> Result<()> {
    let Some(function) = cx.locals.slots[thread_slot::TRACE].load() else { return Ok(()) };
    let function = if event == "call" { Some(function) } else { object.trace_function() };
    let Some(function) = function else { return Ok(()) };
    let name = cx.intern(event).value();
    match quietly(cx, |cx| cx.call(function, &[object.value(), name, argument])) {
        Ok(result) => {
            if !result.is_none() {
                object.set_trace_function(Some(result));
            }
            Ok(())
        }
        Err(raised) => {
            super::set_function(cx, thread_slot::TRACE, None);
            object.set_trace_function(None);
            Err(raised)
        }
    }
}

/// Calls the profile function.
fn profile(cx: &mut Context, object: Gc<Frame>, event: &str, argument: Value) -> Result<()> {
    let Some(function) = cx.locals.slots[thread_slot::PROFILE].load() else { return Ok(()) };
    let name = cx.intern(event).value();
    match quietly(cx, |cx| cx.call(function, &[object.value(), name, argument])) {
        Ok(_) => Ok(()),
        Err(raised) => {
            super::set_function(cx, thread_slot::PROFILE, None);
            Err(raised)
        }
    }
}

/// Reports something about the pending exception, which stays pending unless a callback raises another one.
fn about_exception(s: &mut State, f: impl FnOnce(&mut Context, Place, Value) -> Result<()>) {
    let frame = s.frame();
    let private = frame.private();
    let word = private.index_of(s.pc);
    let cx = s.enter();
    if !super::is_active(cx) {
        return;
    }
    let place = Place { object: object_of(cx, frame), code: private.code(), word };
    let exception = cx.take_exception(Raised::pending(cx));
    if granting(cx, place, Leave::NoLine, |cx| f(cx, place, exception)).is_ok() {
        let _raised = cx.reraise(exception);
    }
}

/// An exception was raised at `s.pc`, or has come up to it from a call; `again` if it had been caught there.
pub(crate) fn raised(s: &mut State, again: bool) {
    about_exception(s, |cx, place, exception| {
        finish_call(cx, place, Event::CRaise, "c_exception")?;
        let event = if again { Event::Reraise } else { Event::Raise };
        monitor::fire(cx, place, event, &[exception])?;
        if again {
            return Ok(());
        }
        report_exception(cx, place, exception)
    });
}

/// An exception goes to a handler (`handled`) or leaves the frame.
pub(crate) fn unwound(s: &mut State, handled: bool) {
    about_exception(s, |cx, place, exception| {
        if handled {
            return monitor::fire(cx, place, Event::ExceptionHandled, &[exception]);
        }
        monitor::fire(cx, place, Event::PyUnwind, &[exception])?;
        profile(cx, place.object, "return", Value::NONE)?;
        trace(cx, place.object, "return", Value::NONE)
    });
}

/// An exception is thrown into a generator, whose frame has been pushed.
pub(crate) fn thrown(s: &mut State) {
    about_exception(s, |cx, place, exception| {
        place.object.begin();
        monitor::fire(cx, place, Event::PyThrow, &[exception])?;
        called(cx, place.object)
    });
}
