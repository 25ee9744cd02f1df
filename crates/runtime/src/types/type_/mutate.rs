//! Changing classes: attributes, bases, an object's class. CPython: `type_setattro`, `type_set_bases`.
//!
//! Invariant: the subtree's versions change while the type lock is held, so caches that compare them miss
//! from then on; shape caches are cleared by a hook where a change concerns instance slots.

use std::sync::atomic::Ordering;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::buffer::GVec;
use crate::context::Context;
use crate::error::Result;
use crate::layout::Object;
use crate::object::Gc;
use crate::shape;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::{Class, construct, flag, fresh_version, mro, special};
use crate::value::Value;

/// `type.__setattr__` for classes: checks, sets, updates slots and caches.
pub fn set_class_attr(cx: &mut Context, class: Gc<Class>, name: Gc<Str>, value: Option<Value>) -> Result<()> {
    if !class.is_heap() && !class.has_flag(flag::MUTABLE) {
        return Err(cx.type_error(format!(
            "cannot set '{}' attribute of immutable type '{}'",
            name.to_str(),
            class.full_name()
        )));
    }
    // A data descriptor of the metaclass comes first (`__name__`, `__bases__`, ...).
    let metaclass = cx.class_of(class.value());
    if let Some(descriptor) = metaclass.lookup(cx, name)
        && let Some(set) = cx.class_of(descriptor).slots.descr_set.get()
    {
        return set(cx, descriptor, class.value(), value);
    }
    change_class_dict(cx, class, name, value)
}

/// Changes the class's own namespace and announces it, whatever the metaclass says about the name.
pub fn change_class_dict(
    cx: &mut Context,
    class: Gc<Class>,
    name: Gc<Str>,
    value: Option<Value>,
) -> Result<()> {
    // What another thread caches between the change and its announcement has a version that is about to end.
    let _lock = cx.vm().type_lock.lock(cx);
    let dict = class.dict(cx);
    let old = dict.get_str(cx, name);
    match value {
        Some(value) => {
            let quiet = old.is_some_and(|old| !is_descriptor(cx, old)) && !is_descriptor(cx, value);
            dict.set_str(cx, name, value);
            if !quiet {
                changed(cx, class, name, [old, Some(value)]);
            }
        }
        None => {
            if dict.remove_str(cx, name).is_none() {
                let message =
                    format!("type object '{}' has no attribute '{}'", class.full_name(), name.to_str());
                return Err(cx.attribute_error(message, class.value(), name));
            }
            changed(cx, class, name, [old, None]);
        }
    }
    Ok(())
}

fn is_descriptor(cx: &Context, value: Value) -> bool {
    let class = cx.class_of(value);
    class.slots.descr_get.is_set() || class.slots.descr_set.is_set()
}

/// Publishes that `name` changed in `class`: versions, slots, shape caches. `values`: before and after.
fn changed(cx: &Context, class: Gc<Class>, name: Gc<Str>, values: [Option<Value>; 2]) {
    let special = special::is_special(name, cx);
    let data_descriptor = values.iter().flatten().any(|value| cx.class_of(*value).slots.descr_set.is_set());
    for_subtree(cx, class, &mut |cx, class| {
        class.version.store(fresh_version(), Ordering::Release);
        if special {
            special::update_slots(cx, class, Some(name));
            construct::update_attr_flags(cx, class);
        }
    });
    if data_descriptor || special {
        clear_caches(cx, class);
    }
}

/// Clears the inline caches if one of them may trust a shape of the subtree.
fn clear_caches(cx: &Context, class: Gc<Class>) {
    // Whoever marks a class later sees the change that has been made: see `Class::mark_cached`.
    std::sync::atomic::fence(Ordering::SeqCst);
    let mut cached = false;
    for_subtree(cx, class, &mut |_, class| {
        cached |= class.has_flag(flag::CACHED);
        class.set_flag(flag::CACHED, false);
    });
    if cached {
        taipan_gc::stop_the_world(cx.thread(), cx.vm().hooks().clear_instance_caches);
    }
}

/// Calls `each` for the class and every class derived from it.
fn for_subtree(cx: &Context, class: Gc<Class>, each: &mut dyn FnMut(&Context, Gc<Class>)) {
    each(cx, class);
    for subclass in subclasses(cx, &class) {
        for_subtree(cx, subclass, each);
    }
}

/// The live direct subclasses. They are in GC memory, as a collection may run while a lock is waited for.
pub(crate) fn subclasses(cx: &Context, class: &Class) -> GVec<Gc<Class>> {
    let addresses = class.subclasses.lock(cx).clone();
    // Dying classes are taken out of the list in the pause that finds them dead (`forget_dead`).
    addresses.into_iter().filter_map(|address| Value::from_bits(address as u64)?.downcast()).collect()
}

/// Classes that may die in the collection that runs.
static LIMBO: Mutex<Vec<usize>> = Mutex::new(Vec::new());

fn limbo() -> MutexGuard<'static, Vec<usize>> {
    LIMBO.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Notes classes among cells that die unless a finalizer needs them; the world is stopped.
pub(crate) fn note_dying(cells: &[std::ptr::NonNull<taipan_gc::Header>]) {
    let values = cells.iter().map(|cell| Value::from_cell(*cell));
    limbo().extend(values.filter_map(Value::downcast::<Class>).map(Gc::address));
}

/// It is final which classes die: takes them out of their bases' lists, and watches the others again. Gives their
/// addresses, sorted. The world is stopped.
pub(crate) fn forget_dead() -> Vec<usize> {
    let mut dead = Vec::new();
    for address in std::mem::take(&mut *limbo()) {
        let Some(value) = Value::from_bits(address as u64) else { continue };
        let (Some(cell), Some(class)) = (value.as_cell(), value.downcast::<Class>()) else { continue };
        if taipan_gc::is_marked(cell) {
            taipan_gc::set_weakref(cell);
            continue;
        }
        dead.push(address);
        for base in class.bases.load().iter().flat_map(|bases| bases.items()) {
            if let Some(base) = base.downcast::<Class>() {
                crate::object::stopped(&base.subclasses, |list| list.retain(|known| *known != address));
            }
        }
    }
    dead.sort_unstable();
    dead
}

/// `cls.__bases__ = bases`. What is checked holds until the change is made: the type lock is held all the time.
pub fn update_after_bases(cx: &mut Context, class: Gc<Class>, bases: Gc<Tuple>) -> Result<()> {
    let _lock = cx.vm().type_lock.lock(cx);
    for base in bases.items() {
        let Some(base_class) = base.downcast::<Class>() else {
            return Err(cx.type_error(format!(
                "{}.__bases__ must be tuple of classes, not '{}'",
                class.name().to_str(),
                cx.type_name(*base)
            )));
        };
        if base_class.is_subclass_of(class) {
            return Err(cx.type_error("a __bases__ item causes an inheritance cycle"));
        }
    }
    let base = construct::best_base(cx, bases.items())?;
    let old = class.base().unwrap_or(base);
    let compatible = std::ptr::eq(base.layout(), old.layout())
        && base.members == old.members
        && (base.flags() ^ old.flags()) & flag::HAS_DICT == 0;
    if !compatible {
        let what = if is_tracked(base) == is_tracked(old) { "object layout" } else { "deallocator" };
        return Err(cx.type_error(format!(
            "__bases__ assignment: '{}' {what} differs from '{}'",
            base.name().to_str(),
            old.name().to_str()
        )));
    }
    let mro = mro::compute(cx, class, bases.items())?;
    for old in class.bases().items() {
        if let Some(old) = old.downcast::<Class>() {
            old.subclasses.lock(cx).retain(|address| *address != class.address());
        }
    }
    class.bases.store(bases);
    class.base.store(base);
    class.set_mro(cx, cx.new_tuple(&mro));
    for base in bases.items() {
        if let Some(base) = base.downcast::<Class>() {
            base.subclasses.lock(cx).push(class.address());
        }
    }
    let mut failed = Ok(());
    for subclass in subclasses(cx, &class) {
        if let Err(raised) = recompute_mro(cx, subclass) {
            failed = Err(raised);
        }
    }
    for_subtree(cx, class, &mut |cx, class| {
        class.version.store(fresh_version(), Ordering::Release);
        special::update_slots(cx, class, None);
        construct::update_attr_flags(cx, class);
    });
    clear_caches(cx, class);
    failed
}

/// Are instances tracked by CPython's collector? It frees others in another way.
fn is_tracked(class: Gc<Class>) -> bool {
    const PLAIN: [&str; 7] = ["object", "int", "float", "complex", "str", "bytes", "bytearray"];
    match class.base().filter(|_| class.is_heap()) {
        Some(base) => class.has_flag(flag::HAS_DICT) || class.members != base.members || is_tracked(base),
        None => !PLAIN.contains(&&*class.name().to_str()),
    }
}

fn recompute_mro(cx: &Context, class: Gc<Class>) -> Result<()> {
    let mro = mro::compute(cx, class, class.bases().items())?;
    class.set_mro(cx, cx.new_tuple(&mro));
    for subclass in subclasses(cx, &class) {
        recompute_mro(cx, subclass)?;
    }
    Ok(())
}

/// `object.__class__ = value`.
pub fn set_class_of(cx: &mut Context, object: Value, value: Option<Value>) -> Result<()> {
    let Some(value) = value else { return Err(cx.type_error("can't delete __class__ attribute")) };
    let Some(new) = value.downcast::<Class>() else {
        return Err(
            cx.type_error(format!("__class__ must be set to a class, not '{}' object", cx.type_name(value)))
        );
    };
    cx.audit("object.__setattr__", |cx| [object, cx.intern("__class__").value(), value])?;
    let old = cx.class_of(object);
    let is_module = |class: Gc<Class>| class.is_subclass_of(crate::types::module::Module::class_cell().get());
    if !(is_module(old) && is_module(new)) && (!old.is_heap() || !new.is_heap()) {
        return Err(
            cx.type_error("__class__ assignment only supported for mutable types or ModuleType subclasses")
        );
    }
    let dict_flags = flag::HAS_DICT | flag::HAS_WEAKREF;
    let compatible = std::ptr::eq(old.layout(), new.layout())
        && old.members == new.members
        && (old.flags() ^ new.flags()) & dict_flags == 0;
    if !compatible {
        return Err(cx.type_error(format!(
            "__class__ assignment: '{}' object layout differs from '{}'",
            new.name().to_str(),
            old.name().to_str()
        )));
    }
    if !shape::has_room() {
        return Err(cx.memory_error());
    }
    let Some(cell) = object.as_cell() else { return Ok(()) };
    crate::object::change_shape(cx, cell, |shape| shape::rebased(shape, new.instance_shape()));
    if new.has_flag(flag::HAS_DEL) {
        taipan_gc::set_finalizer(cell);
    }
    Ok(())
}

impl Class {
    /// The shape of instances whose attributes live in a dict, made at first use.
    pub fn dict_mode_shape(&self) -> u32 {
        let existing = self.dict_shape.load(Ordering::Acquire);
        if existing != 0 {
            return existing;
        }
        let record = shape::record(self.instance_shape());
        let made = shape::dict_mode(record.class(), self.layout(), record.ext());
        match self.dict_shape.compare_exchange(0, made, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => made,
            Err(other) => other,
        }
    }

    /// `__abstractmethods__` decides whether instances may be made.
    pub(crate) fn set_abstract(&self, on: bool) {
        self.set_flag(flag::ABSTRACT, on);
    }

    /// Whether instances cannot be rebuilt from their `__dict__` alone (`object.__reduce_ex__`).
    pub(crate) fn native_itemsize_blocks_pickling(&self) -> bool {
        let object = crate::types::type_::object_class();
        !std::ptr::eq(self.layout(), object.layout()) && !self.has_flag(flag::EXCEPTION)
    }
}
