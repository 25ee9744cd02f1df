//! `gc`. CPython: `Modules/gcmodule.c`.
//! Invariant: `disable()` only makes collections rarer; memory is always reclaimed.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, AtomicUsize, Ordering};

use taipan_gc::Space;
use taipan_macros::module;
use taipan_runtime::buffer::{GVec, SlotBuffer};
use taipan_runtime::layout::kind;
use taipan_runtime::prelude::*;
use taipan_runtime::types::native_function::NativeFunction;
use taipan_runtime::types::type_::{Class, flag};

/// The module.
pub struct GcModule;

static ENABLED: AtomicBool = AtomicBool::new(true);
static DEBUG: AtomicI64 = AtomicI64::new(0);
static THRESHOLDS: [AtomicI64; 3] = [AtomicI64::new(2000), AtomicI64::new(10), AtomicI64::new(0)];

/// The list `gc.callbacks`. A root.
static CALLBACKS: AtomicU64 = AtomicU64::new(0);
/// The address of the definition of `collect`.
static COLLECT: AtomicUsize = AtomicUsize::new(0);
/// What `get_freeze_count` gives.
static FROZEN: AtomicI64 = AtomicI64::new(0);

/// How much rarer collections are while they are disabled.
const DISABLED_SCALE: f64 = 8.0;

/// Whether a call of `callable` will ask for a collection: a caller that can should scrub the stack first, so that
/// what earlier calls left in the words between the frames keeps nothing alive.
#[inline]
pub(crate) fn collects(callable: Value) -> bool {
    callable
        .downcast::<NativeFunction>()
        .is_some_and(|function| std::ptr::from_ref(function.def()).addr() == COLLECT.load(Ordering::Relaxed))
}

/// Whether a kind of object holds no references that a program can see, or is no object that a program can see.
fn is_leaf(value: Value) -> bool {
    matches!(
        value.kind(),
        kind::STR | kind::BYTES | kind::BYTEARRAY | kind::INT | kind::FLOAT | kind::COMPLEX | kind::RANGE
    ) || is_internal(value)
}

/// Whether a program never sees the object: a part of another one.
fn is_internal(value: Value) -> bool {
    matches!(value.kind(), kind::VALUE_CELL | kind::EXTENSION) || value.downcast::<SlotBuffer>().is_some()
}

/// CPython's `PyObject_IS_GC`: whether the object is one that the collector looks into.
fn is_container(value: Value) -> bool {
    let Some(cell) = value.as_cell() else { return false };
    if let Some(class) = value.downcast::<Class>() {
        return class.is_heap();
    }
    let space = taipan_gc::cell_containing(cell.as_ptr().cast()).map(|(_, space, _)| space);
    matches!(space, Some(Space::Scan | Space::Final)) && !is_leaf(value)
}

/// A list of the cells whose addresses were noted while the world was stopped. No safepoint lies in between.
fn list_of(cx: &Context, addresses: &[u64]) -> Gc<List> {
    let values: GVec<Value> = addresses.iter().filter_map(|bits| Value::from_bits(*bits)).collect();
    cx.new_list(&values)
}

/// What `object` refers to, through the parts of it that are cells of their own.
fn referents(cx: &Context, object: Value, found: &mut Vec<u64>) {
    let (Some(cell), thread) = (object.as_cell(), cx.thread()) else { return };
    let mut open = vec![cell];
    while let Some(cell) = open.pop() {
        let mut parts = Vec::new();
        taipan_gc::each_referent(thread, cell, |target| {
            let value = Value::from_cell(target);
            if is_internal(value) { parts.push(target) } else { found.push(value.bits()) }
        });
        open.append(&mut parts);
    }
    let class = cx.class_of(object);
    if class.is_heap() {
        found.push(class.value().bits());
    }
}

/// Calls the functions in `gc.callbacks`.
fn run_callbacks(cx: &mut Context, phase: &str, generation: i32, collected: i64) -> Result<()> {
    let callbacks = Value::from_bits(CALLBACKS.load(Ordering::Relaxed)).and_then(Value::downcast::<List>);
    let Some(callbacks) = callbacks.filter(|list| list.len() > 0) else { return Ok(()) };
    let info = cx.new_dict();
    for (name, number) in [("generation", generation as i64), ("collected", collected), ("uncollectable", 0)]
    {
        let name = cx.intern(name);
        info.set_str(cx, name, Value::int(number));
    }
    let phase = cx.new_str(phase).value();
    for callback in callbacks.snapshot(cx) {
        if let Err(raised) = cx.call(callback, &[phase, info.value()]) {
            cx.unraisable(raised, "Exception ignored while calling GC callback", Some(callback));
        }
    }
    Ok(())
}

/// This module provides access to the garbage collector.
#[module("gc")]
impl GcModule {
    #[constant]
    const DEBUG_STATS: i64 = 1;
    #[constant]
    const DEBUG_COLLECTABLE: i64 = 2;
    #[constant]
    const DEBUG_UNCOLLECTABLE: i64 = 4;
    #[constant]
    const DEBUG_SAVEALL: i64 = 32;
    #[constant]
    const DEBUG_LEAK: i64 = 38;

    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        for name in ["garbage", "callbacks"] {
            let (name, list) = (cx.intern(name), cx.new_list(&[]).value());
            module.dict().set_str(cx, name, list);
            if CALLBACKS.swap(list.bits(), Ordering::Relaxed) == 0 {
                taipan_gc::add_root(&CALLBACKS);
            }
        }
        let collect = module.dict().get_str(cx, cx.intern("collect"));
        if let Some(collect) = collect.and_then(Value::downcast::<NativeFunction>) {
            COLLECT.store(std::ptr::from_ref(collect.def()).addr(), Ordering::Relaxed);
        }
        Ok(())
    }

    /// Collect as often as usual.
    #[function("()")]
    fn enable() {
        ENABLED.store(true, Ordering::Relaxed);
        taipan_gc::set_trigger_scale(1.0);
    }

    /// Collect only when memory has grown far.
    #[function("()")]
    fn disable() {
        ENABLED.store(false, Ordering::Relaxed);
        taipan_gc::set_trigger_scale(DISABLED_SCALE);
    }

    /// Return whether collections happen as often as usual.
    #[function("()")]
    fn isenabled() -> bool {
        ENABLED.load(Ordering::Relaxed)
    }

    /// Collect now, run what became ready, and return how many objects were found unreachable.
    #[function("(generation=2)")]
    fn collect(cx: &mut Context, generation: i32) -> Result<i64> {
        if !(0..=2).contains(&generation) {
            return Err(cx.value_error("invalid generation"));
        }
        run_callbacks(cx, "start", generation, 0)?;
        crate::temporaries::forget(cx);
        let collected = taipan_gc::collect(cx.thread(), cx.heap()) as i64;
        run_callbacks(cx, "stop", generation, collected)?;
        cx.poll()?;
        Ok(collected)
    }

    /// Return the three numbers of set_threshold.
    #[function("()")]
    fn get_threshold() -> (i64, i64, i64) {
        let [a, b, c] = &THRESHOLDS;
        (a.load(Ordering::Relaxed), b.load(Ordering::Relaxed), c.load(Ordering::Relaxed))
    }

    /// Keep three numbers; what triggers a collection here is the growth of the heap.
    #[function("(threshold0, threshold1=<absent>, threshold2=<absent>, /)")]
    fn set_threshold(threshold0: i32, threshold1: Option<i32>, threshold2: Option<i32>) {
        let given = [Some(threshold0), threshold1, threshold2];
        for (threshold, value) in THRESHOLDS.iter().zip(given) {
            if let Some(value) = value {
                threshold.store(value as i64, Ordering::Relaxed);
            }
        }
    }

    /// Return three counts, which are zero: allocations are not counted by object.
    #[function("()")]
    fn get_count() -> (i64, i64, i64) {
        (0, 0, 0)
    }

    /// Return one dict of counts for each generation; there is one kind of collection, which stands last.
    #[function("()")]
    fn get_stats(cx: &mut Context) -> Gc<List> {
        let collections = taipan_gc::stats().collections as i64;
        let list = cx.new_list(&[]);
        for generation in 0..3 {
            let dict = cx.new_dict();
            let count = if generation == 2 { collections } else { 0 };
            for (name, number) in [("collections", count), ("collected", 0), ("uncollectable", 0)] {
                let name = cx.intern(name);
                dict.set_str(cx, name, Value::int(number));
            }
            list.push(cx, dict.value());
        }
        list
    }

    /// Return the debugging flags.
    #[function("()")]
    fn get_debug() -> i64 {
        DEBUG.load(Ordering::Relaxed)
    }

    /// Keep debugging flags.
    #[function("(flags, /)")]
    fn set_debug(flags: i32) {
        DEBUG.store(flags as i64, Ordering::Relaxed);
    }

    /// Return whether the collector looks inside the object.
    #[function("(obj, /)")]
    fn is_tracked(obj: Value) -> bool {
        is_container(obj)
    }

    /// Return whether the object's finalizer has been called.
    #[function("(obj, /)")]
    fn is_finalized(cx: &Context, obj: Value) -> bool {
        let Some(cell) = obj.as_cell() else { return false };
        cx.class_of(obj).has_flag(flag::HAS_DEL) && !taipan_gc::awaits_finalizer(cell)
    }

    /// Return a list of the objects that the collector looks into; all of them count as the oldest generation.
    #[function("(generation=None)")]
    fn get_objects(cx: &mut Context, generation: Value) -> Result<Gc<List>> {
        cx.audit("gc.get_objects", |_| [generation.not_none().unwrap_or(Value::int(-1))])?;
        if !generation.is_none() {
            let generation = cx.index_isize(generation)?;
            if generation < 0 {
                return Err(cx.value_error("generation parameter cannot be negative"));
            }
            if generation > 2 {
                let message =
                    "generation parameter must be less than the number of available generations (3)";
                return Err(cx.value_error(message));
            }
            if generation < 2 {
                return Ok(cx.new_list(&[]));
            }
        }
        // What is unreachable already is not to come back.
        taipan_gc::collect(cx.thread(), cx.heap());
        let mut found = Vec::new();
        taipan_gc::each_cell(cx.thread(), |cell, _, _| {
            let value = Value::from_cell(cell);
            if is_container(value) {
                found.push(value.bits());
            }
        });
        Ok(list_of(cx, &found))
    }

    /// Return the list of objects that are directly referred to by objs.
    #[function("(*objs)")]
    fn get_referents(cx: &mut Context, objs: Gc<Tuple>) -> Result<Gc<List>> {
        cx.audit("gc.get_referents", |_| [objs.value()])?;
        let mut found = Vec::new();
        for object in objs.items() {
            referents(cx, *object, &mut found);
        }
        Ok(list_of(cx, &found))
    }

    /// Return the list of objects that directly refer to any of objs.
    #[function("(*objs)")]
    fn get_referrers(cx: &mut Context, objs: Gc<Tuple>) -> Result<Gc<List>> {
        cx.audit("gc.get_referrers", |_| [objs.value()])?;
        taipan_gc::collect(cx.thread(), cx.heap());
        let (mut edges, mut found) = (Vec::new(), Vec::new());
        taipan_gc::each_reference(cx.thread(), |from, to| {
            let (from, to) = (Value::from_cell(from), Value::from_cell(to));
            if is_internal(to) || objs.items().contains(&to) {
                edges.push((from.bits(), to.bits()));
            }
        });
        // A part of an object stands for the object.
        let mut targets: Vec<u64> = objs.items().iter().map(|object| object.bits()).collect();
        while let Some(target) = targets.pop() {
            for (from, _) in edges.iter().filter(|(_, to)| *to == target) {
                let value = Value::from_bits(*from);
                if value.is_some_and(is_internal) {
                    targets.push(*from);
                } else if *from != objs.value().bits() && !found.contains(from) {
                    found.push(*from);
                }
            }
        }
        Ok(list_of(cx, &found))
    }

    /// Move every object to a permanent generation. Collections look at them all the same.
    #[function("()")]
    fn freeze(cx: &Context) {
        let mut count = 0;
        taipan_gc::each_cell(cx.thread(), |cell, _, _| {
            count += i64::from(is_container(Value::from_cell(cell)))
        });
        FROZEN.store(count, Ordering::Relaxed);
    }

    /// Undo freeze().
    #[function("()")]
    fn unfreeze() {
        FROZEN.store(0, Ordering::Relaxed);
    }

    /// Return the number of frozen objects.
    #[function("()")]
    fn get_freeze_count() -> i64 {
        FROZEN.load(Ordering::Relaxed)
    }
}
