//! What `object` does for every class: repr, comparison, `__dir__`, and the pickling protocol.
//! CPython: `object_*` in `Objects/typeobject.c`.
//!
//! Invariant: nothing here depends on an instance's layout; attributes are reached by the protocols.

use crate::context::Context;
use crate::error::{Raised, Result};
use crate::instance;
use crate::names::id;
use crate::object::Gc;
use crate::protocol::compare::CompareOp;
use crate::types::str::Str;
use crate::types::type_::{Class, flag};
use crate::value::Value;

/// `<module.Class object at 0x...>`.
pub(crate) fn repr(cx: &mut Context, this: Value) -> Result {
    let class = cx.class_of(this);
    let module = crate::types::type_::module_of(cx, class)?;
    let qualname = class.qualname();
    let text = match module.and_then(|m| m.downcast::<Str>()) {
        Some(module) if module.to_str() != "builtins" => {
            format!("<{}.{} object at {:#x}>", module.to_str(), qualname.to_str(), this.bits())
        }
        _ => format!("<{} object at {:#x}>", class.name().to_str(), this.bits()),
    };
    Ok(cx.new_str(&text).value())
}

/// Identity; `!=` is the inverse of `==`.
pub(crate) fn compare(cx: &mut Context, a: Value, b: Value, op: CompareOp) -> Result {
    match op {
        CompareOp::Eq => Ok(if a == b { Value::TRUE } else { Value::NOT_IMPLEMENTED }),
        CompareOp::Ne => {
            let Some(eq) = cx.class_of(a).slots.compare.get() else { return Ok(Value::NOT_IMPLEMENTED) };
            let result = eq(cx, a, b, CompareOp::Eq)?;
            if result == Value::NOT_IMPLEMENTED {
                return Ok(result);
            }
            cx.truth(result).map(|equal| Value::bool(!equal))
        }
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

/// `Can't instantiate abstract class C without an implementation for abstract method 'f'`.
#[cold]
pub(crate) fn abstract_error(cx: &mut Context, class: Gc<Class>) -> Raised {
    match abstract_message(cx, class) {
        Ok(message) => cx.type_error(message),
        Err(raised) => raised,
    }
}

fn abstract_message(cx: &mut Context, class: Gc<Class>) -> Result<String> {
    let methods = cx.get_attr(class.value(), cx.name(id::__abstractmethods__))?;
    let mut names = Vec::new();
    let items = cx.collect(methods)?;
    for item in &items {
        names.push(cx.str(*item)?.to_str().into_owned());
    }
    names.sort();
    let plural = if names.len() == 1 { "" } else { "s" };
    let names = names.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ");
    Ok(format!(
        "Can't instantiate abstract class {} without an implementation for abstract method{plural} {names}",
        class.name().to_str()
    ))
}

/// Names of the object's attributes, its class's and its bases'.
pub(crate) fn dir(cx: &mut Context, this: Value) -> Result {
    let names = cx.new_dict();
    let dict_name = cx.name(id::__dict__);
    if let Some(dict) = cx.lookup_attr(this, dict_name)?
        && let Some(dict) = dict.downcast::<crate::types::dict::Dict>()
    {
        names.merge(cx, dict)?;
    }
    let class_name = cx.name(id::__class__);
    if let Some(class) = cx.lookup_attr(this, class_name)? {
        merge_class_names(cx, names, class)?;
    }
    let keys = cx.collect(names.value())?;
    Ok(cx.new_list(&keys).value())
}

/// Adds the names of a class's dict and its bases', recursively.
pub(crate) fn merge_class_names(
    cx: &mut Context,
    names: Gc<crate::types::dict::Dict>,
    class: Value,
) -> Result<()> {
    if let Some(class) = class.downcast::<Class>() {
        for base in class.mro().items().iter().rev() {
            if let Some(base) = base.downcast::<Class>() {
                names.merge(cx, base.dict(cx))?;
            }
        }
    }
    Ok(())
}

pub(crate) fn sizeof(cx: &mut Context, this: Value) -> usize {
    let class = cx.class_of(this);
    (class.layout().words as usize + class.extra_words()) * 8
}

// ---- pickling --------------------------------------------------------------------------------------

/// `__reduce_ex__`: protocols 0 and 1 go through `copyreg._reduce_ex`, 2 and up are done here.
pub(crate) fn reduce_ex(cx: &mut Context, this: Value, protocol: i64) -> Result {
    let reduce_name = cx.name(id::__reduce__);
    let class = cx.class_of(this);
    // An overridden __reduce__ wins over __reduce_ex__.
    let object = crate::types::type_::object_class();
    let (own, base) = (class.lookup(cx, reduce_name), object.lookup(cx, reduce_name));
    if own != base && own.is_some() {
        return cx.call_method_name(this, reduce_name, &[]);
    }
    reduce(cx, this, protocol)
}

/// The reduction of an object whose class has no own.
pub(crate) fn reduce(cx: &mut Context, this: Value, protocol: i64) -> Result {
    if protocol < 2 {
        let copyreg = cx.import("copyreg")?;
        let reduce = cx.get_attr_str(copyreg, "_reduce_ex")?;
        let protocol = cx.new_int(protocol);
        return cx.call(reduce, &[this, protocol]);
    }
    reduce_newobj(cx, this)
}

fn reduce_newobj(cx: &mut Context, this: Value) -> Result {
    let class = cx.class_of(this);
    if !class.slots.new.is_set() {
        return Err(cx.type_error(format!("cannot pickle '{}' object", class.name().to_str())));
    }
    let copyreg = cx.import("copyreg")?;
    let (args, kwargs) = getnewargs(cx, this)?;
    let (constructor, arguments) = match kwargs {
        Some(kwargs) => {
            let constructor = cx.get_attr_str(copyreg, "__newobj_ex__")?;
            let args = args.unwrap_or_else(|| cx.new_tuple(&[]).value());
            (constructor, cx.new_tuple(&[class.value(), args, kwargs]).value())
        }
        None => {
            let constructor = cx.get_attr_str(copyreg, "__newobj__")?;
            let mut all = crate::buffer::GVec::new();
            all.push(class.value());
            if let Some(args) = args.and_then(|args| args.downcast::<crate::types::tuple::Tuple>()) {
                all.extend_from_slice(args.items());
            }
            (constructor, cx.new_tuple(&all).value())
        }
    };
    let required = args.is_none() && !is_list_or_dict(this);
    let state = default_or_own_state(cx, this, required)?;
    let (list_items, dict_items) = (items_iterator(cx, this, true)?, items_iterator(cx, this, false)?);
    Ok(cx.new_tuple(&[constructor, arguments, state, list_items, dict_items]).value())
}

fn is_list_or_dict(this: Value) -> bool {
    this.downcast::<crate::types::list::List>().is_some()
        || this.downcast::<crate::types::dict::Dict>().is_some()
}

/// An iterator over list items, or over dict items, for the objects that have them.
fn items_iterator(cx: &mut Context, this: Value, list: bool) -> Result {
    if list {
        return if this.downcast::<crate::types::list::List>().is_some() {
            cx.iter(this)
        } else {
            Ok(Value::NONE)
        };
    }
    if this.downcast::<crate::types::dict::Dict>().is_none() {
        return Ok(Value::NONE);
    }
    let items = cx.call_method(this, "items", &[])?;
    cx.iter(items)
}

/// Arguments for `__new__` from `__getnewargs_ex__` or `__getnewargs__`.
fn getnewargs(cx: &mut Context, this: Value) -> Result<(Option<Value>, Option<Value>)> {
    use crate::types::{dict::Dict, tuple::Tuple};
    if let Some(result) = cx.call_special(this, id::__getnewargs_ex__, &[])? {
        let Some(pair) = result.downcast::<Tuple>() else {
            return Err(cx.type_error(format!(
                "__getnewargs_ex__ should return a tuple, not '{}'",
                cx.type_name(result)
            )));
        };
        let [args, kwargs] = *pair.items() else {
            return Err(cx.value_error(format!(
                "__getnewargs_ex__ should return a tuple of length 2, not {}",
                pair.items().len()
            )));
        };
        if args.downcast::<Tuple>().is_none() {
            return Err(cx.type_error(format!(
                "first item of the tuple returned by __getnewargs_ex__ must be a tuple, not '{}'",
                cx.type_name(args)
            )));
        }
        let Some(dict) = kwargs.downcast::<Dict>() else {
            return Err(cx.type_error(format!(
                "second item of the tuple returned by __getnewargs_ex__ must be a dict, not '{}'",
                cx.type_name(kwargs)
            )));
        };
        return Ok((Some(args), if dict.len() == 0 { None } else { Some(kwargs) }));
    }
    match cx.call_special(this, id::__getnewargs__, &[])? {
        Some(args) if args.downcast::<Tuple>().is_none() => {
            Err(cx.type_error(format!("__getnewargs__ should return a tuple, not '{}'", cx.type_name(args))))
        }
        args => Ok((args, None)),
    }
}

fn default_or_own_state(cx: &mut Context, this: Value, required: bool) -> Result {
    let name = cx.name(id::__getstate__);
    let object = crate::types::type_::object_class();
    if cx.class_of(this).lookup(cx, name) == object.lookup(cx, name) {
        return getstate(cx, this, required);
    }
    cx.call_method_name(this, name, &[])
}

/// The default state: the `__dict__`, or (dict, slots) where there are `__slots__`.
pub(crate) fn getstate(cx: &mut Context, this: Value, required: bool) -> Result {
    let class = cx.class_of(this);
    if required && class.native_itemsize_blocks_pickling() {
        return Err(cx.type_error(format!("cannot pickle '{}' object", class.name().to_str())));
    }
    let state = match instance::dict(cx, this) {
        // No attributes, no state.
        Some(dict) if dict.is_empty() => Value::NONE,
        Some(dict) => dict.value(),
        None => {
            let dict_name = cx.name(id::__dict__);
            cx.lookup_attr(this, dict_name)?.unwrap_or(Value::NONE)
        }
    };
    if !class.has_flag(flag::HAS_MEMBERS) {
        return Ok(state);
    }
    let copyreg = cx.import("copyreg")?;
    let slotnames = cx.get_attr_str(copyreg, "_slotnames")?;
    let names = cx.call(slotnames, &[class.value()])?;
    let slots = cx.new_dict();
    let names = cx.collect(names)?;
    for name in &names {
        let attribute = crate::protocol::attr::attribute_name(cx, *name)?;
        if let Some(value) = cx.lookup_attr(this, attribute)? {
            slots.set(cx, *name, value)?;
        }
    }
    if slots.len() == 0 {
        return Ok(state);
    }
    Ok(cx.new_tuple(&[state, slots.value()]).value())
}
