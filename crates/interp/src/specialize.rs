//! What attribute sites learn: which quickened form fits what they see. CPython: `Python/specialize.c`.
//! Invariant: a site is only quickened for what its handler re-checks (shape, class version, identity), or for
//! what `clear_instance_caches` takes back (a data descriptor that comes to stand before instances).

use taipan_bytecode::Op;
use taipan_runtime::shape;
use taipan_runtime::types::classmethod::ClassMethodObject;
use taipan_runtime::types::module::Module;
use taipan_runtime::types::native_function::MemberDescriptor;
use taipan_runtime::types::property::Property;
use taipan_runtime::types::staticmethod::StaticMethod;
use taipan_runtime::types::str::Str;
use taipan_runtime::types::type_::{Class, flag as type_flag, object_class, type_class};
use taipan_runtime::types::value_cell::ValueCell;
use taipan_runtime::{Context, Gc, Value};

use crate::cache::{self, Cache};
use crate::dispatch::State;
use crate::types::function::Function;

/// Is attribute access on instances of the class as `object` defines it?
fn is_generic(class: Gc<Class>, writing: bool) -> bool {
    let plain = object_class();
    if writing {
        class.slots.set_attr.same(&plain.slots.set_attr)
    } else {
        class.slots.get_attr.same(&plain.slots.get_attr)
    }
}

/// Word offset of the attribute `name` in instances with this shape, if nothing on the class goes before it.
fn slot_offset(cx: &Context, shape: u32, name: Gc<Str>, writing: bool) -> Option<usize> {
    let record = shape::record(shape);
    let class = record.class();
    class.mark_cached();
    if !is_generic(class, writing) || class.is_variable() || record.ext() == 0 {
        return None;
    }
    if let Some(found) = class.lookup(cx, name)
        && cx.class_of(found).slots.descr_set.is_set()
    {
        // A member of `__slots__` is read and written in place; other descriptors run code.
        let member = found.downcast::<MemberDescriptor>()?;
        let inside = class.is_subclass_of(member.class());
        return inside.then(|| record.ext() + 1 + member.slot() as usize);
    }
    if record.is_dict_mode() {
        return None;
    }
    let slot = record.details().slot_of(name)?;
    taipan_runtime::instance::inline_offset(record, slot)
}

/// Can instances of this shape have no attribute `name` of their own?
fn lacks(shape: u32, name: Gc<Str>) -> bool {
    let record = shape::record(shape);
    let class = record.class();
    !class.has_flag(type_flag::HAS_DICT)
        || !(record.is_dict_mode() || class.is_variable() || record.details().slot_of(name).is_some())
}

/// The value of a module's name, by its cell.
fn claim_module(s: &State, cache: &Cache, module: Gc<Module>, name: Gc<Str>) -> bool {
    let cx = s.locking_cx();
    let class = cx.class_of(module.value());
    if !module.dict().is_namespace() || class.lookup(cx, name).is_some() {
        return false;
    }
    let cell = module.dict().cell(cx, name).value().bits();
    s.code().keep_module(cx, module.value());
    cache.claim_for_module(module.value().bits(), cell)
}

/// Learns the slot of an attribute that instances with a shape have; false if it is not decided by the shape.
fn learn_slot(
    s: &State,
    cache: &Cache,
    shape: u32,
    name: Gc<Str>,
    writing: bool,
    single: Op,
    several: Option<Op>,
) -> bool {
    let class = shape::record(shape).class();
    let Some(offset) = slot_offset(s.locking_cx(), shape, name, writing) else { return false };
    match cache.learn_slot(s.locking_cx(), cache::slot_key(shape, offset)) {
        Some(true) => s.quicken(single),
        Some(false) => several.into_iter().for_each(|op| s.quicken(op)),
        None => {}
    }
    // Another thread may have given the object another class: the shape means what it meant while its class lives.
    taipan_gc::keep_alive(class);
    true
}

/// What `C.name` gives for a class `C`. None if that is not decided by the versions of `C` and its metaclass.
fn of_class(cx: &Context, class: Gc<Class>, name: Gc<Str>) -> Option<cache::Known> {
    let metaclass = cx.class_of(class.value());
    if !metaclass.slots.get_attr.same(&type_class().slots.get_attr) || metaclass.lookup(cx, name).is_some() {
        return None;
    }
    let cell = class.lookup_cell(cx, name)?;
    let found = cell.load()?;
    if let Some(method) = found.downcast::<ClassMethodObject>() {
        let function = method.callable();
        let plain = cx.is_exact::<ClassMethodObject>(found) && function.downcast::<Function>().is_some();
        return plain.then_some(cache::Known::Bound(function));
    }
    if cx.is_exact::<StaticMethod>(found) {
        return found.downcast::<StaticMethod>().map(|method| cache::Known::Value(method.callable()));
    }
    if cx.is_exact::<Function>(found) {
        return Some(cache::Known::Value(found));
    }
    is_quiet(cx, found).then_some(cache::Known::Cell(cell))
}

fn learn_class(s: &State, cache: &Cache, class: Gc<Class>, name: Gc<Str>, op: Op, calls: bool) {
    let cx = s.locking_cx();
    let metaclass = cx.class_of(class.value());
    let versions = (class.version(), metaclass.version());
    if let Some(known) = of_class(cx, class, name)
        && (calls || !matches!(known, cache::Known::Bound(_)))
        && cache.learn_class(cx, class, metaclass, versions, known)
    {
        s.quicken(op);
    }
}

/// Is it no descriptor? Then a class may exchange it without a new version, so its cell is remembered instead.
fn is_quiet(cx: &Context, value: Value) -> bool {
    let class = cx.class_of(value);
    !class.slots.descr_get.is_set() && !class.slots.descr_set.is_set()
}

/// The cell in which the class of an object has `name`, with the version that the class had before the look.
fn found_on_class(cx: &Context, object: Value, name: Gc<Str>) -> Option<(Gc<Class>, u64, Gc<ValueCell>)> {
    let class = cx.class_of(object);
    let version = class.version();
    class.mark_cached();
    if !is_generic(class, false) || !lacks(object.shape(), name) {
        return None;
    }
    class.lookup_cell(cx, name).map(|cell| (class, version, cell))
}

/// A site that reads an attribute.
pub(crate) fn load(s: &State, object: Value, name: Gc<Str>) {
    let Some(cache) = s.quickenable_cache().filter(|cache| !cache.is_full()) else { return };
    let cx = s.locking_cx();
    if !object.is_cell() || object.shape() == 0 {
        return;
    }
    if let Some(module) = cx.exact::<Module>(object) {
        if claim_module(s, cache, module, name) {
            s.quicken(Op::LoadAttrModule);
        }
    } else if let Some(class) = object.downcast::<Class>() {
        learn_class(s, cache, class, name, Op::LoadAttrClass, false);
    } else if !learn_slot(s, cache, object.shape(), name, false, Op::LoadAttrSlot, Some(Op::LoadAttrPoly))
        && !learn_found(s, cache, object, name)
        && !learn_property(s, cache, object, name)
    {
        cache.note_failure();
    }
}

/// Learns what the class has under the name, where instances have nothing and it is no descriptor.
fn learn_found(s: &State, cache: &Cache, object: Value, name: Gc<Str>) -> bool {
    let cx = s.locking_cx();
    let Some((class, version, cell)) = found_on_class(cx, object, name) else { return false };
    let learned = cell.load().is_some_and(|found| is_quiet(cx, found))
        && cache::remember_found(cx, cache, class, version, object.shape(), cell.value());
    if learned {
        s.quicken(Op::LoadAttrFound);
    }
    learned
}

/// Learns the getter of a property, if it is a Python function.
fn learn_property(s: &State, cache: &Cache, object: Value, name: Gc<Str>) -> bool {
    let cx = s.locking_cx();
    let class = cx.class_of(object);
    let version = class.version();
    let getter = class.lookup(cx, name).and_then(|found| cx.exact::<Property>(found));
    let getter = getter.and_then(|property| property.getter_function());
    let learned = is_generic(class, false)
        && getter.is_some_and(|getter| takes(getter, 1))
        && cache::remember_found(cx, cache, class, version, object.shape(), getter.unwrap_or(Value::NONE));
    if learned {
        s.quicken(Op::LoadAttrProperty);
    }
    learned
}

/// Is it a Python function that has run and takes just so many arguments?
fn takes(function: Value, count: u32) -> bool {
    function.downcast::<Function>().is_some_and(|function| function.exact() == count)
}

/// A site that subscripts an instance of a Python class.
pub(crate) fn item(s: &State, object: Value) {
    let Some(cache) = s.quickenable_cache().filter(|cache| !cache.is_full()) else { return };
    let cx = s.locking_cx();
    let class = cx.class_of(object);
    if !object.is_cell() || !class.is_heap() {
        return;
    }
    let version = class.version();
    match class.lookup(cx, cx.name(taipan_runtime::names::id::__getitem__)) {
        Some(method)
            if takes(method, 2)
                && cache::remember_found(cx, cache, class, version, object.shape(), method) =>
        {
            s.quicken(Op::GetItemFunction);
        }
        _ => cache.note_failure(),
    }
}

/// A site that writes an attribute which the object has.
pub(crate) fn store(s: &State, object: Value, name: Gc<Str>) {
    let Some(cache) = s.quickenable_cache().filter(|cache| !cache.is_full()) else { return };
    if object.is_cell() && object.shape() != 0 {
        let member = s.locking_cx().class_of(object).lookup(s.locking_cx(), name).is_some();
        let single = if member { Op::StoreAttrMember } else { Op::StoreAttrSlot };
        learn_slot(s, cache, object.shape(), name, true, single, Some(Op::StoreAttrPoly));
    }
}

/// A site that has just added an attribute to an object whose shape was `before`. The caller keeps the class alive that the
/// object had then.
pub(crate) fn addition(s: &State, object: Value, name: Gc<Str>, before: u32) {
    let Some(cache) = s.quickenable_cache() else { return };
    let (cx, after) = (s.locking_cx(), object.shape());
    let record = shape::record(before);
    let next = record.details().next(name);
    // Only if nothing else has happened to the object: its shape is the one that adding the name leads to.
    if before == 0 || record.is_dict_mode() || next != Some(after) {
        return;
    }
    if let Some(offset) = slot_offset(cx, after, name, true)
        && record.details().slot_of(name).is_none()
        && let Some(key) = cache::add_key(before, after, offset)
        && cache.learn_addition(cx, key)
    {
        s.quicken(Op::StoreAttrAdd);
    }
}

/// A site that looks a method up in order to call it.
pub(crate) fn method(s: &State, object: Value, name: Gc<Str>) {
    let Some(cache) = s.quickenable_cache().filter(|cache| !cache.is_full()) else { return };
    let cx = s.locking_cx();
    if !object.is_cell() || object.shape() == 0 {
        return;
    }
    if let Some(module) = cx.exact::<Module>(object) {
        if claim_module(s, cache, module, name) {
            s.quicken(Op::LoadMethodModule);
        }
    } else if let Some(class) = object.downcast::<Class>() {
        learn_class(s, cache, class, name, Op::LoadMethodClass, true);
    } else if let Some((class, version, cell)) = found_on_class(cx, object, name) {
        if let Some(found) = cell.load()
            && cx.class_of(found).has_flag(type_flag::METHOD_DESCRIPTOR)
            && cache::remember_found(cx, cache, class, version, object.shape(), found)
        {
            s.quicken(Op::LoadMethodCached);
        } else {
            cache.note_failure();
        }
    } else if !learn_slot(s, cache, object.shape(), name, false, Op::LoadMethodSlot, None) {
        cache.note_failure();
    }
}
