//! `gc`. CPython: `Modules/gcmodule.c`.
//! Invariant: `disable()` only makes collections rarer; memory is always reclaimed.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use taipan_macros::module;
use taipan_runtime::prelude::*;

/// The module.
pub struct GcModule;

static ENABLED: AtomicBool = AtomicBool::new(true);
static DEBUG: AtomicI64 = AtomicI64::new(0);
static THRESHOLDS: [AtomicI64; 3] = [AtomicI64::new(2000), AtomicI64::new(10), AtomicI64::new(0)];

/// How much rarer collections are while they are disabled.
const DISABLED_SCALE: f64 = 8.0;

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

    /// Collect now, and run what became ready; the number of objects is not counted.
    #[function("(generation=2)")]
    fn collect(cx: &mut Context, generation: i32) -> Result<i64> {
        if !(0..=2).contains(&generation) {
            return Err(cx.value_error("invalid generation"));
        }
        taipan_gc::collect(cx.thread(), cx.heap());
        cx.poll()?;
        Ok(0)
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
        obj.is_cell() && obj.downcast::<Str>().is_none()
    }

    /// Move every object to a permanent generation; there is none, so nothing happens.
    #[function("()")]
    fn freeze() {}

    /// Undo freeze().
    #[function("()")]
    fn unfreeze() {}

    /// Return the number of frozen objects: none.
    #[function("()")]
    fn get_freeze_count() -> i64 {
        0
    }
}
