//! `_sre`: the engine behind `re`. CPython: `Modules/_sre/sre.c`.
//!
//! The engine itself is the crate `rustpython-sre_engine`; patterns, matches and substitution are here.
//! Invariant: positions are character positions of the subject, as Python sees them.

mod matched;
mod pattern;
mod subject;
mod substitute;
mod verify;

use taipan_runtime::prelude::*;

pub use matched::Match;
pub use pattern::{Pattern, Scanner};
pub use substitute::Template;

pub struct Sre;

/// The code points that CPython's engine takes for cased: they change when lowered or uppered.
fn lower(code: u32) -> u32 {
    rustpython_sre_engine::string::lower_unicode(code)
}

fn upper(code: u32) -> u32 {
    rustpython_sre_engine::string::upper_unicode(code)
}

#[module("_sre", classes(Pattern, Match, Scanner, Template))]
impl Sre {
    #[constant]
    const MAGIC: usize = rustpython_sre_engine::SRE_MAGIC;
    #[constant]
    const CODESIZE: usize = 4;
    #[constant]
    const MAXREPEAT: usize = rustpython_sre_engine::MAXREPEAT;
    #[constant]
    const MAXGROUPS: usize = rustpython_sre_engine::MAXGROUPS;

    #[function("()")]
    fn getcodesize() -> usize {
        4
    }

    #[function("(character, /)")]
    fn ascii_iscased(character: i32) -> bool {
        u8::try_from(character).is_ok_and(|byte| byte.is_ascii_alphabetic())
    }

    #[function("(character, /)")]
    fn ascii_tolower(character: i32) -> i32 {
        u8::try_from(character).map_or(character, |byte| i32::from(byte.to_ascii_lowercase()))
    }

    #[function("(character, /)")]
    fn unicode_iscased(character: u32) -> bool {
        lower(character) != character || upper(character) != character
    }

    #[function("(character, /)")]
    fn unicode_tolower(character: u32) -> u32 {
        lower(character)
    }

    #[function("(pattern, flags, code, groups, groupindex, indexgroup)")]
    fn compile(
        cx: &mut Context,
        pattern: Value,
        flags: i64,
        code: Gc<List>,
        groups: usize,
        groupindex: Gc<Dict>,
        indexgroup: Gc<Tuple>,
    ) -> Result {
        pattern::compile(cx, pattern, flags, code, groups, groupindex, indexgroup)
    }

    #[function("(pattern, template, /)")]
    fn template(cx: &mut Context, pattern: Value, template: Gc<List>) -> Result {
        let _ = pattern;
        Template::new(cx, template)
    }
}
