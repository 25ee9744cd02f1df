//! Attributes of instances: slots named by the shape, the overflow, and dict mode.
//!
//! Behind the native body stands the extension word, then the inline slots: first the `__slots__`
//! members, then attributes. Attribute slots past the inline ones live in the overflow buffer that the
//! extension holds. In dict mode the extension holds the dict and the attribute slots are unused.
//! Invariant: slots never move. Reads take no lock; adding a name, growing the overflow and switching to
//! dict mode take the object's byte lock.
#![allow(unsafe_code)]

use std::sync::atomic::Ordering;

use taipan_macros::{Trace, class};

use crate::buffer::SlotBuffer;
use crate::context::Context;
use crate::error::Result;
use crate::layout::Object;
use crate::lock::lock_header;
use crate::native::Args;
use crate::object::{Gc, word};
use crate::shape::{self, ShapeId, ShapeRecord};
use crate::slots::{Slot, TypedSlot};
use crate::table::Table;
use crate::types::dict::Dict;
use crate::types::str::Str;
use crate::types::type_::{Class, flag};
use crate::value::Value;

/// The body of `object()`: nothing.
#[derive(Trace)]
pub struct Instance;

/// What the extension word refers to once an instance outgrows its cell or shows its `__dict__`.
#[derive(Trace)]
pub struct Extension {
    overflow: TypedSlot<SlotBuffer>,
    dict: TypedSlot<Dict>,
}

#[class(name = "extension", kind = EXTENSION, by_kind, flags = DISALLOW_NEW)]
impl Extension {}

/// Word offset of the extension word of an object, 0 if it has none.
#[inline]
fn ext_offset(object: Value) -> usize {
    let record = shape::record(object.shape());
    let ext = record.ext();
    if ext != 0 {
        return ext;
    }
    let class = record.class();
    if class.extra_words() == 0 {
        return 0;
    }
    match (object.as_cell(), record.layout().variable_words) {
        // SAFETY: the layout is the object's own.
        (Some(cell), Some(words)) => unsafe { words(cell) },
        _ => 0,
    }
}

fn ext_slot(object: Value) -> Option<&'static Slot> {
    let offset = ext_offset(object);
    // SAFETY: instances of classes with an extension word are that long.
    if offset == 0 { None } else { object.as_cell().map(|cell| unsafe { word(cell, offset) }) }
}

fn extension(cx: &Context, object: Value) -> Option<Gc<Extension>> {
    let slot = ext_slot(object)?;
    if let Some(extension) = slot.load_as::<Extension>() {
        return Some(extension);
    }
    let fresh = cx.new_object(Extension { overflow: TypedSlot::EMPTY, dict: TypedSlot::EMPTY });
    match slot.compare_exchange(None, Some(fresh.value())) {
        Ok(()) => Some(fresh),
        Err(other) => other.and_then(Gc::from_value),
    }
}

/// The `__slots__` member with this number.
pub fn member(object: Value, slot: u16) -> &'static Slot {
    let offset = ext_offset(object) + 1 + slot as usize;
    let cell = object.as_cell().expect("an instance is a cell");
    // SAFETY: members are inline slots, which every instance of the class has.
    unsafe { word(cell, offset) }
}

/// Where attribute slot `slot` of a shape lives: `Some(word offset)` when it is inside the cell.
pub fn inline_offset(record: &ShapeRecord, slot: u16) -> Option<usize> {
    let position = record.class().members as usize + slot as usize;
    if position < record.inline_slots() { Some(record.ext() + 1 + position) } else { None }
}

/// Where it lives in the overflow, when it is not inside the cell.
fn overflow_index(record: &ShapeRecord, slot: u16) -> Option<usize> {
    (record.class().members as usize + slot as usize).checked_sub(record.inline_slots())
}

/// The slot's place; `None` when it lies in an overflow that does not exist yet.
#[inline]
fn slot_place(object: Value, shape: ShapeId, slot: u16) -> Option<&'static Slot> {
    let record = shape::record(shape);
    let cell = object.as_cell()?;
    if let Some(offset) = inline_offset(record, slot) {
        // SAFETY: inline slots belong to the cell.
        return Some(unsafe { word(cell, offset) });
    }
    // SAFETY: the extension word of a class with attributes.
    let extension = unsafe { word(cell, record.ext()) }.load_as::<Extension>()?;
    extension.overflow.load()?.get(overflow_index(record, slot)?)
}

/// Whether instances of the object's class have attributes of their own (`__dict__`).
#[inline]
pub fn has_dict(object: Value) -> bool {
    object.is_cell() && shape::record(object.shape()).class().has_flag(flag::HAS_DICT)
}

/// The instance attribute `name` (interned), without the class.
#[inline]
pub fn get(cx: &Context, object: Value, name: Gc<Str>) -> Option<Value> {
    if !object.is_cell() {
        return None;
    }
    let shape = object.shape();
    let record = shape::record(shape);
    if record.is_dict_mode() || record.class().is_variable() {
        if !record.class().has_flag(flag::HAS_DICT) {
            return None;
        }
        return ext_slot(object)?.load_as::<Extension>()?.dict.load()?.get_str(cx, name);
    }
    let slot = record.details().slot_of(name)?;
    slot_place(object, shape, slot)?.load()
}

/// Sets the instance attribute `name` (interned). The class must have `HAS_DICT`.
pub fn set(cx: &Context, object: Value, name: Gc<Str>, value: Value) {
    loop {
        let shape = object.shape();
        let record = shape::record(shape);
        if record.is_dict_mode() || record.class().is_variable() {
            mode_dict(cx, object).set_str(cx, name, value);
            return;
        }
        if let Some(slot) = record.details().slot_of(name)
            && let Some(place) = slot_place(object, shape, slot)
            && place.load().is_some()
            && replace(cx, object, shape, slot, Some(value)).is_some()
        {
            return;
        }
        if add(cx, object, name, value) {
            return;
        }
        to_dict_mode(cx, object);
    }
}

/// Changes a slot that holds a value and gives that value; `None` if the object has changed since its shape was read.
///
/// A slot inside the cell is changed by one store. One in the overflow is changed under the lock, as the overflow may
/// be growing: a store into the buffer that is being copied would be lost.
fn replace(cx: &Context, object: Value, shape: ShapeId, slot: u16, value: Option<Value>) -> Option<Value> {
    let record = shape::record(shape);
    if inline_offset(record, slot).is_some() {
        let place = slot_place(object, shape, slot)?;
        return match value {
            // A racing deletion comes first then, and the slot is bound again in its old place.
            Some(value) => place.load().inspect(|_| place.store(value)),
            None => place.swap(None),
        };
    }
    let cell = object.as_cell()?;
    // SAFETY: a live cell.
    let header = unsafe { cell.as_ref() };
    let _guard = lock_header(header, cx);
    // The names of a shape keep their slots in those that follow it, so only a move to a dict matters.
    let now = header.shape.load(Ordering::Acquire);
    if shape::record(now).is_dict_mode() || shape::record(now).details().slots <= slot {
        return None;
    }
    let place = slot_place(object, now, slot)?;
    let old = place.load()?;
    place.store_option(value);
    Some(old)
}

/// Adds a name that is absent. False when the shape cannot take it.
fn add(cx: &Context, object: Value, name: Gc<Str>, value: Value) -> bool {
    let Some(cell) = object.as_cell() else { return false };
    // SAFETY: a live cell.
    let header = unsafe { cell.as_ref() };
    loop {
        let shape = header.shape.load(Ordering::Acquire);
        let class = shape::record(shape).class();
        if shape::record(shape).is_dict_mode() {
            return false;
        }
        let Some(next) = shape::with_name(shape, name) else { return false };
        let Some(slot) = shape::record(next).details().slot_of(name) else { return false };
        // The extension is allocated before the lock is taken.
        let index = overflow_index(shape::record(next), slot);
        let room = index.and_then(|index| Some((index, extension(cx, object)?)));
        let _guard = lock_header(header, cx);
        if let Some((index, extension)) = room {
            let buffer = extension.overflow.load();
            if buffer.is_none_or(|buffer| buffer.len() <= index) {
                let len = (index + 1).next_power_of_two().max(4);
                extension.overflow.store(SlotBuffer::grown(cx, buffer, len));
            }
        }
        // Inline caches add names without the lock, and the object may have got another shape while it was awaited. Both shapes
        // mean what they meant before, as their class lives.
        let changed = header.shape.compare_exchange(shape, next, Ordering::AcqRel, Ordering::Relaxed);
        taipan_gc::keep_alive(class);
        if changed.is_ok() {
            if let Some(place) = slot_place(object, next, slot) {
                place.store(value);
            }
            return true;
        }
    }
}

/// Deletes the instance attribute; false when it is absent.
pub fn delete(cx: &Context, object: Value, name: Gc<Str>) -> bool {
    if !has_dict(object) {
        return false;
    }
    let shape = object.shape();
    let record = shape::record(shape);
    if record.is_dict_mode() || record.class().is_variable() {
        return mode_dict(cx, object).remove_str(cx, name).is_some();
    }
    let Some(slot) = record.details().slot_of(name) else { return false };
    if slot_place(object, shape, slot).and_then(Slot::load).is_none() {
        return false;
    }
    match replace(cx, object, shape, slot, None) {
        Some(_) => true,
        None => delete(cx, object, name),
    }
}

/// Names and values in the order of `__dict__`.
// Traced: nothing collects before the list is dropped: no `&mut Context` meanwhile, or the cells are reachable from bases.
pub fn names_in_order(object: Value) -> Vec<(Gc<Str>, Value)> {
    let shape = object.shape();
    let details = shape::record(shape).details();
    let present = details.names.iter();
    present
        .filter_map(|(name, slot)| {
            slot_place(object, shape, *slot).and_then(Slot::load).map(|value| (*name, value))
        })
        .collect()
}

/// `obj.__dict__` as a value, where there is one.
pub fn instance_dict(cx: &Context, object: Value) -> Option<Gc<Dict>> {
    dict(cx, object)
}

/// The dict of an object in dict mode.
fn mode_dict(cx: &Context, object: Value) -> Gc<Dict> {
    let extension = extension(cx, object).expect("an object in dict mode has an extension word");
    if let Some(dict) = extension.dict.load() {
        return dict;
    }
    let fresh = cx.new_dict();
    match extension.dict.slot().compare_exchange(None, Some(fresh.value())) {
        Ok(()) => fresh,
        Err(_) => extension.dict.load().expect("just set"),
    }
}

/// Whether attributes live in a dict of their own.
pub fn is_dict_mode(object: Value) -> bool {
    let record = shape::record(object.shape());
    record.is_dict_mode() || record.class().is_variable()
}

/// `obj.__dict__`: one dict per object, which shows its attributes.
pub fn dict(cx: &Context, object: Value) -> Option<Gc<Dict>> {
    if !has_dict(object) {
        return None;
    }
    if is_dict_mode(object) {
        return Some(mode_dict(cx, object));
    }
    let extension = extension(cx, object)?;
    if let Some(dict) = extension.dict.load() {
        return Some(dict);
    }
    let fresh = Dict::new_instance_view(cx, object);
    match extension.dict.slot().compare_exchange(None, Some(fresh.value())) {
        Ok(()) => Some(fresh),
        Err(_) => extension.dict.load(),
    }
}

/// Moves the attributes into a plain dict: for what shapes cannot express.
///
/// While the world is stopped nothing may be allocated, so the table is made before, and made anew when attributes were
/// added meanwhile that it has no room for.
pub fn to_dict_mode(cx: &Context, object: Value) {
    while !is_dict_mode(object) {
        let Some(view) = dict(cx, object) else { return };
        let room = shape::record(object.shape()).details().names.len() + 8;
        let table = Table::with_capacity(cx, room);
        let fill = || {
            let shape = object.shape();
            if is_dict_mode(object) || shape::record(shape).details().names.len() > room {
                return;
            }
            view.become_plain(cx, table, &names_in_order(object));
            if let Some(cell) = object.as_cell() {
                crate::object::set_shape(cell, shape::in_dict_mode(shape));
            }
        };
        if taipan_gc::multi_threaded() {
            taipan_gc::stop_the_world(cx.thread(), fill);
        } else {
            fill();
        }
    }
}

/// `obj.__dict__ = dict`.
pub fn replace_dict(cx: &Context, object: Value, dict: Gc<Dict>) {
    to_dict_mode(cx, object);
    if let Some(extension) = extension(cx, object) {
        extension.dict.store(dict);
    }
}

/// Visits what stands behind the native body of a cell (the world is stopped).
pub(crate) fn trace_extra(object: Value, marker: &mut taipan_gc::Marker) {
    let record = shape::record(object.shape());
    if record.class().extra_words() == 0 {
        return;
    }
    let offset = ext_offset(object);
    let Some(cell) = object.as_cell() else { return };
    for index in 0..=record.inline_slots() {
        // SAFETY: the cell is that long.
        marker.value(Value::option_bits(unsafe { word(cell, offset + index) }.load()));
    }
}

/// The base class of the class hierarchy.
///
/// When called, it accepts no arguments and returns a new featureless
/// instance that has no instance attributes and cannot be given any.
#[class(name = "object", text = "()", kind = INSTANCE, flags = BASETYPE)]
impl Instance {
    #[slot(new)]
    fn new(cx: &mut Context, class: Gc<Class>, args: Args<'_>) -> Result {
        if !args.is_empty() {
            let object = Instance::class_cell().get();
            if !class.slots.new.same(&object.slots.new) {
                return Err(
                    cx.type_error("object.__new__() takes exactly one argument (the type to instantiate)")
                );
            }
            if class.slots.init.same(&object.slots.init) {
                return Err(cx.type_error(format!("{}() takes no arguments", class.name().to_str())));
            }
        }
        if class.has_flag(flag::ABSTRACT) {
            return Err(crate::types::object::abstract_error(cx, class));
        }
        Ok(cx.new_instance(class, Instance).value())
    }

    #[slot(init)]
    fn init(cx: &mut Context, this: Value, args: Args<'_>) -> Result<()> {
        if args.is_empty() {
            return Ok(());
        }
        let (class, object) = (cx.class_of(this), Instance::class_cell().get());
        if !class.slots.init.same(&object.slots.init) {
            return Err(
                cx.type_error("object.__init__() takes exactly one argument (the instance to initialize)")
            );
        }
        if class.slots.new.same(&object.slots.new) {
            return Err(cx.type_error(format!(
                "{}.__init__() takes exactly one argument (the instance to initialize)",
                class.name().to_str()
            )));
        }
        Ok(())
    }

    #[slot(get_attr)]
    fn get_attr(cx: &mut Context, this: Value, name: Gc<Str>) -> Result {
        crate::protocol::attr::generic_get_attr(cx, this, name)
    }

    #[slot(set_attr)]
    fn set_attr(cx: &mut Context, this: Value, name: Gc<Str>, value: Option<Value>) -> Result<()> {
        crate::protocol::attr::generic_set_attr(cx, this, name, value)
    }

    #[slot(repr)]
    fn repr(cx: &mut Context, this: Value) -> Result {
        crate::types::object::repr(cx, this)
    }

    #[slot(str)]
    fn str(cx: &mut Context, this: Value) -> Result {
        cx.repr(this).map(Gc::value)
    }

    #[slot(hash)]
    fn hash(cx: &mut Context, this: Value) -> i64 {
        let _ = cx;
        taipan_num::hash::hash_pointer(this.bits() as usize)
    }

    #[slot(compare)]
    fn compare(cx: &mut Context, a: Value, b: Value, op: crate::protocol::compare::CompareOp) -> Result {
        crate::types::object::compare(cx, a, b, op)
    }

    /// the object's class
    #[getter]
    fn __class__(cx: &Context, this: Value) -> Value {
        cx.class_of(this).value()
    }

    #[setter]
    fn set___class__(cx: &mut Context, this: Value, value: Option<Value>) -> Result<()> {
        crate::types::type_::set_class_of(cx, this, value)
    }

    /// Helper for pickle.
    #[function("(protocol, /)")]
    fn __reduce_ex__(this: Value, cx: &mut Context, protocol: i64) -> Result {
        crate::types::object::reduce_ex(cx, this, protocol)
    }

    /// Helper for pickle.
    #[function("()")]
    fn __reduce__(this: Value, cx: &mut Context) -> Result {
        crate::types::object::reduce(cx, this, 0)
    }

    /// Helper for pickle.
    #[function("()")]
    fn __getstate__(this: Value, cx: &mut Context) -> Result {
        crate::types::object::getstate(cx, this, false)
    }

    /// Default object formatter.
    ///
    /// Return str(self) if format_spec is empty. Raise TypeError otherwise.
    #[function("(format_spec, /)")]
    fn __format__(this: Value, cx: &mut Context, format_spec: Gc<Str>) -> Result {
        if format_spec.len() > 0 {
            return Err(cx.type_error(format!(
                "unsupported format string passed to {}.__format__",
                cx.type_name(this)
            )));
        }
        cx.str(this).map(Gc::value)
    }

    /// Default dir() implementation.
    #[function("()")]
    fn __dir__(this: Value, cx: &mut Context) -> Result {
        crate::types::object::dir(cx, this)
    }

    /// Size of object in memory, in bytes.
    #[function("()")]
    fn __sizeof__(this: Value, cx: &mut Context) -> usize {
        crate::types::object::sizeof(cx, this)
    }

    /// This method is called when a class is subclassed.
    ///
    /// The default implementation does nothing. It may be
    /// overridden to extend subclasses.
    #[classmethod("()")]
    fn __init_subclass__(cx: &mut Context, class: Value) {
        let _ = (cx, class);
    }

    /// Abstract classes can override this to customize issubclass().
    ///
    /// This is invoked early on by abc.ABCMeta.__subclasscheck__().
    /// It should return True, False or NotImplemented.  If it returns
    /// NotImplemented, the normal algorithm is used.  Otherwise, it
    /// overrides the normal algorithm (and the outcome is cached).
    #[classmethod("(object, /)")]
    fn __subclasshook__(cx: &mut Context, class: Value, object: Value) -> Value {
        let _ = (cx, class, object);
        Value::NOT_IMPLEMENTED
    }
}
