//! `types.GenericAlias`: `list[int]`. CPython: `Objects/genericaliasobject.c`.
//!
//! Invariant: `args` is a tuple and never changes; `parameters` is computed at first use.

use taipan_macros::{Trace, class};

use crate::context::Context;
use crate::error::Result;
use crate::exception::hierarchy;
use crate::layout::Object;
use crate::native::Args;
use crate::object::Gc;
use crate::protocol::attr::generic_get_attr;
use crate::protocol::compare::CompareOp;
use crate::slots::{Slot, TypedSlot};
use crate::types::dict::Dict;
use crate::types::list::List;
use crate::types::str::{Str, StrBuilder};
use crate::types::tuple::Tuple;
use crate::types::type_::{Class, is_class};
use crate::types::type_parameters::{make_parameters, substitute};
use crate::types::union::union_of_classes;
use crate::value::Value;

/// Body of `types.GenericAlias`.
#[derive(Trace)]
pub struct GenericAlias {
    origin: Slot,
    args: TypedSlot<Tuple>,
    parameters: TypedSlot<Tuple>,
    /// `*tuple[int]`, as iterating gives it.
    starred: bool,
}

/// Attributes of the alias itself; all others are the origin's.
const OWN: &[&str] = &[
    "__class__",
    "__origin__",
    "__args__",
    "__unpacked__",
    "__parameters__",
    "__typing_unpacked_tuple_args__",
    "__mro_entries__",
    "__reduce_ex__",
    "__reduce__",
];

/// Attributes that the alias does not take over from its origin.
const BLOCKED: &[&str] = &["__bases__", "__copy__", "__deepcopy__"];

impl GenericAlias {
    /// `GenericAlias(origin, args)`; arguments that are no tuple become one.
    pub fn new(cx: &Context, origin: Value, args: Value) -> Gc<GenericAlias> {
        cx.new_object(GenericAlias::body(cx, origin, args, false))
    }

    fn body(cx: &Context, origin: Value, args: Value, starred: bool) -> GenericAlias {
        let args = args.downcast::<Tuple>().unwrap_or_else(|| cx.new_tuple(&[args]));
        GenericAlias {
            origin: Slot::new(origin),
            args: TypedSlot::new(args),
            parameters: TypedSlot::EMPTY,
            starred,
        }
    }

    /// `__origin__`.
    pub fn origin(&self) -> Value {
        self.origin.load_or_none()
    }

    /// `__args__`.
    pub fn arguments(&self) -> Gc<Tuple> {
        self.args.load().expect("an alias is created with args")
    }

    /// `__parameters__`.
    pub fn type_parameters(&self, cx: &mut Context) -> Result<Gc<Tuple>> {
        if let Some(parameters) = self.parameters.load() {
            return Ok(parameters);
        }
        let parameters = make_parameters(cx, self.arguments().value())?;
        self.parameters.store(parameters);
        Ok(parameters)
    }
}

/// How a type is written inside brackets. CPython: `_Py_typing_type_repr`.
pub fn push_type_repr(cx: &mut Context, text: &mut StrBuilder, item: Value) -> Result<()> {
    if item == Value::ELLIPSIS {
        text.push_str("...");
        return Ok(());
    }
    if item == crate::types::singletons::NoneType::class_cell().get().value() {
        text.push_str("None");
        return Ok(());
    }
    let is_alias =
        cx.lookup_attr_str(item, "__origin__")?.is_some() && cx.lookup_attr_str(item, "__args__")?.is_some();
    if !is_alias
        && let Some(qualname) = cx.lookup_attr_str(item, "__qualname__")?
        && let Some(module) = cx.lookup_attr_str(item, "__module__")?.and_then(Value::not_none)
    {
        let module = cx.str(module)?;
        if module.to_str() != "builtins" {
            text.push(module);
            text.push_str(".");
        }
        text.push(cx.str(qualname)?);
        return Ok(());
    }
    text.push(cx.repr(item)?);
    Ok(())
}

fn push_argument(cx: &mut Context, text: &mut StrBuilder, item: Value) -> Result<()> {
    let Some(list) = item.downcast::<List>() else {
        return push_type_repr(cx, text, item);
    };
    text.push_str("[");
    let items = list.snapshot(cx);
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        push_type_repr(cx, text, *item)?;
    }
    text.push_str("]");
    Ok(())
}

/// Represent a PEP 585 generic type
///
/// E.g. for t = list[int], t.__origin__ is list and t.__args__ is (int,).
#[class(name = "GenericAlias", text = "(origin, args, /)", module = "types", flags = BASETYPE | HAS_WEAKREF)]
impl GenericAlias {
    #[new("(*args, **kwargs)")]
    fn new_python(cx: &mut Context, class: Gc<Class>, args: Gc<Tuple>, kwargs: Gc<Dict>) -> Result<Gc<Self>> {
        if kwargs.len() > 0 {
            return Err(cx.type_error("GenericAlias() takes no keyword arguments"));
        }
        let [origin, arguments] = args.items() else {
            let message = format!("GenericAlias expected 2 arguments, got {}", args.items().len());
            return Err(cx.type_error(message));
        };
        let body = GenericAlias::body(cx, *origin, *arguments, false);
        Ok(cx.new_instance(class, body))
    }

    #[slot(repr)]
    fn repr(&self, cx: &mut Context) -> Result<Value> {
        let mut text = StrBuilder::new();
        if self.starred {
            text.push_str("*");
        }
        push_type_repr(cx, &mut text, self.origin())?;
        text.push_str("[");
        let args = self.arguments();
        if args.items().is_empty() {
            text.push_str("()");
        }
        for (index, item) in args.items().iter().enumerate() {
            if index > 0 {
                text.push_str(", ");
            }
            push_argument(cx, &mut text, *item)?;
        }
        text.push_str("]");
        Ok(text.finish(cx).value())
    }

    #[slot(get_attr)]
    fn get_attr(this: Gc<Self>, cx: &mut Context, name: Gc<Str>) -> Result<Value> {
        let text = name.to_str();
        if OWN.contains(&&*text) || BLOCKED.contains(&&*text) {
            return generic_get_attr(cx, this.value(), name);
        }
        cx.get_attr(this.origin(), name)
    }

    #[slot(call)]
    fn call(this: Gc<Self>, cx: &mut Context, args: Args<'_>) -> Result<Value> {
        let object = cx.call_kw(this.origin(), args)?;
        if let Err(raised) = cx.set_attr_str(object, "__orig_class__", this.value()) {
            let ignored = cx.error_matches(&raised, hierarchy::attribute_error)
                || cx.error_matches(&raised, hierarchy::type_error);
            if !ignored {
                return Err(raised);
            }
            cx.take_exception(raised);
        }
        Ok(object)
    }

    #[slot(get_item)]
    fn get_item(cx: &mut Context, this: Value, item: Value) -> Result<Value> {
        let Some(alias) = this.downcast::<GenericAlias>() else {
            return Err(cx.type_error("a GenericAlias is required"));
        };
        let parameters = alias.type_parameters(cx)?;
        let args = substitute(cx, this, alias.arguments().value(), parameters, item)?;
        let body = GenericAlias::body(cx, alias.origin(), args.value(), alias.starred);
        Ok(cx.new_object(body).value())
    }

    #[slot(hash)]
    fn hash(&self, cx: &mut Context) -> Result<i64> {
        let hash = cx.hash(self.origin())? ^ cx.hash(self.arguments().value())?;
        Ok(if hash == -1 { -2 } else { hash })
    }

    #[slot(compare)]
    fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result<Value> {
        let (Some(x), Some(y)) = (a.downcast::<GenericAlias>(), b.downcast::<GenericAlias>()) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let same = x.starred == y.starred
            && cx.eq(x.origin(), y.origin())?
            && cx.eq(x.arguments().value(), y.arguments().value())?;
        Ok(Value::bool(same == (op == CompareOp::Eq)))
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>, cx: &mut Context) -> Value {
        cx.new_object(GenericAliasIterator { alias: Slot::new(this.value()) }).value()
    }

    #[slot(or)]
    fn or_(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        union_of_classes(cx, a, b)
    }

    #[function("(bases, /)", name = "__mro_entries__")]
    fn mro_entries(&self, cx: &mut Context, bases: Value) -> Value {
        let _ = bases;
        cx.new_tuple(&[self.origin()]).value()
    }

    #[function("(instance, /)", name = "__instancecheck__")]
    fn instancecheck(&self, cx: &mut Context, instance: Value) -> Result<Value> {
        let _ = instance;
        Err(cx.type_error("isinstance() argument 2 cannot be a parameterized generic"))
    }

    #[function("(subclass, /)", name = "__subclasscheck__")]
    fn subclasscheck(&self, cx: &mut Context, subclass: Value) -> Result<Value> {
        let _ = subclass;
        Err(cx.type_error("issubclass() argument 2 cannot be a parameterized generic"))
    }

    #[function("()", name = "__reduce__")]
    fn reduce(&self, cx: &mut Context) -> Result<Value> {
        let args = self.arguments().value();
        if self.starred {
            // next(iter(alias)) makes the starred one.
            let plain = GenericAlias::new(cx, self.origin(), args).value();
            let iterator = cx.new_object(GenericAliasIterator { alias: Slot::new(plain) }).value();
            let next = cx.builtin("next")?;
            let arguments = cx.new_tuple(&[iterator]).value();
            return Ok(cx.new_tuple(&[next, arguments]).value());
        }
        let class = GenericAlias::class_cell().get().value();
        let arguments = cx.new_tuple(&[self.origin(), args]).value();
        Ok(cx.new_tuple(&[class, arguments]).value())
    }

    #[function("()", name = "__dir__")]
    fn dir(&self, cx: &mut Context) -> Result<Value> {
        let dir = cx.builtin("dir")?;
        let names = cx.call(dir, &[self.origin()])?;
        let mut names = cx.collect(names)?;
        for own in OWN {
            let own = cx.intern(own).value();
            let mut known = false;
            for name in names.iter() {
                known = known || cx.eq(*name, own)?;
            }
            if !known {
                names.push(own);
            }
        }
        Ok(cx.new_list(&names).value())
    }

    #[member(name = "__origin__")]
    fn origin_attribute(&self) -> Value {
        self.origin()
    }

    #[member(name = "__args__")]
    fn args_attribute(&self) -> Value {
        self.arguments().value()
    }

    #[member(name = "__unpacked__")]
    fn unpacked(&self) -> bool {
        self.starred
    }

    /// Type variables in the GenericAlias.
    #[getter(name = "__parameters__")]
    fn parameters(&self, cx: &mut Context) -> Result<Gc<Tuple>> {
        self.type_parameters(cx)
    }

    #[getter(name = "__typing_unpacked_tuple_args__")]
    fn unpacked_tuple_args(&self) -> Option<Gc<Tuple>> {
        let tuple = Tuple::class_cell().get().value();
        if self.starred && self.origin() == tuple { Some(self.arguments()) } else { None }
    }
}

/// Iterator that gives the starred alias, once.
#[derive(Trace)]
pub struct GenericAliasIterator {
    alias: Slot,
}

#[class(name = "generic_alias_iterator", flags = DISALLOW_NEW)]
impl GenericAliasIterator {
    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(&self, cx: &mut Context) -> Option<Value> {
        let alias = self.alias.swap(None)?.downcast::<GenericAlias>()?;
        let body = GenericAlias::body(cx, alias.origin(), alias.arguments().value(), true);
        Some(cx.new_object(body).value())
    }

    #[function("()", name = "__reduce__")]
    fn reduce(&self, cx: &mut Context) -> Result<Value> {
        let iter = cx.builtin("iter")?;
        let alias = self.alias.load().unwrap_or_else(|| cx.new_tuple(&[]).value());
        let arguments = cx.new_tuple(&[alias]).value();
        Ok(cx.new_tuple(&[iter, arguments]).value())
    }
}

/// Whether a value counts as a class for `X | Y`.
pub(super) fn is_alias_or_class(value: Value) -> bool {
    is_class(value) || value.downcast::<GenericAlias>().is_some()
}
