//! Character names both ways. CPython: `_getucname`, `_getcode`, `unicodedata_UCD_lookup` of `Modules/unicodedata.c`.
//!
//! Invariant: `lookup(name(c)) == c`; lookup ignores case and also knows aliases.

use crate::tables::sequences::SEQUENCES;

/// `unicodedata.name(c)`.
pub fn name(c: u32) -> Option<String> {
    char::from_u32(c).and_then(unicode_names2::name).map(|name| name.to_string())
}

/// The character of `\N{name}`.
pub fn lookup(name: &str) -> Option<u32> {
    match ideograph(name) {
        Some(found) => found,
        None => unicode_names2::character(name).map(u32::from),
    }
}

/// The characters of a named sequence, which `unicodedata.lookup` knows and `\N{...}` does not.
pub fn lookup_sequence(name: &str) -> Option<&'static [u32]> {
    let index = SEQUENCES.binary_search_by(|(known, _)| (*known).cmp(name)).ok();
    index
        .or_else(|| SEQUENCES.iter().position(|(known, _)| known.eq_ignore_ascii_case(name)))
        .map(|at| SEQUENCES[at].1)
}

/// Names that end in the code point. Tangut ones can be looked up although the characters report no name.
const IDEOGRAPHS: [(&str, fn(u32) -> bool); 2] = [
    ("CJK UNIFIED IDEOGRAPH-", |c| c > 0x3000 && name(c).is_some_and(|name| name.starts_with("CJK U"))),
    ("TANGUT IDEOGRAPH-", |c| matches!(c, 0x17000..=0x187F7 | 0x18D00..=0x18D08)),
];

/// The outer None means that the name is of another kind.
fn ideograph(name: &str) -> Option<Option<u32>> {
    for (prefix, contains) in IDEOGRAPHS {
        let Some((head, digits)) = name.split_at_checked(prefix.len()) else { continue };
        if head.eq_ignore_ascii_case(prefix) {
            // Exactly as `{:X}` writes it: four or five digits, none of them a leading zero or a sign.
            let plain = matches!(digits.len(), 4 | 5) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            let code = u32::from_str_radix(digits, 16).ok();
            return Some(code.filter(|&code| plain && !digits.starts_with('0') && contains(code)));
        }
    }
    None
}
