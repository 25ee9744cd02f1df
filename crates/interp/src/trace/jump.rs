//! `frame.f_lineno = line`: a trace function moves the frame. CPython: `frame_lineno_set_impl` in `Objects/frameobject.c`.
//!
//! CPython finds out what is on the value stack at each instruction. Here the same is read from the code: loops keep an
//! iterator, `with` an exit method, handlers the exception that was handled before. Everything else that is alive in
//! a temporary belongs to an expression, into which nobody can jump.
//! Invariant: what a block keeps in registers is where the block that is gone to expects it.

use taipan_bytecode::{Code, ExceptionRow, Instruction, Op, alive_at, decode, instructions};
use taipan_runtime::exception::hierarchy;
use taipan_runtime::types::int;
use taipan_runtime::types::int::Int;
use taipan_runtime::{Context, Gc, Result, Value};

use crate::frame::{Frame as Live, flag};
use crate::generator;
use crate::types::frame::Frame;

/// What a callback of the moment may do with its frame's line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Leave {
    /// Nobody traces.
    Untraced,
    Granted,
    /// The frame is new.
    New,
    /// Something is being called.
    Calling,
    /// It is no line that begins.
    NoLine,
}

impl Leave {
    pub(crate) fn from_u8(number: u8) -> Leave {
        [Leave::Untraced, Leave::Granted, Leave::New, Leave::Calling, Leave::NoLine]
            .into_iter()
            .find(|leave| *leave as u8 == number)
            .unwrap_or(Leave::Untraced)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A loop over an iterator, in this many registers.
    Loop(u32),
    /// The body of a `with`.
    With,
    /// An exception is being handled.
    Handled,
    /// Which `except` clause is it for?
    Matching,
}

impl Kind {
    /// The registers that it keeps, from its own on.
    fn registers(self) -> u32 {
        match self {
            Kind::Loop(count) => count,
            Kind::With | Kind::Handled => 2,
            Kind::Matching => 0,
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Block {
    kind: Kind,
    start: u32,
    end: u32,
    /// The first of the registers that it keeps.
    register: u32,
}

/// The blocks around a place, outer ones first.
fn blocks_at(code: &Code, word: u32) -> Vec<Block> {
    let mut blocks = Vec::new();
    for i in instructions(&code.words) {
        loop_of(code, &i, &mut blocks);
    }
    let mut handlers: Vec<u32> = code.exceptions.iter().map(|row| row.handler).collect();
    handlers.sort_unstable();
    handlers.dedup();
    for handler in handlers {
        let rows: Vec<ExceptionRow> =
            code.exceptions.iter().filter(|row| row.handler == handler).copied().collect();
        let Some(first) = decode(&code.words, handler) else { continue };
        match first.op {
            Op::PushExc => with_of(code, &first, &rows, &mut blocks),
            Op::PopExc => handled_of(code, first.a, &rows, &mut blocks),
            _ => {}
        }
    }
    blocks.retain(|block| block.start <= word && word < block.end);
    blocks.sort_by_key(|block| (block.start, u32::MAX - block.end));
    blocks
}

fn loop_of(code: &Code, i: &Instruction, blocks: &mut Vec<Block>) {
    let Some(target) = i.target().and_then(|target| u32::try_from(target).ok()) else { return };
    match i.op {
        Op::ForIter => {
            let kind = Kind::Loop(taipan_bytecode::op::ITERATOR_REGS);
            blocks.push(Block { kind, start: target, end: i.end, register: i.a });
        }
        Op::Loop => match decode(&code.words, target) {
            Some(next) if next.op == Op::GetAnext => {
                blocks.push(Block { kind: Kind::Loop(1), start: target, end: i.end, register: next.b });
            }
            _ => {}
        },
        _ => {}
    }
}

/// A `with`: its handler passes the exception to the exit method. What comes behind a piece of its body calls it too.
fn with_of(code: &Code, handler: &Instruction, rows: &[ExceptionRow], blocks: &mut Vec<Block>) {
    let mut following = Follow { code, at: handler.end };
    let Some(fetch) = following.next().filter(|i| i.op == Op::Move) else { return };
    if !following.take(5).any(|i| i.op == Op::ExcTriple) {
        return;
    }
    for row in rows {
        let exit = Follow { code, at: row.end }.take(8).find(|i| i.op == Op::CallMethod);
        let end = exit.map_or(row.end, |exit| exit.end);
        blocks.push(Block { kind: Kind::With, start: row.start, end, register: fetch.b });
    }
}

/// A handler: `save` holds the exception that was handled before, the register below it the exception.
fn handled_of(code: &Code, save: u32, rows: &[ExceptionRow], blocks: &mut Vec<Block>) {
    let Some(exc) = save.checked_sub(1) else { return };
    for row in rows {
        blocks.push(Block { kind: Kind::Handled, start: row.start, end: row.end, register: exc });
    }
    let (Some(start), Some(end)) =
        (rows.iter().map(|row| row.start).min(), rows.iter().map(|row| row.end).max())
    else {
        return;
    };
    let inside = || Follow { code, at: start }.take_while(|i| i.start < end);
    let may_pass = inside().any(|i| i.op == Op::Reraise && i.a == exc);
    let mut clause = start;
    let mut found = false;
    loop {
        let mut rest = Follow { code, at: clause }.take_while(|i| i.start < end);
        let Some(check) = rest.find(|i| i.op == Op::CheckExcMatch && i.b == exc) else { break };
        found = true;
        blocks.push(Block { kind: Kind::Matching, start: clause, end: check.end, register: exc });
        let next = rest.find_map(|i| i.target());
        match next.and_then(|next| u32::try_from(next).ok()).filter(|next| *next > clause) {
            Some(next) => clause = next,
            None => return,
        }
    }
    // A bare `except` is the last clause; a `finally` has none.
    let bare = match found {
        true => decode(&code.words, clause).is_some_and(|i| i.op != Op::Reraise),
        false => !may_pass,
    };
    if bare {
        blocks.push(Block { kind: Kind::Matching, start: clause, end: clause + 1, register: exc });
    }
}

/// The instructions from a place on.
struct Follow<'a> {
    code: &'a Code,
    at: u32,
}

impl Iterator for Follow<'_> {
    type Item = Instruction;

    fn next(&mut self) -> Option<Instruction> {
        let i = decode(&self.code.words, self.at)?;
        self.at = i.end;
        Some(i)
    }
}

/// Can a frame whose blocks are `from` go where `to` are around it, leaving the inner ones?
fn fits(from: &[Block], to: &[Block]) -> bool {
    to.len() <= from.len() && from.iter().zip(to).all(|(from, to)| from.kind == to.kind)
}

/// What keeps out of a place.
fn obstacle(to: &[Block]) -> &'static str {
    match to.last().map(|block| block.kind) {
        Some(Kind::Loop(_)) => "can't jump into the body of a for loop",
        Some(Kind::Handled | Kind::Matching) => "can't jump into an 'except' block as there's no exception",
        Some(Kind::With) | None => "incompatible stacks",
    }
}

/// The first word of the body, behind what prepares the frame.
fn body(code: &Code) -> u32 {
    let prepares = |i: &Instruction| matches!(i.op, Op::MakeCell | Op::CopyFree | Op::GeneratorStart);
    instructions(&code.words).find(|i| !prepares(i)).map_or(0, |i| i.start)
}

/// Places where a line begins, with the line.
fn begins(code: &Code) -> Vec<(u32, u32)> {
    let body = body(code);
    let mut before = 0;
    let mut found = Vec::new();
    for (start, _, at) in code.locations.runs() {
        let loops = decode(&code.words, start).is_some_and(|i| matches!(i.op, Op::ForIter | Op::Loop));
        if at.line != before && at.line != 0 && !loops {
            found.push((start.max(body), at.line));
        }
        before = at.line;
    }
    found.push((body, code.head_line()));
    found
}

/// The place where a frame that is at `word` goes on if its line is set, or why it cannot.
fn target(code: &Code, word: u32, line: i64) -> std::result::Result<u32, String> {
    if line < code.first_line as i64 {
        return Err(format!("line {line} comes before the current code block"));
    }
    let begins = begins(code);
    let not_before = begins.iter().map(|(_, line)| *line as i64).filter(|found| *found >= line).min();
    let Some(line) = not_before else {
        return Err(format!("line {line} comes after the current code block"));
    };
    let from = blocks_at(code, word);
    let mut best: Option<(usize, u32)> = None;
    let mut why = None;
    for (place, _) in begins.into_iter().filter(|(_, begins)| *begins as i64 == line) {
        let to = blocks_at(code, place);
        if !fits(&from, &to) {
            why = why.or(Some(obstacle(&to)));
        } else if !within_statement(code, place, &to) {
            if best.is_none_or(|(depth, _)| to.len() > depth) {
                best = Some((to.len(), place));
            }
        } else {
            why = why.or(Some("incompatible stacks"));
        }
    }
    match (best, why) {
        (Some((_, place)), _) => Ok(place),
        (None, why) => Err(why.unwrap_or("cannot find bytecode for specified line").to_owned()),
    }
}

/// Is something alive there that no block keeps?
fn within_statement(code: &Code, word: u32, blocks: &[Block]) -> bool {
    let kept = |register: &u32| {
        blocks
            .iter()
            .any(|block| (block.register..block.register + block.kind.registers()).contains(register))
    };
    match alive_at(code, code.locals.len() as u32, word) {
        Some(alive) => !alive.iter().all(kept),
        None => true,
    }
}

/// `frame.f_lineno = value`.
pub(crate) fn set_line(cx: &mut Context, frame: Gc<Frame>, value: Value) -> Result<()> {
    if !value.is_small_int() && !cx.is_exact::<Int>(value) {
        return Err(cx.value_error("lineno must be an integer"));
    }
    let refusal = match frame.leave() {
        // The leave is that of the thread which runs the frame.
        Leave::Granted if frame.runs_elsewhere(cx) => Some("f_lineno can only be set in a trace function"),
        Leave::Granted => None,
        Leave::Untraced => Some("f_lineno can only be set in a trace function"),
        Leave::New => Some("can't jump from the 'call' trace event of a new frame"),
        Leave::Calling => Some("can't jump during a call"),
        Leave::NoLine => Some("can only jump from a 'line' trace event"),
    };
    if let Some(refusal) = refusal {
        return Err(cx.value_error(refusal));
    }
    let Some(line) = int::to_i64(value).filter(|line| i32::try_from(*line).is_ok()) else {
        return Err(cx.value_error("lineno out of range"));
    };
    let code = frame.code();
    let word = frame.pending_word(cx);
    let place = match target(code.data(), word, line) {
        Ok(place) => place,
        Err(message) => return Err(cx.value_error(message)),
    };
    bind_unbound(cx, frame)?;
    frame.set_jump(place);
    Ok(())
}

/// The code may rely on variables that are bound where it goes on.
fn bind_unbound(cx: &mut Context, frame: Gc<Frame>) -> Result<()> {
    let count = frame.unbound(cx);
    if count == 0 {
        return Ok(());
    }
    let plural = if count == 1 { "" } else { "s" };
    let message = format!("assigning None to {count} unbound local{plural}");
    cx.warn(hierarchy::runtime_warning, &message, 1)?;
    frame.bind_to_none(cx);
    Ok(())
}

/// Leaves and enters the blocks between two places: the frame goes on at the second one.
pub(crate) fn go(cx: &Context, frame: Live, code: &Code, from: u32, to: u32) {
    let (from, to) = (blocks_at(code, from), blocks_at(code, to));
    for block in from.iter().skip(to.len()).rev().filter(|block| block.kind == Kind::Handled) {
        let before = frame.get(block.register as usize + 1);
        match frame.meta() & flag::GENERATOR != 0 {
            true => generator::pop_handled(cx, frame, before),
            false => drop(cx.set_handled(before)),
        }
    }
    let registers = |block: &Block| block.register..block.register + block.kind.registers();
    // Traced: nothing is allocated before they are back in registers.
    let kept: Vec<Option<Value>> =
        from.iter().take(to.len()).flat_map(registers).map(|register| frame.get(register as usize)).collect();
    for (register, value) in to.iter().flat_map(registers).zip(kept) {
        frame.set(register as usize, value);
    }
}
