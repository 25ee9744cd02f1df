//! `_abc`: registries and caches of abstract base classes. CPython: `Modules/_abc.c`.
//!
//! Invariant: the sets hold weak references to classes; a class that died is no member.

use std::sync::atomic::{AtomicU64, Ordering};

use taipan_runtime::names::id;
use taipan_runtime::prelude::*;
use taipan_runtime::types::set::{AnySet, Set};
use taipan_runtime::types::type_::{flag, is_class};
use taipan_runtime::types::weakref::WeakRef;

/// Counts registrations: a negative cache older than the last one is worthless.
static INVALIDATION: AtomicU64 = AtomicU64::new(0);

/// What `_abc_init` hangs on a class as `_abc_impl`.
#[derive(Trace)]
pub struct AbcData {
    registry: TypedSlot<Set>,
    cache: TypedSlot<Set>,
    negative_cache: TypedSlot<Set>,
    negative_version: AtomicU64,
}

/// Internal state held by ABC machinery.
#[class(name = "_abc_data", module = "_abc")]
impl AbcData {
    #[new("()")]
    fn new(cx: &mut Context, class: Gc<Class>) -> Gc<Self> {
        cx.new_instance(class, AbcData::empty())
    }
}

impl AbcData {
    fn empty() -> AbcData {
        AbcData {
            registry: TypedSlot::EMPTY,
            cache: TypedSlot::EMPTY,
            negative_cache: TypedSlot::EMPTY,
            negative_version: AtomicU64::new(INVALIDATION.load(Ordering::Relaxed)),
        }
    }
}

fn data_of(cx: &mut Context, class: Value) -> Result<Gc<AbcData>> {
    let data = cx.get_attr_str(class, "_abc_impl")?;
    match data.downcast::<AbcData>() {
        Some(data) => Ok(data),
        None => Err(cx.type_error("_abc_impl is set to a wrong type")),
    }
}

/// Whether a weak set holds the object.
fn holds(cx: &mut Context, set: &TypedSlot<Set>, object: Value) -> Result<bool> {
    let Some(set) = set.load().filter(|set| set.len() > 0) else { return Ok(false) };
    match cx.new_weakref(object) {
        Ok(reference) => cx.contains(set.value(), reference.value()),
        Err(raised) => {
            // What cannot be weakly referenced is in no weak set.
            cx.swallow(raised, taipan_runtime::exception::type_error)?;
            Ok(false)
        }
    }
}

/// Adds the object to a weak set; its entry goes away with it.
fn add(cx: &mut Context, slot: &TypedSlot<Set>, object: Value) -> Result<()> {
    let set = match slot.load() {
        Some(set) => set,
        None => {
            let new = cx.new_set();
            match slot.slot().compare_exchange(None, Some(new.value())) {
                Ok(()) => new,
                Err(_) => slot.load().unwrap_or(new),
            }
        }
    };
    let reference = cx.new_weakref(object)?;
    if set.len() > 0 && set.len().is_power_of_two() {
        drop_dead(cx, set)?;
    }
    set.add(cx, reference.value())
}

/// Removes the references whose classes died. A dead reference keeps its hash, so it is found by identity.
fn drop_dead(cx: &mut Context, set: Gc<Set>) -> Result<()> {
    let members = cx.collect(set.value())?;
    for member in members.iter() {
        if member.downcast::<WeakRef>().is_some_and(|reference| reference.referent().is_none()) {
            if let Some(set) = AnySet::from_value(set.value()) {
                set.discard(cx, *member)?;
            }
        }
    }
    Ok(())
}

/// The living members of a weak set.
fn living(cx: &mut Context, set: &TypedSlot<Set>) -> Result<GVec<Value>> {
    let mut found = GVec::new();
    if let Some(set) = set.load() {
        let members = cx.collect(set.value())?;
        found.extend(members.iter().filter_map(|member| member.downcast::<WeakRef>()?.referent()));
    }
    Ok(found)
}

/// The names in `namespace` and the bases that are still abstract.
fn compute_abstract_methods(cx: &mut Context, class: Value) -> Result<()> {
    let mut names = GVec::new();
    let namespace = cx.get_attr_str(class, "__dict__")?;
    let items = cx.call_method(namespace, "items", &[])?;
    for item in cx.collect(items)?.iter() {
        let pair = cx.to_tuple(*item)?;
        let [name, value] = pair.items() else {
            return Err(cx.type_error("Iteration over class namespace gave no pairs"));
        };
        if cx.is_abstract(*value)? {
            names.push(*name);
        }
    }
    let bases = cx.get_attr_str(class, "__bases__")?;
    let Some(bases) = bases.downcast::<Tuple>() else {
        return Err(cx.type_error("__bases__ is not tuple"));
    };
    for base in bases.items() {
        let key = cx.name(id::__abstractmethods__);
        let Some(inherited) = cx.lookup_attr(*base, key)? else { continue };
        for name in cx.collect(inherited)?.iter() {
            let text = taipan_runtime::protocol::attr::attribute_name(cx, *name)?.intern(cx);
            let Some(value) = cx.lookup_attr(class, text)? else { continue };
            if cx.is_abstract(value)? {
                names.push(*name);
            }
        }
    }
    let names = cx.new_list(&names).value();
    let frozenset = cx.builtin("frozenset")?;
    let names = cx.call(frozenset, &[names])?;
    let key = cx.name(id::__abstractmethods__);
    cx.set_attr(class, key, names)
}

/// `issubclass(subclass, class)` by the abstract base class's rules.
fn subclass_check(cx: &mut Context, class: Value, subclass: Value) -> Result<bool> {
    if !is_class(subclass) {
        return Err(cx.type_error("issubclass() arg 1 must be a class"));
    }
    let data = data_of(cx, class)?;
    if holds(cx, &data.cache, subclass)? {
        return Ok(true);
    }
    let version = INVALIDATION.load(Ordering::Relaxed);
    if data.negative_version.load(Ordering::Relaxed) < version {
        data.negative_cache.store_option(None);
        data.negative_version.store(version, Ordering::Relaxed);
    } else if holds(cx, &data.negative_cache, subclass)? {
        return Ok(false);
    }
    let verdict = cx.call_method(class, "__subclasshook__", &[subclass])?;
    let positive = match verdict {
        Value::TRUE => true,
        Value::FALSE => {
            add(cx, &data.negative_cache, subclass)?;
            return Ok(false);
        }
        Value::NOT_IMPLEMENTED => is_derived(cx, &data, class, subclass)?,
        _ => {
            return Err(cx.raise_message(
                taipan_runtime::exception::assertion_error,
                "__subclasshook__ must return either False, True, or NotImplemented",
            ));
        }
    };
    add(cx, if positive { &data.cache } else { &data.negative_cache }, subclass)?;
    Ok(positive)
}

/// Derivation: really, by registration, or through a subclass of the abstract class.
fn is_derived(cx: &mut Context, data: &AbcData, class: Value, subclass: Value) -> Result<bool> {
    if let Some(subclass) = subclass.downcast::<Class>()
        && subclass.mro().items().contains(&class)
    {
        return Ok(true);
    }
    for registered in living(cx, &data.registry)?.iter() {
        if cx.is_subclass(subclass, *registered)? {
            return Ok(true);
        }
    }
    let subclasses = cx.call_method(class, "__subclasses__", &[])?;
    let Some(subclasses) = subclasses.downcast::<List>() else {
        return Err(cx.type_error("__subclasses__() must return a list"));
    };
    for derived in subclasses.snapshot(cx).iter() {
        if cx.is_subclass(subclass, *derived)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The module.
pub struct Abc;

/// Module contains faster C implementation of abc.ABCMeta
#[module("_abc")]
impl Abc {
    /// Returns the current ABC cache token.
    ///
    /// The token is an opaque object (supporting equality testing) identifying the
    /// current version of the ABC cache for virtual subclasses. The token changes
    /// with every call to register() on any ABC.
    #[function("()")]
    fn get_cache_token() -> u64 {
        INVALIDATION.load(Ordering::Relaxed)
    }

    /// Internal ABC helper for class set-up. Should be never used outside abc module.
    #[function("(class, /)", name = "_abc_init")]
    fn abc_init(cx: &mut Context, class: Value) -> Result<()> {
        compute_abstract_methods(cx, class)?;
        let data = cx.new_object(AbcData::empty()).value();
        cx.set_attr_str(class, "_abc_impl", data)?;
        if let Some(class) = class.downcast::<Class>() {
            let name = cx.intern("__abc_tpflags__");
            if let Some(flags) = class.dict(cx).get_str(cx, name) {
                set_collection_flags(cx, class, flags)?;
                let name = cx.intern("__abc_tpflags__");
                cx.del_attr(class.value(), name)?;
            }
        }
        Ok(())
    }

    /// Internal ABC helper for subclasss registration. Should be never used outside abc module.
    #[function("(class, subclass, /)", name = "_abc_register")]
    fn abc_register(cx: &mut Context, class: Value, subclass: Value) -> Result<Value> {
        if !is_class(subclass) {
            return Err(cx.type_error("Can only register classes"));
        }
        if cx.is_subclass(subclass, class)? {
            return Ok(subclass);
        }
        // A cycle would make issubclass() loop.
        if cx.is_subclass(class, subclass)? {
            return Err(cx.runtime_error("Refusing to create an inheritance cycle"));
        }
        let data = data_of(cx, class)?;
        add(cx, &data.registry, subclass)?;
        INVALIDATION.fetch_add(1, Ordering::Relaxed);
        if let (Some(class), Some(subclass)) = (class.downcast::<Class>(), subclass.downcast::<Class>()) {
            let kind = class.flags() & (flag::SEQUENCE | flag::MAPPING);
            if kind != 0 {
                subclass.set_collection_flags(cx, kind);
            }
        }
        Ok(subclass)
    }

    /// Internal ABC helper for instance checks. Should be never used outside abc module.
    #[function("(class, instance, /)", name = "_abc_instancecheck")]
    fn abc_instancecheck(cx: &mut Context, class: Value, instance: Value) -> Result<bool> {
        let data = data_of(cx, class)?;
        let subclass = cx.get_attr_str(instance, "__class__")?;
        if holds(cx, &data.cache, subclass)? {
            return Ok(true);
        }
        let actual = cx.class_of(instance).value();
        if actual == subclass {
            if data.negative_version.load(Ordering::Relaxed) == INVALIDATION.load(Ordering::Relaxed)
                && holds(cx, &data.negative_cache, subclass)?
            {
                return Ok(false);
            }
            // The class's own __subclasscheck__ decides: a metaclass may replace it.
            let verdict = cx.call_method(class, "__subclasscheck__", &[subclass])?;
            return cx.truth(verdict);
        }
        let verdict = cx.call_method(class, "__subclasscheck__", &[subclass])?;
        if cx.truth(verdict)? {
            return Ok(true);
        }
        let verdict = cx.call_method(class, "__subclasscheck__", &[actual])?;
        cx.truth(verdict)
    }

    /// Internal ABC helper for subclasss checks. Should be never used outside abc module.
    #[function("(class, subclass, /)", name = "_abc_subclasscheck")]
    fn abc_subclasscheck(cx: &mut Context, class: Value, subclass: Value) -> Result<bool> {
        subclass_check(cx, class, subclass)
    }

    /// Internal ABC helper for cache and registry debugging.
    ///
    /// Return shallow copies of registry, of both caches, and
    /// negative cache version. Don't call this function directly,
    /// instead use ABC._dump_registry() for a nice repr.
    #[function("(class, /)", name = "_get_dump")]
    fn get_dump(cx: &mut Context, class: Value) -> Result<Value> {
        let data = data_of(cx, class)?;
        let mut parts = GVec::new();
        for slot in [&data.registry, &data.cache, &data.negative_cache] {
            let set = cx.new_set();
            if let Some(source) = slot.load() {
                for member in cx.collect(source.value())?.iter() {
                    set.add(cx, *member)?;
                }
            }
            parts.push(set.value());
        }
        parts.push(cx.new_int(data.negative_version.load(Ordering::Relaxed) as i64));
        Ok(cx.new_tuple(&parts).value())
    }

    /// Internal ABC helper to reset registry of a given class.
    ///
    /// Should be only used by refleak.py
    #[function("(class, /)", name = "_reset_registry")]
    fn reset_registry(cx: &mut Context, class: Value) -> Result<()> {
        data_of(cx, class)?.registry.store_option(None);
        Ok(())
    }

    /// Internal ABC helper to reset both caches of a given class.
    ///
    /// Should be only used by refleak.py
    #[function("(class, /)", name = "_reset_caches")]
    fn reset_caches(cx: &mut Context, class: Value) -> Result<()> {
        let data = data_of(cx, class)?;
        data.cache.store_option(None);
        data.negative_cache.store_option(None);
        Ok(())
    }

    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        let _ = module;
        AbcData::class_cell().ensure(cx);
        Ok(())
    }
}

/// CPython's bits in `__abc_tpflags__`.
const TPFLAGS_SEQUENCE: i64 = 1 << 5;
const TPFLAGS_MAPPING: i64 = 1 << 6;

/// `__abc_tpflags__` of `collections.abc.Sequence` and `Mapping`: what `match` treats the class as.
fn set_collection_flags(cx: &mut Context, class: Gc<Class>, flags: Value) -> Result<()> {
    let Some(flags) = cx.int_to_i64(flags) else { return Ok(()) };
    let mut kind = 0;
    if flags & TPFLAGS_SEQUENCE != 0 {
        kind |= flag::SEQUENCE;
    }
    if flags & TPFLAGS_MAPPING != 0 {
        kind |= flag::MAPPING;
    }
    if kind == flag::SEQUENCE | flag::MAPPING {
        return Err(
            cx.type_error("__abc_tpflags__ cannot be both Py_TPFLAGS_SEQUENCE and Py_TPFLAGS_MAPPING")
        );
    }
    if kind != 0 {
        class.set_collection_flags(cx, kind);
    }
    Ok(())
}
