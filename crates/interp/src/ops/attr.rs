//! Attributes. CPython: `LOAD_ATTR`, `STORE_ATTR`, `LOAD_SUPER_ATTR`, `Objects/typeobject.c` (`super`).

use std::sync::atomic::{AtomicU64, Ordering};

use taipan_bytecode::op::{WINDOW_CALLABLE, WINDOW_METHOD, WINDOW_SELF};
use taipan_runtime::types::str::Str;
use taipan_runtime::types::super_::Super;
use taipan_runtime::types::type_::Class;
use taipan_runtime::{Gc, Result, Value};

use crate::cache;
use crate::dispatch::{Decode, Flow, State, outline, tail};
use crate::specialize;
use crate::unwind::unwind;

const CALLABLE: usize = WINDOW_CALLABLE as usize;
const METHOD: usize = WINDOW_METHOD as usize;
const SELF: usize = WINDOW_SELF as usize;

/// Reads the slot that a cache has found into a register; the slow path looks where there is none, or nothing in it.
#[inline(always)]
fn read(s: &mut State, target: usize, slot: Option<&AtomicU64>) -> Flow {
    match slot.map_or(0, |slot| slot.load(Ordering::Acquire)) {
        0 => tail(slow_load_attr),
        bits => {
            s.set_bits(target, bits);
            Flow::Next(2)
        }
    }
}

/// Stores a register in the slot that a cache has found. An EMPTY slot is left to the slow path: filling it adds a name.
#[inline(always)]
fn write(s: &mut State, slot: Option<&AtomicU64>, source: usize) -> Flow {
    match slot {
        Some(slot) if slot.load(Ordering::Relaxed) != 0 => {
            slot.store(s.bits(source), Ordering::Release);
            Flow::Next(2)
        }
        _ => tail(slow_store_attr),
    }
}

#[inline(always)]
pub(crate) fn load_attr_slot<D: Decode>(s: &mut State) -> Flow {
    let slot = cache::cached_slot(s.bits(D::b(s.w)), s.pc.sure_cache().key());
    read(s, D::a(s.w), slot)
}

#[inline(always)]
pub(crate) fn load_attr_poly<D: Decode>(s: &mut State) -> Flow {
    let slot = cache::polymorphic_slot(s.pc.sure_cache(), s.bits(D::b(s.w)));
    read(s, D::a(s.w), slot)
}

#[inline(always)]
pub(crate) fn load_attr_found<D: Decode>(s: &mut State) -> Flow {
    if let Some(cell) = cache::cached_found(s.pc.sure_cache(), s.bits(D::b(s.w))) {
        let bits = super::load::cell_bits(cell);
        if bits != 0 {
            s.set_bits(D::a(s.w), bits);
            return Flow::Next(2);
        }
    }
    tail(load_attr_found_any)
}

fn load_attr_found_any(s: &mut State) -> Flow {
    if let Some(cell) = cache::cached_found_any(s.pc.sure_cache(), s.bits(s.b()))
        && let Some(value) = super::load::cell_value(cell)
    {
        s.set(s.a(), value);
        return s.next();
    }
    slow_load_attr(s)
}

#[inline(always)]
pub(crate) fn load_attr_class<D: Decode>(s: &mut State) -> Flow {
    if let Some((bits, _)) = cache::of_class(s.pc.sure_cache(), s.bits(D::b(s.w))) {
        s.set_bits(D::a(s.w), bits);
        return Flow::Next(2);
    }
    tail(slow_load_attr)
}

#[inline(always)]
pub(crate) fn load_attr_module<D: Decode>(s: &mut State) -> Flow {
    let cache = s.pc.sure_cache();
    if cache::is_of_module(cache, s.bits(D::b(s.w))) {
        let bits = super::load::cell_bits(cache.data());
        if bits != 0 {
            s.set_bits(D::a(s.w), bits);
            return Flow::Next(2);
        }
    }
    tail(slow_load_attr)
}

#[inline(always)]
pub(crate) fn store_attr_slot<D: Decode>(s: &mut State) -> Flow {
    let slot = cache::cached_slot(s.bits(D::a(s.w)), s.pc.sure_cache().key());
    write(s, slot, D::b(s.w))
}

/// Of a member of `__slots__`, which needs no new shape when it is EMPTY.
#[inline(always)]
pub(crate) fn store_attr_member<D: Decode>(s: &mut State) -> Flow {
    if let Some(slot) = cache::cached_slot(s.bits(D::a(s.w)), s.pc.sure_cache().key()) {
        slot.store(s.bits(D::b(s.w)), Ordering::Release);
        return Flow::Next(2);
    }
    tail(slow_store_attr)
}

#[inline(always)]
pub(crate) fn store_attr_poly<D: Decode>(s: &mut State) -> Flow {
    let slot = cache::polymorphic_slot(s.pc.sure_cache(), s.bits(D::a(s.w)));
    write(s, slot, D::b(s.w))
}

#[inline(always)]
pub(crate) fn store_attr_add<D: Decode>(s: &mut State) -> Flow {
    if cache::add_attribute(s.pc.sure_cache(), s.bits(D::a(s.w)), s.bits(D::b(s.w))) {
        return Flow::Next(2);
    }
    tail(slow_store_attr)
}

#[inline(always)]
pub(crate) fn load_method_cached<D: Decode>(s: &mut State) -> Flow {
    let object = s.bits(D::b(s.w));
    if let Some(function) = cache::cached_found(s.pc.sure_cache(), object) {
        let window = D::a(s.w);
        s.set_bits(window + METHOD, function);
        s.set_bits(window + SELF, object);
        return Flow::Next(2);
    }
    tail(load_method_any)
}

fn load_method_any(s: &mut State) -> Flow {
    let object = s.bits(s.b());
    if let Some(function) = cache::cached_found_any(s.pc.sure_cache(), object) {
        let window = s.a();
        s.set_bits(window + METHOD, function);
        s.set_bits(window + SELF, object);
        return s.next();
    }
    slow_load_method(s)
}

/// Of an instance that has the callable as an attribute of its own.
#[inline(always)]
pub(crate) fn load_method_slot<D: Decode>(s: &mut State) -> Flow {
    if let Some(slot) = cache::cached_slot(s.bits(D::b(s.w)), s.pc.sure_cache().key()) {
        let bits = slot.load(Ordering::Acquire);
        if bits != 0 {
            return plain_callable(s, D::a(s.w), bits);
        }
    }
    tail(slow_load_method)
}

#[inline(always)]
pub(crate) fn load_method_module<D: Decode>(s: &mut State) -> Flow {
    let cache = s.pc.sure_cache();
    if cache::is_of_module(cache, s.bits(D::b(s.w))) {
        let bits = super::load::cell_bits(cache.data());
        if bits != 0 {
            return plain_callable(s, D::a(s.w), bits);
        }
    }
    tail(slow_load_method)
}

#[inline(always)]
pub(crate) fn load_method_class<D: Decode>(s: &mut State) -> Flow {
    let object = s.bits(D::b(s.w));
    if let Some((bits, binds)) = cache::of_class(s.pc.sure_cache(), object) {
        let window = D::a(s.w);
        if binds {
            s.set_bits(window + METHOD, bits);
            s.set_bits(window + SELF, object);
            return Flow::Next(2);
        }
        return plain_callable(s, window, bits);
    }
    tail(slow_load_method)
}

#[inline(always)]
fn plain_callable(s: &mut State, window: usize, callable: u64) -> Flow {
    s.set_bits(window + CALLABLE, callable);
    s.set_bits(window + SELF, 0);
    Flow::Next(2)
}

/// Runs the getter of a property.
fn property(s: &mut State) -> Flow {
    let object = s.value(s.b());
    if super::call_fast::call_found(s, object, None) { Flow::Go } else { outline(s, slow_load_attr) }
}

super::outlined! {
    load_attr_property => property;
    load_attr => slow_load_attr;
    store_attr => slow_store_attr;
    delete_attr => slow_delete_attr;
    load_method => slow_load_method;
    load_super_attr => slow_load_super_attr;
    load_super_method => slow_load_super_method;
}

fn slow_load_attr(s: &mut State) -> Flow {
    let (object, name) = (s.value(s.b()), s.name());
    specialize::load(s, object, name);
    let result = s.enter().get_attr(object, name);
    s.finish(s.a(), result)
}

fn slow_store_attr(s: &mut State) -> Flow {
    let (object, value, name) = (s.value(s.a()), s.value(s.b()), s.name());
    let (class, before) = (s.cx().class_of(object), object.shape());
    specialize::store(s, object, name);
    let result = s.enter().set_attr(object, name, value);
    if object.is_cell() && object.shape() != before {
        specialize::addition(s, object, name, before);
    }
    taipan_gc::keep_alive(class);
    s.finish_unit(result)
}

fn slow_delete_attr(s: &mut State) -> Flow {
    let (object, name) = (s.value(s.a()), s.name());
    let result = s.enter().del_attr(object, name);
    s.finish_unit(result)
}

/// Puts a callable into a call window: with its receiver as a method, else as a plain value.
pub(crate) fn into_window(s: &mut State, window: usize, callable: Value, receiver: Option<Value>) {
    match receiver {
        Some(receiver) => {
            s.set(window + METHOD, callable);
            s.set(window + SELF, receiver);
        }
        None => {
            s.set(window + CALLABLE, callable);
            s.set_bits(window + SELF, 0);
        }
    }
}

fn slow_load_method(s: &mut State) -> Flow {
    let (window, object, name) = (s.a(), s.value(s.b()), s.name());
    specialize::method(s, object, name);
    match s.enter().load_method(object, name) {
        Ok((callable, receiver)) => {
            into_window(s, window, callable, receiver);
            s.next()
        }
        Err(_) => unwind(s),
    }
}

/// What `super().name` finds: a plain function of a base is left unbound.
fn super_lookup(s: &mut State, name: Gc<Str>) -> Result<Value> {
    let (base, zero) = (s.b(), s.c() == 1);
    let (callee, class, object) = (s.value(base), s.value(base + 1), s.value(base + 2));
    let cx = s.enter();
    let builtin = <Super as taipan_runtime::layout::Object>::class_cell().get();
    if callee == builtin.value()
        && let Some(class) = class.downcast::<Class>()
    {
        return cx.super_attr(class, object, name);
    }
    let proxy = if zero { cx.call(callee, &[])? } else { cx.call(callee, &[class, object])? };
    cx.get_attr(proxy, name)
}

fn slow_load_super_attr(s: &mut State) -> Flow {
    let name = s.name();
    let result = super_lookup(s, name);
    s.finish(s.a(), result)
}

fn slow_load_super_method(s: &mut State) -> Flow {
    let (window, name) = (s.a(), s.name());
    let base = s.b();
    let builtin = <Super as taipan_runtime::layout::Object>::class_cell().get();
    if s.value(base) == builtin.value()
        && let Some(class) = s.value(base + 1).downcast::<Class>()
        && let Some(function) = s.cx().super_method(class, s.value(base + 2), name)
    {
        let object = s.value(base + 2);
        into_window(s, window, function, Some(object));
        return s.next();
    }
    match super_lookup(s, name) {
        Ok(value) => {
            into_window(s, window, value, None);
            s.next()
        }
        Err(_) => unwind(s),
    }
}
