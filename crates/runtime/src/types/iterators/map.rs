//! `map`. CPython: `map_*` in `Python/bltinmodule.c`.
//!
//! Invariant: function and iterators never change.

use std::sync::atomic::{AtomicBool, Ordering};

use taipan_macros::{Trace, class};

use crate::buffer::GVec;
use crate::context::Context;
use crate::error::Result;
use crate::layout::Object;
use crate::native::Args;
use crate::object::Gc;
use crate::types::iterators::zip::{iterators, next_row, strict_keyword};
use crate::types::tuple::Tuple;
use crate::types::type_::Class;
use crate::value::Value;

/// Calls a function with one item of each iterator at a time.
#[derive(Trace)]
pub struct Map {
    function: Value,
    iterators: Gc<Tuple>,
    strict: AtomicBool,
}

/// Return an iterator over what function returns for one item of each iterable, until one of them is exhausted.
///
/// With strict, it is a ValueError if others are not exhausted at the same time.
#[class(name = "map", text = "(function, iterable, /, *iterables, strict=False)", flags = BASETYPE)]
impl Map {
    #[slot(new)]
    fn new(cx: &mut Context, class: Gc<Class>, args: Args<'_>) -> Result<Gc<Self>> {
        let own = class.slots.init.same(&Map::class_cell().get().slots.init);
        let strict = strict_keyword(cx, "map", own, args)?;
        let (function, iterables) = match args.positional() {
            [function, iterables @ ..] if !iterables.is_empty() => (*function, iterables),
            _ => return Err(cx.type_error("map() must have at least two arguments.")),
        };
        let iterators = iterators(cx, iterables)?;
        Ok(cx.new_instance(class, Map { function, iterators, strict: AtomicBool::new(strict) }))
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(&self, cx: &mut Context) -> Result<Option<Value>> {
        if let [iterator] = self.iterators.items() {
            let Some(item) = cx.next(*iterator)? else { return Ok(None) };
            return cx.call(self.function, &[item]).map(Some);
        }
        match next_row(cx, "map", self.iterators, self.strict.load(Ordering::Relaxed))? {
            Some(row) => cx.call(self.function, &row).map(Some),
            None => Ok(None),
        }
    }

    /// What pickle needs.
    #[function("()")]
    fn __reduce__(this: Gc<Self>, cx: &mut Context) -> Value {
        let class = cx.class_of(this.value()).value();
        let mut args = GVec::with_capacity(this.iterators.len() + 1);
        args.push(this.function);
        args.extend_from_slice(this.iterators.items());
        let args = cx.new_tuple(&args).value();
        if this.strict.load(Ordering::Relaxed) {
            return cx.new_tuple(&[class, args, Value::TRUE]).value();
        }
        cx.new_tuple(&[class, args]).value()
    }

    /// Be strict if pickle says so.
    #[function("(object, /)")]
    fn __setstate__(&self, object: bool) {
        self.strict.store(object, Ordering::Relaxed);
    }
}
