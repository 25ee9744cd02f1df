//! `enumerate`. CPython: `Objects/enumobject.c`.
//!
//! Invariant: the counter is an int, of any size.

use taipan_macros::{Trace, class};

use crate::context::Context;
use crate::error::Result;
use crate::native::Args;
use crate::object::Gc;
use crate::slots::Slot;
use crate::types::generic_alias::GenericAlias;
use crate::types::range;
use crate::types::type_::Class;
use crate::value::Value;

/// Counts the items of an iterator.
#[derive(Trace)]
pub struct Enumerate {
    iterator: Value,
    count: Slot,
}

impl Enumerate {
    /// The two items of the next tuple.
    #[inline]
    pub fn next_pair(&self, cx: &mut Context) -> Result<Option<(Value, Value)>> {
        let Some(item) = cx.next(self.iterator)? else { return Ok(None) };
        let count = self.count.load_or_none();
        let next = match count.as_small_int() {
            Some(count) => cx.new_int(count + 1),
            None => range::add(cx, count, Value::int(1))?,
        };
        self.count.store(next);
        Ok(Some((count, item)))
    }
}

/// Iterable and start, by position or keyword, two at most, with the words of `enumerate_vectorcall`.
fn bind(cx: &Context, args: Args<'_>) -> Result<(Value, Option<Value>)> {
    let (values, given) = (args.values(), args.positional().len());
    let expected = match values.len() {
        0 => return Err(cx.type_error("enumerate() missing required argument 'iterable'")),
        1 => ["iterable", ""],
        2 => ["iterable", "start"],
        total => return Err(cx.type_error(format!("enumerate() takes at most 2 arguments ({total} given)"))),
    };
    let mut bound = [values.first().copied(), values.get(1).copied()];
    let mut keywords = args.keywords();
    if given == 0 && values.len() == 2 && keywords.next().is_some_and(|(name, _)| name.to_str() == "start") {
        // enumerate(start=.., iterable=..)
        if let Some((name, _)) = keywords.next().filter(|(name, _)| name.to_str() != "iterable") {
            return Err(invalid_keyword(cx, &name.to_str()));
        }
        bound.swap(0, 1);
    } else {
        for ((name, _), expected) in args.keywords().zip(&expected[given..]) {
            if name.to_str() != *expected {
                return Err(invalid_keyword(cx, &name.to_str()));
            }
        }
    }
    match bound {
        [Some(iterable), start] => Ok((iterable, start)),
        _ => Err(cx.type_error("enumerate() missing required argument 'iterable'")),
    }
}

#[cold]
fn invalid_keyword(cx: &Context, name: &str) -> crate::error::Raised {
    cx.type_error(format!("'{name}' is an invalid keyword argument for enumerate()"))
}

/// Return an iterator over pairs of a count, which begins at start, and an item of iterable.
///
/// enumerate("ab") gives (0, "a"), (1, "b").
#[class(name = "enumerate", text = "(iterable, start=0)", flags = BASETYPE)]
impl Enumerate {
    #[slot(new)]
    fn new(cx: &mut Context, class: Gc<Class>, args: Args<'_>) -> Result<Gc<Self>> {
        let (iterable, start) = bind(cx, args)?;
        let start = match start {
            Some(start) => cx.index(start)?,
            None => Value::int(0),
        };
        let iterator = cx.iter(iterable)?;
        Ok(cx.new_instance(class, Enumerate { iterator, count: Slot::new(start) }))
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(&self, cx: &mut Context) -> Result<Option<Value>> {
        Ok(self.next_pair(cx)?.map(|(count, item)| cx.new_tuple(&[count, item]).value()))
    }

    /// What pickle needs.
    #[function("()")]
    fn __reduce__(this: Gc<Self>, cx: &mut Context) -> Value {
        let class = cx.class_of(this.value());
        let args = cx.new_tuple(&[this.iterator, this.count.load_or_none()]);
        cx.new_tuple(&[class.value(), args.value()]).value()
    }

    /// See PEP 585
    #[classmethod("(object, /)")]
    fn __class_getitem__(cx: &mut Context, class: Value, object: Value) -> Value {
        GenericAlias::new(cx, class, object).value()
    }
}
