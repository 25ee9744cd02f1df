//! Calls of Python functions: from native code (a new run of the loop) and from bytecode (a pushed frame).
//! CPython: `_PyEval_Vector`, `_PyEvalFramePushAndInit`.
//! Invariant: a pushed frame is complete (header, parameters, empty locals) before it is published.

use taipan_runtime::native::Args;
use taipan_runtime::types::dict::Dict;
use taipan_runtime::{Context, Gc, Raised, Result, Value};

use crate::bind::bind;
use crate::cache::Private;
use crate::dispatch;
use crate::frame::{self, Below, Frame, flag};
use crate::types::code::Code;
use crate::types::function::Function;

/// Calls a Python function from native code.
pub(crate) fn call_function(cx: &mut Context, function: Gc<Function>, args: Args<'_>) -> Result {
    cx.check_recursion("")?;
    let private = function.private_code(cx);
    let below = Below::save(cx);
    if below.is_bottom() {
        // The first frame of this thread.
        apply_recursion_limit(cx, 0, cx.thread().vm_stack().start);
    }
    let frame = frame::fresh(cx);
    reserve(cx, frame, private)?;
    if args.names().is_none() && private.exact() as usize == args.values().len() {
        for (index, value) in args.values().iter().enumerate() {
            frame.set(index, Some(*value));
        }
        for index in args.values().len()..private.locals() {
            frame.set(index, None);
        }
    } else {
        bind(cx, function, private, None, args, frame)?;
    }
    frame.store(-7, 0);
    if private.has_namespace() {
        frame.set_namespace_word(private.globals().value());
    }
    header(frame, private, function, below.frame_bits(), flag::ENTRY);
    run(cx, frame, below, private)
}

/// Runs code as a module, class body or `exec` does: without arguments, in a namespace.
pub(crate) fn run_code(cx: &mut Context, function: Gc<Function>, namespace: Value) -> Result {
    cx.check_recursion("")?;
    let private = function.private_code(cx);
    let below = Below::save(cx);
    let frame = frame::fresh(cx);
    reserve(cx, frame, private)?;
    for index in 0..private.locals() {
        frame.set(index, None);
    }
    header(frame, private, function, below.frame_bits(), flag::ENTRY);
    if private.has_namespace() {
        frame.set_namespace(namespace);
    }
    run(cx, frame, below, private)
}

fn run(cx: &mut Context, frame: Frame, below: Below, private: Private) -> Result {
    frame::publish(cx, frame);
    let result = dispatch::run(cx, frame, private.start());
    below.restore(cx);
    result.ok_or_else(|| Raised::pending(cx))
}

/// Code of `exec`, `eval` and modules in their namespaces.
pub fn execute(cx: &mut Context, code: Gc<Code>, globals: Gc<Dict>, namespace: Value) -> Result {
    let function = Function::new(cx, code, globals);
    run_code(cx, function, namespace)
}

/// Writes the header of a frame whose registers are filled.
pub(crate) fn header(frame: Frame, private: Private, function: Gc<Function>, previous: u64, meta: u64) {
    frame.store(-6, previous);
    frame.save_pc(private.start().add(1));
    frame.store(-4, private.bits());
    frame.store(-3, function.value().bits());
    frame.set_meta(meta);
    frame.store(-1, 0);
}

/// Makes sure that the frame fits below the stack's limit.
pub(crate) fn reserve(cx: &mut Context, frame: Frame, private: Private) -> Result<()> {
    if frame::fits(cx, frame.regs(), private.frame_words()) {
        return Ok(());
    }
    // An interrupt zeroes the limit, so that calls poll.
    cx.poll()?;
    if frame::fits(cx, frame.regs(), private.frame_words()) {
        return Ok(());
    }
    deeper(cx, frame, private)
}

/// Fewest words by which a callee's frame lies above its caller's.
const LEAST_FRAME: usize = 6;
/// Bytes at the end of the VM stack that no frame reaches.
const RED_ZONE: usize = 1 << 20;

/// Sets the address that calls compare with so that it cannot be passed with fewer frames than the limit allows.
pub fn apply_recursion_limit(cx: &Context, depth: usize, above: usize) {
    let limit = cx.vm().recursion_limit();
    let wanted = limit.saturating_sub(depth).saturating_mul(LEAST_FRAME * 8).saturating_add(above);
    let end = cx.thread().vm_stack().end.saturating_sub(RED_ZONE);
    cx.thread().set_stack_limit(wanted.min(end));
}

/// Frames on this thread's stack.
pub fn depth(cx: &Context) -> usize {
    let mut frame = Frame::top(cx);
    let mut count = 0;
    while let Some(current) = frame {
        count += 1;
        frame = current.previous();
    }
    count
}

/// The address limit was passed: counts the frames and moves it, or ends the recursion.
#[cold]
fn deeper(cx: &mut Context, frame: Frame, private: Private) -> Result<()> {
    let count = depth(cx);
    let top = frame.regs() as usize + private.frame_words() * 8;
    let end = cx.thread().vm_stack().end.saturating_sub(RED_ZONE);
    if count < cx.vm().recursion_limit() && top < end {
        apply_recursion_limit(cx, count, top);
        return Ok(());
    }
    apply_recursion_limit(cx, 0, cx.thread().vm_stack().start);
    Err(cx.recursion_error("maximum recursion depth exceeded"))
}
