//! Slots of classes whose special methods are Python's: each looks the method up and calls it. CPython: the `slot_*`
//! functions of `Objects/typeobject.c`.
//!
//! Invariant: a class has one of these exactly where `special::decide` found no native function that fits.

use crate::context::Context;
use crate::error::Result;
use crate::names::id::{self, NameId};
use crate::native::Args;
use crate::object::Gc;
use crate::protocol::compare::CompareOp;
use crate::types::native_function::WrapperDescriptor;
use crate::types::str::Str;
use crate::types::type_::{Class, Slots};
use crate::value::Value;

impl Context {
    /// Calls special method `name` of `this`, looked up on the class; `None` when there is none.
    pub fn call_special(&mut self, this: Value, name: NameId, args: &[Value]) -> Result<Option<Value>> {
        let name = self.name(name);
        match self.class_of(this).lookup(self, name) {
            Some(method) => self.call_method_value(method, this, args).map(Some),
            None => Ok(None),
        }
    }

    /// Calls `method`, an attribute found on the class of `this`, as a method of `this`.
    pub fn call_method_value(&mut self, method: Value, this: Value, args: &[Value]) -> Result {
        let class = self.class_of(method);
        if class.has_flag(super::flag::METHOD_DESCRIPTOR) {
            return self.call_prepended(method, this, Args::positional_only(args));
        }
        match class.slots.descr_get.get() {
            Some(get) => {
                self.check_recursion("")?;
                let owner = self.class_of(this).value();
                let bound = get(self, method, Some(this), Some(owner))?;
                self.call(bound, args)
            }
            None => self.call(method, args),
        }
    }

    pub(super) fn special_or_attribute_error(&mut self, this: Value, name: NameId, args: &[Value]) -> Result {
        match self.call_special(this, name, args)? {
            Some(value) => Ok(value),
            None => {
                let text = self.name(name);
                let message =
                    format!("'{}' object has no attribute '{}'", self.type_name(this), text.to_str());
                Err(self.attribute_error(message, this, text))
            }
        }
    }
}

/// Slot of unhashable types.
pub fn hash_not_implemented(cx: &mut Context, this: Value) -> Result<i64> {
    Err(cx.type_error(format!("unhashable type: '{}'", cx.type_name(this))))
}

/// The first native class of an MRO.
pub(super) fn native_class(class: Gc<Class>) -> Option<Gc<Class>> {
    class.mro().items().iter().filter_map(|class| class.downcast::<Class>()).find(|class| !class.is_heap())
}

pub(super) fn binary(
    cx: &mut Context,
    a: Value,
    b: Value,
    name: NameId,
    reflected: NameId,
    slot: fn(&Slots) -> usize,
) -> Result {
    operate(cx, a, b, None, name, reflected, slot)
}

/// An operator with a third operand, or without.
fn operate(
    cx: &mut Context,
    a: Value,
    b: Value,
    third: Option<Value>,
    name: NameId,
    reflected: NameId,
    slot: fn(&Slots) -> usize,
) -> Result {
    let call = |cx: &mut Context, on: Value, name, with: Value| match third {
        None => cx.call_special(on, name, &[with]),
        Some(third) => cx.call_special(on, name, &[with, third]),
    };
    let (class_a, class_b) = (cx.class_of(a), cx.class_of(b));
    // Both operands may share this generic slot; then this call decides for both.
    let same_slot =
        class_a != class_b && slot(&class_b.slots) == slot(&class_a.slots) && slot(&class_a.slots) != 0;
    // The left operand's slot is this one unless it is that of a native type.
    let left_is_generic = class_a.lookup(cx, cx.name(name)).is_some()
        && slot(&class_a.slots) != 0
        && native_class(class_a).is_none_or(|native| slot(&native.slots) != slot(&class_a.slots));
    let mut try_reflected = same_slot || (class_a != class_b && !left_is_generic);
    if left_is_generic {
        if try_reflected && class_b.is_subclass_of(class_a) && overloads(cx, class_a, class_b, reflected) {
            if let Some(value) = call(cx, b, reflected, a)?
                && value != Value::NOT_IMPLEMENTED
            {
                return Ok(value);
            }
            try_reflected = false;
        }
        if let Some(value) = call(cx, a, name, b)?
            && (value != Value::NOT_IMPLEMENTED || class_a == class_b)
        {
            return Ok(value);
        }
    }
    if try_reflected && let Some(value) = call(cx, b, reflected, a)? {
        return Ok(value);
    }
    Ok(Value::NOT_IMPLEMENTED)
}

/// Whether the right operand's class provides a different reflected method.
pub(super) fn overloads(cx: &Context, left: Gc<Class>, right: Gc<Class>, reflected: NameId) -> bool {
    let name = cx.name(reflected);
    match (right.lookup(cx, name), left.lookup(cx, name)) {
        (Some(b), Some(a)) => a != b,
        (Some(_), None) => true,
        (None, _) => false,
    }
}

pub(super) fn generic_repr(cx: &mut Context, this: Value) -> Result {
    match cx.call_special(this, id::__repr__, &[])? {
        Some(value) => Ok(value),
        None => {
            let name = cx.type_name(this);
            Ok(cx.new_str(&format!("<{name} object at {:#x}>", this.bits())).value())
        }
    }
}

pub(super) fn generic_hash(cx: &mut Context, this: Value) -> Result<i64> {
    let name = cx.name(id::__hash__);
    match cx.class_of(this).lookup(cx, name) {
        Some(method) if !method.is_none() => {
            let value = cx.call_method_value(method, this, &[])?;
            crate::protocol::hash::from_method_result(cx, value)
        }
        _ => hash_not_implemented(cx, this),
    }
}

pub(super) fn generic_call(cx: &mut Context, this: Value, args: Args<'_>) -> Result {
    let name = cx.name(id::__call__);
    match cx.class_of(this).lookup(cx, name) {
        Some(method) => cx.call_method_kw(method, this, args),
        None => Err(cx.type_error(format!("'{}' object is not callable", cx.type_name(this)))),
    }
}

pub(super) fn generic_iter(cx: &mut Context, this: Value) -> Result {
    let name = cx.name(id::__iter__);
    match cx.class_of(this).lookup(cx, name) {
        Some(method) if method.is_none() => {
            Err(cx.type_error(format!("'{}' object is not iterable", cx.type_name(this))))
        }
        Some(method) => cx.call_method_value(method, this, &[]),
        None => crate::protocol::iter::sequence_iter(cx, this),
    }
}

pub(super) fn generic_next(cx: &mut Context, this: Value) -> Result<Option<Value>> {
    match cx.special_or_attribute_error(this, id::__next__, &[]) {
        Ok(value) => Ok(Some(value)),
        Err(raised) => cx.stop_iteration_to_none(raised),
    }
}

pub(super) fn generic_get_attr(cx: &mut Context, this: Value, name: Gc<Str>) -> Result {
    let class = cx.class_of(this);
    let (getattribute, getattr) = (cx.name(id::__getattribute__), cx.name(id::__getattr__));
    let result = match class.lookup(cx, getattribute) {
        Some(method) if !is_object_getattribute(cx, method) => {
            cx.call_method_value(method, this, &[name.value()])
        }
        _ => crate::protocol::attr::generic_get_attr(cx, this, name),
    };
    match result {
        Ok(value) => Ok(value),
        Err(raised) => match class.lookup(cx, getattr) {
            Some(hook) if cx.error_matches(&raised, crate::exception::attribute_error) => {
                cx.take_exception(raised);
                cx.call_method_value(hook, this, &[name.value()])
            }
            _ => Err(raised),
        },
    }
}

/// Whether a `__getattribute__` is object's own.
fn is_object_getattribute(cx: &Context, method: Value) -> bool {
    let _ = cx;
    method.downcast::<WrapperDescriptor>().is_some_and(|wrapper| {
        wrapper.special().slot == "get_attr"
            && wrapper.class().slots.get_attr.get().map(|f| f as usize)
                == Some(
                    crate::protocol::attr::generic_get_attr as fn(&mut Context, Value, Gc<Str>) -> Result
                        as usize,
                )
    })
}

pub(super) fn generic_set_attr(
    cx: &mut Context,
    this: Value,
    name: Gc<Str>,
    value: Option<Value>,
) -> Result<()> {
    let result = match value {
        Some(value) => cx.special_or_attribute_error(this, id::__setattr__, &[name.value(), value]),
        None => cx.special_or_attribute_error(this, id::__delattr__, &[name.value()]),
    };
    result.map(|_| ())
}

pub(super) fn generic_descr_get(
    cx: &mut Context,
    this: Value,
    object: Option<Value>,
    class: Option<Value>,
) -> Result {
    let (object, class) = (object.unwrap_or(Value::NONE), class.unwrap_or(Value::NONE));
    // The method is called as it lies in the class: binding it would ask for the `__get__` of its own class, which may be
    // this very one.
    match cx.class_of(this).lookup(cx, cx.name(id::__get__)) {
        Some(get) => cx.call(get, &[this, object, class]),
        None => Ok(this),
    }
}

pub(super) fn generic_descr_set(
    cx: &mut Context,
    this: Value,
    object: Value,
    value: Option<Value>,
) -> Result<()> {
    let result = match value {
        Some(value) => cx.special_or_attribute_error(this, id::__set__, &[object, value]),
        None => cx.special_or_attribute_error(this, id::__delete__, &[object]),
    };
    result.map(|_| ())
}

pub(super) fn generic_compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result {
    Ok(cx.call_special(a, op.special(), &[b])?.unwrap_or(Value::NOT_IMPLEMENTED))
}

pub(super) fn generic_new(cx: &mut Context, class: Gc<Class>, args: Args<'_>) -> Result {
    let new = cx.get_attr(class.value(), cx.name(id::__new__))?;
    cx.call_prepended(new, class.value(), args)
}

pub(super) fn generic_init(cx: &mut Context, this: Value, args: Args<'_>) -> Result<()> {
    let name = cx.name(id::__init__);
    let Some(method) = cx.class_of(this).lookup(cx, name) else { return Ok(()) };
    let result = cx.call_method_kw(method, this, args)?;
    if !result.is_none() {
        return Err(cx.type_error(format!("__init__() should return None, not '{}'", cx.type_name(result))));
    }
    Ok(())
}

pub(super) fn generic_finalize(cx: &mut Context, this: Value) -> Result<()> {
    cx.call_special(this, id::__del__, &[]).map(|_| ())
}

pub(super) fn generic_len(cx: &mut Context, this: Value) -> Result<usize> {
    let value = cx.special_or_attribute_error(this, id::__len__, &[])?;
    crate::protocol::sequence::length_from(cx, value)
}

pub(super) fn generic_set_item(
    cx: &mut Context,
    this: Value,
    key: Value,
    value: Option<Value>,
) -> Result<()> {
    let result = match value {
        Some(value) => cx.special_or_attribute_error(this, id::__setitem__, &[key, value]),
        None => cx.special_or_attribute_error(this, id::__delitem__, &[key]),
    };
    result.map(|_| ())
}

pub(super) fn generic_contains(cx: &mut Context, this: Value, item: Value) -> Result<bool> {
    let name = cx.name(id::__contains__);
    match cx.class_of(this).lookup(cx, name) {
        Some(method) if method.is_none() => {
            Err(cx.type_error(format!("'{}' object is not a container", cx.type_name(this))))
        }
        Some(method) => {
            let result = cx.call_method_value(method, this, &[item])?;
            cx.truth(result)
        }
        None => crate::protocol::sequence::contains_by_iteration(cx, this, item),
    }
}

pub(super) fn generic_bool(cx: &mut Context, this: Value) -> Result<bool> {
    if let Some(result) = cx.call_special(this, id::__bool__, &[])? {
        if !result.is_bool() {
            return Err(
                cx.type_error(format!("__bool__ should return bool, returned {}", cx.type_name(result)))
            );
        }
        return Ok(result == Value::TRUE);
    }
    match cx.call_special(this, id::__len__, &[])? {
        Some(length) => Ok(crate::protocol::sequence::length_from(cx, length)? != 0),
        None => Ok(true),
    }
}

pub(super) fn generic_pow(cx: &mut Context, a: Value, b: Value, modulus: Value) -> Result {
    let third = (!modulus.is_none()).then_some(modulus);
    operate(cx, a, b, third, id::__pow__, id::__rpow__, |s| address(s.pow.get()))
}

pub(super) fn generic_inplace_pow(cx: &mut Context, a: Value, b: Value, _modulus: Value) -> Result {
    Ok(cx.call_special(a, id::__ipow__, &[b])?.unwrap_or(Value::NOT_IMPLEMENTED))
}

pub(super) fn address<F: Copy>(function: Option<F>) -> usize {
    crate::types::type_::fn_address(function)
}
