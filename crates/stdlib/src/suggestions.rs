//! `_suggestions`: what `traceback` asks for "Did you mean". CPython: `Modules/_suggestions.c`.
//!
//! Invariant: the answer is one of the candidates or None.

use taipan_runtime::prelude::*;

/// The module.
pub struct Suggestions;

#[module("_suggestions")]
impl Suggestions {
    /// Returns the candidate in candidates that's closest to item
    #[function("(candidates, item, /)", name = "_generate_suggestions")]
    fn generate_suggestions(cx: &mut Context, candidates: Value, item: Gc<Str>) -> Result<Value> {
        let Some(candidates) = cx.exact::<List>(candidates) else {
            return Err(cx.type_error("candidates must be a list"));
        };
        let mut texts = Vec::new();
        for candidate in candidates.snapshot(cx).iter() {
            match candidate.downcast::<Str>() {
                Some(text) => texts.push(text.to_str().into_owned()),
                None => return Err(cx.type_error("all elements in 'candidates' must be strings")),
            }
        }
        let wrong = item.to_str();
        match taipan_runtime::suggest::closest(&wrong, texts.iter().map(String::as_str)) {
            Some(text) => Ok(cx.new_str(text).value()),
            None => Ok(Value::NONE),
        }
    }
}
