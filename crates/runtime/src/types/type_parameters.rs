//! Type parameters of generic aliases: finding them, and putting arguments in their place.
//! CPython: `_Py_make_parameters` and `_Py_subs_parameters` in `Objects/genericaliasobject.c`.
//!
//! Invariant: type variables are told by `__typing_subst__`, never by their class, so that third-party
//! ones work.

use crate::buffer::GVec;
use crate::context::Context;
use crate::error::Result;
use crate::object::Gc;
use crate::types::list::List;
use crate::types::tuple::Tuple;
use crate::types::type_::is_class;
use crate::value::Value;

/// The items of a list or tuple.
fn items_of(cx: &Context, value: Value) -> Option<GVec<Value>> {
    if let Some(tuple) = value.downcast::<Tuple>() {
        return Some(tuple.items().iter().copied().collect());
    }
    value.downcast::<List>().map(|list| list.snapshot(cx))
}

/// The distinct type parameters in `args`, in order of appearance.
pub fn make_parameters(cx: &mut Context, args: Value) -> Result<Gc<Tuple>> {
    cx.check_recursion(" while collecting type parameters")?;
    let mut found: GVec<Value> = GVec::new();
    let items = items_of(cx, args).unwrap_or_default();
    for item in items.iter().copied() {
        // The `__parameters__` of a class itself is not meant.
        if is_class(item) {
            continue;
        }
        if cx.lookup_attr_str(item, "__typing_subst__")?.is_some() {
            if !found.contains(&item) {
                found.push(item);
            }
            continue;
        }
        let mut nested = cx.lookup_attr_str(item, "__parameters__")?;
        if nested.is_none() && items_of(cx, item).is_some() {
            nested = Some(make_parameters(cx, item)?.value());
        }
        if let Some(nested) = nested.and_then(|nested| nested.downcast::<Tuple>()) {
            for parameter in nested.items() {
                if !found.contains(parameter) {
                    found.push(*parameter);
                }
            }
        }
    }
    Ok(cx.new_tuple(&found))
}

/// The subscript's items, with unpacked tuples of known length spread.
fn unpack(cx: &mut Context, item: Value) -> Result<Gc<Tuple>> {
    let items: GVec<Value> = match item.downcast::<Tuple>() {
        Some(tuple) => tuple.items().iter().copied().collect(),
        None => [item].into_iter().collect(),
    };
    let mut spread: GVec<Value> = GVec::new();
    for item in items.iter().copied() {
        if !is_class(item)
            && let Some(inner) = cx.lookup_attr_str(item, "__typing_unpacked_tuple_args__")?
            && let Some(inner) = inner.downcast::<Tuple>()
            && inner.items().last() != Some(&Value::ELLIPSIS)
        {
            spread.extend_from_slice(inner.items());
        } else {
            spread.push(item);
        }
    }
    Ok(cx.new_tuple(&spread))
}

/// `args` with `item` put in the place of `parameters`; `this` is the generic, for messages.
pub fn substitute(
    cx: &mut Context,
    this: Value,
    args: Value,
    parameters: Gc<Tuple>,
    item: Value,
) -> Result<Gc<Tuple>> {
    if parameters.items().is_empty() {
        let this = cx.repr(this)?;
        return Err(cx.type_error(format!("{} is not a generic class", this.to_str())));
    }
    let mut item = unpack(cx, item)?.value();
    for parameter in parameters.items() {
        if let Some(prepare) =
            cx.lookup_attr_str(*parameter, "__typing_prepare_subst__")?.and_then(Value::not_none)
        {
            let tuple = match item.downcast::<Tuple>() {
                Some(_) => item,
                None => cx.new_tuple(&[item]).value(),
            };
            item = cx.call(prepare, &[this, tuple])?;
        }
    }
    let given = match item.downcast::<Tuple>() {
        Some(tuple) => tuple,
        None => cx.new_tuple(&[item]),
    };
    let (actual, expected) = (given.items().len(), parameters.items().len());
    if actual != expected {
        let (this, word) = (cx.repr(this)?, if actual > expected { "many" } else { "few" });
        let message =
            format!("Too {word} arguments for {}; actual {actual}, expected {expected}", this.to_str());
        return Err(cx.type_error(message));
    }
    let mut result: GVec<Value> = GVec::new();
    let items = items_of(cx, args).unwrap_or_default();
    for arg in items.iter().copied() {
        substitute_one(cx, this, arg, parameters, given, &mut result)?;
    }
    Ok(cx.new_tuple(&result))
}

fn substitute_one(
    cx: &mut Context,
    this: Value,
    arg: Value,
    parameters: Gc<Tuple>,
    given: Gc<Tuple>,
    result: &mut GVec<Value>,
) -> Result<()> {
    if is_class(arg) {
        result.push(arg);
        return Ok(());
    }
    if items_of(cx, arg).is_some() {
        cx.check_recursion(" while substituting type parameters")?;
        let inner = substitute(cx, this, arg, parameters, given.value())?;
        result.push(match arg.downcast::<List>() {
            Some(_) => cx.new_list(inner.items()).value(),
            None => inner.value(),
        });
        return Ok(());
    }
    let unpacks = match cx.lookup_attr_str(arg, "__typing_is_unpacked_typevartuple__")? {
        Some(flag) => cx.truth(flag)?,
        None => false,
    };
    let replaced = match cx.lookup_attr_str(arg, "__typing_subst__")? {
        Some(subst) => {
            let index = parameters.items().iter().position(|parameter| *parameter == arg);
            match index.and_then(|index| given.items().get(index).copied()) {
                Some(value) => cx.call(subst, &[value])?,
                None => arg,
            }
        }
        None => substitute_inside(cx, arg, parameters, given)?,
    };
    if !unpacks {
        result.push(replaced);
        return Ok(());
    }
    match replaced.downcast::<Tuple>() {
        Some(tuple) => result.extend_from_slice(tuple.items()),
        None => {
            let (expected, got) = (cx.type_name(arg), cx.type_name(replaced));
            let message =
                format!("expected __typing_subst__ of {expected} objects to return a tuple, not {got}");
            return Err(cx.type_error(message));
        }
    }
    Ok(())
}

/// Subscripts a generic inside the arguments with what its own parameters become.
fn substitute_inside(cx: &mut Context, object: Value, parameters: Gc<Tuple>, given: Gc<Tuple>) -> Result {
    let own = cx.lookup_attr_str(object, "__parameters__")?.and_then(|own| own.downcast::<Tuple>());
    let Some(own) = own.filter(|own| !own.items().is_empty()) else {
        return Ok(object);
    };
    let mut arguments: GVec<Value> = GVec::new();
    for parameter in own.items() {
        let index = parameters.items().iter().position(|candidate| candidate == parameter);
        let Some(value) = index.and_then(|index| given.items().get(index).copied()) else {
            arguments.push(*parameter);
            continue;
        };
        // A TypeVarTuple, which can be iterated, stands for several arguments.
        match value.downcast::<Tuple>() {
            Some(values) if cx.class_of(*parameter).slots.iter.is_set() => {
                arguments.extend_from_slice(values.items())
            }
            _ => arguments.push(value),
        }
    }
    let arguments = cx.new_tuple(&arguments).value();
    cx.get_item(object, arguments)
}
