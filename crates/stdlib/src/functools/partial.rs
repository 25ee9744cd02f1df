//! `partial` and `Placeholder`. CPython: `Modules/_functoolsmodule.c`.
//!
//! Invariant: no placeholder is last among `args`, and `placeholders` counts those in it.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use taipan_runtime::instance;
use taipan_runtime::prelude::*;
use taipan_runtime::types::generic_alias::GenericAlias;
use taipan_runtime::types::method::Method;
use taipan_runtime::types::str::StrBuilder;

/// Body of the class of `Placeholder`.
#[derive(Trace)]
pub struct PlaceholderType;

static PLACEHOLDER: AtomicU64 = AtomicU64::new(0);

/// `functools.Placeholder`.
pub(super) fn placeholder(cx: &Context) -> Value {
    if let Some(value) = Value::from_bits(PLACEHOLDER.load(Ordering::Acquire)) {
        return value;
    }
    PlaceholderType::class_cell().ensure(cx);
    let rooted = cx.new_object(PlaceholderType).value();
    match PLACEHOLDER.compare_exchange(0, rooted.bits(), Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => {
            taipan_runtime::add_root(&PLACEHOLDER);
            rooted
        }
        Err(bits) => Value::from_bits(bits).unwrap_or(rooted),
    }
}

/// The type of the Placeholder singleton.
///
/// Used as a placeholder for partial arguments.
#[class(name = "_PlaceholderType", module = "functools")]
impl PlaceholderType {
    #[new("(*args, **kwargs)")]
    fn new(cx: &mut Context, _class: Gc<Class>, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<Value> {
        if !args.is_empty() || !kwargs.is_empty() {
            return Err(cx.type_error("PlaceholderType takes no arguments"));
        }
        Ok(placeholder(cx))
    }

    #[slot(repr)]
    fn repr(&self, cx: &mut Context) -> Value {
        cx.intern("Placeholder").value()
    }

    #[function("()", name = "__reduce__")]
    fn reduce(&self, cx: &mut Context) -> Value {
        cx.intern("Placeholder").value()
    }
}

/// Body of `partial`.
#[derive(Trace)]
pub struct Partial {
    function: Slot,
    args: TypedSlot<Tuple>,
    keywords: TypedSlot<Dict>,
    placeholders: AtomicUsize,
}

impl Partial {
    fn arguments(&self, cx: &Context) -> Gc<Tuple> {
        self.args.load().unwrap_or_else(|| cx.new_tuple(&[]))
    }

    fn keyword_arguments(&self, cx: &Context) -> Gc<Dict> {
        self.keywords.load().unwrap_or_else(|| cx.new_dict())
    }
}

/// The arguments of an inner partial with its placeholders filled from `new`, and what is left appended.
fn merge(cx: &Context, old: Gc<Tuple>, placeholders: usize, new: &[Value]) -> GVec<Value> {
    let hole = placeholder(cx);
    let mut fresh = new.iter().copied();
    let mut merged = GVec::with_capacity(old.len() + new.len());
    if placeholders == 0 {
        merged.extend_from_slice(old.items());
    } else {
        merged.extend(
            old.items().iter().map(|item| if *item == hole { fresh.next().unwrap_or(hole) } else { *item }),
        );
    }
    merged.extend(fresh);
    merged
}

/// Create a new function with partial application of the given arguments and keywords.
#[class(name = "partial", module = "functools", flags = BASETYPE | HAS_DICT | HAS_WEAKREF)]
impl Partial {
    #[new("(*args, **keywords)")]
    fn new(cx: &mut Context, class: Gc<Class>, args: Gc<Tuple>, keywords: Gc<Dict>) -> Result<Gc<Self>> {
        let Some((function, new)) = args.items().split_first() else {
            return Err(cx.type_error("type 'partial' takes at least one argument"));
        };
        let hole = placeholder(cx);
        if !cx.is_callable(*function) {
            return Err(cx.type_error("the first argument must be callable"));
        }
        if new.last() == Some(&hole) {
            return Err(cx.type_error("trailing Placeholders are not allowed"));
        }
        if keywords.snapshot(cx).iter().any(|(_, value)| *value == hole) {
            return Err(cx.type_error("Placeholder cannot be passed as a keyword argument"));
        }
        let inner = function.downcast::<Partial>().filter(|inner| is_plain(cx, *inner));
        let (function, merged, keywords) = match inner {
            None => (*function, new.iter().copied().collect(), keywords.copy(cx)),
            Some(inner) => {
                let merged = merge(cx, inner.arguments(cx), inner.placeholders.load(Ordering::Relaxed), new);
                let all = inner.keyword_arguments(cx).copy(cx);
                all.update_from(cx, keywords.value())?;
                (inner.function.load_or_none(), merged, all)
            }
        };
        let placeholders = merged.iter().filter(|item| **item == hole).count();
        let body = Partial {
            function: Slot::new(function),
            args: TypedSlot::new(cx.new_tuple(&merged)),
            keywords: TypedSlot::new(keywords),
            placeholders: AtomicUsize::new(placeholders),
        };
        Ok(cx.new_instance(class, body))
    }

    #[slot(call)]
    fn call(&self, cx: &mut Context, args: Args<'_>) -> Result<Value> {
        let (function, own) = (self.function.load_or_none(), self.arguments(cx));
        let keywords = self.keyword_arguments(cx);
        let placeholders = self.placeholders.load(Ordering::Relaxed);
        let given = args.positional().len();
        if given < placeholders {
            let message = format!(
                "missing positional arguments in 'partial' call; expected at least {placeholders}, got {given}"
            );
            return Err(cx.type_error(message));
        }
        let mut values = merge(cx, own, placeholders, args.positional());
        if keywords.is_empty() {
            values.extend_from_slice(&args.values()[given..]);
            return cx.call_kw(function, Args::new(&values, args.names()));
        }
        let all = keywords.copy(cx);
        for (name, value) in args.keywords() {
            all.set_str(cx, name, value);
        }
        cx.call_ex(function, &values, Some(all))
    }

    #[slot(descr_get)]
    fn get(this: Gc<Self>, cx: &mut Context, object: Option<Value>, _class: Option<Value>) -> Value {
        match object.and_then(Value::not_none) {
            Some(object) => Method::new(cx, this.value(), object).value(),
            None => this.value(),
        }
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        let name = qualified_name(cx, this.value())?;
        let shown = cx.guard_repr(this.value(), |cx| {
            // What `__setstate__` sets while this runs is not shown.
            let (function, args) = (this.function.load_or_none(), this.arguments(cx));
            let keywords = this.keyword_arguments(cx);
            let mut text = StrBuilder::new();
            text.push_str(&name);
            text.push_str("(");
            text.push(cx.repr(function)?);
            for arg in args.items() {
                text.push_str(", ");
                text.push(cx.repr(*arg)?);
            }
            for (key, value) in keywords.snapshot(cx).iter() {
                text.push_str(", ");
                text.push(cx.str(*key)?);
                text.push_str("=");
                text.push(cx.repr(*value)?);
            }
            text.push_str(")");
            Ok(text.finish(cx).value())
        })?;
        Ok(shown.unwrap_or_else(|| cx.intern("...").value()))
    }

    /// See PEP 585
    #[classmethod("(object, /)", name = "__class_getitem__")]
    fn class_getitem(cx: &mut Context, class: Value, object: Value) -> Value {
        GenericAlias::new(cx, class, object).value()
    }

    #[function("()", name = "__reduce__")]
    fn reduce(this: Gc<Self>, cx: &mut Context) -> Value {
        let class = cx.class_of(this.value()).value();
        let function = this.function.load_or_none();
        let dict = instance::dict(cx, this.value()).filter(|dict| !dict.is_empty());
        let state = [
            function,
            this.arguments(cx).value(),
            this.keyword_arguments(cx).value(),
            dict.map_or(Value::NONE, Gc::value),
        ];
        let (constructor, state) = (cx.new_tuple(&[function]).value(), cx.new_tuple(&state).value());
        cx.new_tuple(&[class, constructor, state]).value()
    }

    #[function("(state, /)", name = "__setstate__")]
    fn setstate(this: Gc<Self>, cx: &mut Context, state: Value) -> Result<()> {
        let state = state.downcast::<Tuple>();
        let state = state.as_ref().map_or(&[][..], |state| state.items());
        let [function, args, keywords, dict] = *state else {
            return Err(cx.type_error("invalid partial state"));
        };
        let is_dict_or_none = |value: Value| value.is_none() || value.downcast::<Dict>().is_some();
        let keywords_are_valid = is_dict_or_none(keywords) && is_dict_or_none(dict);
        let Some(args) = args.downcast::<Tuple>().filter(|_| cx.is_callable(function) && keywords_are_valid)
        else {
            return Err(cx.type_error("invalid partial state"));
        };
        let hole = placeholder(cx);
        if args.items().last() == Some(&hole) {
            return Err(cx.type_error("trailing Placeholders are not allowed"));
        }
        let args = if cx.is_exact::<Tuple>(args.value()) { args } else { cx.new_tuple(args.items()) };
        let keywords = match keywords.downcast::<Dict>() {
            None => cx.new_dict(),
            Some(keywords) if keywords.is_exact() => keywords,
            Some(keywords) => keywords.copy(cx),
        };
        this.function.store(function);
        this.args.store(args);
        this.keywords.store(keywords);
        this.placeholders.store(args.items().iter().filter(|item| **item == hole).count(), Ordering::Relaxed);
        let dict = match dict.downcast::<Dict>() {
            Some(dict) => dict,
            None => cx.new_dict(),
        };
        instance::replace_dict(cx, this.value(), dict);
        Ok(())
    }

    /// function object to use in future partial calls
    #[member]
    fn func(&self) -> Value {
        self.function.load_or_none()
    }

    /// tuple of arguments to future partial calls
    #[member]
    fn args(&self, cx: &Context) -> Value {
        self.arguments(cx).value()
    }

    /// dictionary of keyword arguments to future partial calls
    #[member]
    fn keywords(&self, cx: &Context) -> Value {
        self.keyword_arguments(cx).value()
    }
}

/// Whether a partial may be taken apart: no subclass, no attributes of its own.
fn is_plain(cx: &Context, partial: Gc<Partial>) -> bool {
    cx.is_exact::<Partial>(partial.value())
        && instance::dict(cx, partial.value()).is_none_or(|dict| dict.is_empty())
}

/// `functools.partial`, or a subclass's module and name.
fn qualified_name(cx: &mut Context, this: Value) -> Result<String> {
    let class = cx.class_of(this);
    let module = cx.get_attr_str(class.value(), "__module__")?;
    let module = cx.str(module)?;
    Ok(format!("{}.{}", module.to_str(), class.qualname().to_str()))
}
