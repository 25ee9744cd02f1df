//! `zip`. CPython: `zip_*` in `Python/bltinmodule.c`.
//!
//! Invariant: the tuple of iterators never changes.

use std::sync::atomic::{AtomicBool, Ordering};

use taipan_macros::{Trace, class};

use crate::buffer::GVec;
use crate::context::Context;
use crate::error::{Raised, Result};
use crate::layout::Object;
use crate::native::Args;
use crate::object::Gc;
use crate::types::tuple::Tuple;
use crate::types::type_::Class;
use crate::value::Value;

/// Takes one item of each iterator at a time.
#[derive(Trace)]
pub struct Zip {
    iterators: Gc<Tuple>,
    strict: AtomicBool,
}

impl Zip {
    /// Does it make tuples of two, as long as neither iterator is exhausted?
    pub fn is_of_two(&self) -> bool {
        self.iterators.len() == 2 && !self.strict.load(Ordering::Relaxed)
    }

    /// The two items of the next tuple of a zip that `is_of_two`.
    #[inline]
    pub fn next_pair(&self, cx: &mut Context) -> Result<Option<(Value, Value)>> {
        let [first, second] = self.iterators.items() else { return Ok(None) };
        let Some(first) = cx.next(*first)? else { return Ok(None) };
        let Some(second) = cx.next(*second)? else { return Ok(None) };
        Ok(Some((first, second)))
    }
}

/// The only keyword of `zip` and `map`. `own` says whether the class's `__init__` is the native one; another one may
/// take other keywords.
pub(super) fn strict_keyword(cx: &mut Context, name: &str, own: bool, args: Args<'_>) -> Result<bool> {
    let mut strict = false;
    if own {
        let given = args.keyword_count();
        if given > 1 {
            return Err(cx.type_error(format!("{name}() takes at most 1 keyword argument ({given} given)")));
        }
        for (keyword, value) in args.keywords() {
            let text = keyword.to_str();
            if text != "strict" {
                let hint = match crate::suggest::closest(&text, ["strict"]) {
                    Some(name) => format!(". Did you mean '{name}'?"),
                    None => String::new(),
                };
                let message = format!("{name}() got an unexpected keyword argument '{text}'{hint}");
                return Err(cx.type_error(message));
            }
            strict = cx.truth(value)?;
        }
    }
    Ok(strict)
}

/// Iterators over the arguments of `zip` and `map`.
pub(super) fn iterators(cx: &mut Context, iterables: &[Value]) -> Result<Gc<Tuple>> {
    let mut iterators = GVec::with_capacity(iterables.len());
    for iterable in iterables {
        iterators.push(cx.iter(*iterable)?);
    }
    Ok(cx.new_tuple(&iterators))
}

#[cold]
fn uneven(cx: &Context, name: &str, index: usize, how: &str) -> Raised {
    let others = if index == 1 { "argument 1".to_owned() } else { format!("arguments 1-{index}") };
    cx.value_error(format!("{name}() argument {} is {how} than {others}", index + 1))
}

/// One item of each iterator; `None` when one is exhausted, which `strict` allows only to all at once.
pub(super) fn next_row(
    cx: &mut Context,
    name: &str,
    iterators: Gc<Tuple>,
    strict: bool,
) -> Result<Option<GVec<Value>>> {
    let mut row = GVec::with_capacity(iterators.len());
    for (index, iterator) in iterators.items().iter().enumerate() {
        if let Some(item) = cx.next(*iterator)? {
            row.push(item);
            continue;
        }
        if strict && index > 0 {
            return Err(uneven(cx, name, index, "shorter"));
        }
        if strict {
            for (index, iterator) in iterators.items().iter().enumerate().skip(1) {
                if cx.next(*iterator)?.is_some() {
                    return Err(uneven(cx, name, index, "longer"));
                }
            }
        }
        return Ok(None);
    }
    Ok(Some(row))
}

/// Return an iterator over tuples of one item of each iterable, until one of them is exhausted.
///
/// With strict, it is a ValueError if others are not exhausted at the same time.
///
/// list(zip("ab", range(3))) is [("a", 0), ("b", 1)].
///
/// >>> list(zip('xyz', [True, False], strict=False))
/// [('x', True), ('y', False)]
#[class(name = "zip", text = "(*iterables, strict=False)", flags = BASETYPE)]
impl Zip {
    #[slot(new)]
    fn new(cx: &mut Context, class: Gc<Class>, args: Args<'_>) -> Result<Gc<Self>> {
        let own = class.slots.init.same(&Zip::class_cell().get().slots.init);
        let strict = strict_keyword(cx, "zip", own, args)?;
        let iterators = iterators(cx, args.positional())?;
        Ok(cx.new_instance(class, Zip { iterators, strict: AtomicBool::new(strict) }))
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(&self, cx: &mut Context) -> Result<Option<Value>> {
        let strict = self.strict.load(Ordering::Relaxed);
        match self.iterators.items() {
            [] => Ok(None),
            // The common case needs no buffer.
            [_, _] if !strict => {
                Ok(self.next_pair(cx)?.map(|(first, second)| cx.new_tuple(&[first, second]).value()))
            }
            _ => Ok(next_row(cx, "zip", self.iterators, strict)?.map(|row| cx.new_tuple(&row).value())),
        }
    }

    /// What pickle needs.
    #[function("()")]
    fn __reduce__(this: Gc<Self>, cx: &mut Context) -> Value {
        let class = cx.class_of(this.value()).value();
        if this.strict.load(Ordering::Relaxed) {
            return cx.new_tuple(&[class, this.iterators.value(), Value::TRUE]).value();
        }
        cx.new_tuple(&[class, this.iterators.value()]).value()
    }

    /// Be strict if pickle says so.
    #[function("(object, /)")]
    fn __setstate__(&self, object: bool) {
        self.strict.store(object, Ordering::Relaxed);
    }
}
