//! Unicode 3.2.0, which the internationalised domain names of RFC 3490 are defined by. CPython: `get_old_record` of
//! `Modules/unicodedata.c`.
//!
//! Invariant: what was not assigned then has no properties, names or decompositions, whatever it is today.

use crate::normalize::{self, Form};
use crate::property;
use crate::tables::old::{CHANGES, CORRECTED, UNASSIGNED};

/// The version of the data.
pub const VERSION: &str = "3.2.0";

/// Whether the code point was assigned later. What is not assigned yet has its few properties in today's data.
fn is_unassigned(c: u32) -> bool {
    let after = UNASSIGNED.partition_point(|&(first, _)| first <= c);
    after.checked_sub(1).is_some_and(|index| c <= UNASSIGNED[index].1)
}

type Change = (u32, u8, u8, u8, u8, u8, f64);

fn change(c: u32) -> Option<&'static Change> {
    CHANGES.binary_search_by_key(&c, |change| change.0).ok().map(|index| &CHANGES[index])
}

/// The general category.
pub fn category(c: u32) -> &'static str {
    match change(c) {
        Some(change) => property::CATEGORIES[change.1 as usize],
        None if is_unassigned(c) => "Cn",
        None => property::category(c),
    }
}

/// The bidirectional class.
pub fn bidirectional(c: u32) -> &'static str {
    match change(c) {
        Some(change) => property::BIDIRECTIONAL[change.2 as usize],
        None if is_unassigned(c) => "",
        None => property::bidirectional(c),
    }
}

/// The East Asian width.
pub fn east_asian_width(c: u32) -> &'static str {
    match change(c) {
        Some(change) => property::WIDTHS[change.3 as usize],
        None if is_unassigned(c) => "N",
        None => property::east_asian_width(c),
    }
}

/// Whether the character is mirrored in right-to-left text.
pub fn is_mirrored(c: u32) -> bool {
    match change(c) {
        Some(change) => change.4 != 0,
        None => !is_unassigned(c) && property::is_mirrored(c),
    }
}

/// The canonical combining class.
pub fn combining(c: u32) -> u8 {
    if is_unassigned(c) { 0 } else { property::combining(c) }
}

/// The value of a decimal digit.
pub fn decimal(c: u32) -> Option<u32> {
    match change(c) {
        Some(change) => Some(u32::from(change.5)).filter(|&value| value != 255),
        None if is_unassigned(c) => None,
        None => property::decimal(c),
    }
}

/// The numeric value.
pub fn numeric(c: u32) -> Option<f64> {
    match change(c) {
        // -0.5 of U+0F33 is a number; only -1 stands for none.
        Some(change) => Some(change.6).filter(|&value| value != -1.0),
        None if is_unassigned(c) => None,
        None => property::numeric(c),
    }
}

/// The immediate decomposition, as today's for what was assigned.
pub fn decomposition(c: u32) -> String {
    if is_unassigned(c) { String::new() } else { normalize::decomposition(c) }
}

/// The name.
pub fn name(c: u32) -> Option<String> {
    if is_unassigned(c) { None } else { crate::name(c) }
}

/// The text in a normal form.
pub fn normalize(text: &[u32], form: Form) -> Vec<u32> {
    normalize::rebuild(text, form, true)
}

pub(crate) fn decompose_into(codes: &mut Vec<u32>, c: u32, compatible: bool) {
    if let Ok(index) = CORRECTED.binary_search_by_key(&c, |pair| pair.0) {
        codes.push(CORRECTED[index].1);
        return;
    }
    match if is_unassigned(c) { None } else { normalize::table_entry(c) } {
        Some((tag, parts)) if compatible || tag == 0 => {
            parts.iter().for_each(|&part| decompose_into(codes, part, compatible));
        }
        Some(_) => codes.push(c),
        // Hangul syllables, all of them old, and what stays as it is.
        None if (0xAC00..0xD7A4).contains(&c) => normalize::decompose_into(codes, c, compatible),
        None => codes.push(c),
    }
}
