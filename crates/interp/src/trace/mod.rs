//! Tracing, profiling and monitoring: when a thread runs on the second table of handlers, and what they report.
//! CPython: `Python/instrumentation.c`, `Python/legacy_tracing.c`, PEP 669.
//!
//! Bytecode is never rewritten. The second table has one handler for all instructions, which reports what is to be
//! reported and goes on with the plain handler. A loop that is to run on the other table ends with `SWITCH` and is
//! entered again; it looks at polls, and at returns to frames that were pushed before.
//! Invariant: a frame that was pushed before its thread began to look has a frame object which says that its start is
//! past.

mod events;
pub(crate) mod jump;
mod lines;
pub(crate) mod monitor;

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};

use taipan_gc::interrupt;
use taipan_runtime::types::module::Module;
use taipan_runtime::types::native_function::NativeFunction;
use taipan_runtime::vm::thread_slot;
use taipan_runtime::{Context, Gc, Value};

use crate::dispatch::{Flow, State};
use crate::frame::{self, Frame};
use crate::types::frame::object_of;

pub(crate) use events::{instruction, raised, stopped, thrown, unwound, yielded};
pub(crate) use lines::Lines;

/// Addresses of the definitions of natives that begin or end tracing: calls of them look at the table afterwards, so they
/// are never made by the quick ones.
static SWITCHES: [AtomicUsize; 8] = [const { AtomicUsize::new(0) }; 8];

/// Registers the natives of these names in `module`.
pub(crate) fn register_switches(cx: &Context, module: Gc<Module>, names: &[&str]) {
    for name in names {
        let function = module.dict().get_str(cx, cx.intern(name)).and_then(Value::downcast::<NativeFunction>);
        let Some(function) = function else { continue };
        let address = std::ptr::from_ref(function.def()).addr();
        let free = SWITCHES
            .iter()
            .find(|known| matches!(known.load(Relaxed), known if known == 0 || known == address));
        if let Some(place) = free {
            place.store(address, Relaxed);
        }
    }
}

/// May a call of this native begin or end tracing?
pub(crate) fn is_switch(function: Gc<NativeFunction>) -> bool {
    let address = std::ptr::from_ref(function.def()).addr();
    SWITCHES.iter().any(|known| known.load(Relaxed) == address)
}

/// What a loop ends with that is to be entered again: no value.
pub(crate) const SWITCH: u64 = 0x3C;

/// Does the thread have a trace or profile function, or the process a tool?
#[inline]
fn wanted(cx: &Context) -> bool {
    cx.locals.hooked.get() || monitor::is_active()
}

/// Is this thread to run on the second table? Not inside what it calls to report something.
#[inline]
pub(crate) fn is_active(cx: &Context) -> bool {
    wanted(cx) && cx.locals.reporting.get() == 0
}

/// Does the running loop have the wrong table?
#[inline]
pub(crate) fn must_switch(cx: &Context) -> bool {
    is_active(cx) != cx.locals.traced.get()
}

/// Is nothing reported, now or in the loop below, and has nobody asked whether something is to be?
#[inline(always)]
pub(crate) fn is_quiet(cx: &Context) -> bool {
    let requested = cx.thread().interrupt.load(Relaxed) & interrupt::PROFILE != 0;
    !wanted(cx) && !requested && cx.locals.marked.get() == 0 && !cx.locals.traced.get()
}

/// A loop is about to run `frame`: which table it is to have.
#[inline(always)]
pub(crate) fn enter_loop(cx: &Context, frame: Frame) -> bool {
    let requested =
        cx.thread().interrupt.load(std::sync::atomic::Ordering::Relaxed) & interrupt::PROFILE != 0;
    if !wanted(cx) && !requested && cx.locals.marked.get() == 0 {
        return false;
    }
    enter_watched_loop(cx, frame)
}

#[cold]
#[inline(never)]
fn enter_watched_loop(cx: &Context, frame: Frame) -> bool {
    let active = is_active(cx);
    forget_request(cx);
    if active && !is_marked(cx) {
        mark(cx, frame.previous());
    }
    forget_marks(cx);
    active
}

/// Frames that are pushed while nobody looks will have to be marked when somebody does.
fn forget_marks(cx: &Context) {
    if !wanted(cx) {
        cx.locals.marked.set(0);
    }
}

/// Counts the changes of what tools want: frames may have started unseen as long as nobody wanted anything of their code.
static GENERATION: AtomicU64 = AtomicU64::new(1);

/// Are the frames that were there already known?
#[inline]
fn is_marked(cx: &Context) -> bool {
    cx.locals.marked.get() == GENERATION.load(Relaxed)
}

/// Tools want something else from now on.
pub(crate) fn next_generation() {
    GENERATION.fetch_add(1, Relaxed);
}

/// Notes that the frames from `frame` downwards have started, and where they are.
pub(crate) fn mark(cx: &Context, mut frame: Option<Frame>) {
    while let Some(current) = frame {
        object_of(cx, current).note_started(cx);
        frame = current.previous();
    }
    cx.locals.marked.set(GENERATION.load(Relaxed));
}

/// The loop that reports has come to an instruction after tools have changed what they want.
#[cold]
pub(crate) fn mark_again(s: &State, at_start: bool) {
    let frame = s.frame();
    mark(s.cx(), if at_start { frame.previous() } else { Some(frame) });
}

/// Ends the loop, which goes on at `s.pc` on the other table.
#[cold]
#[inline(never)]
pub(crate) fn switch(s: &mut State) -> Flow {
    let (frame, cx) = (s.frame(), s.cx());
    cx.thread().clear(interrupt::PROFILE);
    if is_active(cx) && !is_marked(cx) {
        mark(cx, Some(frame));
    }
    frame.save_pc(s.pc);
    frame::publish(cx, frame);
    Flow::Exit(SWITCH)
}

/// Lets a handler end with `flow`, on the other table if need be.
#[inline]
pub(crate) fn check(s: &mut State, flow: Flow) -> Flow {
    if !must_switch(s.cx()) {
        return flow;
    }
    match flow {
        Flow::Next(words) => s.pc = s.pc.add(words),
        Flow::Go => {}
        other => return other,
    }
    switch(s)
}

/// The same after a poll, at which others may have asked the thread to look.
pub(crate) fn polled(s: &mut State, flow: Flow) -> Flow {
    forget_request(s.cx());
    check(s, flow)
}

fn forget_request(cx: &Context) {
    if cx.thread().interrupt.load(Relaxed) & interrupt::PROFILE != 0 {
        cx.thread().clear(interrupt::PROFILE);
    }
}

/// A frame is about to be pushed: those below it have started.
#[inline]
pub(crate) fn before_push(cx: &Context) {
    if is_active(cx) && !is_marked(cx) {
        mark(cx, Frame::top(cx));
    }
}

/// A loop has ended; the one below it, which reports or not (`outer`), may have to begin.
#[inline]
pub(crate) fn leave_loop(cx: &Context, outer: bool) {
    if !outer && is_active(cx) {
        cx.thread().request(interrupt::PROFILE);
    }
}

/// Sets a thread's trace or profile function (`thread_slot::TRACE`, `thread_slot::PROFILE`); None removes it. The thread
/// is the calling one or stopped.
pub(crate) fn set_function(cx: &Context, slot: usize, function: Option<Value>) {
    let slots = &cx.locals.slots;
    slots[slot].store_option(function);
    let hooked = slots[thread_slot::TRACE].load().is_some() || slots[thread_slot::PROFILE].load().is_some();
    cx.locals.hooked.set(hooked);
    forget_marks(cx);
}

/// The same for all threads.
pub(crate) fn set_function_everywhere(cx: &Context, slot: usize, function: Option<Value>) {
    set_own_function(cx, slot, function);
    taipan_runtime::vm::each_context(cx, |other| {
        if !std::ptr::eq(other, cx) {
            set_function(other, slot, function);
            other.thread().request(interrupt::PROFILE);
        }
    });
}

/// The same for the calling thread, whose frames have started already.
pub(crate) fn set_own_function(cx: &Context, slot: usize, function: Option<Value>) {
    set_function(cx, slot, function);
    if cx.locals.hooked.get() && !is_marked(cx) {
        mark(cx, Frame::top(cx));
    }
    if must_switch(cx) {
        cx.thread().request(interrupt::PROFILE);
    }
}
