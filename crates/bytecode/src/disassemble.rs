//! Code as text, for people and for snapshot tests. CPython's counterpart: `Lib/dis.py`.
//! Invariant: the text depends on the code alone, so that snapshots are stable.

use std::fmt::Write;

use crate::op::{Common, Extra, Intrinsic, Role, Special};
use crate::{Code, Const, Instruction, LocalKind, Op, Pooled, instructions};

/// The code and all code nested in it.
pub fn disassemble(code: &Code) -> String {
    let mut out = String::new();
    write_code(&mut out, code);
    out
}

fn write_code(out: &mut String, code: &Code) {
    let _ = writeln!(
        out,
        "code {} (line {}, args {}+{}+{}, regs {}, flags {:#x})",
        code.qualname,
        code.first_line,
        code.posonly_count,
        code.arg_count,
        code.kwonly_count,
        code.nregs,
        code.flags
    );
    for (reg, local) in code.locals.iter().enumerate() {
        let kind = match local.kind {
            LocalKind::Fast => "local",
            LocalKind::Cell => "cell",
            LocalKind::Free => "free",
        };
        let _ = writeln!(out, "  r{reg} = {kind} {}", local.name);
    }
    let mut line = 0;
    let mut targets: Vec<u32> =
        instructions(&code.words).filter_map(|i| i.target()).map(|t| t as u32).collect();
    targets.extend(code.exceptions.iter().map(|row| row.handler));
    for instruction in instructions(&code.words) {
        let here = code.locations.at(instruction.pc).line;
        let shown = if here != line && here != 0 { here.to_string() } else { String::new() };
        line = if here != 0 { here } else { line };
        let mark = if targets.contains(&instruction.start) { ">" } else { " " };
        let _ = writeln!(out, "{shown:>5} {mark}{:4} {}", instruction.start, text(code, &instruction));
    }
    for row in &code.exceptions {
        let _ = writeln!(out, "  except {}..{} -> {} in r{}", row.start, row.end, row.handler, row.exc);
    }
    for range in &code.hidden {
        let kind = if range.cell { "cell" } else { "local" };
        let _ = writeln!(
            out,
            "  hidden {}..{} r{} = {kind} {}",
            range.start, range.end, range.register, range.name
        );
    }
    for value in &code.consts {
        if let Const::Code(inner) = value {
            out.push('\n');
            write_code(out, inner);
        }
    }
}

fn text(code: &Code, i: &Instruction) -> String {
    let info = i.op.info();
    let mut out = format!("{:<26}", i.op.to_string());
    let mut separator = "";
    for (index, &(role, name)) in info.operands.iter().enumerate() {
        out.push_str(separator);
        separator = ", ";
        let field = i.field(index);
        let _ = match role {
            Role::dst | Role::src | Role::both | Role::base | Role::window => write!(out, "r{field}"),
            Role::count => write!(out, "{field}"),
            Role::simm => write!(out, "{}", field as u8 as i8),
            Role::simm16 => write!(out, "{}", i.simm16()),
            Role::konst => write!(out, "{}", pooled(code, i.konst())),
            Role::imm => write!(out, "{}", form(i.op, name, field)),
        };
    }
    for (&kind, &word) in info.extra.iter().zip(&i.extra) {
        let shown = match kind {
            Extra::ic => continue,
            Extra::ic_name | Extra::name => pooled(code, i.name().unwrap_or(0)),
            Extra::jump => format!("to {}", i.target().unwrap_or(-1)),
            Extra::pool => pooled(code, word),
            Extra::amount => word.to_string(),
        };
        out.push_str(separator);
        separator = ", ";
        out.push_str(&shown);
    }
    out.truncate(out.trim_end().len());
    out
}

fn form(op: Op, operand: &str, value: u32) -> String {
    let named = match op {
        Op::Intrinsic => Intrinsic::ALL.get(value as usize).map(|which| format!("{which:?}")),
        Op::LoadCommon => Common::ALL.get(value as usize).map(|which| format!("{which:?}")),
        Op::LoadSpecial | Op::LoadSpecialPair => {
            Special::ALL.get(value as usize).map(|which| format!("{which:?}"))
        }
        _ => None,
    };
    named.unwrap_or_else(|| format!("{operand}={value}"))
}

fn pooled(code: &Code, index: u32) -> String {
    match code.pool(index) {
        Some(Pooled::Name(name)) => name.to_string(),
        Some(Pooled::Const(value)) => constant(value),
        None => format!("pool[{index}]?"),
    }
}

/// A constant as the disassembly shows it.
pub fn constant(value: &Const) -> String {
    let list = |items: &[Const]| items.iter().map(constant).collect::<Vec<_>>().join(", ");
    match value {
        Const::None => "None".into(),
        Const::Ellipsis => "Ellipsis".into(),
        Const::Bool(value) => if *value { "True" } else { "False" }.into(),
        Const::Int(value) => value.to_string(),
        Const::BigInt { negative, limbs } => {
            let digits: String = limbs.iter().rev().map(|limb| format!("{limb:016x}")).collect();
            format!("{}0x{}", if *negative { "-" } else { "" }, digits.trim_start_matches('0'))
        }
        Const::Float(bits) => format!("{:?}", f64::from_bits(*bits)),
        Const::Complex(re, im) => format!("({:?}+{:?}j)", f64::from_bits(*re), f64::from_bits(*im)),
        Const::Str(text) => format!("{text:?}"),
        Const::Bytes(bytes) => format!("b\"{}\"", bytes.escape_ascii()),
        Const::Tuple(items) => format!("({})", list(items)),
        Const::FrozenSet(items) => format!("frozenset({{{}}})", list(items)),
        Const::Slice(parts) => format!("slice({})", list(&**parts)),
        Const::Code(code) => format!("<code {}>", code.qualname),
    }
}
