//! `filter`. CPython: `filter_*` in `Python/bltinmodule.c`.
//!
//! Invariant: function and iterator never change.

use taipan_macros::{Trace, class};

use crate::context::Context;
use crate::error::Result;
use crate::layout::Object;
use crate::native::Args;
use crate::object::Gc;
use crate::types::bool_::Bool;
use crate::types::type_::Class;
use crate::value::Value;

/// Passes on the items for which a function returns something true.
#[derive(Trace)]
pub struct Filter {
    function: Value,
    iterator: Value,
}

/// Return an iterator over the items of iterable for which function(item) is true;
/// with None as function, over the items that are true.
#[class(name = "filter", text = "(function, iterable, /)", flags = BASETYPE)]
impl Filter {
    #[slot(new)]
    fn new(cx: &mut Context, class: Gc<Class>, args: Args<'_>) -> Result<Gc<Self>> {
        if args.keyword_count() > 0 && class.slots.init.same(&Filter::class_cell().get().slots.init) {
            return Err(cx.type_error("filter() takes no keyword arguments"));
        }
        let [function, iterable] = *args.positional() else {
            let given = args.positional().len();
            return Err(cx.type_error(format!("filter expected 2 arguments, got {given}")));
        };
        let iterator = cx.iter(iterable)?;
        Ok(cx.new_instance(class, Filter { function, iterator }))
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(&self, cx: &mut Context) -> Result<Option<Value>> {
        let by_truth = self.function.is_none() || self.function == Bool::class_cell().get().value();
        while let Some(item) = cx.next(self.iterator)? {
            cx.poll()?;
            let verdict = if by_truth { item } else { cx.call(self.function, &[item])? };
            if cx.truth(verdict)? {
                return Ok(Some(item));
            }
        }
        Ok(None)
    }

    /// What pickle needs.
    #[function("()")]
    fn __reduce__(this: Gc<Self>, cx: &mut Context) -> Value {
        let class = cx.class_of(this.value());
        let args = cx.new_tuple(&[this.function, this.iterator]);
        cx.new_tuple(&[class.value(), args.value()]).value()
    }
}
