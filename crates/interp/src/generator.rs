//! Resuming and suspending generators, coroutines and async generators. CPython: `Objects/genobject.c`,
//! `YIELD_VALUE`, `SEND` of `Python/bytecodes.c`.
//!
//! A suspended generator keeps its registers in a buffer; resuming pushes a frame on the VM stack and copies them
//! in, yielding copies them out.
//! Invariant: `state` is RUNNING exactly while a frame of the generator is pushed; who sets it by compare-and-swap
//! is the only one to touch the rest.

use taipan_bytecode::{Op, code_flag};
use taipan_runtime::exception::print::shown;
use taipan_runtime::exception::stop_iteration::StopIteration;
use taipan_runtime::exception::{BaseException, hierarchy};
use taipan_runtime::{Context, Gc, Raised, Result, Value};

use crate::cache::{Pc, Private};
use crate::call::{header, reserve};
use crate::dispatch::{self, Flow, State};
use crate::frame::{self, Below, Frame, flag};
use crate::ops;
use crate::types::frame::Frame as FrameObject;
use crate::types::generator::{Generator, Kind, state};

/// What is passed into a generator.
#[derive(Clone, Copy)]
pub(crate) enum Input {
    Send(Value),
    /// An exception instance.
    Throw(Value),
}

/// What came out of it.
#[derive(Clone, Copy)]
pub(crate) enum Outcome {
    Yielded(Value),
    Returned(Value),
}

/// `GENERATOR_START`: makes the object of this frame and returns it.
pub(crate) fn start(s: &mut State) -> Flow {
    let frame = s.frame();
    s.enter();
    let generator = Generator::of_frame(s.cx(), frame, s.pc.add(1));
    if frame.meta() & flag::OBSERVED != 0 {
        crate::types::frame::detach(s.cx(), frame);
    }
    crate::ops::leave(s, frame, generator)
}

/// The namespace in which the code of a generator's frame runs, if it is a module's.
pub(crate) fn namespace(frame: Frame) -> Option<Value> {
    generator_of(frame).and_then(|generator| generator.namespace())
}

fn generator_of(frame: Frame) -> Option<Gc<Generator>> {
    frame.companion().and_then(Value::downcast::<Generator>)
}

/// Pushes the frame of a generator that has not begun or is suspended at a plain `YIELD`, and has neither handlers of its own nor a frame
/// object, as most are; its values go where `meta` says. The answer: where it goes on. None: `push` has to look.
#[inline(always)]
fn push_plain(
    cx: &Context,
    generator: Gc<Generator>,
    frame: Frame,
    previous: u64,
    meta: u64,
    value: Value,
) -> Option<Pc> {
    let pc = resumable_plainly(cx, generator, frame)?;
    if generator.state() == state::CREATED {
        if !value.is_none() || !generator.restore_alone(frame) {
            return None;
        }
        head_of_plain(generator, frame, previous, meta);
        return Some(pc);
    }
    let word = pc.word(0);
    if word as u8 != Op::Yield as u8 || !generator.restore_alone(frame) {
        return None;
    }
    head_of_plain(generator, frame, previous, meta);
    frame.set((word >> 8 & 0xFF) as usize, Some(value));
    Some(pc.add(1))
}

/// The same for a generator that is suspended at a `YIELD_FROM`, whose registers stay where they are.
#[inline(always)]
fn push_delegating(
    cx: &Context,
    generator: Gc<Generator>,
    frame: Frame,
    previous: u64,
    meta: u64,
) -> Option<(Pc, u32)> {
    let pc = resumable_plainly(cx, generator, frame)?;
    let word = pc.word(0);
    if generator.state() != state::SUSPENDED || word as u8 != Op::YieldFrom as u8 {
        return None;
    }
    head_of_plain(generator, frame, previous, meta | flag::LAZY);
    Some((pc, word))
}

/// Where a generator goes on that does not run and has not finished, if the instruction there is narrow, nothing has to be
/// done but to push a frame, and that fits at `frame`.
#[inline(always)]
fn resumable_plainly(cx: &Context, generator: Gc<Generator>, frame: Frame) -> Option<Pc> {
    let resumable = matches!(generator.state(), state::CREATED | state::SUSPENDED);
    if taipan_gc::multi_threaded() || !resumable || !generator.is_plain() {
        return None;
    }
    let (pc, wide) = generator.pc().untagged();
    let fits = frame::fits(cx, frame.regs(), generator.private().frame_words());
    (fits && !wide).then_some(pc)
}

#[inline(always)]
fn head_of_plain(generator: Gc<Generator>, frame: Frame, previous: u64, meta: u64) {
    generator.set_state(state::RUNNING);
    frame.store(-7, generator.value().bits());
    frame.store(-6, previous);
    frame.store(-4, generator.private().bits());
    frame.store(-3, generator.function().value().bits());
    frame.set_meta(meta | flag::GENERATOR);
    frame.store(-1, 0);
}

/// Resumes the generator of a `FOR_ITER` as `resume_inline` does, if `push_plain` can.
#[inline(always)]
pub(crate) fn resume_plain(s: &mut State, generator: Gc<Generator>, meta: u64) -> bool {
    let caller = s.frame();
    let frame = frame::above(caller);
    let Some(pc) = push_plain(s.cx(), generator, frame, caller.regs() as u64, meta, Value::NONE) else {
        return false;
    };
    caller.save_pc(s.pc.add(1));
    s.set_frame(frame);
    s.pc = pc;
    true
}

/// Suspends the frame at a narrow `YIELD` if nothing but its registers has to be kept, and goes on with the loop or the
/// native that resumed it. None: `suspend` has to look.
#[inline(always)]
pub(crate) fn suspend_plain(s: &mut State, bits: u64, live: usize) -> Option<Flow> {
    let frame = s.frame();
    let meta = frame.meta();
    let kind = meta >> 32 & !(flag::GENERATOR >> 32);
    let generator = generator_of(frame)?;
    if taipan_gc::multi_threaded() || !generator.is_plain() || bits == 0 {
        return None;
    }
    let to_loop = kind == flag::LOOP >> 32;
    if !to_loop && kind != flag::ENTRY >> 32 {
        return None;
    }
    let caller = frame.previous();
    if to_loop && caller.is_none() {
        return None;
    }
    if !generator.save_alone(frame, live, s.pc) {
        return None;
    }
    generator.set_state(state::SUSPENDED);
    let Some(caller) = caller.filter(|_| to_loop) else {
        frame.set_meta(meta | flag::YIELDED);
        return Some(Flow::Exit(bits));
    };
    s.set_frame(caller);
    s.pc = caller.saved_pc().offset(-1);
    s.set_bits((meta >> 8 & 0xFF) as usize, bits);
    Some(s.jump())
}

/// `YIELD`: suspends this frame and hands `value` to whoever resumed it.
#[inline(always)]
pub(crate) fn suspend(s: &mut State, value: Value, live: usize) -> Flow {
    let mut frame = s.frame();
    let Some(generator) = generator_of(frame) else { return ops::undefined(s) };
    frame.save_pc(s.pc.add(1));
    let pc = s.pc.tagged(s.is_wide());
    put_away(s.cx(), generator, frame, live, pc);
    let mut meta = frame.meta();
    loop {
        let Some(caller) = frame.previous().filter(|_| meta & flag::ENTRY == 0) else {
            frame.set_meta(meta | flag::YIELDED);
            return Flow::Exit(value.bits());
        };
        let at = caller.saved_pc().offset(-1);
        if meta & flag::LOOP != 0 {
            s.set_frame(caller);
            s.pc = at;
            s.set(frame.destination(), value);
            return s.jump();
        }
        // The frame below delegates to this generator, so it yields as well.
        let wide = meta & flag::WIDE != 0;
        frame = caller;
        if s.cx().locals.traced.get() {
            s.set_frame(frame);
            s.pc = at;
            if crate::trace::yielded(s, value).is_err() {
                return crate::unwind::unwind(s);
            }
        }
        meta = frame.meta();
        let Some(generator) = generator_of(frame) else { return ops::undefined(s) };
        if meta & flag::LAZY != 0 {
            generator.set_state(state::SUSPENDED);
        } else {
            let ext = if wide { at.offset(-1).word(0) as u64 } else { 0 };
            let live = (at.word(0) as usize >> 24 & 0xFF) | (ext as usize >> 24 & 0xFF) << 8;
            put_away(s.cx(), generator, frame, live, at.tagged(wide));
        }
    }
}

/// Keeps what a generator needs in order to go on later.
fn put_away(cx: &Context, generator: Gc<Generator>, frame: Frame, live: usize, pc: Pc) {
    generator.save(frame, live, pc);
    generator.leave_handlers(cx);
    if let Some(object) = frame.object() {
        object.suspend(frame.word_index());
        generator.frame.store(object);
    }
    generator.set_state(state::SUSPENDED);
}

/// `RETURN` in a generator's frame.
pub(crate) fn returned(s: &mut State, value: Value) -> Flow {
    let frame = s.frame();
    s.enter();
    finish(s.cx(), frame);
    let meta = frame.meta();
    let Some(caller) = frame.previous().filter(|_| meta & flag::ENTRY == 0) else {
        return Flow::Exit(value.bits());
    };
    // What is reported runs where the frame was.
    let destination = frame.destination();
    s.set_frame(caller);
    if s.cx().locals.traced.get() {
        s.pc = caller.saved_pc().offset(-1);
        if (meta & flag::LOOP == 0 || !value.is_none()) && crate::trace::stopped(s, value).is_err() {
            return crate::unwind::unwind(s);
        }
    }
    // One word past the saved pc, which is one past the first word of `FOR_ITER`; `YIELD_FROM` has just that word.
    s.pc = caller.saved_pc();
    if meta & flag::LOOP != 0 {
        s.pc = s.pc.add(1);
    } else {
        settle(caller);
        s.set(destination, value);
    }
    Flow::Go
}

/// Resumes a generator from bytecode: its frame runs in the same loop. `meta` says what becomes of its values.
/// False where `resume` has to decide.
#[inline(always)]
pub(crate) fn resume_inline(s: &mut State, generator: Gc<Generator>, value: Value, meta: u64) -> bool {
    let caller = s.frame();
    let above = frame::above(caller);
    if let Some(at) = push_delegating(s.cx(), generator, above, caller.regs() as u64, meta) {
        caller.save_pc(s.pc.add(1));
        resume_chain(s, generator, above, at, value);
        return true;
    }
    if let Some(pc) = push_plain(s.cx(), generator, above, caller.regs() as u64, meta, value) {
        caller.save_pc(s.pc.add(1));
        s.set_frame(above);
        s.pc = pc;
        return true;
    }
    let Some((mut frame, before)) = push_on(s.cx(), caller, generator, value, meta) else { return false };
    caller.save_pc(s.pc.add(1));
    if before == state::CREATED {
        s.set_frame(frame);
        s.pc = generator.pc();
        return true;
    }
    let mut suspended = Suspended::at(generator.pc());
    let mut generator = generator;
    // Down a chain of generators that delegate to each other, as far as their frames need not run.
    while frame.meta() & flag::LAZY != 0
        && let Some(inner) = generator.saved_register(suspended.iterator)
        && let Some(inner) = inner.downcast::<Generator>()
        && inner.kind() != Kind::AsyncGenerator
        && inner.state() == state::SUSPENDED
        && let Some((next, _)) = push_on(s.cx(), frame, inner, value, suspended.call_word() | flag::DELEGATE)
    {
        frame.save_pc(suspended.pc.add(1));
        (frame, generator) = (next, inner);
        suspended = Suspended::at(generator.pc());
    }
    s.set_frame(frame);
    if suspended.op == Op::YieldFrom {
        generator.input.store(value);
        s.pc = suspended.first;
    } else {
        frame.set(suspended.destination, Some(value));
        s.pc = suspended.pc.add(1);
    }
    true
}

/// Goes down a chain of generators that delegate to each other. The frame of the first has been pushed; the frames of
/// those in between need not run.
fn resume_chain(
    s: &mut State,
    mut generator: Gc<Generator>,
    mut frame: Frame,
    mut at: (Pc, u32),
    value: Value,
) {
    let cx = s.cx();
    loop {
        let (pc, word) = at;
        let inner = generator.saved_register((word >> 16 & 0xFF) as usize);
        let inner = inner.and_then(Value::downcast::<Generator>);
        if let Some(inner) = inner.filter(|inner| inner.kind() != Kind::AsyncGenerator) {
            let next = frame::above(frame);
            let meta = (word & 0xFF00) as u64 | flag::DELEGATE;
            if let Some(below) = push_delegating(cx, inner, next, frame.regs() as u64, meta) {
                frame.save_pc(pc.add(1));
                (generator, frame, at) = (inner, next, below);
                continue;
            }
            if let Some(inside) = push_plain(cx, inner, next, frame.regs() as u64, meta, value) {
                frame.save_pc(pc.add(1));
                s.set_frame(next);
                s.pc = inside;
                return;
            }
        }
        generator.input.store(value);
        s.set_frame(frame);
        s.pc = pc;
        return;
    }
}

/// Makes the frame of a generator that takes `value`, above that of the caller: the frame, and the state before.
#[inline]
fn push_on(
    cx: &Context,
    caller: Frame,
    generator: Gc<Generator>,
    value: Value,
    meta: u64,
) -> Option<(Frame, u8)> {
    let before = generator.begin().ok()?;
    let frame = frame::above(caller);
    // The loop that drives it polls in each round.
    let fits = frame::fits_interrupted(cx, frame.regs(), generator.private().frame_words());
    if !fits || before == state::CREATED && !value.is_none() {
        generator.set_state(before);
        return None;
    }
    push(cx, generator, before, frame, caller.regs() as u64, meta | flag::GENERATOR);
    Some((frame, before))
}

/// Brings the registers of a generator's frame in, if they were left where they had been saved.
pub(crate) fn settle(frame: Frame) {
    if frame.meta() & flag::LAZY != 0 {
        settle_lazy(frame);
    }
}

#[cold]
#[inline(never)]
fn settle_lazy(frame: Frame) {
    if let Some(generator) = generator_of(frame) {
        generator.restore(frame);
        frame.set_meta(frame.meta() & !flag::LAZY);
    }
}

/// Makes the frame of a generator that has begun to run. One that goes on delegating needs its registers only when
/// that ends, which spares the outer generators of a chain the copies.
#[inline]
fn push(cx: &Context, generator: Gc<Generator>, before: u8, frame: Frame, previous: u64, meta: u64) {
    frame.store(-7, generator.value().bits());
    let observed = generator.frame.load();
    let own = generator.own_handlers();
    if before == state::SUSPENDED && generator.delegates() && own == 0 && observed.is_none() {
        header(frame, generator.private(), generator.function(), previous, meta | flag::LAZY);
        return;
    }
    generator.restore(frame);
    header(frame, generator.private(), generator.function(), previous, meta);
    if own > 0 {
        generator.outer.store_option(cx.set_handled(generator.handled.swap_owned(None)));
    }
    if let Some(object) = observed {
        object.resumed(frame);
        frame.set_object(object);
    }
}

/// The frame will not be resumed any more.
fn finish(cx: &Context, frame: Frame) {
    let Some(generator) = generator_of(frame) else { return };
    settle(frame);
    if generator.own_handlers() > 0 {
        cx.set_handled(generator.outer.swap_owned(None));
    }
    crate::types::frame::detach(cx, frame);
    generator.frame.store_option(None);
    Generator::finish(generator, cx);
}

/// An exception leaves a generator's frame: StopIteration would end the loop of a caller that knows nothing of it.
pub(crate) fn failed(s: &mut State, frame: Frame) {
    let cx = s.cx();
    let kind = generator_of(frame).map_or(Kind::Generator, |generator| generator.kind());
    finish(cx, frame);
    let Some(exception) = cx.pending_exception() else { return };
    let name = if cx.is_exception_of(exception, hierarchy::stop_iteration) {
        "StopIteration"
    } else if kind == Kind::AsyncGenerator && cx.is_exception_of(exception, hierarchy::stop_async_iteration) {
        "StopAsyncIteration"
    } else {
        return;
    };
    let exception = cx.take_exception(Raised::pending(cx));
    let message = cx.new_str(&format!("{} raised {name}", kind.noun())).value();
    let error = cx.new_exception(hierarchy::runtime_error, &[message]);
    if let Some(body) = error.downcast::<BaseException>() {
        body.set_cause(Some(exception));
        body.set_context(Some(exception));
    }
    let _raised = cx.reraise(error);
}

/// The next item of a generator, for native code; None if `push_plain` cannot resume it.
#[inline(always)]
pub(crate) fn resume_from_native(
    cx: &mut Context,
    generator: Gc<Generator>,
) -> Option<Result<Option<Value>>> {
    if let Err(raised) = cx.check_recursion("") {
        return Some(Err(raised));
    }
    let below = Below::save(cx);
    let frame = frame::fresh(cx);
    let pc = push_plain(cx, generator, frame, below.frame_bits(), flag::ENTRY, Value::NONE)?;
    frame.save_pc(pc);
    frame::publish(cx, frame);
    let result = dispatch::run(cx, frame, pc);
    Some(outcome(cx, frame, below, result).map(|outcome| match outcome {
        Outcome::Yielded(value) => Some(value),
        // Only `__next__` and `next()` show what a generator returns.
        Outcome::Returned(_) => None,
    }))
}

/// Resumes a generator.
pub(crate) fn resume(cx: &mut Context, generator: Gc<Generator>, input: Input) -> Result<Outcome> {
    cx.check_recursion("")?;
    let before = match generator.begin() {
        Ok(before) => before,
        Err(state::RUNNING) => {
            return Err(cx.value_error(format!("{} already executing", generator.kind().noun())));
        }
        Err(_) => return resume_finished(cx, generator, input),
    };
    if before == state::CREATED
        && let Input::Send(value) = input
        && !value.is_none()
    {
        generator.set_state(before);
        let noun = generator.kind().noun();
        return Err(cx.type_error(format!("can't send non-None value to a just-started {noun}")));
    }
    let private = generator.private();
    let below = Below::save(cx);
    let frame = frame::fresh(cx);
    if let Err(raised) = reserve(cx, frame, private) {
        generator.set_state(before);
        return Err(raised);
    }
    push(cx, generator, before, frame, below.frame_bits(), flag::ENTRY | flag::GENERATOR);
    frame::publish(cx, frame);
    let result = proceed(cx, generator, frame, before, input);
    outcome(cx, frame, below, result)
}

/// What came out of a generator whose loop has ended with `result`. No safepoint has been passed since its frame was left,
/// so the frame's header is still there.
#[inline(always)]
fn outcome(cx: &Context, frame: Frame, below: Below, result: Option<Value>) -> Result<Outcome> {
    let yielded = frame.meta() & flag::YIELDED != 0;
    below.restore(cx);
    match result {
        None => Err(Raised::pending(cx)),
        Some(value) if yielded => Ok(Outcome::Yielded(value)),
        Some(value) => Ok(Outcome::Returned(value)),
    }
}

fn resume_finished(cx: &mut Context, generator: Gc<Generator>, input: Input) -> Result<Outcome> {
    if generator.kind() == Kind::Coroutine {
        return Err(cx.runtime_error("cannot reuse already awaited coroutine"));
    }
    match input {
        Input::Send(_) => Ok(Outcome::Returned(Value::NONE)),
        Input::Throw(exception) => Err(cx.raise(exception)),
    }
}

/// Runs the pushed frame from where it stopped.
fn proceed(
    cx: &mut Context,
    generator: Gc<Generator>,
    frame: Frame,
    before: u8,
    input: Input,
) -> Option<Value> {
    let pc = generator.pc();
    frame.save_pc(pc.untagged().0.add(1));
    match input {
        Input::Send(value) => {
            if before == state::CREATED {
                return dispatch::run(cx, frame, pc);
            }
            let suspended = Suspended::at(pc);
            if suspended.op == Op::YieldFrom {
                generator.input.store(value);
                return dispatch::run(cx, frame, suspended.first);
            }
            frame.set(suspended.destination, Some(value));
            dispatch::run(cx, frame, suspended.pc.add(suspended.op.len()))
        }
        Input::Throw(exception) => {
            if before != state::CREATED {
                let suspended = Suspended::at(pc);
                if suspended.op == Op::YieldFrom {
                    return throw_into_delegate(cx, generator, frame, suspended, exception);
                }
            }
            settle(frame);
            let _raised = cx.raise(exception);
            let at = if before == state::CREATED { pc.offset(-1) } else { pc.untagged().0 };
            dispatch::run_raising(cx, frame, at)
        }
    }
}

/// The instruction at which a generator is suspended.
#[derive(Clone, Copy)]
struct Suspended {
    op: Op,
    wide: bool,
    /// Its first word, the EXT if it has one.
    first: Pc,
    pc: Pc,
    destination: usize,
    iterator: usize,
}

impl Suspended {
    /// `pc` is the opcode's word; whether an EXT precedes it was saved in the pc's lowest bit by `Generator::save`.
    fn at(pc: Pc) -> Suspended {
        let (pc, wide) = pc.untagged();
        let word = pc.word(0) as u64;
        let ext = if wide { pc.offset(-1).word(0) as u64 } else { 0 };
        let field = |shift: u32| ((word >> shift & 0xFF) | (ext >> shift & 0xFF) << 8) as usize;
        Suspended {
            op: Op::from_u8(word as u8).unwrap_or(Op::Nop),
            wide,
            first: if wide { pc.offset(-1) } else { pc },
            pc,
            destination: field(8),
            iterator: field(16),
        }
    }

    /// See `State::call_word`.
    fn call_word(self) -> u64 {
        let destination = self.destination as u64;
        let wide = if self.wide { flag::WIDE | (destination >> 8) << 48 } else { 0 };
        (destination & 0xFF) << 8 | wide
    }
}

/// `throw` while the generator delegates: the iterator it drives gets the exception first.
fn throw_into_delegate(
    cx: &mut Context,
    generator: Gc<Generator>,
    frame: Frame,
    suspended: Suspended,
    exception: Value,
) -> Option<Value> {
    settle(frame);
    let iterator = frame.get(suspended.iterator).unwrap_or(Value::NONE);
    // The delegate sees what the caller of `throw` handles.
    generator.leave_handlers(cx);
    let thrown = throw_to(cx, iterator, exception);
    if let Ok(Some(value)) = thrown {
        // The delegate yielded: this generator yields it, still at the same instruction.
        frame.set_meta(frame.meta() | flag::YIELDED);
        generator.put_back(frame);
        return Some(value);
    }
    generator.enter_handlers(cx);
    match thrown {
        Ok(_) => {
            let _raised = cx.raise(exception);
            dispatch::run_raising(cx, frame, suspended.pc)
        }
        Err(raised) => match stop_value(cx, raised) {
            Ok(value) => {
                frame.set(suspended.destination, Some(value));
                dispatch::run(cx, frame, suspended.pc.add(suspended.op.len()))
            }
            Err(raised) => {
                // What is handled here becomes its context. CPython: `_PyErr_ChainStackItem` in `gen_send_ex2`.
                let exception = cx.take_exception(raised);
                let _raised = cx.raise(exception);
                dispatch::run_raising(cx, frame, suspended.pc)
            }
        },
    }
}

/// Throws into an iterator that is delegated to: what it yields, None if it has no `throw` (or was only closed).
fn throw_to(cx: &mut Context, iterator: Value, exception: Value) -> Result<Option<Value>> {
    if cx.is_exception_of(exception, hierarchy::generator_exit) {
        close_iterator(cx, iterator)?;
        return Ok(None);
    }
    if let Some(inner) = iterator.downcast::<Generator>()
        && inner.kind() != Kind::AsyncGenerator
    {
        return match resume(cx, inner, Input::Throw(exception))? {
            Outcome::Yielded(value) => Ok(Some(value)),
            Outcome::Returned(value) => Err(raise_stop(cx, value)),
        };
    }
    match cx.lookup_attr_str(iterator, "throw")? {
        Some(throw) => cx.call(throw, &[exception]).map(Some),
        None => Ok(None),
    }
}

/// Closes an iterator that is delegated to, if it can be closed.
pub(crate) fn close_iterator(cx: &mut Context, iterator: Value) -> Result<()> {
    if let Some(inner) = iterator.downcast::<Generator>()
        && inner.kind() != Kind::AsyncGenerator
    {
        return close(cx, inner).map(|_| ());
    }
    match cx.lookup_attr_str(iterator, "close") {
        Ok(Some(close)) => cx.call(close, &[]).map(drop),
        Ok(None) => Ok(()),
        // GeneratorExit goes on its way.
        Err(raised) => {
            let error = cx.take_exception(raised);
            let shown = shown(cx, iterator, false).unwrap_or_else(|| cx.type_name(iterator));
            let raised = cx.reraise(error);
            cx.unraisable(raised, &format!("Exception ignored while closing generator {shown}"), None);
            Ok(())
        }
    }
}

/// Raises StopIteration with a generator's result. A tuple or exception is wrapped by hand, as a call of the class
/// would take it apart.
pub(crate) fn raise_stop(cx: &Context, value: Value) -> Raised {
    cx.stop_iteration(value.not_none())
}

/// The value of a pending StopIteration; any other exception stays pending.
pub(crate) fn stop_value(cx: &Context, raised: Raised) -> Result {
    let exception = cx.swallow(raised, hierarchy::stop_iteration)?;
    Ok(exception.downcast::<StopIteration>().map_or(Value::NONE, |stop| stop.returned()))
}

/// Sends into any iterator, as `yield from` and `await` do.
pub(crate) fn send_to(cx: &mut Context, iterator: Value, value: Value) -> Result<Outcome> {
    if let Some(inner) = iterator.downcast::<Generator>()
        && inner.kind() != Kind::AsyncGenerator
    {
        return resume(cx, inner, Input::Send(value));
    }
    let result = if value.is_none() && cx.class_of(iterator).slots.next.is_set() {
        crate::modules::builtins::next_item(cx, iterator)
    } else {
        cx.call_method(iterator, "send", &[value])
    };
    match result {
        Ok(value) => Ok(Outcome::Yielded(value)),
        Err(raised) => stop_value(cx, raised).map(Outcome::Returned),
    }
}

/// `YIELD_FROM`: one round of driving the iterator.
pub(crate) fn delegate(s: &mut State) -> Flow {
    let frame = s.frame();
    let Some(generator) = generator_of(frame) else { return ops::undefined(s) };
    let lazy = frame.meta() & flag::LAZY != 0;
    let iterator = if lazy { generator.saved_register(s.b()) } else { s.get(s.b()) };
    let iterator = iterator.unwrap_or(Value::NONE);
    let value = generator.input.swap_owned(None).unwrap_or(Value::NONE);
    if let Some(inner) = iterator.downcast::<Generator>()
        && inner.kind() != Kind::AsyncGenerator
        && resume_inline(s, inner, value, s.call_word() | flag::DELEGATE)
    {
        return Flow::Go;
    }
    settle(frame);
    let (destination, live) = (s.a(), s.c());
    let cx = s.enter();
    match send_to(cx, iterator, value) {
        Ok(Outcome::Yielded(value)) => {
            if s.cx().locals.traced.get() && crate::trace::yielded(s, value).is_err() {
                return crate::unwind::unwind(s);
            }
            suspend(s, value, live)
        }
        Ok(Outcome::Returned(value)) => {
            if s.cx().locals.traced.get() && crate::trace::stopped(s, value).is_err() {
                return crate::unwind::unwind(s);
            }
            s.set(destination, value);
            s.next()
        }
        Err(_) => crate::unwind::unwind(s),
    }
}

/// `close()`: the generator's return value, or None.
pub(crate) fn close(cx: &mut Context, generator: Gc<Generator>) -> Result {
    match generator.state() {
        state::CREATED => match generator.begin() {
            Ok(state::CREATED) => {
                Generator::finish(generator, cx);
                return Ok(Value::NONE);
            }
            // Another thread was faster.
            Ok(before) => generator.set_state(before),
            Err(state::FINISHED) => return Ok(Value::NONE),
            Err(_) => {}
        },
        state::FINISHED => return Ok(Value::NONE),
        _ => {}
    }
    let exit = cx.new_exception(hierarchy::generator_exit, &[]);
    match resume(cx, generator, Input::Throw(exit)) {
        Ok(Outcome::Yielded(_)) => {
            Err(cx.runtime_error(format!("{} ignored GeneratorExit", generator.kind().noun())))
        }
        Ok(Outcome::Returned(value)) => Ok(value),
        Err(raised) => {
            if cx.error_matches(&raised, hierarchy::stop_iteration)
                || cx.error_matches(&raised, hierarchy::generator_exit)
            {
                cx.take_exception(raised);
                Ok(Value::NONE)
            } else {
                Err(raised)
            }
        }
    }
}

/// The frame object of a generator, if it has one.
pub(crate) fn frame_object(generator: Value) -> Option<Gc<FrameObject>> {
    generator.downcast::<Generator>()?.frame.load()
}

pub(crate) fn set_frame_object(generator: Value, object: Gc<FrameObject>) {
    if let Some(generator) = generator.downcast::<Generator>() {
        generator.frame.store(object);
    }
}

pub(crate) fn saved_register(generator: Value, index: usize) -> Option<Value> {
    generator.downcast::<Generator>()?.saved_register(index)
}

pub(crate) fn set_saved_register(generator: Value, index: usize, value: Option<Value>) {
    if let Some(generator) = generator.downcast::<Generator>() {
        generator.set_saved_register(index, value);
    }
}

/// `frame.clear()` of a suspended generator closes it.
pub(crate) fn clear_frame(cx: &mut Context, generator: Value) -> Result<()> {
    match generator.downcast::<Generator>() {
        Some(generator) if generator.state() == state::SUSPENDED => {
            Err(cx.runtime_error("cannot clear a suspended frame"))
        }
        Some(generator) => close(cx, generator).map(|_| ()),
        None => Ok(()),
    }
}

/// `PUSH_EXC` in a generator: what is handled outside changes from one resumption to the next, so the outermost
/// handler saves a mark instead of it.
pub(crate) fn push_handled(cx: &Context, frame: Frame, exception: Value) -> Option<Value> {
    let previous = cx.set_handled(Some(exception));
    match generator_of(frame) {
        Some(generator) if generator.enter_handler() == 0 => {
            generator.outer.store_option(previous);
            Some(Value::TOMBSTONE)
        }
        _ => previous,
    }
}

/// `POP_EXC` in a generator.
pub(crate) fn pop_handled(cx: &Context, frame: Frame, saved: Option<Value>) {
    let Some(generator) = generator_of(frame) else { return };
    generator.leave_handler();
    let previous = if saved == Some(Value::TOMBSTONE) { generator.outer.swap_owned(None) } else { saved };
    cx.set_handled(previous);
}

/// Does calling this code make an object that `await` takes?
pub(crate) fn is_awaitable_code(private: Private) -> bool {
    private.code().data().flags & (code_flag::COROUTINE | code_flag::ITERABLE_COROUTINE) != 0
}

/// The iterator that a suspended generator drives.
pub(crate) fn delegate_of(generator: &Generator) -> Option<Value> {
    let suspended = Suspended::at(generator.pc());
    if suspended.op == Op::YieldFrom { generator.saved_register(suspended.iterator) } else { None }
}

/// The word at which a generator that is not running stands.
pub(crate) fn suspended_word(generator: &Generator) -> u32 {
    let (pc, _) = generator.pc().untagged();
    let index = generator.private().index_of(pc);
    if generator.state() == state::CREATED { index.saturating_sub(1) } else { index }
}
