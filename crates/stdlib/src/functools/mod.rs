//! `_functools`. CPython: `Modules/_functoolsmodule.c`.
//!
//! Invariant: nothing here calls a user's function while a lock is held.

mod lru_cache;
mod partial;

use taipan_runtime::prelude::*;

use lru_cache::LruCacheWrapper;
use partial::{Partial, PlaceholderType, placeholder};

/// The module.
pub struct Functools;

/// Tools that operate on functions.
#[module("_functools", classes(LruCacheWrapper, Partial, PlaceholderType))]
impl Functools {
    /// Apply a function of two arguments cumulatively to the items of an iterable, from left to right.
    ///
    /// This effectively reduces the iterable to a single value.  If initial is present,
    /// it is placed before the items of the iterable in the calculation, and serves as
    /// a default when the iterable is empty.
    ///
    /// For example, reduce(lambda x, y: x+y, [1, 2, 3, 4, 5])
    /// calculates ((((1 + 2) + 3) + 4) + 5).
    #[function("(function, iterable, /, initial=<absent>)")]
    fn reduce(cx: &mut Context, function: Value, iterable: Value, initial: Option<Value>) -> Result<Value> {
        if !cx.is_iterable(iterable) {
            return Err(cx.type_error("reduce() arg 2 must support iteration"));
        }
        let iterator = cx.iter(iterable)?;
        let mut result = initial;
        while let Some(item) = cx.next(iterator)? {
            cx.poll()?;
            result = Some(match result {
                None => item,
                Some(result) => cx.call(function, &[result, item])?,
            });
        }
        result.ok_or_else(|| cx.type_error("reduce() of empty iterable with no initial value"))
    }

    /// Convert a cmp= function into a key= function.
    ///
    ///   mycmp
    ///     Function that compares two objects.
    #[function("(mycmp)")]
    fn cmp_to_key(cx: &mut Context, mycmp: Value) -> Value {
        cx.new_object(KeyWrapper { compare: Slot::new(mycmp), object: Slot::EMPTY }).value()
    }

    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        KeyWrapper::class_cell().ensure(cx);
        lru_cache::Node::class_cell().ensure(cx);
        let value = placeholder(cx);
        let name = cx.intern("Placeholder");
        module.dict().set_str(cx, name, value);
        Ok(())
    }
}

/// Body of what `cmp_to_key` gives: the key function and, called, its keys.
#[derive(Trace)]
pub struct KeyWrapper {
    compare: Slot,
    /// EMPTY in the key function itself.
    object: Slot,
}

#[class(name = "KeyWrapper", module = "functools", flags = DISALLOW_NEW)]
impl KeyWrapper {
    #[slot(call)]
    fn call(&self, cx: &mut Context, args: Args<'_>) -> Result<Value> {
        let object = match (args.positional(), args.keyword_count()) {
            ([object], 0) => *object,
            ([], 1) => match args.keywords().next() {
                Some((name, object)) if name.to_str() == "obj" => object,
                Some((name, _)) => {
                    let message = format!("K() got an unexpected keyword argument '{}'", name.to_str());
                    return Err(cx.type_error(message));
                }
                None => return Err(cx.type_error("K() missing required argument 'obj' (pos 1)")),
            },
            ([], 0) => return Err(cx.type_error("K() missing required argument 'obj' (pos 1)")),
            _ => {
                let given = args.values().len();
                return Err(cx.type_error(format!("K() takes at most 1 argument ({given} given)")));
            }
        };
        let key = KeyWrapper { compare: Slot::new_option(self.compare.load()), object: Slot::new(object) };
        Ok(cx.new_object(key).value())
    }

    #[slot(compare)]
    fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result<Value> {
        let (Some(x), Some(y)) = (a.downcast::<KeyWrapper>(), b.downcast::<KeyWrapper>()) else {
            return Err(cx.type_error("other argument must be K instance"));
        };
        let (Some(left), Some(right)) = (x.object.load(), y.object.load()) else {
            return Err(cx.attribute_error_message("object"));
        };
        let order = cx.call(x.compare.load_or_none(), &[left, right])?;
        cx.compare(order, Value::int(0), op)
    }

    /// Value wrapped by a key function.
    #[getter]
    fn obj(&self) -> Value {
        self.object.load_or_none()
    }

    #[setter]
    fn set_obj(&self, value: Option<Value>) {
        self.object.store_option(value);
    }
}
