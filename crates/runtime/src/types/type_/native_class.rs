//! Class objects of native types, made from their static definitions at start.
//!
//! Invariant: a `ClassCell` is filled once and its class is immortal; using one before it is filled
//! creates it, bases first.
#![allow(unsafe_code)]

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use crate::context::Context;
use crate::instance::Instance;
use crate::layout::Object;
use crate::lock::Guarded;
use crate::names::id;
use crate::native::{ClassDef, FunctionKind};
use crate::object::Gc;
use crate::shape;
use crate::slots::TypedSlot;
use crate::static_ref::StaticRef;
use crate::types::dict::Dict;
use crate::types::native_function::{self, NativeFunction};
use crate::types::type_::{Class, Slots, flag, fresh_version, special};
use crate::value::Value;

/// Where the class object of a native type is kept.
pub struct ClassCell {
    def: &'static ClassDef,
    class: AtomicU64,
    shape: AtomicU32,
    /// Words behind the body of an instance; the top bit says that instances have a finalizer.
    extra: AtomicU32,
}

const FINALIZES: u32 = 1 << 31;

impl ClassCell {
    pub const fn new(def: &'static ClassDef) -> ClassCell {
        ClassCell { def, class: AtomicU64::new(0), shape: AtomicU32::new(0), extra: AtomicU32::new(0) }
    }

    pub fn def(&self) -> &'static ClassDef {
        self.def
    }

    /// The class. It must have been created (`ensure`).
    #[inline(always)]
    pub fn get(&self) -> Gc<Class> {
        let bits = self.class.load(Ordering::Acquire);
        match Value::from_bits(bits).and_then(Value::as_cell) {
            // SAFETY: only `ensure` stores here, and it stores a class.
            Some(cell) => unsafe { Gc::from_cell(cell) },
            None => panic!("native type {} is used before it was created", self.def.name),
        }
    }

    #[inline(always)]
    pub fn instance_shape(&self) -> u32 {
        self.shape.load(Ordering::Acquire)
    }

    /// Words that instances have behind the native body, and whether they have a finalizer.
    #[inline(always)]
    pub(crate) fn extra(&self) -> (usize, bool) {
        let extra = self.extra.load(Ordering::Relaxed);
        ((extra & !FINALIZES) as usize, extra & FINALIZES != 0)
    }

    /// The class, created if need be.
    pub fn ensure(&'static self, cx: &Context) -> Gc<Class> {
        if self.class.load(Ordering::Acquire) == 0 {
            let _lock = crate::vm::vm().type_lock.lock(cx);
            if self.class.load(Ordering::Acquire) == 0 {
                self.create(cx);
                self.fill(cx);
            }
        }
        self.get()
    }

    /// Allocates the class and its shape, without attributes. Idempotent; the type lock is held.
    fn create(&'static self, cx: &Context) {
        if self.class.load(Ordering::Acquire) != 0 {
            return;
        }
        let def = self.def;
        let base = match def.base {
            Some(base) => Some(base()),
            None if std::ptr::eq(def, Instance::class_cell().def) => None,
            None => Some(Instance::class_cell()),
        };
        if let Some(base) = base {
            base.create(cx);
        }
        let type_cell = Class::class_cell();
        // `object` comes before `type`, which fixes the shapes of both.
        if base.is_some() && !std::ptr::eq(self, type_cell) {
            type_cell.create(cx);
        }
        let mut flags = def.flags;
        if def.layout.words == 0 {
            flags |= flag::VARIABLE;
        }
        if let Some(base) = base {
            const INHERITED: u32 = flag::SEQUENCE
                | flag::MAPPING
                | flag::MATCH_SELF
                | flag::EXCEPTION
                | flag::HAS_DICT
                | flag::HAS_WEAKREF
                | flag::HAS_DEL;
            flags |= base.get().flags() & INHERITED;
        }
        if def.slots.finalize.is_some() {
            flags |= flag::HAS_DEL;
        }
        let body = Class {
            name: TypedSlot::EMPTY,
            qualname: TypedSlot::EMPTY,
            bases: TypedSlot::EMPTY,
            base: TypedSlot::new_option(base.map(ClassCell::get)),
            mro: TypedSlot::EMPTY,
            dict: TypedSlot::EMPTY,
            flags: AtomicU32::new(flags),
            shape: AtomicU32::new(0),
            dict_shape: AtomicU32::new(0),
            inline: if flags & flag::HAS_DICT != 0 && def.layout.words != 0 { 4 } else { 0 },
            members: 0,
            version: AtomicU64::new(fresh_version()),
            layout: StaticRef::new(def.layout),
            def: StaticRef::new(def),
            subclasses: Guarded::new(Vec::new()),
            slots: Slots::from_static(&def.slots),
        };
        // The first class is `type` itself: its shape is set right after, below.
        let class = cx.new_object(body);
        crate::vm::vm().register_class_cell(self);
        taipan_gc::add_root(&self.class);
        self.class.store(class.value().bits(), Ordering::Release);
        let ext = if flags & flag::HAS_DICT != 0 { def.layout.words as usize } else { 0 };
        let root = if def.layout.words == 0 && flags & flag::HAS_DICT != 0 {
            shape::dict_mode(class, def.layout, ext)
        } else {
            shape::root(class, def.layout, ext)
        };
        class.shape.store(root, Ordering::Release);
        self.shape.store(root, Ordering::Release);
        let finalizes = if flags & flag::HAS_DEL != 0 { FINALIZES } else { 0 };
        self.extra.store(class.extra_words() as u32 | finalizes, Ordering::Relaxed);
        if std::ptr::eq(self, type_cell) {
            class.header().shape.store(root, Ordering::Release);
            // Classes created before `type` (object) were given shape 0.
            Instance::class_cell().get().header().shape.store(root, Ordering::Release);
        }
    }

    /// Gives the class its name, MRO and slots. Needs str and tuple to exist (`create`d).
    fn fill(&'static self, cx: &Context) {
        let class = self.get();
        if class.mro.load().is_some() {
            return;
        }
        let def = self.def;
        if let Some(base) = class.base().filter(|base| base.mro.load().is_none()) {
            cx.vm().class_cell_of(base.def.get()).fill(cx);
        }
        let name = cx.intern(def.name);
        class.name.store(name);
        class.qualname.store(name);
        // Traced: nothing collects before the list is dropped: no `&mut Context` meanwhile, or the cells are reachable from bases.
        let bases: Vec<Value> = class.base().map(Gc::value).into_iter().collect();
        class.bases.store(cx.new_tuple(&bases));
        let mut mro = vec![class.value()];
        if let Some(base) = class.base() {
            mro.extend_from_slice(base.mro().items());
            class.slots.inherit(&base.slots);
            base.subclasses.lock(cx).push(class.address());
        }
        if def.slots.compare.is_some() && def.slots.hash.is_none() {
            class.slots.hash.set(Some(super::hash_not_implemented));
        }
        class.mro.store(cx.new_tuple(&mro));
    }
}

/// The namespace of a native type, made now. Most programs look into few of the types that there are.
#[cold]
#[inline(never)]
pub(super) fn fill_dict(cx: &Context, class: &Class) -> Gc<Dict> {
    let def = class.def.get();
    let class = cx.vm().class_cell_of(def).get();
    // Not the lock of types: who changes a class holds that one when it looks into a namespace.
    let _lock = cx.vm().fill_lock.lock(cx);
    class.dict.load().unwrap_or_else(|| {
        let dict = attributes(cx, class, def);
        // Readers that take no lock see all of it or nothing.
        class.dict.store(dict);
        dict
    })
}

/// The attributes that the definition names.
fn attributes(cx: &Context, class: Gc<Class>, def: &'static ClassDef) -> Gc<Dict> {
    let wrappers = special::wrapped(def).count();
    let dict = Dict::new_cells(cx, def.functions.len() + def.getset.len() + wrappers + 2);
    let set = |name: &str, value: Value| dict.set_str(cx, cx.intern(name), value);
    if def.slots.new.is_some() {
        set("__new__", native_function::new_wrapper(cx, class));
    }
    for function in def.functions {
        let value = match function.kind {
            FunctionKind::Plain => native_function::method_descriptor(cx, class, function),
            FunctionKind::ClassMethod => native_function::classmethod_descriptor(cx, class, function),
            FunctionKind::StaticMethod => {
                let inner = NativeFunction::new(cx, function, None, Some(class.value())).value();
                crate::types::staticmethod::StaticMethod::wrap(cx, inner).value()
            }
        };
        set(function.name, value);
    }
    for index in special::wrapped(def) {
        let name = special::name_of(cx, index);
        if dict.get_str(cx, name).is_none() {
            dict.set_str(cx, name, native_function::wrapper_descriptor(cx, class, index));
        }
    }
    for row in def.getset {
        set(row.name, native_function::getset_descriptor(cx, class, row));
    }
    if def.slots.compare.is_some() && def.slots.hash.is_none() {
        set("__hash__", Value::NONE);
    }
    let inherits_dict = class.base().is_some_and(|base| base.has_flag(flag::HAS_DICT));
    if class.has_flag(flag::HAS_DICT) && !inherits_dict && dict.get_str(cx, cx.name(id::__dict__)).is_none() {
        set("__dict__", super::methods::instance_dict_descriptor(cx, class));
    }
    if dict.get_str(cx, cx.name(id::__doc__)).is_none() {
        let doc = def.doc.map_or(Value::NONE, |doc| cx.new_str(doc).value());
        set("__doc__", doc);
    }
    let instances_tell = def.getset.iter().any(|row| row.name == "__module__");
    if def.module != "builtins" && !instances_tell {
        set("__module__", cx.intern(def.module).value());
    }
    dict
}

/// Creates every listed native type: all cells first, then all contents, since strings, tuples and dicts
/// are needed to fill any of them.
pub fn ensure_all(cx: &Context, cells: &[fn() -> &'static ClassCell]) {
    let _lock = crate::vm::vm().type_lock.lock(cx);
    for cell in cells {
        cell().create(cx);
    }
    if !cx.vm().names_ready() {
        cx.vm().init_names(cx);
    }
    for cell in cells {
        cell().fill(cx);
    }
}

/// Constants of native types need values made by code that may run Python; they are set last, and once.
pub fn set_constants(cx: &mut Context, cells: &[fn() -> &'static ClassCell]) -> crate::error::Result<()> {
    for cell in cells {
        for constant in cell().def.constants {
            let name = cx.intern(constant.name);
            if cell().get().dict(cx).get_str(cx, name).is_none() {
                let value = (constant.value)(cx)?;
                cell().get().dict(cx).set_str(cx, name, value);
            }
        }
    }
    Ok(())
}
