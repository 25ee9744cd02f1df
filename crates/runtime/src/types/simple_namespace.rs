//! `types.SimpleNamespace`: attributes and nothing else. CPython: `Objects/namespaceobject.c`.
//!
//! Invariant: the attributes are the instance's `__dict__`; the body holds nothing.

use taipan_macros::{Trace, class};

use crate::context::Context;
use crate::error::Result;
use crate::instance;
use crate::layout::Object;
use crate::object::Gc;
use crate::protocol::compare::CompareOp;
use crate::types::dict::Dict;
use crate::types::str::{Str, StrBuilder};
use crate::types::tuple::Tuple;
use crate::types::type_::Class;
use crate::value::Value;

/// Body of `types.SimpleNamespace`.
#[derive(Trace)]
pub struct SimpleNamespace;

impl SimpleNamespace {
    /// A namespace with these attributes.
    pub fn new(cx: &Context, attributes: &[(&str, Value)]) -> Gc<SimpleNamespace> {
        let this = cx.new_object(SimpleNamespace);
        for (name, value) in attributes {
            let name = cx.intern(name);
            instance::set(cx, this.value(), name, *value);
        }
        this
    }
}

fn attributes(cx: &Context, this: Value) -> Gc<Dict> {
    instance::dict(cx, this).expect("a namespace has a __dict__")
}

/// A simple attribute-based namespace.
#[class(name = "SimpleNamespace", text = "(mapping_or_iterable=(), /, **kwargs)", module = "types", flags = BASETYPE | HAS_DICT)]
impl SimpleNamespace {
    #[new("(*args, **kwargs)")]
    fn new_python(
        cx: &mut Context,
        class: Gc<Class>,
        _args: Gc<Tuple>,
        _kwargs: Gc<Dict>,
    ) -> Result<Gc<Self>> {
        Ok(cx.new_instance(class, SimpleNamespace))
    }

    #[init("(*args, **kwargs)")]
    fn init(this: Gc<Self>, cx: &mut Context, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<()> {
        let own = attributes(cx, this.value());
        match args.items() {
            [] => {}
            [source] => {
                let dict = cx.new_dict();
                if let Some(mapping) = cx.exact::<Dict>(*source) {
                    dict.update_from(cx, mapping.value())?;
                } else {
                    let class = Dict::class_cell().get().value();
                    let made = cx.call(class, &[*source])?;
                    dict.update_from(cx, made)?;
                }
                for (key, value) in dict.snapshot(cx).iter() {
                    let Some(key) = key.downcast::<Str>() else {
                        return Err(cx.type_error("keywords must be strings"));
                    };
                    own.set(cx, key.value(), *value)?;
                }
            }
            more => {
                let message = format!("SimpleNamespace expected at most 1 argument, got {}", more.len());
                return Err(cx.type_error(message));
            }
        }
        own.update_from(cx, kwargs.value())
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        let class = cx.class_of(this.value());
        let own = class == SimpleNamespace::class_cell().get();
        let name = if own { "namespace".to_owned() } else { class.name().to_str().into_owned() };
        let text = cx.guard_repr(this.value(), |cx| {
            let mut text = StrBuilder::new();
            text.push_str(&format!("{name}("));
            let mut first = true;
            for (key, value) in attributes(cx, this.value()).snapshot(cx).iter() {
                let Some(key) = key.downcast::<Str>().filter(|key| key.len() > 0) else { continue };
                if !first {
                    text.push_str(", ");
                }
                first = false;
                text.push(key);
                text.push_str("=");
                text.push(cx.repr(*value)?);
            }
            text.push_str(")");
            Ok(text.finish(cx).value())
        })?;
        Ok(match text {
            Some(text) => text,
            None => cx.new_str(&format!("{name}(...)")).value(),
        })
    }

    #[slot(compare)]
    fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result<Value> {
        if a.downcast::<SimpleNamespace>().is_none() || b.downcast::<SimpleNamespace>().is_none() {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let (a, b) = (attributes(cx, a).value(), attributes(cx, b).value());
        cx.compare(a, b, op)
    }

    /// Return state information for pickling
    #[function("()", name = "__reduce__")]
    fn reduce(this: Gc<Self>, cx: &mut Context) -> Value {
        let class = cx.class_of(this.value()).value();
        let (empty, state) = (cx.new_tuple(&[]).value(), attributes(cx, this.value()).value());
        cx.new_tuple(&[class, empty, state]).value()
    }

    /// Return a copy of the namespace object with new values for the specified attributes.
    #[function("(*args, **kwargs)", name = "__replace__")]
    fn replace(this: Gc<Self>, cx: &mut Context, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<Value> {
        if !args.items().is_empty() {
            return Err(cx.type_error("__replace__() takes no positional arguments"));
        }
        let class = cx.class_of(this.value()).value();
        let new = cx.call(class, &[])?;
        if new.downcast::<SimpleNamespace>().is_none() {
            let (class, got) = (cx.qualified_type_name(this.value()), cx.qualified_type_name(new));
            let message = format!("expect types.SimpleNamespace type, but {class}() returned '{got}' object");
            return Err(cx.type_error(message));
        }
        let (target, own) = (attributes(cx, new), attributes(cx, this.value()).value());
        target.update_from(cx, own)?;
        target.update_from(cx, kwargs.value())?;
        Ok(new)
    }
}
