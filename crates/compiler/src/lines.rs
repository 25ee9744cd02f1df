//! Which lines the instructions belong to, once all are there. CPython: `remove_redundant_nops`,
//! `duplicate_exits_without_lineno` and `propagate_line_numbers` in `Python/flowgraph.c`.
//! Invariant: instructions are marked as removed but stay where they are, since labels and handlers count them.

use taipan_bytecode::{Location, Op};

use crate::unit::{Extra, Ins, Label, Unit};

/// Takes out what marks a line that its neighbours mark too, gives each way out of a body a return of its own, and
/// gives what nobody wrote the line of what runs before it.
pub(crate) fn settle(unit: &mut Unit<'_>) {
    unit.removed = vec![false; unit.ins.len()];
    remove_steps(unit);
    remove_marks(unit);
    split_ends(unit);
    pass_lines_on(unit);
}

fn position(unit: &Unit<'_>, label: Label) -> usize {
    unit.labels[label.0 as usize].position.expect("every used label is bound")
}

fn target(ins: &Ins) -> Option<Label> {
    match ins.extra {
        Extra::Jump(label) => Some(label),
        _ => None,
    }
}

/// Does control come to each instruction from elsewhere than the one before it?
fn heads(unit: &Unit<'_>) -> Vec<bool> {
    let mut heads = vec![false; unit.ins.len() + 1];
    let handlers = unit.rows.iter().map(|row| row.handler);
    for label in unit.ins.iter().filter_map(target).chain(handlers) {
        heads[position(unit, label)] = true;
    }
    heads
}

/// A jump to the next instruction does nothing, but its line is there.
fn remove_steps(unit: &mut Unit<'_>) {
    for at in 0..unit.ins.len() {
        let label = target(&unit.ins[at]).filter(|_| unit.ins[at].op == Op::Jmp);
        if label.is_some_and(|label| position(unit, label) == at + 1) {
            let ins = &mut unit.ins[at];
            *ins = Ins { op: Op::Nop, fields: [0; 3], extra: Extra::None, ..*ins };
        }
    }
}

fn remove_marks(unit: &mut Unit<'_>) {
    if !unit.ins.iter().any(|ins| ins.op == Op::Nop) {
        return;
    }
    let heads = heads(unit);
    let mut before = 0;
    for at in 0..unit.ins.len() {
        if heads[at] || (at > 0 && target(&unit.ins[at - 1]).is_some()) {
            before = 0;
        }
        let line = unit.ins[at].location.line;
        if unit.ins[at].op == Op::Nop {
            let next = unit.ins.get(at + 1).map(|next| next.location.line);
            let passes_on = next == Some(0) && !heads[at + 1];
            if passes_on {
                unit.ins[at + 1].location = unit.ins[at].location;
            }
            unit.removed[at] = line == 0 || line == before || next == Some(line) || passes_on;
        }
        if !unit.removed[at] {
            before = line;
        }
    }
}

/// Jumps to a `return None` that nobody wrote become such a return themselves, or go to one of their own.
fn split_ends(unit: &mut Unit<'_>) {
    let implied = |ins: &Ins| ins.op == Op::ReturnNone && ins.location.line == 0;
    for at in 0..unit.ins.len() {
        let Some(label) = target(&unit.ins[at]) else { continue };
        let end = position(unit, label);
        if !unit.ins.get(end).is_some_and(implied) {
            continue;
        }
        let jump = unit.ins[at];
        if jump.op == Op::Jmp {
            unit.ins[at] = Ins { op: Op::ReturnNone, fields: [0; 3], extra: Extra::None, ..jump };
            continue;
        }
        let own = unit.label();
        unit.labels[own.0 as usize].position = Some(unit.ins.len());
        unit.ins.push(Ins { location: jump.location, ..unit.ins[end] });
        unit.removed.push(false);
        unit.ins[at].extra = Extra::Jump(own);
    }
    let heads = heads(unit);
    for at in 1..unit.ins.len() {
        let reached = heads[at] || !unit.ins[at - 1].op.is_terminal();
        unit.removed[at] |= implied(&unit.ins[at]) && !reached;
    }
}

/// What has no line takes that of the instruction before it, or of the only jump to it.
fn pass_lines_on(unit: &mut Unit<'_>) {
    let mut comers = vec![0u32; unit.ins.len() + 1];
    for row in &unit.rows {
        comers[position(unit, row.handler)] += 2;
    }
    for label in unit.ins.iter().filter_map(target) {
        comers[position(unit, label)] += 1;
    }
    let head = Location { line: unit.first_line, end_line: unit.first_line, column: 0, end_column: 0 };
    let mut before = if unit.is_module() { Location::NONE } else { head };
    let mut falls = true;
    for at in 0..unit.ins.len() {
        if unit.removed[at] {
            continue;
        }
        if !falls || comers[at] > 0 {
            before = Location::NONE;
        }
        let ins = &mut unit.ins[at];
        if ins.location.line == 0 {
            ins.location = before;
        }
        before = ins.location;
        falls = !ins.op.is_terminal();
        let (jumps_to, location) = (target(ins), ins.location);
        if let Some(there) = jumps_to.map(|label| position(unit, label)).filter(|there| *there > at) {
            let only = comers[there] == 1 && (there == 0 || unit.ins[there - 1].op.is_terminal());
            if let Some(ins) = unit.ins.get_mut(there).filter(|ins| only && ins.location.line == 0) {
                ins.location = location;
            }
        }
    }
}
