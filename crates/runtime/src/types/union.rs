//! `typing.Union`, also `types.UnionType`: `int | str`. CPython: `Objects/unionobject.c`.
//!
//! Invariant: `args` are flat (no union among them), distinct and at least two.

use taipan_macros::{Trace, class};

use crate::buffer::GVec;
use crate::context::Context;
use crate::error::Result;
use crate::layout::Object;
use crate::object::Gc;
use crate::protocol::attr::generic_get_attr;
use crate::protocol::compare::CompareOp;
use crate::slots::TypedSlot;
use crate::types::generic_alias::{is_alias_or_class, push_type_repr};
use crate::types::set::FrozenSet;
use crate::types::singletons::NoneType;
use crate::types::str::{Str, StrBuilder};
use crate::types::tuple::Tuple;
use crate::types::type_parameters::{make_parameters, substitute};
use crate::types::typing::TypeAlias;
use crate::value::Value;

/// Body of `typing.Union`.
#[derive(Trace)]
pub struct Union {
    args: TypedSlot<Tuple>,
    /// The arguments that can be hashed, as a frozenset.
    hashable: TypedSlot<FrozenSet>,
    /// The others, or nothing.
    unhashable: TypedSlot<Tuple>,
    parameters: TypedSlot<Tuple>,
}

/// Collects the arguments of a union.
struct Builder {
    args: GVec<Value>,
    hashable: GVec<Value>,
    hashes: Vec<i64>,
    unhashable: GVec<Value>,
    /// Whether arguments pass through `typing._type_check`, which makes forward references of strings.
    checked: bool,
}

impl Builder {
    fn new(checked: bool) -> Builder {
        Builder {
            args: GVec::new(),
            hashable: GVec::new(),
            hashes: Vec::new(),
            unhashable: GVec::new(),
            checked,
        }
    }

    fn add(&mut self, cx: &mut Context, arg: Value) -> Result<()> {
        if arg.is_none() {
            return self.add_distinct(cx, NoneType::class_cell().get().value());
        }
        if let Some(union) = arg.downcast::<Union>() {
            for arg in union.arguments().items() {
                self.add_distinct(cx, *arg)?;
            }
            return Ok(());
        }
        let arg = if self.checked { type_check(cx, arg)? } else { arg };
        self.add_distinct(cx, arg)
    }

    fn add_distinct(&mut self, cx: &mut Context, arg: Value) -> Result<()> {
        let hash = match cx.hash(arg) {
            Ok(hash) => Some(hash),
            Err(raised) => {
                cx.take_exception(raised);
                None
            }
        };
        let mut known = false;
        match hash {
            Some(hash) => {
                for index in 0..self.hashable.len() {
                    known = known || self.hashes[index] == hash && cx.eq(self.hashable[index], arg)?;
                }
            }
            None => {
                for index in 0..self.unhashable.len() {
                    known = known || cx.eq(self.unhashable[index], arg)?;
                }
            }
        }
        if known {
            return Ok(());
        }
        match hash {
            Some(hash) => {
                self.hashable.push(arg);
                self.hashes.push(hash);
            }
            None => self.unhashable.push(arg),
        }
        self.args.push(arg);
        Ok(())
    }

    fn finish(self, cx: &mut Context) -> Result {
        match **self.args {
            [] => Err(cx.type_error("Cannot take a Union of no types.")),
            [arg] => Ok(arg),
            _ => {
                let hashable = FrozenSet::from_values(cx, &self.hashable)?;
                let unhashable =
                    if self.unhashable.is_empty() { None } else { Some(cx.new_tuple(&self.unhashable)) };
                let body = Union {
                    args: TypedSlot::new(cx.new_tuple(&self.args)),
                    hashable: TypedSlot::new(hashable),
                    unhashable: TypedSlot::new_option(unhashable),
                    parameters: TypedSlot::EMPTY,
                };
                Ok(cx.new_object(body).value())
            }
        }
    }
}

/// `typing._type_check(arg, message)`.
fn type_check(cx: &mut Context, arg: Value) -> Result {
    // Most arguments are classes, which it gives back as they are.
    if is_alias_or_class(arg) {
        return Ok(arg);
    }
    let typing = cx.import("typing")?;
    let message = cx.new_str("Union[arg, ...]: each arg must be a type.").value();
    cx.call_method(typing, "_type_check", &[arg, message])
}

/// `a | b` for classes and aliases: NotImplemented unless both are types in the narrow sense.
/// CPython: `_Py_union_type_or` behind `type.__or__`.
pub fn union_of_classes(cx: &mut Context, a: Value, b: Value) -> Result {
    let is_unionable = |value: Value| {
        value.is_none()
            || is_alias_or_class(value)
            || value.downcast::<Union>().is_some()
            || value.downcast::<TypeAlias>().is_some()
    };
    if is_unionable(a) && is_unionable(b) { make_union(cx, &[a, b]) } else { Ok(Value::NOT_IMPLEMENTED) }
}

/// `Union[args]`: flattened, without duplicates; one argument is given back as it is.
pub fn make_union(cx: &mut Context, args: &[Value]) -> Result {
    let mut builder = Builder::new(true);
    for arg in args {
        builder.add(cx, *arg)?;
    }
    builder.finish(cx)
}

impl Union {
    /// `__args__`.
    pub fn arguments(&self) -> Gc<Tuple> {
        self.args.load().expect("a union is created with args")
    }

    fn type_parameters(&self, cx: &mut Context) -> Result<Gc<Tuple>> {
        if let Some(parameters) = self.parameters.load() {
            return Ok(parameters);
        }
        let parameters = make_parameters(cx, self.arguments().value())?;
        self.parameters.store(parameters);
        Ok(parameters)
    }
}

/// Represent a union type
///
/// E.g. for int | str
#[class(name = "Union", module = "typing", flags = DISALLOW_NEW | HAS_WEAKREF)]
impl Union {
    #[slot(repr)]
    fn repr(&self, cx: &mut Context) -> Result<Value> {
        let mut text = StrBuilder::new();
        for (index, arg) in self.arguments().items().iter().enumerate() {
            if index > 0 {
                text.push_str(" | ");
            }
            push_type_repr(cx, &mut text, *arg)?;
        }
        Ok(text.finish(cx).value())
    }

    #[slot(hash)]
    fn hash(&self, cx: &mut Context) -> Result<i64> {
        if let Some(unhashable) = self.unhashable.load() {
            // One of them should say itself why it cannot be hashed.
            for arg in unhashable.items() {
                cx.hash(*arg)?;
            }
            let count = unhashable.items().len();
            let plural = if count == 1 { "" } else { "s" };
            return Err(cx.type_error(format!("union contains {count} unhashable element{plural}")));
        }
        let hashable = self.hashable.load().expect("a union has a set of arguments");
        cx.hash(hashable.value())
    }

    #[slot(compare)]
    fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result<Value> {
        let (Some(x), Some(y)) = (a.downcast::<Union>(), b.downcast::<Union>()) else {
            return Ok(Value::NOT_IMPLEMENTED);
        };
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(Value::NOT_IMPLEMENTED);
        }
        let same = match (x.hashable.load(), y.hashable.load()) {
            (Some(x), Some(y)) => cx.eq(x.value(), y.value())?,
            _ => false,
        };
        let same = same && same_unhashable(cx, x, y)?;
        Ok(Value::bool(same == (op == CompareOp::Eq)))
    }

    #[slot(get_attr)]
    fn get_attr(this: Gc<Self>, cx: &mut Context, name: Gc<Str>) -> Result<Value> {
        if name.to_str() == "__module__" {
            return cx.get_attr(Union::class_cell().get().value(), name);
        }
        generic_get_attr(cx, this.value(), name)
    }

    #[slot(or)]
    fn or_(cx: &mut Context, a: Value, b: Value) -> Result<Value> {
        make_union(cx, &[a, b])
    }

    #[slot(get_item)]
    fn get_item(cx: &mut Context, this: Value, item: Value) -> Result<Value> {
        let Some(union) = this.downcast::<Union>() else {
            return Err(cx.type_error("a Union is required"));
        };
        let parameters = union.type_parameters(cx)?;
        let args = substitute(cx, this, union.arguments().value(), parameters, item)?;
        make_union(cx, args.items())
    }

    #[function("(bases, /)", name = "__mro_entries__")]
    fn mro_entries(this: Gc<Self>, cx: &mut Context, bases: Value) -> Result<Value> {
        let _ = bases;
        let union = cx.repr(this.value())?;
        Err(cx.type_error(format!("Cannot subclass {}", union.to_str())))
    }

    #[classmethod("(object, /)", name = "__class_getitem__")]
    fn class_getitem(cx: &mut Context, class: Value, object: Value) -> Result<Value> {
        let _ = class;
        match object.downcast::<Tuple>() {
            Some(args) => make_union(cx, args.items()),
            None => make_union(cx, &[object]),
        }
    }

    #[member(name = "__args__")]
    fn args_attribute(&self) -> Value {
        self.arguments().value()
    }

    /// Name of the type
    #[getter(name = "__name__")]
    fn name_attribute(&self) -> &'static str {
        "Union"
    }

    /// Qualified name of the type
    #[getter(name = "__qualname__")]
    fn qualname_attribute(&self) -> &'static str {
        "Union"
    }

    /// Always returns the type
    #[getter(name = "__origin__")]
    fn origin_attribute(&self) -> Value {
        Union::class_cell().get().value()
    }

    /// Type variables in the types.UnionType.
    #[getter(name = "__parameters__")]
    fn parameters(&self, cx: &mut Context) -> Result<Gc<Tuple>> {
        self.type_parameters(cx)
    }
}

/// Whether both unions have the same unhashable arguments, in any order.
fn same_unhashable(cx: &mut Context, x: Gc<Union>, y: Gc<Union>) -> Result<bool> {
    let (x, y) = match (x.unhashable.load(), y.unhashable.load()) {
        (None, None) => return Ok(true),
        (Some(x), Some(y)) if x.items().len() == y.items().len() => (x, y),
        _ => return Ok(false),
    };
    for arg in x.items() {
        let mut found = false;
        for other in y.items() {
            found = found || cx.eq(*arg, *other)?;
        }
        if !found {
            return Ok(false);
        }
    }
    Ok(true)
}
