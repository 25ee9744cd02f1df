//! Items and slices. CPython: `BINARY_OP` (`NB_SUBSCR`), `STORE_SUBSCR`, `BINARY_SLICE`.

use taipan_runtime::native::bind::guarded;
use taipan_runtime::types::dict::Dict;
use taipan_runtime::types::list::List;
use taipan_runtime::types::str::Str;
use taipan_runtime::types::tuple::Tuple;
use taipan_runtime::{Context, Value};

use crate::dispatch::{Decode, Flow, State, outline, tail};
use crate::unwind::unwind;

#[inline(always)]
pub(crate) fn get_item<D: Decode>(s: &mut State) -> Flow {
    if let (Some(object), Some(key)) = (s.get(D::b(s.w)), s.get(D::c(s.w)))
        && let Some(index) = key.as_small_int()
        && let Some(value) = item_at(s.cx(), object, index)
    {
        s.set(D::a(s.w), value);
        return Flow::Next(2);
    }
    tail(slow_get_item)
}

#[inline(always)]
pub(crate) fn get_item_i<D: Decode>(s: &mut State) -> Flow {
    if let Some(object) = s.get(D::b(s.w))
        && let Some(value) = item_at(s.cx(), object, s.simm_c())
    {
        s.set(D::a(s.w), value);
        return Flow::Next(2);
    }
    tail(slow_get_item)
}

/// Item of an exact list or tuple; None where the slow path has to look.
#[inline(always)]
fn item_at(cx: &Context, object: Value, index: i64) -> Option<Value> {
    if let Some(list) = cx.exact::<List>(object) {
        let index = if index < 0 { index + list.len() as i64 } else { index };
        list.get(usize::try_from(index).ok()?)
    } else if let Some(tuple) = cx.exact::<Tuple>(object) {
        let items = tuple.items();
        let index = if index < 0 { index + items.len() as i64 } else { index };
        items.get(usize::try_from(index).ok()?).copied()
    } else {
        None
    }
}

#[inline(always)]
pub(crate) fn set_item<D: Decode>(s: &mut State) -> Flow {
    if let (Some(object), Some(key), Some(value)) = (s.get(D::a(s.w)), s.get(D::b(s.w)), s.get(D::c(s.w)))
        && let Some(index) = key.as_small_int()
        && let Some(list) = s.cx().exact::<List>(object)
        && list.set_alone(index as usize, value)
    {
        return Flow::Next(2);
    }
    tail(slow_set_item)
}

/// Runs the `__getitem__` of a Python class.
fn python_item(s: &mut State) -> Flow {
    let (object, key) = (s.value(s.b()), s.value(s.c()));
    if super::call_fast::call_found(s, object, Some(key)) { Flow::Go } else { outline(s, slow_get_item) }
}

super::outlined! {
    get_item_function => python_item;
    del_item => slow_del_item;
    get_slice => slow_get_slice;
    set_slice => slow_set_slice;
}

fn slow_get_item(s: &mut State) -> Flow {
    let object = s.value(s.b());
    let key = if s.op() == taipan_bytecode::Op::GetItemI { Value::int(s.simm_c()) } else { s.value(s.c()) };
    if s.op() != taipan_bytecode::Op::GetItemI {
        crate::specialize::item(s, object);
    }
    if super::operator::get_item(s, object, key) {
        return Flow::Go;
    }
    let cx = s.enter();
    if let Some(dict) = cx.exact::<Dict>(object) {
        let found = dict.get(cx, key);
        let result = found.and_then(|value| value.ok_or_else(|| cx.key_error(key)));
        return s.finish(s.a(), result);
    }
    let result = cx.get_item(object, key);
    s.finish(s.a(), result)
}

fn slow_set_item(s: &mut State) -> Flow {
    let (object, key, value) = (s.value(s.a()), s.value(s.b()), s.value(s.c()));
    let cx = s.enter();
    if let (Some(list), Some(index)) = (cx.exact::<List>(object), key.as_small_int())
        && let Ok(index) = usize::try_from(index)
        && list.set(cx, index, value)
    {
        return s.next();
    }
    if let Some(dict) = cx.exact::<Dict>(object) {
        let result = guarded(cx, |cx| dict.set(cx, key, value));
        return s.finish_unit(result);
    }
    if super::operator::set_item(s, object, key, value) {
        return Flow::Go;
    }
    let result = s.enter().set_item(object, key, value);
    s.finish_unit(result)
}

fn slow_del_item(s: &mut State) -> Flow {
    let (object, key) = (s.value(s.a()), s.value(s.b()));
    let result = s.enter().del_item(object, key);
    s.finish_unit(result)
}

/// One bound of a slice: None where it is left out. Nothing for what `__index__` has to be asked for.
fn bound(value: Value) -> Option<Option<i64>> {
    if value.is_none() { Some(None) } else { value.as_small_int().map(Some) }
}

/// The part of a sequence of `len` items that a slice of step 1 selects.
fn clip(len: usize, start: Option<i64>, stop: Option<i64>) -> (usize, usize) {
    let place = |bound: i64| {
        let bound = if bound < 0 { bound + len as i64 } else { bound };
        bound.clamp(0, len as i64) as usize
    };
    let start = start.map_or(0, place);
    (start, stop.map_or(len, place).max(start))
}

/// A slice of an exact list, tuple or str.
fn plain_slice(cx: &Context, object: Value, start: Value, stop: Value) -> Option<Value> {
    let (start, stop) = (bound(start)?, bound(stop)?);
    if let Some(list) = cx.exact::<List>(object) {
        return Some(list.slice(cx, |len| clip(len, start, stop)).value());
    }
    if let Some(text) = cx.exact::<Str>(object) {
        let (start, stop) = clip(text.len(), start, stop);
        return Some(text.substring(cx, start..stop).value());
    }
    let tuple = cx.exact::<Tuple>(object)?;
    let (start, stop) = clip(tuple.len(), start, stop);
    let whole = start == 0 && stop == tuple.len();
    Some(if whole { object } else { cx.new_tuple(&tuple.items()[start..stop]).value() })
}

fn slow_get_slice(s: &mut State) -> Flow {
    let (object, bounds) = (s.value(s.b()), s.c());
    let (start, stop) = (s.value(bounds), s.value(bounds + 1));
    match s.guarded(|cx| Ok(plain_slice(cx, object, start, stop))) {
        Ok(Some(value)) => {
            s.set(s.a(), value);
            return s.next();
        }
        Ok(None) => {}
        Err(_) => return unwind(s),
    }
    let cx = s.enter();
    let slice = cx.new_slice(start, stop, Value::NONE).value();
    let result = cx.get_item(object, slice);
    s.finish(s.a(), result)
}

/// Replaces a slice of an exact list by the items of an exact list or tuple.
fn assign_plain_slice(cx: &Context, object: Value, start: Value, stop: Value, value: Value) -> Option<()> {
    let (list, start, stop) = (cx.exact::<List>(object)?, bound(start)?, bound(stop)?);
    let place = |items: &[Value]| {
        let (start, stop) = clip(list.len(), start, stop);
        list.splice(cx, start, stop, items);
    };
    if let Some(source) = cx.exact::<List>(value) {
        place(&source.snapshot(cx));
    } else {
        place(cx.exact::<Tuple>(value)?.items());
    }
    Some(())
}

fn slow_set_slice(s: &mut State) -> Flow {
    let (object, bounds, value) = (s.value(s.a()), s.b(), s.value(s.c()));
    let (start, stop) = (s.value(bounds), s.value(bounds + 1));
    let cx = s.enter();
    match guarded(cx, |cx| Ok(assign_plain_slice(cx, object, start, stop, value))) {
        Ok(Some(())) => return s.next(),
        Ok(None) => {}
        Err(_) => return unwind(s),
    }
    let slice = cx.new_slice(start, stop, Value::NONE).value();
    let result = cx.set_item(object, slice, value);
    s.finish_unit(result)
}
