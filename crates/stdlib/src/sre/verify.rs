//! Checks the code of a pattern before the engine sees it. CPython: `_validate` in `Modules/_sre/sre.c`.
//!
//! Invariant: the engine reads nothing outside a code that passes, takes no unknown instruction for one, and moves no
//! cursor beyond the text.

use rustpython_sre_engine::{MAXREPEAT, SreAtCode, SreCatCode, SreInfo, SreOpcode};
use taipan_runtime::prelude::*;

/// Most groups of a pattern.
const MAX_GROUPS: usize = i32::MAX as usize / 2;
/// Words of a bitmap of 256 characters.
const BITMAP: usize = 256 / 32;
/// Words of the block numbers of a big set.
const BLOCKS: usize = 256 / 4;

/// Raises RuntimeError unless `code` is well formed.
pub(super) fn verify(cx: &Context, code: &[u32], groups: usize) -> Result<()> {
    let sound = match code.split_last() {
        Some((last, body)) if groups <= MAX_GROUPS && *last == SreOpcode::SUCCESS as u32 => {
            let reader = Reader { code: body, at: 0 };
            reader.starts_with_its_prefix() && Verifier { cx, groups }.pattern(reader)?.is_some()
        }
        _ => false,
    };
    if sound { Ok(()) } else { Err(cx.runtime_error("invalid SRE code")) }
}

/// A stretch of code and how far it has been read. Reading past the end gives `None`.
#[derive(Clone, Copy)]
struct Reader<'a> {
    code: &'a [u32],
    at: usize,
}

impl<'a> Reader<'a> {
    fn is_done(&self) -> bool {
        self.at == self.code.len()
    }

    fn word(&mut self) -> Option<u32> {
        let word = *self.code.get(self.at)?;
        self.at += 1;
        Some(word)
    }

    fn op(&mut self) -> Option<SreOpcode> {
        SreOpcode::try_from(self.word()?).ok()
    }

    /// The next `count` words as code of their own.
    fn part(&mut self, count: usize) -> Option<Reader<'a>> {
        let end = self.at.checked_add(count)?;
        let code = self.code.get(self.at..end)?;
        self.at = end;
        Some(Reader { code, at: 0 })
    }

    /// A distance, counted from its own word; at least `least`. It does not lead out of the code.
    fn skip(&mut self, least: usize) -> Option<usize> {
        let here = self.at;
        let skip = self.word()? as usize;
        (skip >= least && here.checked_add(skip)? <= self.code.len()).then_some(skip)
    }

    /// Whether the literals that the engine skips after it has found the prefix stand at the start of the pattern.
    fn starts_with_its_prefix(mut self) -> bool {
        if self.code.first() != Some(&(SreOpcode::INFO as u32)) {
            return true;
        }
        self.at = 1;
        let Some(skip) = self.skip(1) else { return false };
        let flags = SreInfo::from_bits_truncate(self.code.get(2).copied().unwrap_or(0));
        let literals = self.code.get(6).copied().unwrap_or(0) as usize;
        let after = self.code.get(1 + skip..).unwrap_or(&[]);
        !flags.contains(SreInfo::PREFIX)
            || literals.checked_mul(2).is_some_and(|words| words <= after.len())
                && after.chunks_exact(2).take(literals).all(|pair| pair[0] == SreOpcode::LITERAL as u32)
    }
}

struct Verifier<'a> {
    cx: &'a Context,
    groups: usize,
}

impl Verifier<'_> {
    /// Whether a stretch consists of whole instructions: `Some` if so.
    fn pattern(&self, mut code: Reader<'_>) -> Result<Option<()>> {
        self.cx.check_recursion("")?;
        while !code.is_done() {
            let Some(op) = code.op() else { return Ok(None) };
            if self.instruction(op, &mut code)?.is_none() {
                return Ok(None);
            }
        }
        Ok(Some(()))
    }

    fn instruction(&self, op: SreOpcode, code: &mut Reader<'_>) -> Result<Option<()>> {
        use SreOpcode::*;
        Ok(match op {
            SUCCESS | FAILURE | ANY | ANY_ALL => Some(()),
            LITERAL
            | NOT_LITERAL
            | LITERAL_IGNORE
            | NOT_LITERAL_IGNORE
            | LITERAL_LOC_IGNORE
            | NOT_LITERAL_LOC_IGNORE
            | LITERAL_UNI_IGNORE
            | NOT_LITERAL_UNI_IGNORE => code.word().map(drop),
            MARK => code.word().filter(|mark| *mark as usize <= 2 * self.groups + 1).map(drop),
            AT => code.word().filter(|at| SreAtCode::try_from(*at).is_ok()).map(drop),
            IN | IN_IGNORE | IN_LOC_IGNORE | IN_UNI_IGNORE => in_set(code),
            INFO => info(code),
            GROUPREF | GROUPREF_IGNORE | GROUPREF_LOC_IGNORE | GROUPREF_UNI_IGNORE => self.group(code),
            BRANCH => return self.branch(code),
            REPEAT_ONE | MIN_REPEAT_ONE | POSSESSIVE_REPEAT_ONE => {
                return self.repeat(code, 1, |end| matches!(end, SUCCESS));
            }
            POSSESSIVE_REPEAT => return self.repeat(code, 0, |end| matches!(end, SUCCESS)),
            REPEAT => return self.repeat(code, 0, |end| matches!(end, MAX_UNTIL | MIN_UNTIL)),
            ATOMIC_GROUP => {
                let Some(skip) = code.skip(2) else { return Ok(None) };
                return self.block(code, skip - 2);
            }
            ASSERT | ASSERT_NOT => {
                let Some(skip) = code.skip(3) else { return Ok(None) };
                if code.word().is_none_or(|back| back & 0x8000_0000 != 0) {
                    return Ok(None);
                }
                return self.block(code, skip - 3);
            }
            GROUPREF_EXISTS => return self.conditional(code),
            _ => None,
        })
    }

    fn group(&self, code: &mut Reader<'_>) -> Option<()> {
        code.word().filter(|group| (*group as usize) < self.groups).map(drop)
    }

    /// `count` words of a pattern, then SUCCESS.
    fn block(&self, code: &mut Reader<'_>, count: usize) -> Result<Option<()>> {
        let Some(body) = code.part(count) else { return Ok(None) };
        if self.pattern(body)?.is_none() {
            return Ok(None);
        }
        Ok(code.op().filter(|end| *end == SreOpcode::SUCCESS).map(drop))
    }

    /// `<skip> <min> <max> item <end>`. The distance of a repetition of one item goes beyond its end.
    fn repeat(
        &self,
        code: &mut Reader<'_>,
        beyond: usize,
        is_end: impl Fn(SreOpcode) -> bool,
    ) -> Result<Option<()>> {
        let Some(skip) = code.skip(3 + beyond) else { return Ok(None) };
        let (Some(min), Some(max)) = (code.word(), code.word()) else { return Ok(None) };
        if min > max || max as usize > MAXREPEAT {
            return Ok(None);
        }
        let Some(item) = code.part(skip - 3 - beyond) else { return Ok(None) };
        if self.pattern(item)?.is_none() {
            return Ok(None);
        }
        Ok(code.op().filter(|end| is_end(*end)).map(drop))
    }

    /// `<skip> pattern JUMP <skip> <skip> pattern JUMP <skip> .. 0`; all jumps lead behind the zero.
    fn branch(&self, code: &mut Reader<'_>) -> Result<Option<()>> {
        let mut target = None;
        loop {
            let Some(skip) = code.skip(0) else { return Ok(None) };
            if skip == 0 {
                break;
            }
            let Some(body) = skip.checked_sub(3).and_then(|count| code.part(count)) else { return Ok(None) };
            if self.pattern(body)?.is_none() || code.op() != Some(SreOpcode::JUMP) {
                return Ok(None);
            }
            let here = code.at;
            let Some(skip) = code.skip(1) else { return Ok(None) };
            if *target.get_or_insert(here + skip) != here + skip {
                return Ok(None);
            }
        }
        Ok((target == Some(code.at)).then_some(()))
    }

    /// `<group> <skip> yes JUMP <skip> no`, or without the last two parts.
    fn conditional(&self, code: &mut Reader<'_>) -> Result<Option<()>> {
        if self.group(code).is_none() {
            return Ok(None);
        }
        // This distance is counted from the group's word.
        let start = code.at;
        let Some(skip) = code.word().map(|skip| skip as usize).filter(|skip| *skip >= 2) else {
            return Ok(None);
        };
        // A jump at the end of this pattern leads over the other one.
        let jump = code.code.get((start + skip).saturating_sub(3));
        if skip < 4 || jump != Some(&(SreOpcode::JUMP as u32)) {
            let Some(body) = code.part(skip - 2) else { return Ok(None) };
            return self.pattern(body);
        }
        let Some(body) = code.part(skip - 4) else { return Ok(None) };
        if self.pattern(body)?.is_none() || code.op() != Some(SreOpcode::JUMP) {
            return Ok(None);
        }
        let Some(other) = code.skip(1).and_then(|skip| code.part(skip - 1)) else { return Ok(None) };
        self.pattern(other)
    }
}

/// `<skip> set FAILURE`.
fn in_set(code: &mut Reader<'_>) -> Option<()> {
    let skip = code.skip(2)?;
    charset(code.part(skip - 1)?)
}

/// The members of a set, up to the FAILURE that ends it.
fn charset(code: Reader<'_>) -> Option<()> {
    use SreOpcode::*;
    let (last, members) = code.code.split_last()?;
    if *last != FAILURE as u32 {
        return None;
    }
    let mut code = Reader { code: members, at: 0 };
    while !code.is_done() {
        match code.op()? {
            NEGATE => {}
            LITERAL => drop(code.word()?),
            RANGE | RANGE_UNI_IGNORE => drop(code.part(2)?),
            CHARSET => drop(code.part(BITMAP)?),
            BIGCHARSET => {
                let count = code.word()? as usize;
                let numbers = code.part(BLOCKS)?;
                if numbers
                    .code
                    .iter()
                    .flat_map(|word| word.to_ne_bytes())
                    .any(|block| block as usize >= count)
                {
                    return None;
                }
                code.part(count.checked_mul(BITMAP)?)?;
            }
            CATEGORY => drop(SreCatCode::try_from(code.word()?).ok()?),
            _ => return None,
        }
    }
    Some(())
}

/// `<skip> <flags> <min> <max>`, then `<length> <skip> prefix overlap` or a set.
fn info(code: &mut Reader<'_>) -> Option<()> {
    let skip = code.skip(1)?;
    let mut code = code.part(skip - 1)?;
    let flags = SreInfo::from_bits(code.word()?)?;
    code.part(2)?;
    let (prefix, set) = (flags.contains(SreInfo::PREFIX), flags.contains(SreInfo::CHARSET));
    if prefix && set || flags.contains(SreInfo::LITERAL) && !prefix {
        return None;
    }
    if set {
        let rest = code.code.len() - code.at;
        return charset(code.part(rest)?);
    }
    if prefix {
        let (length, skip) = (code.word()? as usize, code.word()? as usize);
        code.part(length)?;
        let overlap = code.part(length)?;
        // An overlap is shorter than the part of the prefix that it is of, or the search would never end.
        let falls_back = overlap.code.iter().enumerate().all(|(at, back)| *back as usize <= at);
        if length == 0 || skip > length || !falls_back {
            return None;
        }
    }
    code.is_done().then_some(())
}
