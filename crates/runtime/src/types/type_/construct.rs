//! Making classes: `type(name, bases, namespace)`. CPython: `type_new` in `Objects/typeobject.c`.
//!
//! Invariant: a class is complete (MRO, slots, shapes) before `__set_name__` and `__init_subclass__` run.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use crate::context::Context;
use crate::error::Result;
use crate::layout::Object;
use crate::lock::Guarded;
use crate::names::id;
use crate::native::Args;
use crate::object::Gc;
use crate::shape;
use crate::slots::TypedSlot;
use crate::static_ref::StaticRef;
use crate::types::dict::Dict;
use crate::types::module::Module;
use crate::types::native_function::member_descriptor;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::{Class, Slots, flag, fresh_version, mro, special, type_class};
use crate::value::Value;

/// Inline attribute slots of a class.
const FIRST_INLINE: u32 = 4;
/// The same of a class with annotations: they mostly name what a generated `__init__` assigns, which nobody can count.
const ANNOTATED_INLINE: u32 = 8;
/// Most inline attribute slots that a class asks for; further attributes lie in the overflow.
const MOST_INLINE: u32 = 32;

/// The most derived metaclass of `metaclass` and the classes of the bases.
pub fn calculate_metaclass(cx: &Context, metaclass: Gc<Class>, bases: &[Value]) -> Result<Gc<Class>> {
    let mut winner = metaclass;
    for base in bases {
        let candidate = cx.class_of(*base);
        if winner.is_subclass_of(candidate) {
            continue;
        }
        if candidate.is_subclass_of(winner) {
            winner = candidate;
            continue;
        }
        return Err(cx.type_error(
            "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases",
        ));
    }
    Ok(winner)
}

/// The base whose layout the new class extends.
pub fn best_base(cx: &Context, bases: &[Value]) -> Result<Gc<Class>> {
    let mut winner: Option<(Gc<Class>, Gc<Class>)> = None;
    for base in bases {
        let Some(base) = base.downcast::<Class>() else {
            return Err(cx.type_error("bases must be types"));
        };
        if !base.has_flag(flag::BASETYPE) {
            return Err(cx.type_error(format!("type '{}' is not an acceptable base type", base.full_name())));
        }
        let candidate = solid_base(base);
        match winner {
            None => winner = Some((candidate, base)),
            Some((solid, _)) if extends_solid(solid, candidate) => {}
            Some((solid, _)) if extends_solid(candidate, solid) => winner = Some((candidate, base)),
            Some(_) => return Err(cx.type_error("multiple bases have instance lay-out conflict")),
        }
    }
    Ok(winner.map_or_else(crate::types::type_::object_class, |(_, base)| base))
}

/// The nearest class that adds to the layout: a native body or `__slots__` members.
fn solid_base(class: Gc<Class>) -> Gc<Class> {
    let Some(base) = class.base() else { return class };
    let adds = !std::ptr::eq(class.layout(), base.layout()) || class.members != base.members;
    if adds { class } else { solid_base(base) }
}

/// Whether solid class `a` is `b` or extends it.
fn extends_solid(a: Gc<Class>, b: Gc<Class>) -> bool {
    let mut class = Some(a);
    while let Some(candidate) = class {
        if candidate == b {
            return true;
        }
        class = candidate.base();
    }
    false
}

/// What `__slots__` asks for.
#[derive(Default)]
struct Members {
    // Traced: nothing collects before the list is dropped: no `&mut Context` meanwhile, or the cells are reachable from bases.
    names: Vec<Gc<Str>>,
    dict: bool,
    weakref: bool,
}

/// `type.__new__(metaclass, name, bases, namespace, **kwargs)`.
pub fn new_class(
    cx: &mut Context,
    metaclass: Gc<Class>,
    name: Gc<Str>,
    bases: Gc<Tuple>,
    namespace: Gc<Dict>,
    kwargs: Args<'_>,
) -> Result<Gc<Class>> {
    let bases = if bases.items().is_empty() {
        cx.new_tuple(&[crate::types::type_::object_class().value()])
    } else {
        bases
    };
    let base = best_base(cx, bases.items())?;
    // Room for what `set_defaults` and `add_members` add.
    let dict = Dict::new_cells(cx, namespace.len() + 4);
    for (key, value) in namespace.entries(cx) {
        dict.set(cx, key, value)?;
    }
    let members = read_slots(cx, name, base, dict)?;
    let class = allocate(cx, metaclass, name, bases, base, dict, &members)?;
    set_defaults(cx, class, dict, &members)?;
    // A member may have the cell's name, and `mro()` may ask for `__class__`.
    set_classcell(cx, class, dict)?;
    let mro = custom_mro(cx, class, metaclass)?;
    // The descriptors of members may be special methods, so they come before the slots.
    add_members(cx, class, base, &members);
    join_bases(cx, class, base, mro)?;
    call_set_names(cx, class, dict)?;
    call_init_subclass(cx, class, kwargs)?;
    Ok(class)
}

fn allocate(
    cx: &mut Context,
    metaclass: Gc<Class>,
    name: Gc<Str>,
    bases: Gc<Tuple>,
    base: Gc<Class>,
    dict: Gc<Dict>,
    members: &Members,
) -> Result<Gc<Class>> {
    if !shape::has_room() {
        return Err(cx.memory_error());
    }
    let mut flags = flag::HEAP | flag::BASETYPE;
    let any_base_has =
        |wanted: u32| bases.items().iter().any(|b| b.downcast::<Class>().is_some_and(|b| b.has_flag(wanted)));
    // Classes and modules keep their attributes in a namespace of their own, which `__dict__` shows.
    let layout = base.layout();
    let has_namespace = layout.extends(Class::LAYOUT) || layout.extends(Module::LAYOUT);
    if !has_namespace && (members.dict || any_base_has(flag::HAS_DICT)) {
        flags |= flag::HAS_DICT;
    }
    if members.weakref || any_base_has(flag::HAS_WEAKREF) {
        flags |= flag::HAS_WEAKREF;
    }
    let member_count = base.members + members.names.len() as u32;
    if member_count > 0 {
        flags |= flag::HAS_MEMBERS;
    }
    let variable = base.layout().words == 0;
    let room = if flags & flag::HAS_DICT != 0 && !variable { inline_room(cx, base, dict) } else { 0 };
    let class = cx.new_instance(
        metaclass,
        Class {
            name: TypedSlot::new(name),
            qualname: TypedSlot::EMPTY,
            bases: TypedSlot::new(bases),
            base: TypedSlot::new(base),
            mro: TypedSlot::EMPTY,
            dict: TypedSlot::new(dict),
            flags: AtomicU32::new(flags),
            shape: AtomicU32::new(0),
            dict_shape: AtomicU32::new(0),
            inline: member_count + room,
            members: member_count,
            version: AtomicU64::new(fresh_version()),
            layout: StaticRef::new(base.layout()),
            def: base.def,
            subclasses: Guarded::new(Vec::new()),
            slots: Slots::empty(),
        },
    );
    let has_extra = flags & (flag::HAS_DICT | flag::HAS_MEMBERS) != 0;
    let ext = if has_extra { base.layout().words as usize } else { 0 };
    let root = if variable && has_extra {
        shape::dict_mode(class, base.layout(), 0)
    } else {
        shape::root(class, base.layout(), ext)
    };
    class.shape.store(root, Ordering::Release);
    Ok(class)
}

/// How many attributes instances keep inside their cells: those of the base, and what the methods of the class
/// assign to self (`__static_attributes__`).
fn inline_room(cx: &Context, base: Gc<Class>, dict: Gc<Dict>) -> u32 {
    let inherited = base.inline.saturating_sub(base.members);
    let assigned = dict.get_str(cx, cx.name(id::__static_attributes__));
    let own = assigned.and_then(Value::downcast::<Tuple>).map_or(0, |names| names.items().len() as u32);
    let has = |name| dict.get_str(cx, cx.name(name)).is_some();
    let annotated = has(id::__annotate_func__) || has(id::__annotations__);
    match inherited + own {
        room if annotated => room.max(ANNOTATED_INLINE),
        0 => FIRST_INLINE,
        room => room,
    }
    .min(MOST_INLINE.max(inherited))
}

/// Takes flags and slots from the bases and enters their lists of subclasses. A change of a base by another thread comes
/// before, or finds the class in the list.
fn join_bases(cx: &Context, class: Gc<Class>, base: Gc<Class>, custom_mro: Option<Gc<Tuple>>) -> Result<()> {
    let _lock = cx.vm().type_lock.lock(cx);
    // The bases may get other bases before the lock is taken; from then on the class is among those that are told.
    let mro = match custom_mro {
        Some(mro) => mro,
        None => cx.new_tuple(&mro::compute(cx, class, class.bases().items())?),
    };
    class.set_mro(cx, mro);
    inherit_flags(cx, class);
    for base in class.bases().items() {
        if let Some(base) = base.downcast::<Class>() {
            base.subclasses.lock(cx).push(class.address());
        }
    }
    taipan_gc::set_weakref(class.value().as_cell().expect("a class is a cell"));
    class.version.store(fresh_version(), Ordering::Release);
    special::inherit_slots(cx, class, base);
    update_attr_flags(cx, class);
    Ok(())
}

/// Flags that come from the bases.
fn inherit_flags(cx: &Context, class: Gc<Class>) {
    const INHERITED: u32 = flag::SEQUENCE | flag::MAPPING | flag::MATCH_SELF | flag::EXCEPTION;
    let _ = cx;
    for base in class.mro().items().iter().skip(1) {
        if let Some(base) = base.downcast::<Class>() {
            let flags = base.flags() & INHERITED;
            // A class is a sequence or a mapping, by whichever comes first in the MRO.
            let kinds = flag::SEQUENCE | flag::MAPPING;
            let flags = if class.flags() & kinds != 0 { flags & !kinds } else { flags };
            class.set_flag(flags, true);
        }
    }
}

/// Recomputes what attribute access on instances must look out for.
pub(crate) fn update_attr_flags(cx: &Context, class: Gc<Class>) {
    let object = crate::types::type_::object_class();
    class.set_flag(flag::CUSTOM_GETATTR, !class.slots.get_attr.same(&object.slots.get_attr));
    class.set_flag(flag::CUSTOM_SETATTR, !class.slots.set_attr.same(&object.slots.set_attr));
    let del = class.lookup(cx, cx.name(id::__del__)).is_some();
    class.set_flag(flag::HAS_DEL, del);
}

/// The MRO that the metaclass's own `mro` says, if it has one.
fn custom_mro(cx: &mut Context, class: Gc<Class>, metaclass: Gc<Class>) -> Result<Option<Gc<Tuple>>> {
    let name = cx.name(id::mro);
    let method = metaclass.lookup(cx, name);
    if method == type_class().lookup(cx, name) {
        return Ok(None);
    }
    let Some(method) = method else { return Ok(None) };
    // A plain MRO first, so that the class can be used by the metaclass's `mro`.
    let plain = mro::compute(cx, class, class.bases().items())?;
    class.set_mro(cx, cx.new_tuple(&plain));
    let result = cx.call_method_value(method, class.value(), &[])?;
    let items = cx.collect(result)?;
    for item in &items {
        let Some(item_class) = item.downcast::<Class>() else {
            return Err(cx.type_error(format!("mro() returned a non-class ('{}')", cx.type_name(*item))));
        };
        if !extends_solid(solid_base(class), solid_base(item_class)) {
            return Err(cx.type_error(format!(
                "mro() returned base with unsuitable layout ('{}')",
                item_class.name().to_str()
            )));
        }
    }
    Ok(Some(cx.new_tuple(&items)))
}

/// `__module__`, `__qualname__`, `__doc__`, and the methods that are static or class methods by name.
fn set_defaults(cx: &mut Context, class: Gc<Class>, dict: Gc<Dict>, members: &Members) -> Result<()> {
    let module = cx.name(id::__module__);
    if dict.get_str(cx, module).is_none()
        && let Some(globals) = (cx.vm().hooks().current_globals)(cx).and_then(|g| g.downcast::<Dict>())
        && let Some(name) = globals.get_str(cx, cx.name(id::__name__))
    {
        dict.set_str(cx, module, name);
    }
    let qualname = cx.name(id::__qualname__);
    match dict.remove_str(cx, qualname) {
        Some(value) => match value.downcast::<Str>() {
            Some(text) => class.qualname.store(text),
            None => {
                return Err(
                    cx.type_error(format!("type __qualname__ must be a str, not {}", cx.type_name(value)))
                );
            }
        },
        None => class.qualname.store(class.name()),
    }
    let doc = cx.name(id::__doc__);
    match dict.get_str(cx, doc) {
        // CPython keeps a copy in UTF-8.
        Some(text) => {
            if let Some(text) = text.downcast::<Str>() {
                text.to_utf8(cx)?;
            }
        }
        None => dict.set_str(cx, doc, Value::NONE),
    }
    let is_function = |value: Value| value.kind() == crate::layout::kind::FUNCTION;
    if let Some(new) = dict.get_str(cx, cx.name(id::__new__)).filter(|v| is_function(*v)) {
        let wrapped = crate::types::staticmethod::StaticMethod::wrap(cx, new).value();
        dict.set_str(cx, cx.name(id::__new__), wrapped);
    }
    for name in [id::__init_subclass__, id::__class_getitem__] {
        if let Some(function) = dict.get_str(cx, cx.name(name)).filter(|v| is_function(*v)) {
            let wrapped = crate::types::classmethod::ClassMethodObject::wrap(cx, function).value();
            dict.set_str(cx, cx.name(name), wrapped);
        }
    }
    let has = |name| dict.get_str(cx, name).is_some() || members.names.contains(&name);
    if has(cx.name(id::__eq__)) && !has(cx.name(id::__hash__)) {
        dict.set_str(cx, cx.name(id::__hash__), Value::NONE);
    }
    Ok(())
}

/// Reads and checks `__slots__`.
fn read_slots(cx: &mut Context, class_name: Gc<Str>, base: Gc<Class>, dict: Gc<Dict>) -> Result<Members> {
    let base_has_dict = base.has_flag(flag::HAS_DICT);
    let base_has_weakref = base.has_flag(flag::HAS_WEAKREF);
    let Some(slots) = dict.get_str(cx, cx.name(id::__slots__)) else {
        return Ok(Members { dict: !base_has_dict, weakref: !base_has_weakref, ..Members::default() });
    };
    let names = if slots.downcast::<Str>().is_some() { cx.new_tuple(&[slots]).value() } else { slots };
    let names = cx.collect(names)?;
    // The items of a `str` are no items of its type, as they are for int, bytes and tuple.
    let itemized = base.layout().words == 0 && base.layout().kind != crate::layout::kind::STR;
    if !names.is_empty() && itemized {
        return Err(cx.type_error(format!(
            "nonempty __slots__ not supported for subtype of '{}'",
            base.name().to_str()
        )));
    }
    let mut members = Members::default();
    let mut mangled: Vec<String> = Vec::new();
    for name in &names {
        let Some(text) = name.downcast::<Str>() else {
            return Err(
                cx.type_error(format!("__slots__ items must be strings, not '{}'", cx.type_name(*name)))
            );
        };
        if !text.is_identifier() {
            return Err(cx.type_error("__slots__ must be identifiers"));
        }
        match &*text.to_str() {
            "__dict__" => {
                if members.dict || base_has_dict {
                    return Err(cx.type_error("__dict__ slot disallowed: we already got one"));
                }
                members.dict = true;
            }
            "__weakref__" => {
                if members.weakref || base_has_weakref {
                    return Err(cx.type_error("__weakref__ slot disallowed: we already got one"));
                }
                members.weakref = true;
            }
            other => mangled.push(mangle(&class_name.to_str(), other)),
        }
    }
    mangled.sort();
    for name in mangled {
        let name = cx.intern(&name);
        if members.names.contains(&name) {
            continue;
        }
        let text = name.to_str();
        if dict.get_str(cx, name).is_some()
            && !matches!(&*text, "__qualname__" | "__classcell__" | "__classdictcell__")
        {
            return Err(cx.value_error(format!("'{text}' in __slots__ conflicts with class variable")));
        }
        members.names.push(name);
    }
    Ok(members)
}

/// Private name mangling.
pub fn mangle(class_name: &str, name: &str) -> String {
    let class_name = class_name.trim_start_matches('_');
    if !name.starts_with("__") || name.ends_with("__") || name.contains('.') || class_name.is_empty() {
        return name.to_owned();
    }
    format!("_{class_name}{name}")
}

/// Descriptors of the members, and of `__dict__` and `__weakref__` where they begin.
fn add_members(cx: &Context, class: Gc<Class>, base: Gc<Class>, members: &Members) {
    let dict = class.dict(cx);
    let first = base.members;
    for (index, name) in members.names.iter().enumerate() {
        dict.set_str(cx, *name, member_descriptor(cx, class, *name, (first as usize + index) as u16));
    }
    if class.has_flag(flag::HAS_DICT) && !base.has_flag(flag::HAS_DICT) {
        let name = cx.name(id::__dict__);
        if dict.get_str(cx, name).is_none() {
            dict.set_str(cx, name, super::methods::instance_dict_descriptor(cx, class));
        }
    }
    if class.has_flag(flag::HAS_WEAKREF) && !base.has_flag(flag::HAS_WEAKREF) {
        let name = cx.intern("__weakref__");
        if dict.get_str(cx, name).is_none() {
            dict.set_str(cx, name, super::methods::instance_weakref_descriptor(cx, class));
        }
    }
}

/// Fills the `__class__` cell that the class body's functions close over.
fn set_classcell(cx: &mut Context, class: Gc<Class>, dict: Gc<Dict>) -> Result<()> {
    for (name, value) in [(id::__classcell__, class.value()), (id::__classdictcell__, dict.value())] {
        let Some(cell) = dict.remove_str(cx, cx.name(name)) else { continue };
        match cell.downcast::<crate::types::cell::Cell>() {
            Some(cell) => cell.set(Some(value)),
            None => {
                return Err(cx.type_error(format!(
                    "{} must be a nonlocal cell, not <class '{}'>",
                    cx.name(name).to_str(),
                    cx.type_name(cell)
                )));
            }
        }
    }
    Ok(())
}

fn call_set_names(cx: &mut Context, class: Gc<Class>, dict: Gc<Dict>) -> Result<()> {
    for (key, value) in dict.entries(cx) {
        if cx.class_of(value).lookup(cx, cx.name(id::__set_name__)).is_none() {
            continue;
        }
        if let Err(raised) = cx.call_special(value, id::__set_name__, &[class.value(), key]) {
            let key = cx.repr(key)?;
            let note = format!(
                "Error calling __set_name__ on '{}' instance {} in '{}'",
                cx.type_name(value),
                key.to_str(),
                class.name().to_str()
            );
            return Err(cx.add_note(raised, &note));
        }
    }
    Ok(())
}

fn call_init_subclass(cx: &mut Context, class: Gc<Class>, kwargs: Args<'_>) -> Result<()> {
    let hook = cx.super_attr(class, class.value(), cx.name(id::__init_subclass__))?;
    cx.call_kw(hook, kwargs).map(|_| ())
}
