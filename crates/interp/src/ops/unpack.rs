//! Unpacking into registers. CPython: `UNPACK_SEQUENCE`, `UNPACK_EX`.

use taipan_runtime::buffer::GVec;
use taipan_runtime::native::bind::guarded;
use taipan_runtime::types::list::List;
use taipan_runtime::types::tuple::Tuple;
use taipan_runtime::{Context, Result, Value};

use crate::dispatch::{Decode, Flow, State, tail};
use crate::unwind::unwind;

super::outlined! {
    unpack_ex => slow_unpack_ex;
}

/// The items of an exact tuple.
#[inline(always)]
pub(crate) fn unpack_seq<D: Decode>(s: &mut State) -> Flow {
    if let Some(source) = s.get(D::b(s.w))
        && let Some(tuple) = s.cx().exact::<Tuple>(source)
        && tuple.items().len() == D::c(s.w)
    {
        for (index, item) in tuple.items().iter().enumerate() {
            s.set(D::a(s.w) + index, *item);
        }
        return Flow::Next(1);
    }
    tail(slow_unpack_seq)
}

fn slow_unpack_seq(s: &mut State) -> Flow {
    let (start, source, count) = (s.a(), s.value(s.b()), s.c());
    let cx = s.locking_cx();
    if let Some(tuple) = cx.exact::<Tuple>(source)
        && tuple.items().len() == count
    {
        for (index, item) in tuple.items().iter().enumerate() {
            s.set(start + index, *item);
        }
        return s.next();
    }
    if let Some(list) = cx.exact::<List>(source)
        && !taipan_gc::multi_threaded()
        && list.len() == count
    {
        for index in 0..count {
            s.set_bits(start + index, Value::option_bits(list.get(index)));
        }
        return s.next();
    }
    match s.guarded(|cx| unpack(cx, source, count)) {
        Ok(items) => {
            for (index, item) in items.iter().enumerate() {
                s.set(start + index, *item);
            }
            s.next()
        }
        Err(_) => unwind(s),
    }
}

/// An iterator for unpacking, with the words of unpacking if there is none.
fn iterator(cx: &mut Context, source: Value) -> Result {
    if !cx.is_iterable(source) {
        let name = cx.type_name(source);
        return Err(cx.type_error(format!("cannot unpack non-iterable {name} object")));
    }
    cx.iter(source)
}

fn exact_items(cx: &Context, source: Value) -> Option<GVec<Value>> {
    if let Some(list) = cx.exact::<List>(source) {
        return Some(list.snapshot(cx));
    }
    let tuple = cx.exact::<Tuple>(source)?;
    let mut items = GVec::with_capacity(tuple.items().len());
    items.extend_from_slice(tuple.items());
    Some(items)
}

fn unpack(cx: &mut Context, source: Value, count: usize) -> Result<GVec<Value>> {
    if let Some(items) = exact_items(cx, source) {
        if items.len() == count {
            return Ok(items);
        }
        return Err(if items.len() > count {
            cx.value_error(format!("too many values to unpack (expected {count}, got {})", items.len()))
        } else {
            cx.value_error(format!("not enough values to unpack (expected {count}, got {})", items.len()))
        });
    }
    let iterator = iterator(cx, source)?;
    let mut items = GVec::with_capacity(count);
    while items.len() < count {
        match cx.next(iterator)? {
            Some(item) => items.push(item),
            None => {
                let got = items.len();
                return Err(
                    cx.value_error(format!("not enough values to unpack (expected {count}, got {got})"))
                );
            }
        }
    }
    if cx.next(iterator)?.is_some() {
        // A dict says how many there are, as lists and tuples do.
        let message = match source.downcast::<taipan_runtime::types::dict::Dict>() {
            Some(dict) if cx.is_exact::<taipan_runtime::types::dict::Dict>(source) => {
                format!("too many values to unpack (expected {count}, got {})", dict.len())
            }
            _ => format!("too many values to unpack (expected {count})"),
        };
        return Err(cx.value_error(message));
    }
    Ok(items)
}

/// All items: the first ones from the iterator, the rest as `list(iterator)` gives them.
fn head_and_rest(cx: &mut Context, source: Value, before: usize) -> Result<GVec<Value>> {
    let iterator = iterator(cx, source)?;
    let mut items = GVec::new();
    while items.len() < before {
        match cx.next(iterator)? {
            Some(item) => items.push(item),
            None => return Ok(items),
        }
    }
    let rest = cx.collect(iterator)?;
    items.extend_from_slice(&rest);
    Ok(items)
}

fn slow_unpack_ex(s: &mut State) -> Flow {
    let (start, source, before) = (s.a(), s.value(s.b()), s.c());
    let after = s.pc.word(1) as usize;
    let items = s.guarded(|cx| match exact_items(cx, source) {
        Some(items) => Ok(items),
        None => head_and_rest(cx, source, before),
    });
    let cx = s.enter();
    let items = match items {
        Ok(items) if items.len() >= before + after => items,
        Ok(items) => {
            let _raised = cx.value_error(format!(
                "not enough values to unpack (expected at least {}, got {})",
                before + after,
                items.len()
            ));
            return unwind(s);
        }
        Err(_) => return unwind(s),
    };
    let rest = items.len() - after;
    let middle = match guarded(cx, |cx| Ok(cx.new_list(&items[before..rest]))) {
        Ok(middle) => middle,
        Err(_) => return unwind(s),
    };
    for (index, item) in items[..before].iter().enumerate() {
        s.set(start + index, *item);
    }
    s.set(start + before, middle.value());
    for (index, item) in items[rest..].iter().enumerate() {
        s.set(start + before + 1 + index, *item);
    }
    s.next()
}
