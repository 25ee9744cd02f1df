//! A code point's record in the two-stage table.
//!
//! Invariant: field and flag order is `tools/generate.py`'s.

use crate::tables::records::{BLOCKS, INDEX, RECORDS, SHIFT};

/// Properties that many code points share.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) flags: u16,
    pub(crate) category: u8,
    pub(crate) bidirectional: u8,
    pub(crate) width: u8,
    pub(crate) combining: u8,
    /// Two bits per normal form: 0 yes, 1 maybe, 2 no.
    pub(crate) quick_check: u8,
    /// 255 for none.
    pub(crate) decimal: u8,
    /// 255 for none.
    pub(crate) digit: u8,
    /// Index of the numeric value; 0 for none.
    pub(crate) number: u8,
    /// Index of the special case mappings plus one; 0 for none.
    pub(crate) case: u16,
    /// Distances to the simple mappings.
    pub(crate) lower: i32,
    pub(crate) upper: i32,
    pub(crate) title: i32,
}

impl Record {
    #[expect(clippy::too_many_arguments, reason = "called by the generated table alone")]
    pub(crate) const fn new(
        flags: u16,
        category: u8,
        bidirectional: u8,
        width: u8,
        combining: u8,
        quick_check: u8,
        decimal: u8,
        digit: u8,
        number: u8,
        case: u16,
        lower: i32,
        upper: i32,
        title: i32,
    ) -> Record {
        Record {
            flags,
            category,
            bidirectional,
            width,
            combining,
            quick_check,
            decimal,
            digit,
            number,
            case,
            lower,
            upper,
            title,
        }
    }

    #[inline]
    pub(crate) fn has(&self, flag: u16) -> bool {
        self.flags & flag != 0
    }
}

macro_rules! flags {
    ($($name:ident)*) => { flags!(@ 0u32; $($name)*); };
    (@ $bit:expr; $name:ident $($rest:ident)*) => {
        pub(crate) const $name: u16 = 1 << $bit;
        flags!(@ $bit + 1; $($rest)*);
    };
    (@ $bit:expr;) => {};
}

flags! {
    ALPHA LOWER UPPER TITLE SPACE PRINTABLE START CONTINUE DECIMAL DIGIT NUMERIC CASED CASE_IGNORABLE MIRRORED
    EXTENDED_CASE LINE_BREAK
}

/// The record of a code point.
#[inline]
pub(crate) fn record(c: u32) -> &'static Record {
    let c = c as usize;
    // Beyond the last block everything is as unassigned as U+10FFFE's neighbours: U+0378 stands for it.
    let block = match INDEX.get(c >> SHIFT) {
        Some(&block) => block as usize,
        None => return record(0x378),
    };
    let id = BLOCKS[(block << SHIFT) | (c & ((1 << SHIFT) - 1))];
    &RECORDS[id as usize]
}
