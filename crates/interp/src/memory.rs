//! Who allocated what: the table behind `tracemalloc`. CPython: `Python/tracemalloc.c`.
//!
//! Cells that die are forgotten when a collection finds out. While memory is traced all loops run on the table of
//! instructions that reports, which publishes the frame at each of them, so that lines are right.
//! Invariant: the table lies in ordinary memory and names cells by words that do not look like addresses; whoever holds
//! its lock neither allocates from the heap nor reaches a safepoint.

use std::cell::Cell;
use std::collections::HashMap;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, Once, PoisonError};

use taipan_gc::{Header, Watcher};
use taipan_runtime::{Context, Value, interrupted};

use crate::frame::Frame;

/// Frames that are kept of a stack at most.
pub(crate) const MOST_FRAMES: usize = 0xFFFF;

static ON: AtomicBool = AtomicBool::new(false);
static LIMIT: AtomicUsize = AtomicUsize::new(1);
static TABLE: LazyLock<Mutex<Table>> = LazyLock::new(Mutex::default);

thread_local! {
    /// Whether this thread's allocations are its tracer's own.
    static PAUSED: Cell<bool> = const { Cell::new(false) };
}

/// Where memory was allocated: files by their numbers, and lines, innermost first.
pub(crate) struct Traceback {
    pub(crate) frames: Arc<[(u32, u32)]>,
    /// How deep the stack was.
    pub(crate) depth: usize,
}

#[derive(Clone, Copy)]
struct Trace {
    bytes: usize,
    traceback: u32,
}

#[derive(Default)]
struct Table {
    files: Vec<Arc<str>>,
    file_numbers: HashMap<Arc<str>, u32>,
    tracebacks: Vec<Traceback>,
    traceback_numbers: HashMap<(Arc<[(u32, u32)]>, usize), u32>,
    /// By the complement of the address.
    traces: HashMap<usize, Trace>,
    traced: usize,
    peak: usize,
}

impl Table {
    fn file(&mut self, name: &str) -> u32 {
        if let Some(number) = self.file_numbers.get(name) {
            return *number;
        }
        let (number, name): (u32, Arc<str>) = (self.files.len() as u32, name.into());
        self.files.push(name.clone());
        self.file_numbers.insert(name, number);
        number
    }

    /// The number of the thread's stack as it is.
    fn traceback(&mut self, cx: &Context) -> u32 {
        let limit = LIMIT.load(Ordering::Relaxed);
        let (mut frames, mut depth) = (Vec::new(), 0);
        let mut next = Frame::checked(cx, cx.frame.get() as u64);
        while let Some(frame) = next {
            let Some((code, word)) = frame.checked_place() else { break };
            if depth < limit {
                let data = code.data();
                frames.push((self.file(&data.filename), data.locations.at(word).line));
            }
            depth += 1;
            next = frame.checked_caller(cx);
        }
        if frames.is_empty() {
            frames.push((self.file("<unknown>"), 0));
            depth = 1;
        }
        let key = (Arc::from(frames), depth.min(MOST_FRAMES));
        if let Some(number) = self.traceback_numbers.get(&key) {
            return *number;
        }
        let number = self.tracebacks.len() as u32;
        self.tracebacks.push(Traceback { frames: key.0.clone(), depth: key.1 });
        self.traceback_numbers.insert(key, number);
        number
    }

    fn add(&mut self, cx: &Context, address: usize, bytes: usize) {
        let traceback = self.traceback(cx);
        self.remove(address);
        self.traces.insert(!address, Trace { bytes, traceback });
        self.traced += bytes;
        self.peak = self.peak.max(self.traced);
    }

    fn remove(&mut self, address: usize) {
        if let Some(trace) = self.traces.remove(&!address) {
            self.traced -= trace.bytes;
        }
    }
}

fn table() -> MutexGuard<'static, Table> {
    TABLE.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Tracer;

impl Watcher for Tracer {
    fn allocated(&self, address: usize, bytes: usize) {
        if !PAUSED.get() {
            interrupted(|cx| table().add(cx, address, bytes));
        }
    }

    fn freed(&self, address: usize) {
        table().remove(address);
    }
}

/// After marking: what is not marked dies.
fn settle() {
    if !is_on() {
        return;
    }
    let mut table = table();
    let mut dead = 0;
    table.traces.retain(|key, trace| {
        let lives = NonNull::new(!key as *mut Header).is_some_and(taipan_gc::is_marked);
        dead += if lives { 0 } else { trace.bytes };
        lives
    });
    table.traced -= dead;
}

#[inline]
pub(crate) fn is_on() -> bool {
    ON.load(Ordering::Relaxed)
}

/// How many frames of a stack are kept.
pub(crate) fn limit() -> usize {
    LIMIT.load(Ordering::Relaxed)
}

/// Traces allocations from now on, unless that is done already.
pub(crate) fn start(cx: &Context, limit: usize) {
    static SETTLER: Once = Once::new();
    SETTLER.call_once(|| cx.vm().add_settler(settle));
    if !ON.swap(true, Ordering::AcqRel) {
        LIMIT.store(limit, Ordering::Relaxed);
        taipan_gc::watch(cx.thread(), &Tracer, || *table() = Table::default());
        crate::trace::monitor::memory_changed(cx);
    }
}

/// Traces no more and forgets everything.
pub(crate) fn stop(cx: &Context) {
    if ON.swap(false, Ordering::AcqRel) {
        taipan_gc::unwatch(cx.thread(), || *table() = Table::default());
        crate::trace::monitor::memory_changed(cx);
    }
}

/// Forgets what was traced so far.
pub(crate) fn clear() {
    *table() = Table::default();
}

/// Bytes that are traced, and the most that were at any time.
pub(crate) fn traced() -> (usize, usize) {
    let table = table();
    (table.traced, table.peak)
}

pub(crate) fn reset_peak() {
    let mut table = table();
    table.peak = table.traced;
}

/// About how many bytes the table takes.
pub(crate) fn own_size() -> usize {
    let table = table();
    let frames: usize = table.tracebacks.iter().map(|traceback| traceback.frames.len() * 8 + 80).sum();
    let files: usize = table.files.iter().map(|file| file.len() + 48).sum();
    table.traces.capacity() * 25 + frames + files
}

/// What a copy of the table shows: files, stacks, and (size, number of the stack) of each piece of memory.
pub(crate) struct Copy {
    pub(crate) files: Vec<Arc<str>>,
    pub(crate) tracebacks: Vec<Traceback>,
    pub(crate) traces: Vec<(usize, u32)>,
}

pub(crate) fn copy() -> Copy {
    let table = table();
    let traceback = |known: &Traceback| Traceback { frames: known.frames.clone(), depth: known.depth };
    Copy {
        files: table.files.clone(),
        tracebacks: table.tracebacks.iter().map(traceback).collect(),
        traces: table.traces.values().map(|trace| (trace.bytes, trace.traceback)).collect(),
    }
}

/// Files and lines of the stack on which an object was made.
pub(crate) fn origin(object: Value) -> Option<Vec<(Arc<str>, u32)>> {
    let address = object.as_cell()?.as_ptr() as usize;
    let table = table();
    let trace = table.traces.get(&!address)?;
    let frames = &table.tracebacks[trace.traceback as usize].frames;
    Some(frames.iter().map(|(file, line)| (table.files[*file as usize].clone(), *line)).collect())
}

/// Runs `f`, whose allocations are not traced.
pub(crate) fn untraced<R>(f: impl FnOnce() -> R) -> R {
    struct Restore(bool);
    impl Drop for Restore {
        fn drop(&mut self) {
            PAUSED.set(self.0);
        }
    }
    let _restore = Restore(PAUSED.replace(true));
    f()
}
