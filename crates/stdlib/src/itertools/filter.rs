//! `compress`, `dropwhile`, `takewhile`, `filterfalse` and `starmap`: one item in, at most one out.
//!
//! Invariant: the source is asked for the next item only when one is asked for.

use std::sync::atomic::{AtomicBool, Ordering};

use taipan_runtime::prelude::*;
use taipan_runtime::types::bool_::Bool;

use super::advance;

/// Body of `compress`.
#[derive(Trace)]
pub struct Compress {
    data: Slot,
    selectors: Slot,
}

/// Return data elements corresponding to true selector elements.
///
/// Forms a shorter iterator from selected data elements using the selectors to
/// choose the data elements.
#[class(name = "compress", module = "itertools", flags = BASETYPE)]
impl Compress {
    #[new("(data, selectors)")]
    fn new(cx: &mut Context, class: Gc<Class>, data: Value, selectors: Value) -> Result<Gc<Self>> {
        let (data, selectors) = (cx.iter(data)?, cx.iter(selectors)?);
        Ok(cx.new_instance(class, Compress { data: Slot::new(data), selectors: Slot::new(selectors) }))
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(&self, cx: &mut Context) -> Result<Option<Value>> {
        let (data, selectors) = (self.data.load_or_none(), self.selectors.load_or_none());
        loop {
            cx.poll()?;
            // The data come first: what a short selector leaves unused is gone, as upstream.
            let Some(item) = advance(cx, data)? else { return Ok(None) };
            let Some(selector) = advance(cx, selectors)? else { return Ok(None) };
            if cx.truth(selector)? {
                return Ok(Some(item));
            }
        }
    }
}

/// Body of `dropwhile`.
#[derive(Trace)]
pub struct DropWhile {
    predicate: Slot,
    source: Slot,
    started: AtomicBool,
}

/// Drop items from the iterable while predicate(item) is true.
///
/// Afterwards, return every element until the iterable is exhausted.
#[class(name = "dropwhile", module = "itertools", flags = BASETYPE)]
impl DropWhile {
    #[new("(predicate, iterable, /)")]
    fn new(cx: &mut Context, class: Gc<Class>, predicate: Value, iterable: Value) -> Result<Gc<Self>> {
        let source = Slot::new(cx.iter(iterable)?);
        let body = DropWhile { predicate: Slot::new(predicate), source, started: AtomicBool::new(false) };
        Ok(cx.new_instance(class, body))
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(&self, cx: &mut Context) -> Result<Option<Value>> {
        loop {
            let Some(item) = advance(cx, self.source.load_or_none())? else { return Ok(None) };
            if self.started.load(Ordering::Relaxed) {
                return Ok(Some(item));
            }
            let verdict = cx.call(self.predicate.load_or_none(), &[item])?;
            if !cx.truth(verdict)? {
                self.started.store(true, Ordering::Relaxed);
                return Ok(Some(item));
            }
        }
    }
}

/// Body of `takewhile`.
#[derive(Trace)]
pub struct TakeWhile {
    predicate: Slot,
    source: Slot,
    stopped: AtomicBool,
}

/// Return successive entries from an iterable as long as the predicate evaluates to true for each entry.
#[class(name = "takewhile", module = "itertools", flags = BASETYPE)]
impl TakeWhile {
    #[new("(predicate, iterable, /)")]
    fn new(cx: &mut Context, class: Gc<Class>, predicate: Value, iterable: Value) -> Result<Gc<Self>> {
        let source = Slot::new(cx.iter(iterable)?);
        let body = TakeWhile { predicate: Slot::new(predicate), source, stopped: AtomicBool::new(false) };
        Ok(cx.new_instance(class, body))
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(&self, cx: &mut Context) -> Result<Option<Value>> {
        if self.stopped.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let Some(item) = advance(cx, self.source.load_or_none())? else { return Ok(None) };
        let verdict = cx.call(self.predicate.load_or_none(), &[item])?;
        if cx.truth(verdict)? {
            return Ok(Some(item));
        }
        self.stopped.store(true, Ordering::Relaxed);
        Ok(None)
    }
}

/// Body of `filterfalse`.
#[derive(Trace)]
pub struct FilterFalse {
    function: Slot,
    source: Slot,
}

/// Return those items of iterable for which function(item) is false.
///
/// If function is None, return the items that are false.
#[class(name = "filterfalse", module = "itertools", flags = BASETYPE)]
impl FilterFalse {
    #[new("(function, iterable, /)")]
    fn new(cx: &mut Context, class: Gc<Class>, function: Value, iterable: Value) -> Result<Gc<Self>> {
        let source = Slot::new(cx.iter(iterable)?);
        Ok(cx.new_instance(class, FilterFalse { function: Slot::new(function), source }))
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(&self, cx: &mut Context) -> Result<Option<Value>> {
        let function = self.function.load_or_none();
        let truth_only = function.is_none() || function == Bool::class_cell().get().value();
        loop {
            cx.poll()?;
            let Some(item) = advance(cx, self.source.load_or_none())? else { return Ok(None) };
            let verdict = if truth_only { item } else { cx.call(function, &[item])? };
            if !cx.truth(verdict)? {
                return Ok(Some(item));
            }
        }
    }
}

/// Body of `starmap`.
#[derive(Trace)]
pub struct StarMap {
    function: Slot,
    source: Slot,
}

/// Return an iterator whose values are returned from the function evaluated with an argument tuple taken
/// from the given sequence.
#[class(name = "starmap", module = "itertools", flags = BASETYPE)]
impl StarMap {
    #[new("(function, iterable, /)")]
    fn new(cx: &mut Context, class: Gc<Class>, function: Value, iterable: Value) -> Result<Gc<Self>> {
        let source = Slot::new(cx.iter(iterable)?);
        Ok(cx.new_instance(class, StarMap { function: Slot::new(function), source }))
    }

    #[slot(iter)]
    fn iter(this: Gc<Self>) -> Value {
        this.value()
    }

    #[slot(next)]
    fn next(&self, cx: &mut Context) -> Result<Option<Value>> {
        let Some(args) = advance(cx, self.source.load_or_none())? else { return Ok(None) };
        let args = cx.to_tuple(args)?;
        cx.call(self.function.load_or_none(), args.items()).map(Some)
    }
}
