//! `_queue`: `SimpleQueue`. CPython: `Modules/_queuemodule.c`.
//!
//! Invariant: `puts` counts the items that were put, and changes after an item is there; whoever found the queue empty
//! waits for the count to change.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use taipan_runtime::exception;
use taipan_runtime::parking;
use taipan_runtime::prelude::*;
use taipan_runtime::types::generic_alias::GenericAlias;

use crate::exception_class::ExceptionClass;
use crate::time::nanoseconds;
use crate::wait::park;

pub struct Queue;

static EMPTY: ExceptionClass = ExceptionClass::new("_queue", "Empty", exception::exception);

/// The body of `SimpleQueue`.
#[derive(Trace)]
pub struct SimpleQueue {
    items: Guarded<Line>,
    puts: AtomicU32,
}

/// Items in the order in which they came; those before `first` have been taken.
#[derive(Default, Trace)]
struct Line {
    items: GVec<Value>,
    first: usize,
}

impl Line {
    fn len(&self) -> usize {
        self.items.len() - self.first
    }

    fn push(&mut self, item: Value) {
        self.items.push(item);
    }

    fn pop(&mut self) -> Option<Value> {
        let item = *self.items.get(self.first)?;
        self.items[self.first] = Value::NONE;
        self.first += 1;
        // Each item is moved once at most for each that was taken.
        if self.first * 2 > self.items.len() {
            self.items = GVec::from_slice(&self.items[self.first..]);
            self.first = 0;
        }
        Some(item)
    }
}

impl SimpleQueue {
    fn take(&self, cx: &mut Context, block: bool, timeout: Value) -> Result {
        let mut deadline = None;
        if block && let Some(timeout) = timeout.not_none() {
            let nanos = nanoseconds(cx, timeout, true)?;
            if nanos < 0 {
                return Err(cx.value_error("'timeout' must be a non-negative number"));
            }
            deadline = Instant::now().checked_add(Duration::from_nanos(nanos as u64));
        }
        loop {
            let puts = self.puts.load(Ordering::Acquire);
            let first = self.items.lock(cx).pop();
            if let Some(first) = first {
                return Ok(first);
            }
            if !block || deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                return Err(EMPTY.raise(cx, &[]));
            }
            park(cx, &self.puts, puts, deadline)?;
        }
    }

    fn add(&self, cx: &mut Context, item: Value) {
        self.items.lock(cx).push(item);
        self.puts.fetch_add(1, Ordering::Release);
        if taipan_runtime::multi_threaded() {
            parking::wake(&self.puts);
        }
    }
}

/// Simple, unbounded, reentrant FIFO queue.
#[class(name = "SimpleQueue", module = "_queue", flags = BASETYPE | HAS_WEAKREF)]
impl SimpleQueue {
    #[new("()")]
    fn make(cx: &mut Context, class: Gc<Class>) -> Gc<SimpleQueue> {
        let body = SimpleQueue { items: Guarded::new(Line::default()), puts: AtomicU32::new(0) };
        cx.new_instance(class, body)
    }

    /// Put the item on the queue.
    ///
    /// The optional 'block' and 'timeout' arguments are ignored, as this method
    /// never blocks.  They are provided for compatibility with the Queue class.
    #[function("(item, block=True, timeout=None)")]
    fn put(&self, cx: &mut Context, item: Value, block: bool, timeout: Value) {
        let _ = (block, timeout);
        self.add(cx, item);
    }

    /// Put an item into the queue without blocking.
    #[function("(item)")]
    fn put_nowait(&self, cx: &mut Context, item: Value) {
        self.add(cx, item);
    }

    /// Remove and return an item from the queue.
    #[function("(block=True, timeout=None)")]
    fn get(&self, cx: &mut Context, block: bool, timeout: Value) -> Result {
        self.take(cx, block, timeout)
    }

    /// Remove and return an item from the queue without blocking.
    #[function("()")]
    fn get_nowait(&self, cx: &mut Context) -> Result {
        self.take(cx, false, Value::NONE)
    }

    /// Return True if the queue is empty, False otherwise (not reliable!).
    #[function("()")]
    fn empty(&self, cx: &mut Context) -> bool {
        self.items.lock(cx).len() == 0
    }

    /// Return the approximate size of the queue (not reliable!).
    #[function("()")]
    fn qsize(&self, cx: &mut Context) -> usize {
        self.items.lock(cx).len()
    }

    /// See PEP 585
    #[classmethod("(item, /)")]
    fn __class_getitem__(cx: &mut Context, class: Value, item: Value) -> Value {
        GenericAlias::new(cx, class, item).value()
    }
}

/// C implementation of the Python queue module.
/// This module is an implementation detail, please do not use it directly.
#[module("_queue", classes(SimpleQueue))]
impl Queue {
    #[exec]
    fn exec(cx: &mut Context, module: Gc<Module>) -> Result<()> {
        EMPTY.add(cx, module, "Empty")
    }
}
