//! Decomposition, composition and the four normal forms. CPython: `nfd_nfkd`, `nfc_nfkc`, `is_normalized_quickcheck`
//! of `Modules/unicodedata.c`.
//!
//! Invariant: Hangul is arithmetic, everything else table; combining marks are ordered by class, stably.

use crate::old;
use crate::property::combining;
use crate::record::record;
use crate::tables::normal::{COMPOSITIONS, DECOMPOSITIONS, POOL, TAGS};

/// A normal form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Canonical composition.
    Nfc,
    /// Canonical decomposition.
    Nfd,
    /// Compatibility decomposition, then canonical composition.
    Nfkc,
    /// Compatibility decomposition.
    Nfkd,
}

impl Form {
    /// The form of a name such as "NFC".
    pub fn from_name(name: &str) -> Option<Form> {
        Some(match name {
            "NFC" => Form::Nfc,
            "NFD" => Form::Nfd,
            "NFKC" => Form::Nfkc,
            "NFKD" => Form::Nfkd,
            _ => return None,
        })
    }

    fn composes(self) -> bool {
        matches!(self, Form::Nfc | Form::Nfkc)
    }

    fn compatible(self) -> bool {
        matches!(self, Form::Nfkc | Form::Nfkd)
    }
}

/// The answer of a quick check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quick {
    Yes,
    Maybe,
    No,
}

/// Whether the text is certainly, possibly or certainly not in the form.
fn quick_check(text: impl Iterator<Item = u32>, form: Form) -> Quick {
    let mut answer = Quick::Yes;
    let mut previous = 0;
    for c in text {
        let record = record(c);
        if record.combining != 0 && record.combining < previous {
            return Quick::No;
        }
        previous = record.combining;
        match record.quick_check >> (2 * form as u8) & 3 {
            0 => {}
            1 => answer = Quick::Maybe,
            _ => return Quick::No,
        }
    }
    answer
}

/// `unicodedata.is_normalized(form, text)`.
pub fn is_normalized(text: &[u32], form: Form) -> bool {
    match quick_check(text.iter().copied(), form) {
        Quick::Yes => true,
        Quick::No => false,
        Quick::Maybe => rebuild(text, form, false) == text,
    }
}

/// `unicodedata.normalize(form, text)`; None if the text is in the form already.
pub fn normalize(text: &[u32], form: Form) -> Option<Vec<u32>> {
    match quick_check(text.iter().copied(), form) {
        Quick::Yes => None,
        _ => Some(rebuild(text, form, false)),
    }
}

/// The form by the rules of today, or by those of Unicode 3.2.0.
pub(crate) fn rebuild(text: &[u32], form: Form, old: bool) -> Vec<u32> {
    let mut codes = Vec::with_capacity(text.len() + text.len() / 4);
    for &c in text {
        if old {
            old::decompose_into(&mut codes, c, form.compatible());
        } else {
            decompose_into(&mut codes, c, form.compatible());
        }
    }
    order_marks(&mut codes);
    if form.composes() { compose_all(&codes) } else { codes }
}

const HANGUL_FIRST: u32 = 0xAC00;
const HANGUL_COUNT: u32 = 11_172;
const LEAD: u32 = 0x1100;
const VOWEL: u32 = 0x1161;
const TAIL: u32 = 0x11A7;
const VOWELS: u32 = 21;
const TAILS: u32 = 28;

/// Appends the full decomposition. Decompositions nest a few levels deep at most.
pub(crate) fn decompose_into(codes: &mut Vec<u32>, c: u32, compatible: bool) {
    let syllable = c.wrapping_sub(HANGUL_FIRST);
    if syllable < HANGUL_COUNT {
        codes.push(LEAD + syllable / (VOWELS * TAILS));
        codes.push(VOWEL + syllable % (VOWELS * TAILS) / TAILS);
        if syllable % TAILS != 0 {
            codes.push(TAIL + syllable % TAILS);
        }
        return;
    }
    // Characters that both decomposed forms keep need no search.
    match if record(c).quick_check & 0b1000_1000 == 0 { None } else { table_entry(c) } {
        Some((tag, parts)) if compatible || tag == 0 => {
            parts.iter().for_each(|&part| decompose_into(codes, part, compatible))
        }
        _ => codes.push(c),
    }
}

/// The tag's index and the immediate parts.
pub(crate) fn table_entry(c: u32) -> Option<(usize, &'static [u32])> {
    let index = DECOMPOSITIONS.binary_search_by_key(&c, |entry| entry.0).ok()?;
    let (_, start, tag, length) = DECOMPOSITIONS[index];
    Some((tag as usize, &POOL[start as usize..start as usize + length as usize]))
}

/// `unicodedata.decomposition(c)`: the tag if any, then the code points in hexadecimal; empty for none.
pub fn decomposition(c: u32) -> String {
    let (tag, parts) = match table_entry(c) {
        Some((tag, parts)) => (tag, parts.to_vec()),
        None if c.wrapping_sub(HANGUL_FIRST) < HANGUL_COUNT => {
            let mut parts = Vec::with_capacity(3);
            decompose_into(&mut parts, c, false);
            (0, parts)
        }
        None => return String::new(),
    };
    let mut words: Vec<String> = parts.iter().map(|part| format!("{part:04X}")).collect();
    if tag != 0 {
        words.insert(0, TAGS[tag].to_owned());
    }
    words.join(" ")
}

/// Sorts each run of combining marks by class, stably.
fn order_marks(codes: &mut [u32]) {
    let mut start = 0;
    while start < codes.len() {
        if combining(codes[start]) == 0 {
            start += 1;
            continue;
        }
        let length = codes[start..].iter().take_while(|&&c| combining(c) != 0).count();
        codes[start..start + length].sort_by_key(|&c| combining(c));
        start += length;
    }
}

/// The primary composite of two code points.
pub fn compose(first: u32, second: u32) -> Option<u32> {
    let (lead, vowel) = (first.wrapping_sub(LEAD), second.wrapping_sub(VOWEL));
    if lead < 19 && vowel < VOWELS {
        return Some(HANGUL_FIRST + (lead * VOWELS + vowel) * TAILS);
    }
    let (syllable, tail) = (first.wrapping_sub(HANGUL_FIRST), second.wrapping_sub(TAIL));
    if syllable < HANGUL_COUNT && syllable % TAILS == 0 && (1..TAILS).contains(&tail) {
        return Some(first + tail);
    }
    let index = COMPOSITIONS.binary_search_by_key(&(first, second), |entry| (entry.0, entry.1)).ok()?;
    Some(COMPOSITIONS[index].2)
}

/// Composes decomposed, ordered text.
fn compose_all(codes: &[u32]) -> Vec<u32> {
    let mut composed: Vec<u32> = Vec::with_capacity(codes.len());
    // The last starter, and the class of the last mark kept behind it.
    let mut starter: Option<usize> = None;
    let mut last_class = 0;
    for &c in codes {
        let class = combining(c);
        if let Some(at) = starter {
            let adjacent = at + 1 == composed.len();
            if (adjacent || (last_class < class && last_class != 0))
                && let Some(whole) = compose(composed[at], c)
            {
                composed[at] = whole;
                continue;
            }
        }
        if class == 0 {
            starter = Some(composed.len());
        }
        last_class = class;
        composed.push(c);
    }
    composed
}
