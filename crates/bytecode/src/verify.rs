//! Is code safe to run? Code that did not come from the compiler (marshal, `CodeType`, an image) must pass.
//! Invariant: what passes never makes the interpreter read outside its registers, pool, words or caches.

use crate::op::{Common, Extra, ITERATOR_REGS, Intrinsic, Role, Special, WINDOW_ARGS};
use crate::{Code, Const, Instruction, LocalKind, Op, Pooled, decode};

/// Why code is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyError {
    /// The word of the instruction, if it is about one.
    pub pc: Option<u32>,
    /// What is wrong.
    pub message: String,
}

impl std::fmt::Display for VerifyError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.pc {
            Some(pc) => write!(f, "word {pc}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

type Result<T> = std::result::Result<T, VerifyError>;

fn refuse<T>(pc: impl Into<Option<u32>>, message: impl Into<String>) -> Result<T> {
    Err(VerifyError { pc: pc.into(), message: message.into() })
}

/// Checks code and all code nested in it.
pub fn verify(code: &Code) -> Result<()> {
    check_head(code)?;
    let starts = check_instructions(code)?;
    check_tables(code, &starts)?;
    for value in &code.consts {
        verify_const(value)?;
    }
    Ok(())
}

fn verify_const(value: &Const) -> Result<()> {
    match value {
        Const::Code(inner) => verify(inner),
        Const::Tuple(items) | Const::FrozenSet(items) => items.iter().try_for_each(verify_const),
        _ => Ok(()),
    }
}

fn check_head(code: &Code) -> Result<()> {
    if code.nregs > 0x1_0000 || code.locals.len() > code.nregs as usize {
        return refuse(None, "more variables than registers");
    }
    if code.parameter_count() as usize > code.locals.len() || code.posonly_count > code.arg_count {
        return refuse(None, "more parameters than variables");
    }
    let parameters = code.parameter_count() as usize;
    if code.locals[..parameters].iter().any(|local| local.kind == LocalKind::Free) {
        return refuse(None, "a parameter cannot be free");
    }
    let first_free =
        code.locals.iter().position(|local| local.kind == LocalKind::Free).unwrap_or(code.locals.len());
    if code.locals[first_free..].iter().any(|local| local.kind != LocalKind::Free) {
        return refuse(None, "free variables come last");
    }
    if code.has_docstring && !matches!(code.consts.first(), Some(Const::Str(_))) {
        return refuse(None, "the docstring is missing");
    }
    Ok(())
}

/// Checks each instruction; the result tells which words start one.
fn check_instructions(code: &Code) -> Result<Vec<bool>> {
    let mut starts = vec![false; code.words.len()];
    let (mut at, mut last) = (0, None);
    while (at as usize) < code.words.len() {
        let Some(instruction) = decode(&code.words, at) else { return refuse(at, "not an instruction") };
        if instruction.op.info().quickened {
            return refuse(at, "a quickened form");
        }
        starts[at as usize] = true;
        check_operands(code, &instruction)?;
        at = instruction.end;
        last = Some(instruction.op);
    }
    if !last.is_some_and(Op::is_terminal) {
        return refuse(None, "control runs off the end");
    }
    at = 0;
    while let Some(instruction) = decode(&code.words, at) {
        if let Some(target) = instruction.target() {
            let fine = usize::try_from(target).is_ok_and(|target| starts.get(target) == Some(&true));
            if !fine {
                return refuse(at, "a jump into nowhere");
            }
            check_direction(&instruction, target)?;
        }
        at = instruction.end;
    }
    Ok(starts)
}

fn check_direction(i: &Instruction, target: i64) -> Result<()> {
    use Op::*;
    let backward = target <= i.pc as i64;
    match i.op {
        Loop | ForIter if !backward => refuse(i.start, "a loop that goes forward"),
        Loop | ForIter | JT | JF | JLt | JLe | JEq | JNe | JGt | JGe | JLtI | JLeI | JEqI | JNeI | JGtI
        | JGeI => Ok(()),
        _ if backward => refuse(i.start, "a backward jump that does not poll"),
        _ => Ok(()),
    }
}

fn check_operands(code: &Code, i: &Instruction) -> Result<()> {
    for (index, &(role, _)) in i.op.info().operands.iter().enumerate() {
        let field = i.field(index);
        let needed = match role {
            Role::dst | Role::src | Role::both => field + 1,
            Role::window => field + WINDOW_ARGS,
            Role::base => field + extent(i),
            Role::konst if i.konst() as usize >= code.pool_len() => {
                return refuse(i.start, "no such constant");
            }
            _ => 0,
        };
        if needed > code.nregs {
            return refuse(i.start, format!("register {} of {}", needed - 1, code.nregs));
        }
    }
    check_extra_words(code, i)?;
    check_forms(code, i)
}

fn check_extra_words(code: &Code, i: &Instruction) -> Result<()> {
    if i.ic().is_some_and(|ic| ic as u32 >= code.ic_count) {
        return refuse(i.start, "no such inline cache");
    }
    if i.name().is_some_and(|name| name as usize >= code.names.len()) {
        return refuse(i.start, "no such name");
    }
    if i.word(Extra::pool).is_some_and(|index| index as usize >= code.pool_len()) {
        return refuse(i.start, "no such constant");
    }
    Ok(())
}

/// Operands whose meaning depends on the op.
fn check_forms(code: &Code, i: &Instruction) -> Result<()> {
    let form = |count: usize, value: u32| match (value as usize) < count {
        true => Ok(()),
        false => refuse(i.start, "no such form"),
    };
    let constant = |kind: Extra| match i.word(kind).and_then(|index| code.pool(index)) {
        Some(Pooled::Const(value)) => Some(value),
        _ => None,
    };
    match i.op {
        Op::Call | Op::CallMethod | Op::CallKw | Op::CallMethodKw => {
            if i.b + WINDOW_ARGS + i.c > code.nregs {
                return refuse(i.start, "arguments beyond the registers");
            }
            if !matches!(i.op, Op::CallKw | Op::CallMethodKw) {
                return Ok(());
            }
            match constant(Extra::pool) {
                Some(Const::Tuple(names))
                    if names.len() <= i.c as usize && names.iter().all(|n| matches!(n, Const::Str(_))) =>
                {
                    Ok(())
                }
                _ => refuse(i.start, "keyword names are not a tuple of strings"),
            }
        }
        Op::CallEx if i.b + WINDOW_ARGS + 2 > code.nregs => refuse(i.start, "arguments beyond the registers"),
        Op::MakeFunction => match constant(Extra::pool) {
            Some(Const::Code(_)) => Ok(()),
            _ => refuse(i.start, "a function without code"),
        },
        Op::Intrinsic => form(Intrinsic::ALL.len(), i.c),
        Op::LoadCommon => form(Common::ALL.len(), i.b),
        Op::LoadSpecial | Op::LoadSpecialPair => form(Special::ALL.len(), i.c),
        Op::Yield | Op::AsyncYield | Op::YieldFrom if i.c > code.nregs => {
            refuse(i.start, "too many live registers")
        }
        Op::CheckBound | Op::DeleteLocal if i.a >= code.nregs => refuse(i.start, "not a variable"),
        _ => Ok(()),
    }
}

/// How many registers the `base` operand of an instruction covers.
pub fn extent(i: &Instruction) -> u32 {
    match i.op {
        Op::CopyFree => i.b,
        Op::BuildTuple | Op::BuildList | Op::BuildSet | Op::BuildString => i.c,
        Op::BuildDict => 2 * i.c,
        Op::UnpackSeq => i.c,
        Op::UnpackEx => i.c + 1 + i.extra[0].min(0x1_0000),
        Op::GetIter | Op::ForIter => ITERATOR_REGS,
        Op::BuildSlice | Op::BuildInterpolation | Op::ExcTriple | Op::MatchClass => 3,
        Op::LoadSuperAttr | Op::LoadSuperMethod => 3,
        Op::LoadSpecialPair | Op::GetSlice | Op::SetSlice | Op::CheckEgMatch | Op::ImportName => 2,
        Op::MakeFunction => function_extent(i.c),
        Op::Intrinsic => Intrinsic::ALL.get(i.c as usize).map_or(0, |which| which.arity()),
        _ => 1,
    }
}

/// Registers that `MakeFunction` reads for these flags.
fn function_extent(flags: u32) -> u32 {
    use crate::op::function_flag::*;
    [(CLOSURE, 4), (ANNOTATE, 3), (KWDEFAULTS, 2), (DEFAULTS, 1)]
        .into_iter()
        .find(|(bits, _)| flags & bits != 0)
        .map_or(0, |(_, count)| count)
}

fn check_tables(code: &Code, starts: &[bool]) -> Result<()> {
    let boundary = |word: u32| word as usize == starts.len() || starts.get(word as usize) == Some(&true);
    for row in &code.exceptions {
        if row.start >= row.end || !boundary(row.start) || !boundary(row.end) {
            return refuse(row.start, "an exception range off the instructions");
        }
        if starts.get(row.handler as usize) != Some(&true) || row.exc >= code.nregs {
            return refuse(row.handler, "a handler off the instructions");
        }
    }
    for range in &code.hidden {
        if range.start > range.end || range.end as usize > starts.len() || range.register >= code.nregs {
            return refuse(range.start, "a comprehension's variable off the code");
        }
    }
    Ok(())
}
