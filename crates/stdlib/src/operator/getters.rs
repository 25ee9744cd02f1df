//! `attrgetter`, `itemgetter` and `methodcaller`.
//!
//! Invariant: what they look up is fixed at creation.

use taipan_runtime::prelude::*;
use taipan_runtime::types::str::StrBuilder;

/// The one argument of a getter's call.
fn sole_argument(cx: &Context, name: &str, args: Args<'_>) -> Result {
    if args.keyword_count() > 0 {
        return Err(cx.type_error(format!("{name}() takes no keyword arguments")));
    }
    match args.positional() {
        [argument] => Ok(*argument),
        more => Err(cx.type_error(format!("{name} expected 1 argument, got {}", more.len()))),
    }
}

/// The arguments of a getter's constructor: at least one, no keywords.
fn constructor_arguments(cx: &Context, name: &str, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<()> {
    if !kwargs.is_empty() {
        return Err(cx.type_error(format!("{name}() takes no keyword arguments")));
    }
    if args.is_empty() {
        return Err(cx.type_error(format!("{name} expected 1 argument, got 0")));
    }
    Ok(())
}

/// `name(repr, repr)`.
fn call_repr(cx: &mut Context, this: Value, args: Gc<Tuple>) -> Result {
    let mut text = StrBuilder::new();
    text.push_str(&cx.type_name(this));
    text.push_str("(");
    for (index, arg) in args.items().iter().enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        text.push(cx.repr(*arg)?);
    }
    text.push_str(")");
    Ok(text.finish(cx).value())
}

/// Body of `itemgetter`.
#[derive(Trace)]
pub struct ItemGetter {
    items: TypedSlot<Tuple>,
}

/// Return a callable object that fetches the given item(s) from its operand.
///
/// After f = itemgetter(2), the call f(r) returns r[2].
/// After g = itemgetter(2, 5, 3), the call g(r) returns (r[2], r[5], r[3])
#[class(name = "itemgetter", module = "operator")]
impl ItemGetter {
    #[new("(*items, **kwargs)", text = "(item, /, *items)")]
    fn new(cx: &mut Context, class: Gc<Class>, items: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<Gc<Self>> {
        constructor_arguments(cx, "itemgetter", items, kwargs)?;
        Ok(cx.new_instance(class, ItemGetter { items: TypedSlot::new(items) }))
    }

    #[slot(call)]
    fn call(&self, cx: &mut Context, args: Args<'_>) -> Result<Value> {
        let object = sole_argument(cx, "itemgetter", args)?;
        let Some(items) = self.items.load() else { return Ok(Value::NONE) };
        if let [item] = items.items() {
            return cx.get_item(object, *item);
        }
        let mut found = GVec::with_capacity(items.len());
        for item in items.items() {
            found.push(cx.get_item(object, *item)?);
        }
        Ok(cx.new_tuple(&found).value())
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        let items = this.items.load().unwrap_or_else(|| cx.new_tuple(&[]));
        let text = cx.guard_repr(this.value(), |cx| call_repr(cx, this.value(), items))?;
        Ok(text.unwrap_or_else(|| cx.new_str(&format!("{}(...)", cx.type_name(this.value()))).value()))
    }

    /// Return state information for pickling
    #[function("()", name = "__reduce__")]
    fn reduce(this: Gc<Self>, cx: &mut Context) -> Value {
        let class = cx.class_of(this.value()).value();
        let items = this.items.load().map_or(Value::NONE, Gc::value);
        cx.new_tuple(&[class, items]).value()
    }
}

/// Body of `attrgetter`.
#[derive(Trace)]
pub struct AttrGetter {
    names: TypedSlot<Tuple>,
    /// For each name, the tuple of its parts between dots.
    paths: TypedSlot<Tuple>,
}

/// Return a callable object that fetches the given attribute(s) from its operand.
///
/// After f = attrgetter('name'), the call f(r) returns r.name.
/// After g = attrgetter('name', 'date'), the call g(r) returns (r.name, r.date).
/// After h = attrgetter('name.first', 'name.last'), the call h(r) returns
/// (r.name.first, r.name.last).
#[class(name = "attrgetter", module = "operator")]
impl AttrGetter {
    #[new("(*names, **kwargs)", text = "(attr, /, *attrs)")]
    fn new(cx: &mut Context, class: Gc<Class>, names: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<Gc<Self>> {
        constructor_arguments(cx, "attrgetter", names, kwargs)?;
        let mut paths = GVec::with_capacity(names.len());
        for name in names.items() {
            let Some(name) = name.downcast::<Str>() else {
                return Err(cx.type_error("attribute name must be a string"));
            };
            paths.push(path_of(cx, name));
        }
        let paths = TypedSlot::new(cx.new_tuple(&paths));
        Ok(cx.new_instance(class, AttrGetter { names: TypedSlot::new(names), paths }))
    }

    #[slot(call)]
    fn call(&self, cx: &mut Context, args: Args<'_>) -> Result<Value> {
        let object = sole_argument(cx, "attrgetter", args)?;
        let Some(paths) = self.paths.load() else { return Ok(Value::NONE) };
        if let [path] = paths.items() {
            return follow(cx, object, *path);
        }
        let mut found = GVec::with_capacity(paths.len());
        for path in paths.items() {
            found.push(follow(cx, object, *path)?);
        }
        Ok(cx.new_tuple(&found).value())
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        let names = this.names.load().unwrap_or_else(|| cx.new_tuple(&[]));
        let text = cx.guard_repr(this.value(), |cx| call_repr(cx, this.value(), names))?;
        Ok(text.unwrap_or_else(|| cx.new_str(&format!("{}(...)", cx.type_name(this.value()))).value()))
    }

    /// Return state information for pickling
    #[function("()", name = "__reduce__")]
    fn reduce(this: Gc<Self>, cx: &mut Context) -> Value {
        let class = cx.class_of(this.value()).value();
        let names = this.names.load().map_or(Value::NONE, Gc::value);
        cx.new_tuple(&[class, names]).value()
    }
}

/// The interned parts of a dotted name. Lone surrogates have no place in `&str`, so parts are cut by index.
fn path_of(cx: &Context, name: Gc<Str>) -> Value {
    let mut parts = GVec::new();
    let mut start = 0;
    for (index, code) in name.chars().enumerate() {
        if code == u32::from('.') {
            parts.push(name.substring(cx, start..index).intern(cx).value());
            start = index + 1;
        }
    }
    parts.push(name.substring(cx, start..name.len()).intern(cx).value());
    cx.new_tuple(&parts).value()
}

fn follow(cx: &mut Context, object: Value, path: Value) -> Result {
    let mut object = object;
    if let Some(path) = path.downcast::<Tuple>() {
        for name in path.items().iter().filter_map(|name| name.downcast::<Str>()) {
            object = cx.get_attr(object, name)?;
        }
    }
    Ok(object)
}

/// Body of `methodcaller`.
#[derive(Trace)]
pub struct MethodCaller {
    name: TypedSlot<Str>,
    args: TypedSlot<Tuple>,
    kwargs: TypedSlot<Dict>,
}

impl MethodCaller {
    fn arguments(&self, cx: &Context) -> Gc<Tuple> {
        self.args.load().unwrap_or_else(|| cx.new_tuple(&[]))
    }
}

/// Return a callable object that calls the given method on its operand.
///
/// After f = methodcaller('name'), the call f(r) returns r.name().
/// After g = methodcaller('name', 'date', foo=1), the call g(r) returns
/// r.name('date', foo=1).
#[class(name = "methodcaller", module = "operator")]
impl MethodCaller {
    #[new("(*args, **kwargs)", text = "(name, /, *args, **kwargs)")]
    fn new(cx: &mut Context, class: Gc<Class>, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<Gc<Self>> {
        let Some((name, rest)) = args.items().split_first() else {
            return Err(cx.type_error("methodcaller needs at least one argument, the method name"));
        };
        let Some(name) = name.downcast::<Str>() else {
            return Err(cx.type_error("method name must be a string"));
        };
        let body = MethodCaller {
            name: TypedSlot::new(name.intern(cx)),
            args: TypedSlot::new(cx.new_tuple(rest)),
            kwargs: TypedSlot::new_option(if kwargs.is_empty() { None } else { Some(kwargs) }),
        };
        Ok(cx.new_instance(class, body))
    }

    #[slot(call)]
    fn call(&self, cx: &mut Context, args: Args<'_>) -> Result<Value> {
        if args.positional().len() != 1 {
            let given = args.positional().len();
            return Err(cx.type_error(format!("methodcaller expected 1 argument, got {given}")));
        }
        let object = sole_argument(cx, "methodcaller", args)?;
        let Some(name) = self.name.load() else { return Ok(Value::NONE) };
        let own = self.arguments(cx);
        match self.kwargs.load() {
            None => cx.call_method_name(object, name, own.items()),
            Some(kwargs) => {
                let method = cx.get_attr(object, name)?;
                cx.call_ex(method, own.items(), Some(kwargs))
            }
        }
    }

    #[slot(repr)]
    fn repr(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        let shown = cx.guard_repr(this.value(), |cx| {
            let mut text = StrBuilder::new();
            text.push_str(&cx.type_name(this.value()));
            text.push_str("(");
            let name = this.name.load().map_or(Value::NONE, Gc::value);
            text.push(cx.repr(name)?);
            for arg in this.arguments(cx).items() {
                text.push_str(", ");
                text.push(cx.repr(*arg)?);
            }
            let kwargs = this.kwargs.load().map(|kwargs| kwargs.snapshot(cx)).unwrap_or_default();
            for (key, value) in kwargs.iter() {
                text.push_str(", ");
                text.push(cx.str(*key)?);
                text.push_str("=");
                text.push(cx.repr(*value)?);
            }
            text.push_str(")");
            Ok(text.finish(cx).value())
        })?;
        Ok(shown.unwrap_or_else(|| cx.new_str(&format!("{}(...)", cx.type_name(this.value()))).value()))
    }

    /// Return state information for pickling
    #[function("()", name = "__reduce__")]
    fn reduce(this: Gc<Self>, cx: &mut Context) -> Result<Value> {
        let class = cx.class_of(this.value()).value();
        let name = this.name.load().map_or(Value::NONE, Gc::value);
        let own = this.arguments(cx);
        let Some(kwargs) = this.kwargs.load() else {
            let mut args: GVec<Value> = GVec::new();
            args.push(name);
            args.extend_from_slice(own.items());
            let args = cx.new_tuple(&args).value();
            return Ok(cx.new_tuple(&[class, args]).value());
        };
        let functools = cx.import("functools")?;
        let partial = cx.get_attr_str(functools, "partial")?;
        let constructor = cx.call_ex(partial, &[class, name], Some(kwargs))?;
        Ok(cx.new_tuple(&[constructor, own.value()]).value())
    }
}
