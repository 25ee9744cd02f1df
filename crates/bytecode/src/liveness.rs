//! Which registers are alive at a place: written before it and read after it.
//! Invariant: errs to one side only. A register that may be read is alive.

use std::ops::Range;

use crate::op::{WINDOW_ARGS, WINDOW_CALLABLE, WINDOW_METHOD, WINDOW_SELF};
use crate::{Code, Instruction, Op, decode, extent, function_flag, instructions};

/// What an instruction does with registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// It needs what is there.
    Read,
    /// It replaces what is there, if it does not raise.
    Write,
}

/// Bits of a table that `alive_at` may fill.
const MAX_TABLE: usize = 1 << 28;

/// Calls `each` for the registers that an instruction reads and writes.
pub fn accesses(i: &Instruction, each: &mut dyn FnMut(Access, Range<u32>)) {
    use crate::op::Role;
    for (index, &(role, _)) in i.op.info().operands.iter().enumerate() {
        let register = i.field(index);
        match role {
            Role::dst => each(Access::Write, register..register + 1),
            Role::src => each(Access::Read, register..register + 1),
            Role::both => {
                each(Access::Read, register..register + 1);
                each(Access::Write, register..register + 1);
            }
            Role::base => base_accesses(i, register, each),
            Role::window => window_accesses(i, register, each),
            Role::count | Role::imm | Role::simm | Role::simm16 | Role::konst => {}
        }
    }
}

fn base_accesses(i: &Instruction, first: u32, each: &mut dyn FnMut(Access, Range<u32>)) {
    let all = first..first + extent(i);
    match i.op {
        Op::CopyFree
        | Op::UnpackSeq
        | Op::UnpackEx
        | Op::GetIter
        | Op::ExcTriple
        | Op::LoadSpecialPair
        | Op::CheckEgMatch => each(Access::Write, all),
        Op::MakeFunction => {
            use function_flag::{ANNOTATE, CLOSURE, DEFAULTS, KWDEFAULTS};
            for (at, bits) in [DEFAULTS, KWDEFAULTS, ANNOTATE, CLOSURE].into_iter().enumerate() {
                if i.c & bits != 0 {
                    each(Access::Read, first + at as u32..first + at as u32 + 1);
                }
            }
        }
        _ => each(Access::Read, all),
    }
}

fn window_accesses(i: &Instruction, window: u32, each: &mut dyn FnMut(Access, Range<u32>)) {
    let mut one = |access, offset: u32| each(access, window + offset..window + offset + 1);
    let arguments = match i.op {
        // Which of the two callables is written shows in the receiver, so nobody reads the other one.
        Op::LoadMethod | Op::LoadSuperMethod | Op::LoadSpecial => {
            [WINDOW_METHOD, WINDOW_CALLABLE, WINDOW_SELF]
                .into_iter()
                .for_each(|offset| one(Access::Write, offset));
            return;
        }
        Op::CallMethod | Op::CallMethodKw => {
            [WINDOW_METHOD, WINDOW_CALLABLE, WINDOW_SELF]
                .into_iter()
                .for_each(|offset| one(Access::Read, offset));
            i.c
        }
        Op::CallEx => {
            one(Access::Read, WINDOW_CALLABLE);
            2
        }
        _ => {
            one(Access::Read, WINDOW_CALLABLE);
            i.c
        }
    };
    each(Access::Read, window + WINDOW_ARGS..window + WINDOW_ARGS + arguments);
}

/// Registers from `first` on.
#[derive(Clone, PartialEq)]
struct Set(Vec<u64>);

impl Set {
    fn change(&mut self, first: u32, range: Range<u32>, on: bool) {
        for register in range.start.max(first)..range.end.max(first) {
            let bit = (register - first) as usize;
            let Some(word) = self.0.get_mut(bit / 64) else { continue };
            match on {
                true => *word |= 1 << (bit % 64),
                false => *word &= !(1 << (bit % 64)),
            }
        }
    }

    fn add(&mut self, other: &Set) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, more)| *word |= more);
    }
}

/// The registers from `first` on that are alive before the instruction at `word`. None if the code is too large to find
/// out.
pub fn alive_at(code: &Code, first: u32, word: u32) -> Option<Vec<u32>> {
    let width = (code.nregs.saturating_sub(first) as usize).div_ceil(64);
    let blocks = blocks(code, word);
    if blocks.len().saturating_mul(width.max(1)).saturating_mul(64) > MAX_TABLE {
        return None;
    }
    let index_of = |word: u32| blocks.binary_search(&word).ok();
    let mut alive = vec![Set(vec![0; width]); blocks.len()];
    let mut changed = true;
    while changed {
        changed = false;
        for index in (0..blocks.len()).rev() {
            let end = blocks.get(index + 1).copied().unwrap_or(code.words.len() as u32);
            let found = before_block(code, first, blocks[index]..end, width, &|word| {
                index_of(word).map(|index| &alive[index])
            });
            if found != alive[index] {
                alive[index] = found;
                changed = true;
            }
        }
    }
    let set = &alive[index_of(word)?];
    let is_alive = |register: &u32| {
        let bit = (register - first) as usize;
        set.0[bit / 64] & 1 << (bit % 64) != 0
    };
    Some((first..code.nregs).filter(is_alive).collect())
}

/// First words of pieces that are run from their first instruction to their last, if nothing raises.
fn blocks(code: &Code, word: u32) -> Vec<u32> {
    let mut starts = vec![0, word];
    for i in instructions(&code.words) {
        let target = i.target().and_then(|target| u32::try_from(target).ok());
        starts.extend(target);
        if target.is_some() || i.op.is_terminal() {
            starts.push(i.end);
        }
    }
    starts.extend(code.exceptions.iter().map(|row| row.handler));
    starts.retain(|start| (*start as usize) < code.words.len());
    starts.sort_unstable();
    starts.dedup();
    starts
}

/// What is alive before a piece, from what is known of the others.
fn before_block<'a>(
    code: &Code,
    first: u32,
    words: Range<u32>,
    width: usize,
    alive: &dyn Fn(u32) -> Option<&'a Set>,
) -> Set {
    let mut all = Vec::new();
    let mut at = words.start;
    while at < words.end {
        let Some(i) = decode(&code.words, at) else { break };
        at = i.end;
        all.push(i);
    }
    let mut set = Set(vec![0; width]);
    let falls = all.last().is_none_or(|last| !last.op.is_terminal());
    if let Some(next) = alive(words.end).filter(|_| falls) {
        set.add(next);
    }
    for i in all.iter().rev() {
        if let Some(there) = i.target().and_then(|target| u32::try_from(target).ok()).and_then(alive) {
            set.add(there);
        }
        accesses(i, &mut |access, range| {
            if access == Access::Write {
                set.change(first, range, false);
            }
        });
        if i.op.info().raises
            && let Some(row) = code.handler_for(i.pc)
            && let Some(there) = alive(row.handler)
        {
            let mut there = there.clone();
            there.change(first, row.exc..row.exc + 1, false);
            set.add(&there);
        }
        accesses(i, &mut |access, range| {
            if access == Access::Read {
                set.change(first, range, true);
            }
        });
    }
    set
}
