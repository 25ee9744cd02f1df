//! Patterns. CPython: `MATCH_*`, `GET_LEN`; `match_class` and `match_keys` of `Python/ceval.c`.

use taipan_runtime::buffer::GVec;
use taipan_runtime::exception::hierarchy;
use taipan_runtime::types::dict::Dict;
use taipan_runtime::types::str::Str;
use taipan_runtime::types::tuple::Tuple;
use taipan_runtime::types::type_::{Class, flag};
use taipan_runtime::{Context, Gc, Result, Value};

use crate::dispatch::{Flow, State};

super::outlined! {
    match_sequence => slow_match_sequence;
    match_mapping => slow_match_mapping;
    match_keys => slow_match_keys;
    match_class => slow_match_class;
    get_len => slow_get_len;
}

fn slow_match_sequence(s: &mut State) -> Flow {
    let subject = s.value(s.b());
    let result = s.cx().class_of(subject).has_flag(flag::SEQUENCE);
    s.set(s.a(), Value::bool(result));
    Flow::Next(1)
}

fn slow_match_mapping(s: &mut State) -> Flow {
    let subject = s.value(s.b());
    let result = s.cx().class_of(subject).has_flag(flag::MAPPING);
    s.set(s.a(), Value::bool(result));
    Flow::Next(1)
}

fn slow_get_len(s: &mut State) -> Flow {
    let subject = s.value(s.b());
    let result = s.enter().len(subject).map(|len| Value::int(len as i64));
    s.finish(s.a(), result)
}

fn slow_match_keys(s: &mut State) -> Flow {
    let (subject, keys) = (s.value(s.b()), s.value(s.c()));
    let Some(keys) = keys.downcast::<Tuple>() else { return super::undefined(s) };
    let result = match_mapping_keys(s.enter(), subject, keys);
    s.finish(s.a(), result)
}

/// The values of a mapping for keys that must differ; None if one is missing.
fn match_mapping_keys(cx: &mut Context, subject: Value, keys: Gc<Tuple>) -> Result {
    let seen = cx.new_dict();
    for key in keys.items() {
        if seen.get(cx, *key)?.is_some() {
            let key = cx.repr(*key)?;
            return Err(cx.value_error(format!("mapping pattern checks duplicate key ({})", key.to_str())));
        }
        seen.set(cx, *key, Value::NONE)?;
    }
    if keys.items().is_empty() {
        return Ok(cx.new_tuple(&[]).value());
    }
    let mut values = GVec::new();
    if let Some(dict) = cx.exact::<Dict>(subject) {
        for key in keys.items() {
            match dict.get(cx, *key)? {
                Some(value) => values.push(value),
                None => return Ok(Value::NONE),
            }
        }
        return Ok(cx.new_tuple(&values).value());
    }
    // Through `get` with a default of its own, so that `__missing__` is not called.
    let get = cx.get_attr_str(subject, "get")?;
    let class = taipan_runtime::types::type_::object_class().value();
    let absent = cx.call(class, &[])?;
    for key in keys.items() {
        let value = cx.call(get, &[*key, absent])?;
        if value == absent {
            return Ok(Value::NONE);
        }
        values.push(value);
    }
    Ok(cx.new_tuple(&values).value())
}

fn slow_match_class(s: &mut State) -> Flow {
    let (parts, positional) = (s.b(), s.c());
    let (subject, class, names) = (s.value(parts), s.value(parts + 1), s.value(parts + 2));
    let Some(names) = names.downcast::<Tuple>() else { return super::undefined(s) };
    let result = match_class_pattern(s.enter(), subject, class, positional, names);
    s.finish(s.a(), result)
}

fn match_class_pattern(
    cx: &mut Context,
    subject: Value,
    class: Value,
    positional: usize,
    names: Gc<Tuple>,
) -> Result {
    let Some(pattern) = class.downcast::<Class>() else {
        return Err(cx.type_error("called match pattern must be a class"));
    };
    if !cx.is_instance(subject, class)? {
        return Ok(Value::NONE);
    }
    let seen = cx.new_dict();
    let mut attributes = GVec::new();
    if positional > 0 {
        let match_self = positional_attributes(cx, subject, pattern, positional, seen, &mut attributes)?;
        if attributes.len() < positional && !match_self {
            return Ok(Value::NONE);
        }
    }
    for name in names.items() {
        match match_attribute(cx, subject, pattern, *name, seen)? {
            Some(value) => attributes.push(value),
            None => return Ok(Value::NONE),
        }
    }
    Ok(cx.new_tuple(&attributes).value())
}

/// The attributes that positional sub-patterns look at; true if the subject itself is the only one.
fn positional_attributes(
    cx: &mut Context,
    subject: Value,
    pattern: Gc<Class>,
    positional: usize,
    seen: Gc<Dict>,
    attributes: &mut GVec<Value>,
) -> Result<bool> {
    let class_name = pattern.name().to_str().into_owned();
    let match_args = cx.lookup_attr_str(pattern.value(), "__match_args__")?;
    let (names, match_self) = match match_args {
        Some(names) => match cx.exact::<Tuple>(names) {
            Some(names) => (Some(names), false),
            None => {
                let got = cx.type_name(names);
                return Err(cx.type_error(format!("{class_name}.__match_args__ must be a tuple (got {got})")));
            }
        },
        None => (None, pattern.has_flag(flag::MATCH_SELF)),
    };
    let allowed = if match_self { 1 } else { names.map_or(0, |names| names.items().len()) };
    if allowed < positional {
        let plural = if allowed == 1 { "" } else { "s" };
        return Err(cx.type_error(format!(
            "{class_name}() accepts {allowed} positional sub-pattern{plural} ({positional} given)"
        )));
    }
    if match_self {
        attributes.push(subject);
        return Ok(true);
    }
    for name in names.iter().flat_map(|names| names.items()).take(positional) {
        if name.downcast::<Str>().is_none() {
            let got = cx.type_name(*name);
            return Err(cx.type_error(format!("__match_args__ elements must be strings (got {got})")));
        }
        match match_attribute(cx, subject, pattern, *name, seen)? {
            Some(value) => attributes.push(value),
            None => return Ok(false),
        }
    }
    Ok(false)
}

fn match_attribute(
    cx: &mut Context,
    subject: Value,
    pattern: Gc<Class>,
    name: Value,
    seen: Gc<Dict>,
) -> Result<Option<Value>> {
    if seen.get(cx, name)?.is_some() {
        let class_name = pattern.name().to_str().into_owned();
        let name = cx.repr(name)?;
        return Err(cx.type_error(format!(
            "{class_name}() got multiple sub-patterns for attribute {}",
            name.to_str()
        )));
    }
    seen.set(cx, name, Value::NONE)?;
    let Some(name) = name.downcast::<Str>() else { return Ok(None) };
    let name = name.intern(cx);
    match cx.get_attr(subject, name) {
        Ok(value) => Ok(Some(value)),
        Err(raised) => {
            cx.swallow(raised, hierarchy::attribute_error)?;
            Ok(None)
        }
    }
}
