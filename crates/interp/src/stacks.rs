//! Where the threads stand: `sys._current_frames`. CPython: `_PyThread_CurrentFrames` in `Python/pystate.c`.
//!
//! Frames belong to the thread that runs them. Those of other threads are read while the world is stopped, and shown as
//! objects that keep what they were at that moment.
//! Invariant: between the stop and the making of the objects this thread reaches no safepoint, so nothing that was noted
//! can die.

use taipan_runtime::buffer::GVec;
use taipan_runtime::hooks::FrameVisitor;
use taipan_runtime::types::dict::Dict;
use taipan_runtime::vm::each_context;
use taipan_runtime::{Context, Gc, Result, Value};

use crate::frame::Frame;
use crate::types::frame::{Frame as FrameObject, Picture, object_of};

/// One thread's stack: its identifier, its frames from the top down.
struct Stack {
    ident: u64,
    frames: Vec<Picture>,
}

/// A dict from identifiers of threads to their topmost frames.
pub(crate) fn current_frames(cx: &mut Context) -> Result<Gc<Dict>> {
    let own = std::ptr::from_ref::<Context>(cx);
    let mut stacks = Vec::new();
    each_context(cx, |other| {
        if !std::ptr::eq(other, own) {
            let frames = std::iter::successors(Frame::top(other), |frame| frame.previous());
            stacks.push(Stack { ident: other.ident(), frames: frames.map(Picture::of).collect() });
        }
    });
    let mut tops = GVec::new();
    for stack in &stacks {
        let mut below: Option<Gc<FrameObject>> = None;
        for picture in stack.frames.iter().rev() {
            below = Some(picture.object(cx, below));
        }
        tops.extend(below.map(|top| (stack.ident, top.value())));
    }
    drop(stacks);
    tops.extend(Frame::top(cx).map(|top| (cx.ident(), object_of(cx, top).value())));
    by_ident(cx, &tops)
}

/// A dict from identifiers of threads to the exceptions that they handle.
pub(crate) fn current_exceptions(cx: &mut Context) -> Result<Gc<Dict>> {
    let mut noted = Vec::new();
    each_context(cx, |other| noted.push((other.ident(), Value::option_bits(other.handled()))));
    let exceptions: GVec<(u64, Value)> = noted
        .into_iter()
        .map(|(ident, bits)| (ident, Value::from_bits(bits).unwrap_or(Value::NONE)))
        .collect();
    by_ident(cx, &exceptions)
}

/// Shows the frames of a thread, newest first: `Hooks::walk_stack`.
pub(crate) fn walk(cx: &Context, visit: &mut FrameVisitor<'_>) {
    let mut next = Frame::checked(cx, cx.frame.get() as u64);
    while let Some(frame) = next {
        let Some((code, word)) = frame.checked_place() else { return };
        let data = code.data();
        if !visit(&data.filename, data.locations.at(word).line, &data.name) {
            return;
        }
        next = frame.checked_caller(cx);
    }
}

fn by_ident(cx: &mut Context, pairs: &[(u64, Value)]) -> Result<Gc<Dict>> {
    let all = cx.new_dict();
    for (ident, value) in pairs {
        let key = cx.new_int_i128(*ident as i128);
        all.set(cx, key, *value)?;
    }
    Ok(all)
}
