//! Where lines begin in compiled code, for tracing. CPython: `initialize_lines` in `Python/instrumentation.c`.

use std::collections::HashMap;

use taipan_bytecode::{Code, Op, decode, instructions};

/// Marks a word at which a line event may be reported.
const START: u32 = 1 << 31;
/// Marks the head of a loop that stands behind its body.
const HEAD: u32 = 1 << 30;

fn is_jump(op: Op) -> bool {
    matches!(op, Op::Jmp | Op::Loop)
}

/// The line of each word of a code object, 0 where there is none.
pub(crate) struct Lines(Box<[u32]>);

impl Lines {
    pub(crate) fn of(code: &Code) -> Lines {
        let mut lines = vec![0; code.words.len()];
        for (start, end, location) in code.locations.runs() {
            let end = (end as usize).min(lines.len());
            if let Some(run) = lines.get_mut(start as usize..end) {
                run.fill(location.line);
            }
        }
        let mut starts = vec![false; lines.len()];
        let mut mark = |word: i64| {
            if let Some(start) = usize::try_from(word).ok().and_then(|word| starts.get_mut(word)) {
                *start = true;
            }
        };
        let mut previous = 0;
        let mut head = true;
        for instruction in instructions(&code.words) {
            // What prepares the frame belongs to no line.
            head &= matches!(instruction.op, Op::MakeCell | Op::CopyFree | Op::GeneratorStart);
            if head {
                continue;
            }
            let line = lines[instruction.start as usize];
            let line_of = |word: i64| usize::try_from(word).ok().and_then(|word| lines.get(word)).copied();
            // A jump back to the head of a loop belongs to that head, which will be reported.
            let closes = is_jump(instruction.op)
                && instruction.target().is_some_and(|target| line_of(target) == Some(line));
            if line != previous && !closes {
                mark(instruction.start as i64);
            }
            previous = line;
            if let Some(target) = instruction.target() {
                // Where ways meet and go on together nothing begins.
                let there = u32::try_from(target).ok().and_then(|target| decode(&code.words, target));
                if there.is_some_and(|there| !is_jump(there.op) && there.op != Op::ReturnNone) {
                    mark(target);
                }
            }
        }
        code.exceptions.iter().for_each(|row| mark(row.handler as i64));
        for (line, _) in lines.iter_mut().zip(&starts).filter(|(line, start)| **line != 0 && **start) {
            *line |= START;
        }
        for head in heads(code) {
            lines[head as usize] |= HEAD;
        }
        Lines(lines.into())
    }

    /// The line of the instruction at `word`.
    pub(crate) fn at(&self, word: u32) -> u32 {
        self.0.get(word as usize).map_or(0, |line| line & !(START | HEAD))
    }

    /// Whether a line event may be reported at `word`.
    pub(crate) fn starts(&self, word: u32) -> bool {
        self.0.get(word as usize).is_some_and(|line| line & START != 0)
    }

    /// Whether a loop's head is at `word`, into which its body runs.
    pub(crate) fn is_loop_head(&self, word: u32) -> bool {
        self.0.get(word as usize).is_some_and(|line| line & HEAD != 0)
    }
}

/// The heads of loops that are entered by a jump over the body.
fn heads(code: &Code) -> Vec<u32> {
    let mut backward: HashMap<i64, u32> = HashMap::new();
    for instruction in instructions(&code.words) {
        if let Some(target) = instruction.target().filter(|target| *target <= instruction.start as i64) {
            backward.insert(target, instruction.start);
        }
    }
    let entries = instructions(&code.words).filter(|instruction| instruction.op == Op::Jmp);
    let heads = entries.filter_map(|entry| {
        let head = entry.target().filter(|target| *target > entry.start as i64)?;
        backward.get(&(entry.end as i64)).filter(|back| **back as i64 >= head).map(|_| head as u32)
    });
    heads.collect()
}
