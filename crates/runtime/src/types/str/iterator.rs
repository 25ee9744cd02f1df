//! `str_iterator`, and `str_ascii_iterator` for ASCII text. CPython: `unicodeiter` in
//! `Objects/unicodeobject.c`.
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

/// Defines an iterator class; the two differ in name only.
macro_rules! iterator_class {
    ($T:ident, $name:literal) => {
        #[doc = concat!("`", $name, "`.")]
        #[derive(Trace)]
        pub struct $T {
            text: TypedSlot<Str>,
            at: AtomicUsize,
        }

        #[class(name = $name, flags = DISALLOW_NEW)]
        impl $T {
            #[slot(iter)]
            fn iter(this: Gc<Self>, _cx: &mut Context) -> Result {
                Ok(this.value())
            }

            #[slot(next)]
            fn next(&self, cx: &mut Context) -> Result<Option<Value>> {
                let Some(text) = self.text.load() else { return Ok(None) };
                // Two threads that share an iterator may see a character twice, as in CPython's
                // free-threaded build.
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
                let at = self.at.load(Ordering::Relaxed);
                self.text.load().map_or(0, |text| text.len().saturating_sub(at))
            }

            /// What pickling needs to make the iterator again.
            #[function("()")]
            fn __reduce__(&self, cx: &mut Context) -> Result {
                reduce(cx, self.text.load(), self.at.load(Ordering::Relaxed))
            }

            /// Moves to a position.
            #[function("(state, /)")]
            fn __setstate__(&self, state: isize) {
                if let Some(text) = self.text.load() {
                    self.at.store(usize::try_from(state).unwrap_or(0).min(text.len()), Ordering::Relaxed);
                }
            }
        }
    };
}
iterator_class!(StrIterator, "str_iterator");
iterator_class!(StrAsciiIterator, "str_ascii_iterator");

/// An iterator over the characters of `text`.
pub(super) fn iterate(cx: &Context, text: Gc<Str>) -> Value {
    let (at, slot) = (AtomicUsize::new(0), TypedSlot::new(text));
    if text.is_ascii() {
        cx.new_object(StrAsciiIterator { text: slot, at }).value()
    } else {
        cx.new_object(StrIterator { text: slot, at }).value()
    }
}

fn reduce(cx: &mut Context, text: Option<Gc<Str>>, at: usize) -> Result {
    let iter = cx.builtin("iter")?;
    let reduced = match text {
        Some(text) => {
            let arguments = cx.new_tuple(&[text.value()]).value();
            cx.new_tuple(&[iter, arguments, Value::int(at as i64)])
        }
        None => {
            let arguments = cx.new_tuple(&[cx.empty_str().value()]).value();
            cx.new_tuple(&[iter, arguments])
        }
    };
    Ok(reduced.value())
}
