//! Attributes. CPython: `LOAD_ATTR`, `STORE_ATTR`, `LOAD_SUPER_ATTR`, `Objects/typeobject.c` (`super`).

use std::sync::atomic::Ordering;

use taipan_bytecode::Op;
use taipan_bytecode::op::{WINDOW_CALLABLE, WINDOW_METHOD, WINDOW_SELF};
use taipan_runtime::shape;
use taipan_runtime::types::module::Module;
use taipan_runtime::types::str::Str;
use taipan_runtime::types::super_::Super;
use taipan_runtime::types::type_::{Class, flag as type_flag};
use taipan_runtime::{Context, Gc, Result, Value};

use crate::cache;
use crate::dispatch::{Decode, Flow, State, tail};
use crate::unwind::unwind;

#[inline(always)]
pub(crate) fn load_attr_slot<D: Decode>(s: &mut State) -> Flow {
    if let Some(slot) = cache::cached_slot(s.bits(D::b(s.w)), s.pc.sure_cache().key()) {
        let bits = slot.load(Ordering::Acquire);
        if bits != 0 {
            s.set_bits(D::a(s.w), bits);
            return Flow::Next(2);
        }
    }
    tail(slow_load_attr)
}

#[inline(always)]
pub(crate) fn load_attr_module<D: Decode>(s: &mut State) -> Flow {
    let cache = s.pc.sure_cache();
    if cache::module_key(s.bits(D::b(s.w))) == cache.key() {
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
    if let Some(slot) = cache::cached_slot(s.bits(D::a(s.w)), s.pc.sure_cache().key())
        && slot.load(Ordering::Relaxed) != 0
    {
        slot.store(s.bits(D::b(s.w)), Ordering::Release);
        return Flow::Next(2);
    }
    tail(slow_store_attr)
}

#[inline(always)]
pub(crate) fn load_method_cached<D: Decode>(s: &mut State) -> Flow {
    let object = s.bits(D::b(s.w));
    if let Some(function) = cache::cached_method(s.pc.sure_cache(), object) {
        let window = D::a(s.w);
        s.set(window + WINDOW_METHOD as usize, function);
        s.set_bits(window + WINDOW_SELF as usize, object);
        return Flow::Next(2);
    }
    tail(slow_load_method)
}

/// Word offset of the attribute `name` in instances with this shape, if attribute access on them is as `object`
/// defines it and nothing on the class goes before the instance.
fn slot_offset(cx: &Context, object: Value, name: Gc<Str>, writing: bool) -> Option<usize> {
    let record = shape::record(object.shape());
    let class = record.class();
    let plain = taipan_runtime::types::type_::object_class();
    let generic = if writing {
        class.slots.set_attr.same(&plain.slots.set_attr)
    } else {
        class.slots.get_attr.same(&plain.slots.get_attr)
    };
    if !generic || record.is_dict_mode() || class.is_variable() || record.ext() == 0 {
        return None;
    }
    if let Some(found) = class.lookup(cx, name)
        && cx.class_of(found).slots.descr_set.is_set()
    {
        return None;
    }
    let slot = record.details().slot_of(name)?;
    taipan_runtime::instance::inline_offset(&class, record.ext(), slot)
}

/// Quickens a site that reads an attribute, if it can be.
fn quicken_load(s: &State, object: Value, name: Gc<Str>) {
    let Some(cache) = s.quickenable_cache() else { return };
    let cx = s.cx();
    if !object.is_cell() {
        return;
    }
    if let Some(module) = cx.exact::<Module>(object) {
        let class = cx.class_of(object);
        if module.dict().is_namespace() && class.lookup(cx, name).is_none() {
            let cell = module.dict().cell(cx, name).value().bits();
            if cache.claim_for_module(object.bits(), cell) {
                s.pc.quicken(Op::LoadAttrModule);
            }
        }
    } else if let Some(offset) = slot_offset(cx, object, name, false) {
        if cache.set_slot(cache::slot_key(object.shape(), offset)) {
            s.pc.quicken(Op::LoadAttrSlot);
        }
    }
}

/// Quickens a site that writes an attribute, if it can be.
fn quicken_store(s: &State, object: Value, name: Gc<Str>) {
    let Some(cache) = s.quickenable_cache() else { return };
    if object.is_cell()
        && let Some(offset) = slot_offset(s.cx(), object, name, true)
    {
        if cache.set_slot(cache::slot_key(object.shape(), offset)) {
            s.pc.quicken(Op::StoreAttrSlot);
        }
    }
}

/// Quickens a site that found a method on the class of an object with this shape, which has no such attribute.
fn quicken_method(s: &State, version: u64, shape: u32, object: Value, name: Gc<Str>, function: Value) {
    let Some(cache) = s.quickenable_cache() else { return };
    if !object.is_cell() || shape == 0 {
        return;
    }
    let record = shape::record(shape);
    let class = record.class();
    let attributes = class.has_flag(type_flag::HAS_DICT);
    if attributes
        && (record.is_dict_mode() || class.is_variable() || record.details().slot_of(name).is_some())
    {
        return;
    }
    cache::remember_method(s.cx(), cache, class, version, shape, function);
    s.pc.quicken(Op::LoadMethodCached);
}

super::outlined! {
    load_attr => slow_load_attr;
    store_attr => slow_store_attr;
    delete_attr => slow_delete_attr;
    load_method => slow_load_method;
    load_super_attr => slow_load_super_attr;
    load_super_method => slow_load_super_method;
}

fn slow_load_attr(s: &mut State) -> Flow {
    let (object, name) = (s.value(s.b()), s.name());
    quicken_load(s, object, name);
    let result = s.enter().get_attr(object, name);
    s.finish(s.a(), result)
}

fn slow_store_attr(s: &mut State) -> Flow {
    let (object, value, name) = (s.value(s.a()), s.value(s.b()), s.name());
    quicken_store(s, object, name);
    let result = s.enter().set_attr(object, name, value);
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
            s.set(window + WINDOW_METHOD as usize, callable);
            s.set(window + WINDOW_SELF as usize, receiver);
        }
        None => {
            s.set(window + WINDOW_CALLABLE as usize, callable);
            s.set_bits(window + WINDOW_SELF as usize, 0);
        }
    }
}

fn slow_load_method(s: &mut State) -> Flow {
    let (window, object, name) = (s.a(), s.value(s.b()), s.name());
    let (version, shape) = (s.cx().class_of(object).version(), object.shape());
    match s.enter().load_method(object, name) {
        Ok((callable, receiver)) => {
            if receiver.is_some() {
                quicken_method(s, version, shape, object, name, callable);
            }
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
    match super_lookup(s, name) {
        Ok(value) => {
            into_window(s, window, value, None);
            s.next()
        }
        Err(_) => unwind(s),
    }
}
