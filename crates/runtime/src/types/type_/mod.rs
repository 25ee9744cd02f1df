//! `type`: classes, native and Python-made. CPython: `Objects/typeobject.c`.
//!
//! Invariant: `version` changes (for the class and its whole subtree) before a change of the class's
//! dict, bases or slots can be observed to have happened; whoever caches a lookup compares it.

mod annotations;
mod construct;
mod generic;
mod methods;
mod mro;
mod mutate;
mod native_class;
mod slots;
pub mod special;

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use taipan_macros::Trace;

use crate::context::Context;
use crate::layout::{Layout, Object, kind};
use crate::lock::Guarded;
use crate::native::ClassDef;
use crate::object::Gc;
use crate::slots::TypedSlot;
use crate::static_ref::StaticRef;
use crate::types::dict::Dict;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::types::value_cell::ValueCell;
use crate::value::Value;

pub use construct::{best_base, calculate_metaclass, mangle, new_class};
pub(crate) use generic::hash_not_implemented;
pub use methods::{class_attribute, instantiate, module_of, object_class, type_class};
pub use mutate::{change_class_dict, set_class_attr, set_class_of, update_after_bases};
pub(crate) use mutate::{forget_dead, note_dying};
pub use native_class::{ClassCell, ensure_all, set_constants};
pub use slots::*;

/// Bits of a class's flags.
pub mod flag {
    /// Made by a `class` statement or `type(...)`: its attributes may be changed.
    pub const HEAP: u32 = 1;
    /// May be a base class.
    pub const BASETYPE: u32 = 1 << 1;
    /// Cannot be instantiated from Python.
    pub const DISALLOW_NEW: u32 = 1 << 2;
    /// Instances have a `__dict__`.
    pub const HAS_DICT: u32 = 1 << 3;
    /// Instances can be weakly referenced.
    pub const HAS_WEAKREF: u32 = 1 << 4;
    /// Has abstract methods (`__abstractmethods__` is not empty).
    pub const ABSTRACT: u32 = 1 << 5;
    /// `match` treats instances as sequences.
    pub const SEQUENCE: u32 = 1 << 6;
    /// `match` treats instances as mappings.
    pub const MAPPING: u32 = 1 << 7;
    /// A class pattern with one positional sub-pattern matches the subject itself.
    pub const MATCH_SELF: u32 = 1 << 8;
    /// Instances are functions: looked up on an instance, self goes before the arguments.
    pub const METHOD_DESCRIPTOR: u32 = 1 << 9;
    /// Attribute access on instances needs `__getattribute__` or `__getattr__` (no shape caches).
    pub const CUSTOM_GETATTR: u32 = 1 << 10;
    pub const CUSTOM_SETATTR: u32 = 1 << 11;
    /// Instances have a `__del__`.
    pub const HAS_DEL: u32 = 1 << 12;
    /// Inline caches may name shapes of this class.
    pub const CACHED: u32 = 1 << 13;
    /// A native type that scripts may still change (few: those that CPython leaves mutable).
    pub const MUTABLE: u32 = 1 << 14;
    /// A subclass of BaseException.
    pub const EXCEPTION: u32 = 1 << 15;
    /// Declares non-empty `__slots__` somewhere in its bases.
    pub const HAS_MEMBERS: u32 = 1 << 16;
    /// Items are laid out inline (`int`, `bytes`, `tuple`): non-empty `__slots__` are refused.
    pub const VARIABLE: u32 = 1 << 17;
}

/// The body of a class object.
#[derive(Trace)]
pub struct Class {
    pub(crate) name: TypedSlot<Str>,
    pub(crate) qualname: TypedSlot<Str>,
    pub(crate) bases: TypedSlot<Tuple>,
    pub(crate) base: TypedSlot<Class>,
    pub(crate) mro: TypedSlot<Tuple>,
    pub(crate) dict: TypedSlot<Dict>,
    pub(crate) flags: AtomicU32,
    /// Shape of fresh instances.
    pub(crate) shape: AtomicU32,
    /// Shape of instances in dict mode; 0 until one exists.
    pub(crate) dict_shape: AtomicU32,
    /// Slots inside the cell of every instance, `__slots__` members included. It never changes, since the collector
    /// learns from it how long a cell is.
    pub(crate) inline: u32,
    /// How many of them are `__slots__` members (they come first).
    pub(crate) members: u32,
    pub(crate) version: AtomicU64,
    pub(crate) layout: StaticRef<Layout>,
    /// The definition of the native type whose layout instances have (its own one for native types).
    pub(crate) def: StaticRef<ClassDef>,
    /// Addresses of direct subclasses, in order of creation; weak.
    pub(crate) subclasses: Guarded<Vec<usize>>,
    pub slots: Slots,
}

// SAFETY (Slots in a Trace body): function pointers are no values.
#[allow(unsafe_code)]
const _: () = {
    // SAFETY: as above.
    unsafe impl crate::layout::Trace for Slots {
        const TRACES: bool = false;
        fn trace(&self, _marker: &mut taipan_gc::Marker) {}
    }
};

static NEXT_VERSION: AtomicU64 = AtomicU64::new(1);

pub(crate) fn fresh_version() -> u64 {
    NEXT_VERSION.fetch_add(1, Ordering::Relaxed)
}

impl Class {
    #[inline(always)]
    pub fn flags(&self) -> u32 {
        self.flags.load(Ordering::Relaxed)
    }

    #[inline(always)]
    pub fn has_flag(&self, flag: u32) -> bool {
        self.flags() & flag != 0
    }

    pub(crate) fn set_flag(&self, flag: u32, on: bool) {
        if on {
            self.flags.fetch_or(flag, Ordering::Relaxed);
        } else {
            self.flags.fetch_and(!flag, Ordering::Relaxed);
        }
    }

    /// Says that an inline cache is about to trust a shape of this class. Call it before looking at what the class has:
    /// a change that the look misses then finds the mark, and clears the cache when this thread comes to a safepoint.
    #[inline]
    pub fn mark_cached(&self) {
        if !self.has_flag(flag::CACHED) {
            self.flags.fetch_or(flag::CACHED, Ordering::SeqCst);
        }
    }

    /// Makes `match` treat instances of the class and its subclasses as sequences or as mappings, as
    /// registering with `collections.abc` does. Native classes stay as they are.
    pub fn set_collection_flags(&self, cx: &Context, kind: u32) {
        let _lock = cx.vm().type_lock.lock(cx);
        self.spread_collection_flags(cx, kind);
    }

    fn spread_collection_flags(&self, cx: &Context, kind: u32) {
        if self.is_heap() {
            self.set_flag(kind, true);
            for class in mutate::subclasses(cx, self) {
                class.spread_collection_flags(cx, kind);
            }
        }
    }

    /// A number that no other state of any class has or will have.
    #[inline(always)]
    pub fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// The name as messages have it: a native type's with its module in front (`tp_name`).
    pub fn full_name(&self) -> String {
        match self.native_def() {
            Some(def) if !self.is_heap() && def.module != "builtins" => {
                format!("{}.{}", def.module, def.name)
            }
            _ => self.name().to_str().into_owned(),
        }
    }

    /// `__name__`.
    pub fn name(&self) -> Gc<Str> {
        self.name.load().expect("a class has a name")
    }

    pub fn qualname(&self) -> Gc<Str> {
        self.qualname.load().unwrap_or_else(|| self.name())
    }

    /// Its namespace. That of a native type is filled at the first look.
    #[inline(always)]
    pub fn dict(&self, cx: &Context) -> Gc<Dict> {
        match self.dict.load() {
            Some(dict) => dict,
            None => native_class::fill_dict(cx, self),
        }
    }

    /// The classes of the method resolution order, this one first.
    #[inline(always)]
    pub fn mro(&self) -> Gc<Tuple> {
        self.mro.load().expect("a class has an MRO")
    }

    /// Makes an MRO the one of this Python class. The namespaces of native classes in it are filled before: the interpreter
    /// looks names up in Python classes where it must not wait for a lock.
    fn set_mro(&self, cx: &Context, mro: Gc<Tuple>) {
        for class in mro.items().iter().filter_map(|class| class.downcast::<Class>()) {
            class.dict(cx);
        }
        self.mro.store(mro);
    }

    pub fn bases(&self) -> Gc<Tuple> {
        self.bases.load().expect("a class has bases")
    }

    /// The base whose layout this class extends; `None` for `object`.
    pub fn base(&self) -> Option<Gc<Class>> {
        self.base.load()
    }

    #[inline(always)]
    pub fn layout(&self) -> &'static Layout {
        self.layout.get()
    }

    /// The native definition; `None` for classes made in Python.
    pub fn native_def(&self) -> Option<&'static ClassDef> {
        Some(self.def.get())
    }

    pub fn is_heap(&self) -> bool {
        self.has_flag(flag::HEAP)
    }

    #[inline(always)]
    pub fn instance_shape(&self) -> u32 {
        self.shape.load(Ordering::Acquire)
    }

    /// Words that instances have behind the native body: the extension word and the inline slots.
    #[inline(always)]
    pub fn extra_words(&self) -> usize {
        if self.flags() & (flag::HAS_DICT | flag::HAS_MEMBERS) == 0 { 0 } else { 1 + self.inline as usize }
    }

    /// Number of inline slots of instances.
    pub fn inline_slots(&self) -> usize {
        self.inline as usize
    }

    /// Whether instances are variable-length (their attributes are in dict mode from the start).
    pub fn is_variable(&self) -> bool {
        self.layout().words == 0
    }

    /// Looks `name` (interned) up along the MRO, without descriptors.
    #[inline]
    pub fn lookup(&self, cx: &Context, name: Gc<Str>) -> Option<Value> {
        let cell = self.lookup_cell(cx, name)?;
        cell.load().or_else(|| self.lookup_again(cx, name))
    }

    /// Another thread has deleted the name from the class in which it was found, and the version is about to change: a
    /// base may have it all the same.
    #[cold]
    fn lookup_again(&self, cx: &Context, name: Gc<Str>) -> Option<Value> {
        self.lookup_with_owner(cx, name).map(|(_, value)| value)
    }

    /// The cell in which the MRO holds `name`. Cached per thread.
    #[inline]
    pub fn lookup_cell(&self, cx: &Context, name: Gc<Str>) -> Option<Gc<ValueCell>> {
        let version = self.version();
        let entry = cx.locals.methods.entry(version, name.address());
        let (cached_version, cached_name, cached_cell) = entry.get();
        if cached_version == version && cached_name == name.address() as u64 {
            return Value::from_bits(cached_cell).and_then(Value::downcast);
        }
        let found = self.lookup_cell_slow(cx, name);
        entry.set((version, name.address() as u64, Value::option_bits(found.map(Gc::value))));
        found
    }

    fn lookup_cell_slow(&self, cx: &Context, name: Gc<Str>) -> Option<Gc<ValueCell>> {
        self.mro().items().iter().find_map(|class| {
            let class = class.downcast::<Class>()?;
            class.dict(cx).existing_cell(cx, name)
        })
    }

    /// The class in the MRO whose dict holds `name`, with the value.
    pub fn lookup_with_owner(&self, cx: &Context, name: Gc<Str>) -> Option<(Gc<Class>, Value)> {
        self.mro().items().iter().find_map(|class| {
            let class = class.downcast::<Class>()?;
            class.dict(cx).get_str(cx, name).map(|value| (class, value))
        })
    }

    /// Whether `self` is `other` or derives from it (by MRO).
    #[inline]
    pub fn is_subclass_of(&self, other: Gc<Class>) -> bool {
        self.mro().items().contains(&other.value())
    }
}

/// A thread's cache of class lookups: (class version, name, cell). Versions are never used twice, so a
/// hit proves that the class is alive and unchanged, hence the cell too. Every collection empties it, because the
/// names are only known by address.
pub struct MethodCache(Box<[MethodCacheEntry]>);

pub type MethodCacheEntry = std::cell::Cell<(u64, u64, u64)>;

const METHOD_CACHE_SIZE: usize = 2048;

impl Default for MethodCache {
    fn default() -> Self {
        MethodCache((0..METHOD_CACHE_SIZE).map(|_| std::cell::Cell::new((0, 0, 0))).collect())
    }
}

impl MethodCache {
    /// Forgets everything. The thread is this one or stopped.
    pub(crate) fn clear(&self) {
        self.0.iter().for_each(|entry| entry.set((0, 0, 0)));
    }

    #[inline(always)]
    fn entry(&self, version: u64, name: usize) -> &MethodCacheEntry {
        let hash = (name >> 4) ^ (version as usize).wrapping_mul(0x9e37_79b9);
        &self.0[hash % METHOD_CACHE_SIZE]
    }
}

/// Class of a value that is no heap cell.
pub fn immediate_class(value: Value) -> Gc<Class> {
    use crate::types::{bool_::Bool, float::Float, int::Int, singletons};
    if value.is_small_int() {
        Int::class_cell().get()
    } else if value.is_immediate_float() {
        Float::class_cell().get()
    } else if value.is_bool() {
        Bool::class_cell().get()
    } else if value.is_none() {
        singletons::NoneType::class_cell().get()
    } else if value == Value::NOT_IMPLEMENTED {
        singletons::NotImplementedType::class_cell().get()
    } else {
        debug_assert_eq!(value, Value::ELLIPSIS);
        singletons::EllipsisType::class_cell().get()
    }
}

impl Context {
    /// Name of a value's class, for messages: that of a native type has its module in front (`tp_name`).
    pub fn type_name(&self, value: Value) -> String {
        self.class_of(value).full_name()
    }

    /// The qualified name of a value's class with the module in front, except for builtins and `__main__`: what `%T` writes
    /// (`PyType_GetFullyQualifiedName`).
    pub fn qualified_type_name(&mut self, value: Value) -> String {
        let class = self.class_of(value);
        let qualname = class.qualname().to_str().into_owned();
        let module = match self.lookup_attr(class.value(), self.name(crate::names::id::__module__)) {
            Ok(module) => module.and_then(|module| module.downcast::<Str>()),
            Err(raised) => {
                self.take_exception(raised);
                None
            }
        };
        match module {
            Some(module) if !module.is("builtins") && !module.is("__main__") => {
                format!("{}.{qualname}", module.to_str())
            }
            _ => qualname,
        }
    }

    /// As CPython's argument parser names types: None is "None".
    pub fn argument_type_name(&self, value: Value) -> String {
        if value.is_none() { "None".to_owned() } else { self.type_name(value) }
    }

    /// Whether `value` is an instance of native type `T`'s class itself, not of a subclass.
    #[inline(always)]
    pub fn is_exact<T: Object>(&self, value: Value) -> bool {
        if T::LAYOUT.one_shape {
            return value.exact_by_shape::<T>().is_some();
        }
        self.class_of(value) == T::class_cell().get()
    }

    /// The value as an exact `T`.
    #[inline(always)]
    pub fn exact<T: Object>(&self, value: Value) -> Option<Gc<T>> {
        if T::LAYOUT.one_shape {
            return value.exact_by_shape();
        }
        if self.is_exact::<T>(value) { value.downcast() } else { None }
    }
}

/// Whether the value is a class.
#[inline(always)]
pub fn is_class(value: Value) -> bool {
    value.kind() == kind::TYPE
}
