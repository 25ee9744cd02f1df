//! From a finished unit to plain code: jumps resolved, pool laid out, tables written. CPython: `Python/assemble.c`.
//! Invariant: the words of an instruction depend on its fields alone, so one pass finds all positions.

use std::sync::Arc;

use taipan_bytecode::op::NO_CACHE;
use taipan_bytecode::{Code, ExceptionRow, HiddenRange, LocationWriter, Op, encode, needs_ext, split_konst};
use taipan_syntax::{ErrorKind, SyntaxError};

use crate::unit::{Extra, Ins, Label, Unit};

/// Registers and names that instructions can name.
const MAX_REGISTERS: u32 = 0x1_0000;

pub(crate) fn assemble(mut unit: Unit<'_>, filename: &Arc<str>) -> Result<Code, SyntaxError> {
    crate::lines::settle(&mut unit);
    if unit.max >= MAX_REGISTERS || unit.names.len() >= 0x1_0000 {
        return Err(SyntaxError::plain("code is too large").with_kind(ErrorKind::Overflow));
    }
    let name_count = unit.names.len() as u32;
    let ins: Vec<Ins> = unit.ins.iter().map(|ins| with_pool_fields(*ins, name_count)).collect();
    let starts = positions(&ins, &unit.removed);
    let at =
        |label: Label| starts[unit.labels[label.0 as usize].position.expect("every used label is bound")];
    let mut words = Vec::with_capacity(*starts.last().expect("one more than instructions") as usize);
    let mut locations = LocationWriter::new(unit.first_line);
    let mut caches = 0u32;
    for (index, ins) in ins.iter().enumerate() {
        if starts[index] == starts[index + 1] {
            continue;
        }
        let first = starts[index] + needs_ext(ins.fields) as u32;
        let mut cache = || {
            caches += 1;
            if caches > NO_CACHE as u32 { NO_CACHE as u32 } else { caches - 1 }
        };
        match ins.extra {
            Extra::None => encode(&mut words, ins.op, ins.fields, &[]),
            Extra::Cache => encode(&mut words, ins.op, ins.fields, &[cache()]),
            Extra::CacheName(name) => encode(&mut words, ins.op, ins.fields, &[cache() | name << 16]),
            Extra::Name(name) => encode(&mut words, ins.op, ins.fields, &[NO_CACHE as u32 | name << 16]),
            Extra::Jump(label) => encode(&mut words, ins.op, ins.fields, &[at(label).wrapping_sub(first)]),
            Extra::Const(index) => encode(&mut words, ins.op, ins.fields, &[name_count + index]),
            Extra::CacheConst(index) => {
                encode(&mut words, ins.op, ins.fields, &[cache(), name_count + index])
            }
            Extra::Amount(amount) => encode(&mut words, ins.op, ins.fields, &[amount]),
        }
        debug_assert_eq!(words.len() as u32, starts[index + 1]);
        locations.push(starts[index + 1] - starts[index], ins.location);
    }
    let exceptions = unit
        .rows
        .iter()
        .filter(|row| starts[row.start] < starts[row.end])
        .map(|row| ExceptionRow {
            start: starts[row.start],
            end: starts[row.end],
            handler: at(row.handler),
            exc: row.exc,
        })
        .collect();
    let hidden = unit
        .hidden
        .iter()
        .map(|(range, start, end)| HiddenRange { start: starts[*start], end: starts[*end], ..range.clone() })
        .collect();
    Ok(Code {
        name: unit.name,
        qualname: unit.qualname,
        filename: filename.clone().into(),
        first_line: unit.first_line,
        flags: unit.flags,
        posonly_count: unit.posonly_count,
        arg_count: unit.arg_count,
        kwonly_count: unit.kwonly_count,
        nregs: unit.max,
        locals: unit.locals.into(),
        hidden,
        names: unit.names.into(),
        consts: unit.consts.into(),
        words: words.into(),
        exceptions,
        locations: locations.finish(),
        ic_count: caches.min(NO_CACHE as u32),
        has_docstring: unit.has_docstring,
    })
}

/// Constants follow the names in the pool, whose number is known only now.
fn with_pool_fields(mut ins: Ins, name_count: u32) -> Ins {
    if ins.op == Op::LoadK {
        let [b, c] = split_konst(ins.fields[1] + name_count);
        ins.fields = [ins.fields[0], b, c];
    }
    ins
}

/// First word of each instruction, and the number of words. What was removed has no words.
fn positions(ins: &[Ins], removed: &[bool]) -> Vec<u32> {
    let mut at = 0;
    let mut starts = Vec::with_capacity(ins.len() + 1);
    for (ins, removed) in ins.iter().zip(removed) {
        starts.push(at);
        if *removed {
            continue;
        }
        at += needs_ext(ins.fields) as u32 + ins.op.len() as u32;
    }
    starts.push(at);
    starts
}
