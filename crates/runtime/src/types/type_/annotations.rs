//! `__annotations__` and `__annotate__` of classes (PEP 649, PEP 749).
//!
//! Invariant: the computed dict is kept in the class's own namespace, never in a base's.

use crate::context::Context;
use crate::error::Result;
use crate::names::id;
use crate::object::Gc;
use crate::types::dict::Dict;
use crate::types::type_::{Class, flag};
use crate::value::Value;

pub(super) fn get(cx: &mut Context, class: Gc<Class>) -> Result {
    let (plain, cache) = (cx.name(id::__annotations__), cx.name(id::__annotations_cache__));
    if !class.is_heap() {
        let message = format!("type object '{}' has no attribute '__annotations__'", class.full_name());
        return Err(cx.attribute_error(message, class.value(), plain));
    }
    let dict = class.dict(cx);
    if let Some(own) = dict.get_str(cx, plain).or_else(|| dict.get_str(cx, cache)) {
        return match cx.class_of(own).slots.descr_get.get() {
            Some(get) => get(cx, own, None, Some(class.value())),
            None => Ok(own),
        };
    }
    let annotate = get_annotate(cx, class)?;
    let annotations = if cx.is_callable(annotate) {
        let format = cx.new_int(1);
        let result = cx.call(annotate, &[format])?;
        if result.downcast::<Dict>().is_none() {
            let name = cx.type_name(result);
            return Err(cx.type_error(format!("__annotate__ returned non-dict of type '{name}'")));
        }
        result
    } else {
        cx.new_dict().value()
    };
    dict.set_str(cx, cache, annotations);
    Ok(annotations)
}

pub(super) fn set(cx: &mut Context, class: Gc<Class>, value: Option<Value>) -> Result<()> {
    let (plain, cache) = (cx.name(id::__annotations__), cx.name(id::__annotations_cache__));
    if !class.is_heap() {
        return Err(cx.type_error(format!(
            "cannot set '__annotations__' attribute of immutable type '{}'",
            class.name().to_str()
        )));
    }
    let dict = class.dict(cx);
    match value {
        Some(value) => {
            let key = if dict.get_str(cx, plain).is_some() { plain } else { cache };
            dict.set_str(cx, key, value);
        }
        None => {
            let removed = dict.remove_str(cx, plain).is_some() | dict.remove_str(cx, cache).is_some();
            if !removed {
                return Err(cx.attribute_error("__annotations__".to_owned(), class.value(), plain));
            }
        }
    }
    forget_annotate(cx, class);
    Ok(())
}

fn forget_annotate(cx: &Context, class: Gc<Class>) {
    let dict = class.dict(cx);
    dict.remove_str(cx, cx.name(id::__annotate_func__));
    dict.remove_str(cx, cx.name(id::__annotate__));
}

pub(super) fn get_annotate(cx: &mut Context, class: Gc<Class>) -> Result {
    if !class.has_flag(flag::HEAP) {
        let message = format!("type object '{}' has no attribute '__annotate__'", class.full_name());
        return Err(cx.attribute_error(message, class.value(), cx.name(id::__annotate__)));
    }
    let dict = class.dict(cx);
    // What was set explicitly comes first.
    let own = dict
        .get_str(cx, cx.name(id::__annotate__))
        .or_else(|| dict.get_str(cx, cx.name(id::__annotate_func__)));
    match own {
        Some(own) => match cx.class_of(own).slots.descr_get.get() {
            Some(get) => get(cx, own, None, Some(class.value())),
            None => Ok(own),
        },
        None => {
            dict.set_str(cx, cx.name(id::__annotate_func__), Value::NONE);
            Ok(Value::NONE)
        }
    }
}

pub(super) fn set_annotate(cx: &mut Context, class: Gc<Class>, value: Option<Value>) -> Result<()> {
    let Some(value) = value else { return Err(cx.type_error("cannot delete __annotate__ attribute")) };
    if !class.is_heap() {
        return Err(cx.type_error(format!(
            "cannot set '__annotate__' attribute of immutable type '{}'",
            class.name().to_str()
        )));
    }
    if !value.is_none() && !cx.is_callable(value) {
        return Err(cx.type_error("__annotate__ must be callable or None"));
    }
    let dict = class.dict(cx);
    dict.set_str(cx, cx.name(id::__annotate_func__), value);
    if !value.is_none() {
        dict.remove_str(cx, cx.name(id::__annotations_cache__));
        dict.remove_str(cx, cx.name(id::__annotations__));
    }
    Ok(())
}
