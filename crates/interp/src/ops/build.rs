//! Containers, strings and other objects made from registers. CPython: `BUILD_*`, `FORMAT_*`, `CONVERT_VALUE`.

use taipan_bytecode::Intrinsic;
use taipan_runtime::types::dict::Dict;
use taipan_runtime::types::list::List;
use taipan_runtime::types::set::Set;
use taipan_runtime::types::str::{Str, StrBuilder};
use taipan_runtime::types::template;
use taipan_runtime::types::tuple::Tuple;
use taipan_runtime::{Context, Gc, Result, Value};

use crate::dispatch::{Flow, State};
use crate::unwind::unwind;

super::outlined! {
    build_tuple => slow_build_tuple;
    build_list => slow_build_list;
    build_set => slow_build_set;
    build_dict => slow_build_dict;
    build_string => slow_build_string;
    build_slice => slow_build_slice;
    list_append => slow_list_append;
    set_add => slow_set_add;
    dict_set => slow_dict_set;
    list_extend => slow_list_extend;
    set_update => slow_set_update;
    dict_update => slow_dict_update;
    dict_merge => slow_dict_merge;
    list_to_tuple => slow_list_to_tuple;
    convert => slow_convert;
    format_simple => slow_format_simple;
    format_spec => slow_format_spec;
    build_interpolation => slow_build_interpolation;
    build_template => slow_build_template;
    intrinsic => slow_intrinsic;
}

/// The values of `count` registers from `start` on.
fn registers<'a>(s: &State, start: usize, count: usize) -> &'a [Value] {
    s.frame().values(start, count).unwrap_or(&[])
}

fn slow_build_tuple(s: &mut State) -> Flow {
    let tuple = s.cx().new_tuple(registers(s, s.b(), s.c()));
    s.set(s.a(), tuple.value());
    Flow::Next(1)
}

fn slow_build_list(s: &mut State) -> Flow {
    let list = s.cx().new_list(registers(s, s.b(), s.c()));
    s.set(s.a(), list.value());
    Flow::Next(1)
}

fn slow_build_set(s: &mut State) -> Flow {
    let items = registers(s, s.b(), s.c());
    let cx = s.enter();
    let set = cx.new_set();
    for item in items {
        if set.add(cx, *item).is_err() {
            return unwind(s);
        }
    }
    s.finish(s.a(), Ok(set.value()))
}

fn slow_build_dict(s: &mut State) -> Flow {
    let pairs = registers(s, s.b(), s.c() * 2);
    let cx = s.enter();
    let dict = cx.new_dict();
    for pair in pairs.chunks_exact(2) {
        if dict.set(cx, pair[0], pair[1]).is_err() {
            return unwind(s);
        }
    }
    s.finish(s.a(), Ok(dict.value()))
}

fn slow_build_string(s: &mut State) -> Flow {
    let parts = registers(s, s.b(), s.c());
    let text = s.guarded(|cx| {
        let mut builder = StrBuilder::new();
        for part in parts {
            if let Some(part) = part.downcast::<Str>() {
                builder.push(part);
            }
        }
        Ok(builder.finish(cx).value())
    });
    s.finish(s.a(), text)
}

fn slow_build_slice(s: &mut State) -> Flow {
    let parts = s.b();
    let slice = s.cx().new_slice(s.value(parts), s.value(parts + 1), s.value(parts + 2));
    s.set(s.a(), slice.value());
    Flow::Next(1)
}

fn slow_list_append(s: &mut State) -> Flow {
    let (list, value) = (s.value(s.a()), s.value(s.b()));
    match list.downcast::<List>() {
        Some(list) if list.is_full() => {
            let result = s.guarded(|cx| {
                list.push(cx, value);
                Ok(())
            });
            s.finish_unit(result)
        }
        Some(list) => {
            list.push(s.locking_cx(), value);
            Flow::Next(1)
        }
        None => super::undefined(s),
    }
}

fn slow_set_add(s: &mut State) -> Flow {
    let (set, value) = (s.value(s.a()), s.value(s.b()));
    // The set of conditional annotations may have been replaced by its name.
    let result = s.guarded(|cx| match set.downcast::<Set>() {
        Some(set) => set.add(cx, value).map(|_| ()),
        None => {
            let name = cx.type_name(set);
            Err(cx.type_error(format!("'{name}' object is not a set")))
        }
    });
    s.finish_unit(result)
}

fn slow_dict_set(s: &mut State) -> Flow {
    let (dict, key, value) = (s.value(s.a()), s.value(s.b()), s.value(s.c()));
    let Some(dict) = dict.downcast::<Dict>() else { return super::undefined(s) };
    let result = s.guarded(|cx| dict.set(cx, key, value));
    s.finish_unit(result)
}

fn slow_list_extend(s: &mut State) -> Flow {
    let (list, iterable) = (s.value(s.a()), s.value(s.b()));
    let Some(list) = list.downcast::<List>() else { return super::undefined(s) };
    let result = s.guarded(|cx| {
        if !cx.is_iterable(iterable) {
            let name = cx.type_name(iterable);
            return Err(cx.type_error(format!("Value after * must be an iterable, not {name}")));
        }
        list.extend_by(cx, iterable)
    });
    s.finish_unit(result)
}

fn slow_set_update(s: &mut State) -> Flow {
    let (set, iterable) = (s.value(s.a()), s.value(s.b()));
    let Some(set) = set.downcast::<Set>() else { return super::undefined(s) };
    let result = s.guarded(|cx| set.update(cx, iterable));
    s.finish_unit(result)
}

/// Calls `f` with each item of a mapping; None if `mapping` has no `keys`.
fn for_each_item(
    cx: &mut Context,
    mapping: Value,
    mut f: impl FnMut(&mut Context, Value, Value) -> Result<()>,
) -> Result<Option<()>> {
    if let Some(dict) = Gc::<Dict>::behind(cx, mapping)? {
        for (key, value) in dict.entries(cx) {
            f(cx, key, value)?;
        }
        return Ok(Some(()));
    }
    let Some(keys) = cx.lookup_attr_str(mapping, "keys")? else { return Ok(None) };
    let keys = cx.call(keys, &[])?;
    cx.for_each(keys, |cx, key| {
        let value = cx.get_item(mapping, key)?;
        f(cx, key, value)
    })?;
    Ok(Some(()))
}

fn slow_dict_update(s: &mut State) -> Flow {
    let (dict, mapping) = (s.value(s.a()), s.value(s.b()));
    let Some(dict) = dict.downcast::<Dict>() else { return super::undefined(s) };
    let result =
        s.guarded(|cx| match for_each_item(cx, mapping, |cx, key, value| dict.set(cx, key, value))? {
            Some(()) => Ok(()),
            None => {
                let name = cx.type_name(mapping);
                Err(cx.type_error(format!("'{name}' object is not a mapping")))
            }
        });
    s.finish_unit(result)
}

fn slow_dict_merge(s: &mut State) -> Flow {
    let (dict, mapping, callee) = (s.value(s.a()), s.value(s.b()), s.value(s.c()));
    let Some(dict) = dict.downcast::<Dict>() else { return super::undefined(s) };
    let result = s.guarded(|cx| merge_keywords(cx, dict, mapping, callee));
    s.finish_unit(result)
}

fn merge_keywords(cx: &mut Context, dict: Gc<Dict>, mapping: Value, callee: Value) -> Result<()> {
    let merged = for_each_item(cx, mapping, |cx, key, value| {
        let repeated = dict.get(cx, key)?.is_some();
        if repeated {
            let function = super::function_text(cx, callee)?;
            if key.downcast::<Str>().is_none() {
                return Err(cx.type_error(format!("{function} keywords must be strings")));
            }
            let key = cx.str(key)?;
            let key = key.to_str();
            return Err(cx.type_error(format!("{function} got multiple values for keyword argument '{key}'")));
        }
        dict.set(cx, key, value)
    })?;
    if merged.is_none() {
        let function = super::function_text(cx, callee)?;
        let name = cx.type_name(mapping);
        return Err(cx.type_error(format!("{function} argument after ** must be a mapping, not {name}")));
    }
    Ok(())
}

fn slow_list_to_tuple(s: &mut State) -> Flow {
    let list = s.value(s.b());
    let tuple = s.guarded(|cx| {
        let items = list.downcast::<List>().map(|list| list.snapshot(cx)).unwrap_or_default();
        Ok(cx.new_tuple(&items).value())
    });
    s.finish(s.a(), tuple)
}

fn slow_convert(s: &mut State) -> Flow {
    let (value, conversion) = (s.value(s.b()), s.c() as u8);
    let cx = s.enter();
    let result = match conversion {
        b'r' => cx.repr(value),
        b'a' => cx.ascii(value),
        _ => cx.str(value),
    };
    s.finish(s.a(), result.map(Gc::value))
}

fn slow_format_simple(s: &mut State) -> Flow {
    let value = s.value(s.b());
    let cx = s.enter();
    let result = if cx.is_exact::<Str>(value) {
        Ok(value)
    } else {
        let spec = cx.new_str("");
        cx.format(value, spec).map(Gc::value)
    };
    s.finish(s.a(), result)
}

fn slow_format_spec(s: &mut State) -> Flow {
    let (value, spec) = (s.value(s.b()), s.value(s.c()));
    let cx = s.enter();
    let result = match spec.downcast::<Str>() {
        Some(spec) => cx.format(value, spec).map(Gc::value),
        None => Err(cx.type_error("format spec must be a string")),
    };
    s.finish(s.a(), result)
}

fn slow_build_interpolation(s: &mut State) -> Flow {
    let (parts, conversion) = (s.b(), s.c() as u8);
    let (value, expression, spec) = (s.value(parts), s.value(parts + 1), s.value(parts + 2));
    let cx = s.enter();
    let conversion = match conversion {
        0 => Value::NONE,
        letter => cx.intern(std::str::from_utf8(&[letter]).unwrap_or("s")).value(),
    };
    let object = template::Interpolation::new(cx, value, expression, conversion, spec);
    s.finish(s.a(), Ok(object.value()))
}

fn slow_build_template(s: &mut State) -> Flow {
    let (strings, interpolations) = (s.value(s.b()), s.value(s.c()));
    let (Some(strings), Some(interpolations)) =
        (strings.downcast::<Tuple>(), interpolations.downcast::<Tuple>())
    else {
        return super::undefined(s);
    };
    let object = template::Template::new(s.enter(), strings, interpolations);
    s.finish(s.a(), Ok(object.value()))
}

fn slow_intrinsic(s: &mut State) -> Flow {
    let (args, which) = (s.b(), s.c());
    let Some(which) = Intrinsic::ALL.get(which).copied() else { return super::undefined(s) };
    let first = s.value(args);
    let second = if which.arity() > 1 { s.value(args + 1) } else { Value::NONE };
    let result = s.guarded(|cx| crate::intrinsic::run(cx, which, first, second));
    s.finish(s.a(), result)
}
