//! What the frames of a thread keep alive without need: temporaries that no instruction will read again.
//!
//! The collector takes every word of the interpreter's stack for a reference. When a program asks for a collection, what
//! it has let go of shall be gone, so the frames forget what they cannot use any more.
//! Invariant: a register is emptied only if its code writes it before reading it, whatever way control goes.

use taipan_bytecode::{Code, alive_at, instructions};
use taipan_runtime::Context;

use crate::frame::{Frame, HEADER};

/// Frames that are looked at, from the top: a deep recursion would take long.
const MOST: usize = 100;
/// Instructions of a code object that are looked at.
const LONGEST: usize = 20_000;

/// Empties the registers of the calling thread's frames that will not be read again.
pub(crate) fn forget(cx: &Context) {
    let mut above: Option<Frame> = None;
    let mut frame = Frame::top(cx);
    for _ in 0..MOST {
        let Some(current) = frame else { return };
        crate::generator::settle(current);
        forget_in(current, above);
        above = Some(current);
        frame = current.previous();
    }
}

/// The same in one frame; that of what it calls begins inside of it.
fn forget_in(frame: Frame, above: Option<Frame>) {
    let code = frame.private().code();
    let data: &Code = code.data();
    let first = data.locals.len();
    let mut end = data.nregs as usize;
    if let Some(above) = above {
        let distance = (above.regs() as usize).saturating_sub(frame.regs() as usize) / size_of::<u64>();
        end = end.min(distance.saturating_sub(HEADER + 1));
    }
    if end <= first || data.words.len() > LONGEST {
        return;
    }
    let word = frame.word_index();
    let Some(running) = instructions(&data.words).find(|i| word < i.end) else { return };
    let Some(alive) = alive_at(data, first as u32, running.start) else { return };
    let shown = |register: usize| {
        data.hidden.iter().any(|range| {
            range.register as usize == register && range.start <= running.start && running.start < range.end
        })
    };
    for register in first..end {
        if alive.binary_search(&(register as u32)).is_err() && !shown(register) {
            frame.set(register, None);
        }
    }
}
