//! `defaultdict`. CPython: `Modules/_collectionsmodule.c`.
//!
//! Invariant: `factory` is EMPTY or anything; None is stored as EMPTY, and whoever calls it sees the error.

use taipan_runtime::prelude::*;
use taipan_runtime::types::generic_alias::GenericAlias;
use taipan_runtime::types::str::StrBuilder;

/// Body of `defaultdict`: a dict and the factory.
#[derive(Trace)]
#[repr(C)]
pub struct DefaultDict {
    base: Dict,
    factory: Slot,
}

/// A defaultdict of the same class and factory with the items of `source`.
fn copy_of(cx: &mut Context, this: Gc<DefaultDict>, source: Value) -> Result {
    let class = cx.class_of(this.value()).value();
    cx.call(class, &[this.factory.load_or_none(), source])
}

/// The dict that a defaultdict is.
fn as_dict(this: Gc<DefaultDict>) -> Gc<Dict> {
    this.value().downcast().expect("a defaultdict is a dict")
}

/// defaultdict(default_factory=None, /, [...]) --> dict with default factory
///
/// The default factory is called without arguments to produce
/// a new value when a key is not present, in __getitem__ only.
/// A defaultdict compares equal to a dict with the same items.
/// All remaining arguments are treated the same as if they were
/// passed to the dict constructor, including keyword arguments.
#[class(name = "defaultdict", module = "collections", kind = DICT, base = Dict, flags = BASETYPE | HAS_WEAKREF)]
impl DefaultDict {
    #[new("(*args, **kwargs)")]
    fn new(cx: &mut Context, class: Gc<Class>, _args: Gc<Tuple>, _kwargs: Gc<Dict>) -> Result<Gc<Self>> {
        Ok(cx.new_instance(class, DefaultDict { base: Dict::new(), factory: Slot::EMPTY }))
    }

    #[init("(*args, **kwargs)")]
    fn init(this: Gc<Self>, cx: &mut Context, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<()> {
        let (factory, rest) = match args.items().split_first() {
            None => (None, &[][..]),
            Some((factory, rest)) => (factory.not_none(), rest),
        };
        if factory.is_some_and(|factory| !cx.is_callable(factory)) {
            return Err(cx.type_error("first argument must be callable or None"));
        }
        this.factory.store_option(factory);
        let dict = as_dict(this);
        match rest {
            [] => {}
            [source] => dict.update_from(cx, *source)?,
            more => {
                return Err(cx.type_error(format!("dict expected at most 1 argument, got {}", more.len())));
            }
        }
        dict.update_from(cx, kwargs.value())
    }

    /// __missing__(key) # Called by __getitem__ for missing key; pseudo-code:
    /// if self.default_factory is None: raise KeyError((key,))
    /// self[key] = value = self.default_factory()
    /// return value
    #[function("(key, /)", name = "__missing__")]
    fn missing(this: Gc<Self>, cx: &mut Context, key: Value) -> Result<Value> {
        let Some(factory) = this.factory.load() else {
            return Err(cx.key_error(key));
        };
        let value = cx.call(factory, &[])?;
        // Another thread may have been faster: all see the value that came first.
        if cx.is_exact::<DefaultDict>(this.value()) {
            return as_dict(this).set_default(cx, key, value);
        }
        cx.set_item(this.value(), key, value)?;
        Ok(value)
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        let factory = match this.factory.load() {
            None => cx.intern("None"),
            Some(factory) => {
                let shown = cx.guard_repr(factory, |cx| cx.repr(factory))?;
                shown.unwrap_or_else(|| cx.intern("..."))
            }
        };
        let repr = Dict::class_cell().get().slots.repr.get();
        let items = match repr {
            Some(repr) => repr(cx, this.value())?,
            None => Value::NONE,
        };
        let mut text = StrBuilder::new();
        text.push(cx.class_of(this.value()).name());
        text.push_str("(");
        text.push(factory);
        text.push_str(", ");
        text.push(cx.str(items)?);
        text.push_str(")");
        Ok(text.finish(cx).value())
    }

    #[slot(or)]
    fn or_(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        if a.downcast::<Dict>().is_none() || b.downcast::<Dict>().is_none() {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        // Either operand may be the defaultdict; it gives class and factory.
        let Some(this) = a.downcast::<DefaultDict>().or_else(|| b.downcast::<DefaultDict>()) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        let new = copy_of(cx, this, a)?;
        if let Some(dict) = new.downcast::<Dict>() {
            dict.update_from(cx, b)?;
        }
        Ok(new)
    }

    /// D.copy() -> a shallow copy of D.
    #[function("()")]
    fn copy(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        copy_of(cx, this, this.value())
    }

    /// D.copy() -> a shallow copy of D.
    #[function("()", name = "__copy__")]
    fn copy_protocol(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        copy_of(cx, this, this.value())
    }

    /// Return state information for pickling.
    #[function("()", name = "__reduce__")]
    fn reduce(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        let class = cx.class_of(this.value()).value();
        let args = match this.factory.load() {
            None => cx.new_tuple(&[]).value(),
            Some(factory) => cx.new_tuple(&[factory]).value(),
        };
        let items = cx.call_method(this.value(), "items", &[])?;
        let iterator = cx.iter(items)?;
        Ok(cx.new_tuple(&[class, args, Value::NONE, Value::NONE, iterator]).value())
    }

    /// See PEP 585
    #[classmethod("(object, /)", name = "__class_getitem__")]
    fn class_getitem(cx: &mut Context, class: Value, object: Value) -> Value {
        GenericAlias::new(cx, class, object).value()
    }

    /// Factory for default value called by __missing__().
    #[getter]
    fn default_factory(&self) -> Value {
        self.factory.load_or_none()
    }

    #[setter]
    fn set_default_factory(&self, value: Option<Value>) {
        self.factory.store_option(value.and_then(Value::not_none));
    }
}
