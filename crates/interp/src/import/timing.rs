//! How long imports take: `-X importtime`. CPython: `import_find_and_load` in `Python/import.c`.
//! Invariant: what a module's own imports take is in its cumulative time only.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Instant;

use taipan_runtime::prelude::*;

use crate::report::error_line;

/// Microseconds that the imports have taken which began within the current one.
static INNER: AtomicU64 = AtomicU64::new(0);
/// How many imports are under way; one more once the heading has been written.
static LEVEL: AtomicUsize = AtomicUsize::new(0);

/// Runs an import and says how long it took, if that is asked for.
pub(super) fn timed(name: Gc<Str>, import: impl FnOnce() -> Result) -> Result {
    if crate::options().import_time == 0 {
        return import();
    }
    if LEVEL.fetch_add(1, Ordering::Relaxed) == 0 {
        LEVEL.fetch_add(1, Ordering::Relaxed);
        error_line!("import time: self [us] | cumulative | imported package");
    }
    let before = INNER.swap(0, Ordering::Relaxed);
    let begin = Instant::now();
    let outcome = import();
    let cumulative = begin.elapsed().as_micros() as u64;
    let own = cumulative.saturating_sub(INNER.load(Ordering::Relaxed));
    let level = LEVEL.fetch_sub(1, Ordering::Relaxed).saturating_sub(2);
    INNER.store(before + cumulative, Ordering::Relaxed);
    error_line!("import time: {own:9} | {cumulative:10} | {:width$}{}", "", shown(name), width = level * 2);
    outcome
}

/// Says that a module was there already, if that is asked for.
pub(super) fn cached(name: Gc<Str>) {
    if crate::options().import_time < 2 {
        return;
    }
    let level = LEVEL.load(Ordering::Relaxed).saturating_sub(1);
    error_line!("import time: cached    | cached     | {:width$}{}", "", shown(name), width = level * 2);
}

/// The name in characters that can be written.
fn shown(name: Gc<Str>) -> String {
    let point = |point: u32| char::from_u32(point).map_or_else(|| format!("\\u{point:04x}"), String::from);
    name.chars().map(point).collect()
}
