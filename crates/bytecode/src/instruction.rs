//! Encoding and decoding of single instructions.
//! Invariant: `decode` never looks outside the slice and answers None for words that are no instruction.

use crate::op::{Extra, NO_CACHE, Op, Role};

/// A decoded instruction: the fields with their `EXT` bits, not yet interpreted by role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// Word where it starts (at its `EXT`, if it has one).
    pub start: u32,
    /// Word of the opcode: `start`, or one more after an `EXT`. Jump distances count from here.
    pub pc: u32,
    /// The word after it.
    pub end: u32,
    /// The opcode.
    pub op: Op,
    /// Field A, 16 bits.
    pub a: u32,
    /// Field B, 16 bits.
    pub b: u32,
    /// Field C, 16 bits.
    pub c: u32,
    /// Extra words (0 where there is none).
    pub extra: [u32; 2],
}

impl Instruction {
    /// The field of operand number `index` of the row.
    pub fn field(&self, index: usize) -> u32 {
        [self.a, self.b, self.c][index]
    }

    /// Pool index in the fields B and C (role `konst`).
    pub fn konst(&self) -> u32 {
        (self.b & 0xFF) | (self.c & 0xFF) << 8 | (self.b >> 8) << 16 | (self.c >> 8) << 24
    }

    /// The number in the fields B and C (role `simm16`).
    pub fn simm16(&self) -> i32 {
        (self.b & 0xFF | (self.c & 0xFF) << 8) as u16 as i16 as i32
    }

    /// The extra word of this kind.
    pub fn word(&self, kind: Extra) -> Option<u32> {
        self.op.info().extra.iter().position(|&e| e == kind).map(|i| self.extra[i])
    }

    /// Pool index of the name, if it has one.
    pub fn name(&self) -> Option<u32> {
        let word = self.word(Extra::ic_name).or(self.word(Extra::name))?;
        let high = if self.op.info().operands.len() == 3 { 0 } else { self.c };
        Some(word >> 16 | high << 16)
    }

    /// Number of the inline cache, if it has one.
    pub fn ic(&self) -> Option<u16> {
        let word = self.word(Extra::ic_name).or(self.word(Extra::ic))? as u16;
        (word != NO_CACHE).then_some(word)
    }

    /// Target of the jump, if it is one; may lie outside the code.
    pub fn target(&self) -> Option<i64> {
        self.word(Extra::jump).map(|distance| self.pc as i64 + distance as i32 as i64)
    }
}

/// The instruction at word `at`.
pub fn decode(words: &[u32], at: u32) -> Option<Instruction> {
    let mut pc = at;
    let mut word = *words.get(pc as usize)?;
    let mut high = 0;
    if word as u8 == Op::Ext as u8 {
        high = word;
        pc += 1;
        word = *words.get(pc as usize)?;
    }
    let op = Op::from_u8(word as u8)?;
    if op == Op::Ext {
        return None;
    }
    let field = |shift: u32| (word >> shift & 0xFF) | (high >> shift & 0xFF) << 8;
    let end = pc + op.len() as u32;
    let extras = words.get(pc as usize + 1..end as usize)?;
    let mut extra = [0; 2];
    extra[..extras.len()].copy_from_slice(extras);
    Some(Instruction { start: at, pc, end, op, a: field(8), b: field(16), c: field(24), extra })
}

/// All instructions in order; stops at words that are none.
pub fn instructions(words: &[u32]) -> impl Iterator<Item = Instruction> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let instruction = decode(words, at)?;
        at = instruction.end;
        Some(instruction)
    })
}

/// Appends an instruction whose fields are already as roles want them (a `konst` split by `split_konst`).
pub fn encode(words: &mut Vec<u32>, op: Op, fields: [u32; 3], extra: &[u32]) {
    debug_assert_eq!(extra.len(), op.info().extra.len());
    debug_assert!(fields.iter().all(|&f| f <= 0xFFFF));
    let pack = |shift: u32| fields.iter().rev().fold(0, |word, &f| word << 8 | (f >> shift & 0xFF)) << 8;
    if needs_ext(fields) {
        words.push(pack(8) | Op::Ext as u32);
    }
    words.push(pack(0) | op as u32);
    words.extend_from_slice(extra);
}

/// Does an instruction with these fields need an `EXT`?
pub fn needs_ext(fields: [u32; 3]) -> bool {
    fields.iter().any(|&f| f > 0xFF)
}

/// A pool index as the fields B and C.
pub fn split_konst(index: u32) -> [u32; 2] {
    [index & 0xFF | (index >> 16 & 0xFF) << 8, index >> 8 & 0xFF | index >> 24 << 8]
}

/// A number as a `simm` field, if it fits.
pub fn simm(value: i64) -> Option<u32> {
    i8::try_from(value).ok().map(|v| v as u8 as u32)
}

/// Is the operand with this role a register?
pub fn is_register(role: Role) -> bool {
    matches!(role, Role::dst | Role::src | Role::both | Role::base | Role::window)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trip() {
        let mut words = Vec::new();
        encode(&mut words, Op::Add, [1, 2, 3], &[]);
        let [b, c] = split_konst(0x1234_5678);
        encode(&mut words, Op::LoadK, [300, b, c], &[]);
        encode(&mut words, Op::JLtI, [7, simm(-3).unwrap(), 0], &[-5i32 as u32]);
        encode(&mut words, Op::LoadAttr, [7, 9, 2], &[0xFFFF | 0x4321 << 16]);
        let all: Vec<_> = instructions(&words).collect();
        assert_eq!(all.len(), 4);
        assert_eq!((all[0].a, all[0].b, all[0].c), (1, 2, 3));
        assert_eq!((all[1].start, all[1].pc, all[1].a, all[1].konst()), (1, 2, 300, 0x1234_5678));
        assert_eq!(all[2].target(), Some(3 - 5));
        assert_eq!(all[2].b as u8 as i8, -3);
        assert_eq!((all[3].name(), all[3].ic()), (Some(0x24321), None));
        assert_eq!(all[3].end as usize, words.len());
    }

    #[test]
    fn names_fit_and_numbers_are_dense() {
        assert!(crate::op::OPS.len() <= 256);
        let generic = crate::op::OPS.iter().filter(|op| !op.info().quickened).count();
        assert!(generic <= 185, "{generic} generic ops leave no room for quickened ones");
        for (i, &op) in crate::op::OPS.iter().enumerate() {
            assert_eq!(op as usize, i);
            assert!(op.len() <= 3);
        }
    }
}
