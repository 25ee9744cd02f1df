//! `sub`, `subn` and `expand`: replacement text for matches.
//!
//! Invariant: a template is literal pieces with group numbers between them, as `re._parser` made it.

use rustpython_sre_engine::State;
use taipan_runtime::prelude::*;

use crate::sre::matched::Match;
use crate::sre::pattern::{Pattern, each_match};
use crate::sre::subject::Subject;

/// A compiled replacement: literal, then (group, literal) pairs.
#[derive(Trace)]
pub struct Template {
    first: Slot,
    parts: Box<[(usize, Slot)]>,
}

impl Template {
    /// From what `re._parser.parse_template` returns: literals and group numbers in turn.
    pub(super) fn new(cx: &mut Context, template: Gc<List>) -> Result {
        let items = template.snapshot(cx);
        let Some((first, rest)) = items.split_first() else {
            return Err(cx.type_error("invalid template"));
        };
        let mut parts = Vec::new();
        for pair in rest.chunks(2) {
            let group = cx.index_isize(pair[0])?;
            let Ok(group) = usize::try_from(group) else { return Err(cx.value_error("invalid template")) };
            parts.push((group, Slot::new_option(pair.get(1).copied())));
        }
        let body = Template { first: Slot::new(*first), parts: parts.into() };
        Ok(cx.new_object(body).value())
    }

    /// The replacement for one match, as pieces of the subject's type.
    fn pieces(&self, cx: &mut Context, found: Gc<Match>, empty: Value, out: &mut GVec<Value>) -> Result<()> {
        out.extend(self.first.load());
        for (group, literal) in &self.parts {
            if *group >= found.span_count() {
                return Err(cx.index_error("invalid group reference"));
            }
            out.push(found.text(cx, *group, empty)?);
            out.extend(literal.load());
        }
        Ok(())
    }
}

#[class(name = "SRE_Template", module = "_sre", flags = DISALLOW_NEW)]
impl Template {}

/// What each match is replaced by.
enum Replacement {
    Literal(Value),
    Template(Gc<Template>),
    Function(Value),
}

/// Asks `re` for the compiled form of a replacement string with backslashes.
fn compiled(cx: &mut Context, pattern: Gc<Pattern>, repl: Value) -> Result<Replacement> {
    let module = cx.import("re")?;
    let compile = cx.get_attr_str(module, "_compile_template")?;
    let template = cx.call(compile, &[pattern.value(), repl])?;
    match template.downcast::<Template>() {
        Some(template) if template.parts.is_empty() => {
            Ok(Replacement::Literal(template.first.load().unwrap_or(repl)))
        }
        Some(template) => Ok(Replacement::Template(template)),
        None => Err(cx.type_error("the result of compiling a replacement string is wrong")),
    }
}

fn replacement(cx: &mut Context, pattern: Gc<Pattern>, repl: Value) -> Result<Replacement> {
    if cx.is_callable(repl) {
        return Ok(Replacement::Function(repl));
    }
    let plain = match repl.downcast::<Str>() {
        Some(text) => text.chars().all(|code| code != u32::from(b'\\')),
        None => cx.has_buffer(repl) && cx.with_buffer(repl, |bytes| !bytes.contains(&b'\\'))?,
    };
    if plain {
        return Ok(Replacement::Literal(repl));
    }
    compiled(cx, pattern, repl)
}

/// Joins pieces of the subject's type.
fn join(cx: &mut Context, subject: &Subject, pieces: &[Value]) -> Result {
    let list = cx.new_list(pieces).value();
    let empty = if subject.is_bytes() { cx.new_bytes(b"").value() } else { cx.intern("").value() };
    cx.call_method(empty, "join", &[list])
}

/// `pattern.subn(repl, string, count)`.
pub(super) fn substitute(
    cx: &mut Context,
    pattern: Gc<Pattern>,
    repl: Value,
    string: Value,
    count: isize,
) -> Result<(Value, usize)> {
    let subject = pattern.subject(cx, string)?;
    let replacement = replacement(cx, pattern, repl)?;
    let empty = subject.slice(cx, 0, 0);
    let mut pieces: GVec<Value> = GVec::new();
    let (mut last, mut made, mut left) = (0, 0, count);
    each_match(cx, pattern, &subject, (0, subject.len), |cx, state: &State| {
        if last < state.start {
            pieces.push(subject.slice(cx, last, state.start));
        }
        match &replacement {
            Replacement::Literal(literal) => pieces.push(*literal),
            Replacement::Template(template) => {
                let found = Match::new(cx, pattern, string, 0, subject.len, state);
                template.pieces(cx, found, empty, &mut pieces)?;
            }
            Replacement::Function(function) => {
                let found = Match::new(cx, pattern, string, 0, subject.len, state);
                let text = cx.call(*function, &[found.value()])?;
                if !text.is_none() {
                    pieces.push(text);
                }
            }
        }
        last = state.cursor.position;
        made += 1;
        left -= 1;
        Ok(left != 0)
    })?;
    if last < subject.len {
        pieces.push(subject.slice(cx, last, subject.len));
    }
    if made == 0 {
        let whole = subject.slice(cx, 0, subject.len);
        return Ok((whole, 0));
    }
    Ok((join(cx, &subject, &pieces)?, made))
}

/// `match.expand(template)`.
pub(super) fn expand(cx: &mut Context, pattern: Gc<Pattern>, template: Value, found: Gc<Match>) -> Result {
    match compiled(cx, pattern, template)? {
        Replacement::Template(template) => {
            let string = cx.get_attr_str(found.value(), "string")?;
            let subject = pattern.subject(cx, string)?;
            let empty = subject.slice(cx, 0, 0);
            let mut pieces = GVec::new();
            template.pieces(cx, found, empty, &mut pieces)?;
            join(cx, &subject, &pieces)
        }
        Replacement::Literal(literal) => Ok(literal),
        Replacement::Function(_) => Ok(template),
    }
}
