//! `str_iterator`. CPython: `unicodeiter` in `Objects/unicodeobject.c`.
//!
//! Invariant: an exhausted iterator has let go of its string and stays exhausted.

use std::sync::atomic::{AtomicUsize, Ordering};

use taipan_macros::{Trace, class};

use super::raw::Str;
use crate::context::Context;
use crate::error::Result;
use crate::object::Gc;
use crate::slots::TypedSlot;
use crate::value::Value;

#[derive(Trace)]
pub struct StrIterator {
    text: TypedSlot<Str>,
    at: AtomicUsize,
}

impl StrIterator {
    pub fn new(text: Gc<Str>) -> StrIterator {
        StrIterator { text: TypedSlot::new(text), at: AtomicUsize::new(0) }
    }
}

#[class(name = "str_iterator")]
impl StrIterator {
    #[slot(iter)]
    fn iter(this: Gc<Self>, _cx: &mut Context) -> Result {
        Ok(this.value())
    }

    #[slot(next)]
    fn next(&self, cx: &mut Context) -> Result<Option<Value>> {
        let Some(text) = self.text.load() else { return Ok(None) };
        // Two threads that share an iterator may see a character twice, as in CPython's free-threaded build.
        let at = self.at.load(Ordering::Relaxed);
        if at >= text.len() {
            self.text.store_option(None);
            return Ok(None);
        }
        self.at.store(at + 1, Ordering::Relaxed);
        Ok(Some(cx.new_char(text.char_at(at)).value()))
    }

    /// How many characters are left.
    #[function("()")]
    fn __length_hint__(&self) -> usize {
        self.text.load().map_or(0, |text| text.len().saturating_sub(self.at.load(Ordering::Relaxed)))
    }

    /// What pickling needs to make the iterator again.
    #[function("()")]
    fn __reduce__(&self, cx: &mut Context) -> Result {
        let iter = cx.builtin("iter")?;
        match self.text.load() {
            Some(text) => {
                let at = Value::int(self.at.load(Ordering::Relaxed) as i64);
                let arguments = cx.new_tuple(&[text.value()]).value();
                Ok(cx.new_tuple(&[iter, arguments, at]).value())
            }
            None => {
                let arguments = cx.new_tuple(&[cx.empty_str().value()]).value();
                Ok(cx.new_tuple(&[iter, arguments]).value())
            }
        }
    }

    /// Moves to a position.
    #[function("(state, /)")]
    fn __setstate__(&self, state: isize) {
        if let Some(text) = self.text.load() {
            self.at.store(usize::try_from(state).unwrap_or(0).min(text.len()), Ordering::Relaxed);
        }
    }
}
